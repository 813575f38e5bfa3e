import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isAgentOSError } from "@agentos/core";
import fc from "fast-check";
import { Level } from "level";
import { expect, test } from "vitest";
import { STORE_FORMAT, Store } from "../src/index.js";
import { temporaryFolder } from "./folder.js";

const text = fc.oneof(
  fc.constantFrom(
    "a",
    "ab",
    "a:",
    "1:a",
    "2:ab",
    "c1:a",
    "m:format",
    "m:sequence",
    "\u0000",
    "\u{10ffff}",
    "~",
    "__proto__",
  ),
  fc.string({ unit: "binary", minLength: 1, maxLength: 6 }),
);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("put" as const), name: text, key: text, value: fc.jsonValue() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("delete" as const), name: text, key: text }) },
);

test("behaves as a map of maps, whatever the names and keys, after reopening too", async () => {
  const dir = await temporaryFolder();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { maxLength: 8 }), { maxLength: 12 }), async (batches) => {
      const folder = join(dir, String(run++));
      const model = new Map<string, Map<string, unknown>>();
      let store = await Store.open({ dir: folder });
      try {
        for (const batch of batches) {
          await store.write(
            batch.map((operation) => {
              const collection = store.collection(operation.name);
              const entries = model.get(operation.name) ?? new Map<string, unknown>();
              model.set(operation.name, entries);
              if (operation.do === "delete") {
                entries.delete(operation.key);
                return collection.delete(operation.key);
              }
              entries.set(operation.key, JSON.parse(JSON.stringify(operation.value)));
              return collection.put(operation.key, operation.value);
            }),
          );
        }
        for (const reopen of [false, true]) {
          if (reopen) {
            await store.close();
            store = await Store.open({ dir: folder });
          }
          expect(store.sequence).toBe(batches.length);
          for (const [name, entries] of model) {
            const sorted = [...entries].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
            const collection = store.collection(name);
            expect(await collect(collection.entries())).toEqual(sorted);
            expect(await collect(collection.entries({ reverse: true }))).toEqual(sorted.reverse());
            for (const [key, value] of entries) expect(await collection.get(key)).toEqual(value);
          }
        }
      } finally {
        await store.close();
      }
    }),
    { numRuns: 40 },
  );
});

test("a second handle is told who holds the store", async () => {
  const dir = await temporaryFolder();
  const store = await Store.open({ dir });
  const error = await Store.open({ dir }).catch((thrown: unknown) => thrown);
  expect(isAgentOSError(error, "STORE_LOCKED")).toBe(true);
  expect(String(error)).toContain(`this process (pid ${process.pid})`);
  await store.write([store.collection("a").put("b", 1)]);
  await store.close();
  await (await Store.open({ dir })).close();
});

test("refuses a newer format by name and leaves the data alone", async () => {
  const dir = await temporaryFolder();
  const store = await Store.open({ dir });
  await store.write([store.collection("a").put("b", 1)], { durable: true });
  await store.close();
  await editRecord(dir, "m:format", String(STORE_FORMAT + 1));
  await expect(Store.open({ dir })).rejects.toMatchObject({
    code: "STORE_VERSION_NEWER",
    message: expect.stringContaining("Upgrade AgentOS"),
    details: { format: STORE_FORMAT + 1, supported: STORE_FORMAT },
  });
  await editRecord(dir, "m:format", String(STORE_FORMAT));
  const reopened = await Store.open({ dir });
  expect(await reopened.collection("a").get("b")).toBe(1);
  await reopened.close();
});

test.each([
  ["m:format", "abc"],
  ["m:format", "0"],
  ["m:sequence", "-1"],
  ["m:sequence", "x"],
])("a damaged record %s = %s is STORE_CORRUPT", async (key, value) => {
  const dir = await temporaryFolder();
  const store = await Store.open({ dir });
  await store.write([], { durable: true });
  await store.close();
  await editRecord(dir, key, value);
  await expect(Store.open({ dir })).rejects.toMatchObject({ code: "STORE_CORRUPT" });
});

test("a LevelDB of somebody else is not taken over", async () => {
  const dir = await temporaryFolder();
  await mkdir(join(dir, "level"));
  await editRecord(dir, "theirs", "data");
  await expect(Store.open({ dir })).rejects.toMatchObject({ code: "STORE_CORRUPT" });
});

test("a value that is not JSON is STORE_CORRUPT when read, and the rest still reads", async () => {
  const dir = await temporaryFolder();
  const store = await Store.open({ dir });
  const items = store.collection<number>("a");
  await store.write([items.put("b", 1), items.put("c", 2)]);
  await store.close();
  await editRecord(dir, "c1:ab", "{");
  const reopened = await Store.open({ dir });
  await expect(reopened.collection("a").get("b")).rejects.toMatchObject({ code: "STORE_CORRUPT" });
  expect(await reopened.collection("a").get("c")).toBe(2);
  await reopened.close();
});

test("a folder that cannot be made is STORE_UNOPENABLE", async () => {
  const dir = await temporaryFolder();
  await writeFile(join(dir, "file"), "");
  await expect(Store.open({ dir: join(dir, "file", "store") })).rejects.toMatchObject({
    code: "STORE_UNOPENABLE",
  });
  expect(await readFile(join(dir, "file"), "utf8")).toBe("");
});

test("wrong options are named", async () => {
  const dir = await temporaryFolder();
  await expect(Store.open({ dir: "" })).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
  const unknown = { dir, directory: "x" };
  await expect(Store.open(unknown)).rejects.toThrow(/unknown key directory/);
  const store = await Store.open({ dir });
  await expect(store.write([], { sync: true } as object)).rejects.toThrow(/unknown key sync/);
  expect(() => store.collection("a").entries({ limit: -1 })).toThrow(/limit/);
  await store.close();
});

test("reads and writes that overlap with close end in an answer or CLOSED", async () => {
  const dir = await temporaryFolder();
  const store = await Store.open({ dir });
  const items = store.collection<number>("a");
  await store.write(Array.from({ length: 500 }, (_, n) => items.put(String(n), n)));
  const walks = Array.from({ length: 5 }, () => collect(items.entries()));
  const reads = Array.from({ length: 50 }, (_, n) => items.get(String(n)));
  const writes = Array.from({ length: 50 }, (_, n) => store.write([items.put("w", n)]));
  const work = Promise.allSettled([...walks, ...reads, ...writes]);
  await store.close();
  for (const result of await work) {
    if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "CLOSED" });
  }
});

async function editRecord(dir: string, key: string, value: string): Promise<void> {
  const level = new Level<string, string>(join(dir, "level"));
  await level.put(key, value, { sync: true });
  await level.close();
}

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}
