import { silentLogger, systemClock } from "@agentos/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { StoreChange } from "../src/changes.js";
import { type Change, Store } from "../src/index.js";
import type { LocalEngine } from "../src/local-engine.js";
import { openFolder } from "../src/open-folder.js";
import { Services } from "../src/services.js";
import { temporaryFolder } from "./folder.js";
import { seeded } from "./random.js";

const COLLECTIONS = ["a", "b", "1:c"];
const KEYS = ["", "x", "xy", "P", "D:", "ü\u{1f600}"].map((key) => `k${key}`);

const operation = fc.record({
  collection: fc.constantFrom(...COLLECTIONS),
  key: fc.constantFrom(...KEYS),
  put: fc.boolean(),
});
type Operation = { readonly collection: string; readonly key: string; readonly put: boolean };

const step = fc.oneof(
  { weight: 8, arbitrary: fc.array(fc.array(operation, { maxLength: 4 }), { minLength: 1, maxLength: 5 }) },
  { weight: 1, arbitrary: fc.constant("reopen" as const) },
  { weight: 1, arbitrary: fc.constant("compact" as const) },
);

test("tells exactly what was touched behind any sequence, in any history", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      const dir = await temporaryFolder();
      let store = await Store.open({ dir });
      const writes: (readonly Operation[])[] = [];
      let reaches = 0;
      try {
        for (const one of steps) {
          if (one === "reopen") {
            await store.close();
            store = await Store.open({ dir });
          } else if (one === "compact") {
            await store.compact();
            reaches = writes.length;
          } else {
            // At once, so that they share a batch.
            await Promise.all(
              one.map((operations) =>
                store.write(
                  operations.map(({ collection, key, put }) =>
                    put ? store.collection(collection).put(key, 1) : store.collection(collection).delete(key),
                  ),
                ),
              ),
            );
            writes.push(...one);
          }
        }
        expect(store.sequence).toBe(writes.length);
        for (const names of [COLLECTIONS, ["b"], []]) {
          for (let after = 0; after <= writes.length + 1; after++) {
            const changes = await store.changes(after, names);
            if (after < reaches || after > writes.length) expect(changes).toBeUndefined();
            else expect(sorted(changes ?? [])).toEqual(sorted(expected(writes.slice(after), names)));
          }
        }
      } finally {
        await store.close();
      }
    }),
    { numRuns: 40 },
  );
}, 120_000);

test("is bounded, and reaches back at least as far as is promised", async () => {
  const dir = await temporaryFolder();
  let store = await Store.open({ dir });
  const items = store.collection<number>("items");
  const fill = async (batches: number): Promise<void> => {
    for (let n = 0; n < batches; n++) {
      await store.write(Array.from({ length: 20 }, (_, i) => items.put(`${(n * 20 + i) % 997}`, n)));
    }
  };
  await fill(3_000);
  // No snapshot needs it: 10,000 keys are kept, and what comes before the next look at it.
  const sequence = store.sequence;
  expect(await store.changes(sequence - 500, ["items"])).toHaveLength(997);
  expect(await store.changes(sequence - 500 - 3 * 256, ["items"])).toBeUndefined();

  // One that does keeps the log from there on.
  await store.snapshot("index").write(sequence, new Map());
  await fill(2_000);
  expect(await store.changes(sequence, ["items"])).toHaveLength(997);
  await store.close();
  store = await Store.open({ dir });
  expect(await store.changes(sequence, ["items"])).toHaveLength(997);

  // But not for ever: 200,000 keys are the end.
  await fill(10_000);
  expect(await store.changes(sequence, ["items"])).toBeUndefined();
  expect(await store.changes(store.sequence - 9_000, ["items"])).toHaveLength(997);
  await store.close();
}, 120_000);

test("refuses what is no sequence, and nothing else after closing", async () => {
  const store = await Store.open({ dir: await temporaryFolder() });
  await expect(store.changes(-1, [])).rejects.toMatchObject({ code: "INPUT_INVALID" });
  await expect(store.changes(0.5, [])).rejects.toMatchObject({ code: "INPUT_INVALID" });
  expect(await store.changes(0, ["a"])).toEqual([]);
  await store.close();
  await expect(store.changes(0, ["a"])).rejects.toMatchObject({ code: "CLOSED" });
});

function expected(writes: readonly (readonly Operation[])[], names: readonly string[]): readonly Change[] {
  const touched = new Map<string, Change>();
  for (const { collection, key } of writes.flat()) {
    if (names.includes(collection)) touched.set(`${collection}\n${key}`, { collection, key });
  }
  return [...touched.values()];
}

function sorted(changes: readonly Change[]): readonly string[] {
  return changes.map(({ collection, key }) => `${collection}\n${key}`).sort();
}

test("tells the owner of a shared store every write behind any sequence, one by one and in order", async () => {
  const dir = await temporaryFolder();
  const parts = { dir, logger: silentLogger, clock: systemClock, services: new Services(dir) };
  const told: StoreChange[] = [];
  const open = (): Promise<LocalEngine> =>
    openFolder(dir, parts, {
      shared: true,
      takeOver: false,
      tell: (changes) => void told.push(...changes),
    });
  let engine = await open();
  const random = seeded(7);
  const write = (): Promise<number> =>
    engine.write(
      Array.from({ length: random(4) }, () => ({
        type: "delete" as const,
        collection: `c${random(2)}`,
        key: `k${random(5)}`,
      })),
      {},
    );
  let reaches = 0;
  for (let round = 0; round < 12; round++) {
    // At once, so that they share a batch.
    await Promise.all(Array.from({ length: 1 + random(5) }, write));
    if (round === 6) {
      await engine.compact(undefined);
      reaches = engine.sequence;
    }
    if (round % 4 === 3) {
      await engine.close();
      engine = await open();
    }
    const { sequence } = engine;
    for (let after = 0; after <= sequence + 1; after++) {
      for (let last = after; last <= sequence; last++) {
        const expected = after < reaches && after < last ? undefined : told.slice(after, last);
        expect(await engine.since(after, last)).toEqual(expected);
      }
    }
    expect(await engine.since(sequence + 1, sequence)).toBeUndefined();
  }
  expect(told.map((change) => change.sequence)).toEqual(Array.from(told, (_, n) => n + 1));
  await engine.close();
});
