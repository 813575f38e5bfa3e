import assert from "node:assert/strict";
import test from "node:test";
import { diff } from "./solution.js";

test("nested objects give a path", () => {
  assert.deepEqual(diff({ a: { b: { c: 1 } } }, { a: { b: { c: 2 } } }), [
    { op: "replace", path: "/a/b/c", value: 2 },
  ]);
});

test("equal arrays are equal, different ones are replaced whole", () => {
  assert.deepEqual(diff({ list: [1, { x: 2 }] }, { list: [1, { x: 2 }] }), []);
  assert.deepEqual(diff({ list: [1, 2] }, { list: [1, 3] }), [
    { op: "replace", path: "/list", value: [1, 3] },
  ]);
});

test("null is a value, not an object", () => {
  assert.deepEqual(diff({ a: null }, { a: { b: 1 } }), [{ op: "replace", path: "/a", value: { b: 1 } }]);
  assert.deepEqual(diff({ a: { b: 1 } }, { a: null }), [{ op: "replace", path: "/a", value: null }]);
  assert.deepEqual(diff({ a: null }, { a: null }), []);
});

test("an object that becomes an array is replaced", () => {
  assert.deepEqual(diff({ a: {} }, { a: [] }), [{ op: "replace", path: "/a", value: [] }]);
});

test("the root itself can be replaced", () => {
  assert.deepEqual(diff(1, 2), [{ op: "replace", path: "", value: 2 }]);
});

test("keys are escaped", () => {
  assert.deepEqual(diff({}, { "a/b": 1, "m~n": 2 }), [
    { op: "add", path: "/a~1b", value: 1 },
    { op: "add", path: "/m~0n", value: 2 },
  ]);
});

test("alphabetical, removals first", () => {
  const changes = diff({ z: 1, b: 1, c: 1 }, { z: 2, a: 0 });
  assert.deepEqual(
    changes.map((change) => `${change.op} ${change.path}`),
    ["remove /b", "remove /c", "add /a", "replace /z"],
  );
});

test("falsy values are compared as they are", () => {
  assert.deepEqual(diff({ a: 0 }, { a: false }), [{ op: "replace", path: "/a", value: false }]);
  assert.deepEqual(diff({ a: "" }, {}), [{ op: "remove", path: "/a" }]);
});
