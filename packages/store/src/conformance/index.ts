/**
 * What any store must hold, in any test runner.
 * @module
 */
import assert from "node:assert/strict";
import { isAgentOSError } from "@agentos/core";
import type { ConformanceCase } from "@agentos/core/conformance";
import type { Collection } from "../collection.js";
import { careCases, type StoreConformanceOptions } from "./care.js";
import { caseGatherer, coded, type OpenStore } from "./cases.js";

export type { StoreConformanceOptions } from "./care.js";
export type { ConformingStore, OpenStore } from "./cases.js";

/**
 * The cases that every store passes. `open` opens the store of that name: an empty one at first, the same data again when
 * it was closed. Not held are `Store.check` and `Store.restore`, which look at the files of a store that is closed and so
 * belong to one way of laying it out, and how several processes share it.
 */
export function storeConformance(
  open: OpenStore,
  options: StoreConformanceOptions,
): readonly ConformanceCase[] {
  const cases: ConformanceCase[] = [];
  const withStore = caseGatherer(open, cases);

  withStore("reads what was written, and undefined otherwise", async (store) => {
    const items = store.collection<unknown>("items");
    const value = { text: "ü\u0000\u{1f600}", list: [1, null, true], nested: { deep: "" } };
    await store.write([items.put("a", value)]);
    assert.deepEqual(await items.get("a"), value);
    assert.equal(await items.get("b"), undefined);
    await store.write([items.delete("a"), items.delete("never there")]);
    assert.equal(await items.get("a"), undefined);
  });

  withStore("takes a value as it was when the operation was made", async (store) => {
    const items = store.collection<{ n: number }>("items");
    const value = { n: 1 };
    const operation = items.put("a", value);
    value.n = 2;
    await store.write([operation]);
    assert.deepEqual(await items.get("a"), { n: 1 });
  });

  withStore(
    "numbers batches without gaps, in the order in which they were asked for",
    async (store, again) => {
      const items = store.collection<number>("items");
      assert.equal(store.sequence, 0);
      const sequences = await Promise.all(
        Array.from({ length: 300 }, (_, n) => store.write([items.put("last", n)], { durable: n % 7 === 0 })),
      );
      assert.deepEqual(
        sequences,
        sequences.map((_, n) => n + 1),
      );
      assert.equal(await items.get("last"), 299);
      assert.equal(store.sequence, 300);
      const reopened = await again();
      assert.equal(reopened.sequence, 300);
      assert.equal(await reopened.collection("items").get("last"), 299);
    },
  );

  withStore("applies the operations of a batch in order", async (store) => {
    const items = store.collection<number>("items");
    await store.write([
      items.put("a", 1),
      items.delete("a"),
      items.put("a", 2),
      items.put("b", 1),
      items.delete("b"),
    ]);
    assert.equal(await items.get("a"), 2);
    assert.equal(await items.get("b"), undefined);
  });

  withStore("walks in the order of UTF-8 bytes, both ways, in pages", async (store) => {
    const items = store.collection<number>("items");
    // UTF-16 order would put the emoji (a surrogate pair) before U+FF5E.
    const keys = ["a", "a\u0000", "ab", "b", "\u00e9", "\uff5e", "\u{1f600}", "\u{10ffff}", "\u{10ffff}x"];
    await store.write([...keys].reverse().map((key, n) => items.put(key, n)));
    assert.deepEqual(await keysOf(items), keys);
    assert.deepEqual(await keysOf(items, { reverse: true }), [...keys].reverse());
    assert.deepEqual(await keysOf(items, { prefix: "a" }), ["a", "a\u0000", "ab"]);
    assert.deepEqual(await keysOf(items, { prefix: "a", after: "a" }), ["a\u0000", "ab"]);
    assert.deepEqual(await keysOf(items, { prefix: "\u{10ffff}" }), ["\u{10ffff}", "\u{10ffff}x"]);
    assert.deepEqual(await keysOf(items, { after: "b", limit: 2 }), ["\u00e9", "\uff5e"]);
    assert.deepEqual(await keysOf(items, { after: "b", limit: 2, reverse: true }), ["ab", "a\u0000"]);
    assert.deepEqual(await keysOf(items, { limit: 0 }), []);
    assert.deepEqual(await keysOf(items, { prefix: "b", after: "c" }), []);
    assert.deepEqual(await keysOf(items, { prefix: "b", after: "a", reverse: true }), []);
  });

  withStore("keeps collections apart", async (store) => {
    const names = ["a", "ab", "a:", "1:a", "c1:a", "m", "m:", "\u0000", "a\u0000b", "é"];
    await store.write(
      names.flatMap((name) => names.map((key) => store.collection(name).put(key, `${name}/${key}`))),
    );
    for (const name of names) {
      const collection = store.collection<string>(name);
      assert.deepEqual((await keysOf(collection)).sort(), [...names].sort());
      assert.equal(await collection.get("ab"), `${name}/ab`);
    }
  });

  withStore("a walk does not see what is written meanwhile", async (store) => {
    const items = store.collection<number>("items");
    await store.write([1, 2, 3].map((n) => items.put(String(n), n)));
    const seen: string[] = [];
    for await (const [key] of items.entries()) {
      seen.push(key);
      await store.write([items.put("4", 4), items.delete("3")]);
    }
    assert.deepEqual(seen, ["1", "2", "3"]);
  });

  withStore("refuses keys and values that cannot be read back", async (store) => {
    const items = store.collection<unknown>("items");
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    for (const key of ["", "\ud800", "a\udc00b"]) {
      assert.throws(() => items.put(key, 1), coded("STORE_KEY_INVALID"));
      assert.throws(() => items.delete(key), coded("STORE_KEY_INVALID"));
      await assert.rejects(items.get(key), coded("STORE_KEY_INVALID"));
    }
    assert.throws(() => store.collection(""), coded("STORE_KEY_INVALID"));
    for (const value of [undefined, () => 1, 1n, cycle]) {
      assert.throws(() => items.put("a", value), coded("STORE_VALUE_INVALID"));
    }
    assert.equal(store.sequence, 0);
  });

  withStore("stops at an aborted signal and writes nothing of it", async (store) => {
    const items = store.collection<number>("items");
    const signal = AbortSignal.abort();
    await assert.rejects(store.write([items.put("a", 1)], { signal }), coded("ABORTED"));
    const controller = new AbortController();
    const both = Promise.allSettled([
      store.write([items.put("first", 1)], { durable: true }),
      store.write([items.put("second", 1)], { signal: controller.signal }),
    ]);
    controller.abort();
    const [first, second] = await both;
    assert.equal(first.status, "fulfilled");
    assert.ok(second.status === "rejected" && isAgentOSError(second.reason, "ABORTED"));
    assert.deepEqual(await keysOf(items), ["first"]);
    await assert.rejects(keysOf(items, { signal }), coded("ABORTED"));
  });

  withStore("finishes writes before it closes, and refuses work after", async (store, again) => {
    const items = store.collection<number>("items");
    const pending = store.write([items.put("a", 1)]);
    const walk = items.entries()[Symbol.asyncIterator]();
    await walk.next();
    await store.close();
    await store.close();
    assert.equal(await pending, 1);
    await assert.rejects(store.write([]), coded("CLOSED"));
    await assert.rejects(items.get("a"), coded("CLOSED"));
    await assert.rejects(keysOf(items), coded("CLOSED"));
    const reopened = await again();
    assert.equal(await reopened.collection("items").get("a"), 1);
  });
  careCases(withStore, options);
  return cases;
}

async function keysOf(
  collection: Collection<unknown>,
  range?: Parameters<Collection<unknown>["entries"]>[0],
): Promise<string[]> {
  const keys: string[] = [];
  for await (const [key] of collection.entries(range)) keys.push(key);
  return keys;
}
