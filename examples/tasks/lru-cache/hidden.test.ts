import assert from "node:assert/strict";
import test from "node:test";
import { LruCache } from "./solution.ts";

test("get of an unknown key stores nothing", () => {
  const cache = new LruCache<string, number>(2);
  cache.set("a", 1);
  cache.get("b");
  assert.deepEqual(cache.keys(), ["a"]);
});

test("set of a known key counts as use and drops nothing", () => {
  const cache = new LruCache<string, number>(2);
  cache.set("a", 1).set("b", 2).set("a", 10);
  assert.deepEqual(cache.keys(), ["b", "a"]);
  assert.equal(cache.get("a"), 10);
  cache.set("c", 3);
  assert.equal(cache.has("b"), false);
});

test("has does not count as use", () => {
  const cache = new LruCache<string, number>(2);
  cache.set("a", 1).set("b", 2);
  assert.equal(cache.has("a"), true);
  cache.set("c", 3);
  assert.equal(cache.has("a"), false);
});

test("undefined is a value", () => {
  const cache = new LruCache<string, number | undefined>(2);
  cache.set("a", undefined).set("b", 2);
  assert.equal(cache.has("a"), true);
  cache.get("a");
  cache.set("c", 3);
  assert.deepEqual(cache.keys(), ["a", "c"]);
});

test("falsy keys and values", () => {
  const cache = new LruCache<number, number>(2);
  cache.set(0, 0).set(1, 1);
  assert.equal(cache.get(0), 0);
  cache.set(2, 2);
  assert.deepEqual(cache.keys(), [0, 2]);
});

test("delete tells whether there was something", () => {
  const cache = new LruCache<string, number>(1);
  cache.set("a", 1);
  assert.equal(cache.delete("a"), true);
  assert.equal(cache.delete("a"), false);
  assert.equal(cache.size, 0);
});

test("a capacity below one or not whole is refused", () => {
  for (const capacity of [0, -1, 1.5, Number.NaN]) assert.throws(() => new LruCache(capacity), RangeError);
});
