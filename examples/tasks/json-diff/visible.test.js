import assert from "node:assert/strict";
import test from "node:test";
import { diff } from "./solution.js";

test("equal objects have no changes", () => {
  assert.deepEqual(diff({ a: 1 }, { a: 1 }), []);
});

test("a changed value is replaced", () => {
  assert.deepEqual(diff({ a: 1 }, { a: 2 }), [{ op: "replace", path: "/a", value: 2 }]);
});

test("added and removed keys", () => {
  assert.deepEqual(diff({ old: 1 }, { fresh: 2 }), [
    { op: "remove", path: "/old" },
    { op: "add", path: "/fresh", value: 2 },
  ]);
});

test("lists are compared by what they hold", () => {
  assert.deepEqual(diff({ list: [1, [2]] }, { list: [1, [2]] }), []);
  assert.deepEqual(diff({ list: ["a"] }, { list: ["b"] }), [{ op: "replace", path: "/list", value: ["b"] }]);
});
