import assert from "node:assert/strict";
import test from "node:test";
import { LruCache } from "./solution.ts";

test("stores and finds", () => {
  const cache = new LruCache<string, number>(2);
  cache.set("a", 1);
  assert.equal(cache.get("a"), 1);
  assert.equal(cache.get("b"), undefined);
});

test("drops the oldest when it is full", () => {
  const cache = new LruCache<string, number>(2);
  cache.set("a", 1).set("b", 2).set("c", 3);
  assert.equal(cache.get("a"), undefined);
  assert.equal(cache.size, 2);
});

test("get counts as use", () => {
  const cache = new LruCache<string, number>(2);
  cache.set("a", 1).set("b", 2);
  cache.get("a");
  cache.set("c", 3);
  assert.deepEqual(cache.keys(), ["a", "c"]);
});
