import { join } from "node:path";
import { isAgentOSError, type KeyedText, type VectorSearch } from "@agentos/core";
import { Store } from "@agentos/store";
import { expect, onTestFinished, test } from "vitest";
import { ProjectIndex } from "../../src/project-index.js";
import { temporaryFolder, writeFiles } from "../temporary.js";

const FILES = {
  "src/dates.ts": `/** Reads a day of the calendar. */
export function parseDate(text: string): Date {
  return new Date(text);
}
export function formatDate(date: Date): string {
  const zone = "UTC+00:00 is assumed";
  return date.toISOString() + zone;
}
`,
  "src/money.ts": `export class Account {
  deposit(amount: number): void {
    this.balance += amount;
  }
  balance = 0;
}
`,
  "docs/zone.md": "All is UTC+00:00 is assumed here\n",
};

/** Knows that a few words mean the same: enough of a meaning to be told from words. */
class Thesaurus implements VectorSearch {
  readonly texts = new Map<string, string>();
  puts = 0;

  async put(texts: readonly KeyedText[]): Promise<void> {
    this.puts += texts.length;
    for (const { key, text } of texts) this.texts.set(key, text);
  }

  delete(keys: readonly string[]): void {
    for (const key of keys) this.texts.delete(key);
  }

  async search(text: string, { limit }: { readonly limit: number }) {
    const wanted = text.replace("savings", "deposit");
    return [...this.texts]
      .filter(([, content]) => content.includes(wanted))
      .map(([key]) => ({ key, score: 0.9 }))
      .slice(0, limit);
  }
}

async function open(vectors?: VectorSearch): Promise<ProjectIndex> {
  const store = await Store.open({ dir: join(await temporaryFolder(), "store") });
  const root = await temporaryFolder(FILES);
  const index = await ProjectIndex.open({ root, store, ...(vectors && { vectors }) });
  onTestFinished(async () => {
    await index.close();
    await store.close();
  });
  await index.index();
  return index;
}

test("a name comes first, found in more ways than one", async () => {
  const [first] = await (await open()).search("parseDate");
  expect(first).toMatchObject({
    path: "src/dates.ts",
    line: 2,
    endLine: 4,
    symbol: { name: "parseDate" },
    text: "export function parseDate(text: string): Date {",
    by: ["name", "text", "words"],
    score: 1,
  });
});

test("words find what they describe, and a text the symbol or the line that holds it", async () => {
  const index = await open();
  expect((await index.search("day of the calendar"))[0]?.symbol?.name).toBe("parseDate");
  const held = await index.search("UTC+00:00 is assumed");
  expect(held.map(({ path, line, text, by }) => ({ path, line, text, by }))).toEqual([
    { path: "docs/zone.md", line: 1, text: "All is UTC+00:00 is assumed here", by: ["text"] },
    { path: "src/dates.ts", line: 5, text: "export function formatDate(date: Date): string {", by: ["text"] },
  ]);
  expect(await index.search("nothing of the kind anywhere")).toEqual([]);
});

test("a folder narrows what is looked at, not what was found", async () => {
  const index = await open();
  const many = Array.from({ length: 300 }, (_, number) => `export function parseDate${number}() {}\n`);
  await writeFiles(index.root, {
    "other/many.ts": many.join(""),
    "small/one.ts": "export function readDateText() {}\n",
  });
  await index.index();
  const found = await index.search("parse date", { path: "small" });
  expect(found.map(({ symbol }) => symbol?.name)).toEqual(["readDateText"]);
});

test("a folder narrows it, and a limit cuts it", async () => {
  const index = await open();
  expect((await index.search("UTC+00:00", { path: "src" })).map(({ path }) => path)).toEqual([
    "src/dates.ts",
  ]);
  expect(await index.search("date", { limit: 1 })).toHaveLength(1);
});

test("meaning finds what no word names; only what changed is given to the vectors again", async () => {
  const vectors = new Thesaurus();
  const index = await open(vectors);
  const [found] = await index.search("savings");
  expect(found).toMatchObject({ path: "src/money.ts", symbol: { name: "deposit" }, by: ["meaning"] });
  const all = vectors.puts;
  await index.search("savings");
  expect(vectors.puts).toBe(all);
  await writeFiles(index.root, { "src/money.ts": "export function withdraw() {}\n" });
  await index.index();
  expect(await index.search("savings")).toEqual([]);
  expect([...vectors.texts.keys()].filter((key) => key.startsWith("src/money.ts"))).toHaveLength(1);
});

test("vectors that fail are told of, and are given the same again", async () => {
  const vectors = new Thesaurus();
  const index = await open(vectors);
  const { put } = Thesaurus.prototype;
  vectors.put = () => Promise.reject(new Error("no connection"));
  await expect(index.search("savings")).rejects.toThrow("no connection");
  vectors.put = put.bind(vectors);
  expect((await index.search("savings"))[0]?.symbol?.name).toBe("deposit");
});

test("wrong input is told", async () => {
  const index = await open();
  await expect(index.search("")).rejects.toSatisfy((error) => isAgentOSError(error));
  await expect(index.search("a", { limit: 0 })).rejects.toSatisfy((error) =>
    isAgentOSError(error, "OPTIONS_INVALID"),
  );
  await expect(index.search("a", { path: "../b" })).rejects.toSatisfy((error) =>
    isAgentOSError(error, "PROJECT_PATH_OUTSIDE"),
  );
});

test("a task that is described at length is looked for by its words, and by its beginning in lines", async () => {
  const index = await open();
  const long = `${"Please see to it. ".repeat(3_000)}The day of the calendar is wrong.`;
  expect(long.length).toBeGreaterThan(32_768);
  const [first] = await index.search(long);
  expect(first).toMatchObject({ symbol: { name: "parseDate" }, by: ["words"] });
  const line = "wide ".repeat(600);
  await writeFiles(index.root, { "docs/wide.md": `${line}\n` });
  await index.index();
  // The second is cut before a character that would be halved.
  for (const text of [line + long, `${line.slice(0, 2_047)}😀${long}`]) {
    const hits = await index.search(text);
    expect(hits.find(({ path }) => path === "docs/wide.md")).toMatchObject({ line: 1, by: ["text"] });
  }
});

test("a text too long for searchText is refused with the limit", async () => {
  const index = await open();
  const refused = async (text: string, regex: boolean): Promise<string> => {
    const error = await index.searchText(text, { regex }).then(
      () => expect.unreachable("it should have thrown"),
      (thrown: unknown) => thrown,
    );
    expect(error).toSatisfy((one) => isAgentOSError(one, "PROJECT_PATTERN_INVALID"));
    return String(error);
  };
  expect(await refused("a".repeat(32_769), false)).toMatch(
    /text has 32769 UTF-16 units, more than the 32768/,
  );
  expect(await refused("a".repeat(40_000), true)).toMatch(/expression has 40000 UTF-16 units/);
  // What has to be escaped counts once.
  expect(await index.searchText("(".repeat(32_000))).toEqual([]);
  await writeFiles(index.root, { "long.txt": "a".repeat(30_000) });
  await index.index();
  // What V8 says of it would repeat all of it.
  expect(await refused("a".repeat(30_000), false)).toMatch(/^.{50,150}\. Make it shorter or simpler\.$/);
});
