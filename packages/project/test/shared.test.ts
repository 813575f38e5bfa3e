import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Store } from "@agentos/store";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { ProjectIndex } from "../src/project-index.js";
import { TreeSitterParser } from "../src/tree-sitter-parser.js";
import { temporaryFolder, writeFiles } from "./temporary.js";

let parser: TreeSitterParser;
beforeAll(async () => {
  parser = await TreeSitterParser.open();
});
afterAll(() => parser.close());

interface Member {
  readonly store: Store;
  readonly index: ProjectIndex;
}

async function openShared(root: string, dir: string): Promise<Member> {
  const store = await Store.open({ dir, shared: true });
  onTestFinished(() => store.close());
  const index = await ProjectIndex.open({ root, store, parser });
  onTestFinished(() => index.close());
  return { store, index };
}

/** What was written lies before the answer on the socket. */
async function hear({ store }: Member): Promise<void> {
  await store.collection("none").get("none");
}

async function names(member: Member, name: string): Promise<readonly string[]> {
  await hear(member);
  return (await member.index.symbols(name)).map((symbol) => symbol.path);
}

test("what one has indexed all find, parsed once, as clients and as the next owner", async () => {
  const root = await temporaryFolder({
    "src/cart.ts": "export function total(): number { return 0; }\n",
    "test/cart.test.ts": 'import { total } from "../src/cart.js";\ntotal();\n',
  });
  const dir = join(await temporaryFolder(), "store");
  const [owner, client] = [await openShared(root, dir), await openShared(root, dir)];
  expect([owner.store.role, client.store.role]).toEqual(["owner", "client"]);
  expect(await owner.index.index()).toMatchObject({ files: 2, parsed: 2 });
  expect(await names(client, "total")).toEqual(["src/cart.ts"]);
  expect(await client.index.affectedTests(["src/cart.ts"])).toEqual(["test/cart.test.ts"]);
  expect(await client.index.index()).toMatchObject({ files: 2, parsed: 0, unchanged: 2 });
  expect(await client.index.stats()).toEqual({ ...(await owner.index.stats()), parsedSinceOpen: 0 });

  // The other way round: new, changed and gone files, found by the client.
  await writeFiles(root, {
    "src/stock.ts": 'import "./cart.js";\nexport function count(): number { return 0; }\n',
    "src/cart.ts": "export function sum(): number { return 0; }\n",
    "test/stock.test.ts": 'import { count } from "../src/stock.js";\ncount();\n',
  });
  await rm(join(root, "test/cart.test.ts"));
  expect(await client.index.index()).toMatchObject({ files: 3, parsed: 3, removed: 1 });
  expect(await names(owner, "count")).toEqual(["src/stock.ts"]);
  expect(await names(owner, "sum")).toEqual(["src/cart.ts"]);
  expect(await names(owner, "total")).toEqual([]);
  expect(await owner.index.affectedTests(["src/cart.ts"])).toEqual(["test/stock.test.ts"]);
  expect(await owner.index.searchText("count")).toHaveLength(3);
  expect(await owner.index.index()).toMatchObject({ files: 3, parsed: 0, removed: 0 });

  await owner.index.close();
  await owner.store.close();
  const other = await openShared(root, dir);
  await writeFiles(root, { "src/late.ts": "export function late(): void {}\n" });
  expect(await other.index.index()).toMatchObject({ parsed: 1 });
  expect(await names(client, "late")).toEqual(["src/late.ts"]);
  expect([client.store.role, other.store.role].sort()).toEqual(["client", "owner"]);
});

test("indexing at the same time ends with one index that all have", async () => {
  const files = Object.fromEntries(
    Array.from({ length: 60 }, (_, n) => [`src/f${n}.ts`, `export function f${n}(): void {}\n`]),
  );
  const root = await temporaryFolder(files);
  const dir = join(await temporaryFolder(), "store");
  const members = [await openShared(root, dir), await openShared(root, dir), await openShared(root, dir)];
  await Promise.all(
    members.map(async (member, at) => {
      await member.index.index();
      await writeFiles(root, { [`src/own${at}.ts`]: `export function own${at}(): void {}\n` });
      await member.index.index();
    }),
  );
  for (const member of members) {
    await hear(member);
    expect((await member.index.stats()).files).toBe(63);
    for (const at of [0, 1, 2]) expect(await names(member, `own${at}`)).toEqual([`src/own${at}.ts`]);
  }
  const fresh = await openShared(root, dir);
  expect(await fresh.index.index()).toMatchObject({ files: 63, parsed: 0, removed: 0 });
});
