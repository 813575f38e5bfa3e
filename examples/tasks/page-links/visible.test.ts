import assert from "node:assert/strict";
import test from "node:test";
import { pageLinks } from "./solution.ts";

test("gaps on both sides", () => {
  assert.deepEqual(pageLinks(10, 20), [1, "gap", 9, 10, 11, "gap", 20]);
});

test("few pages are all shown", () => {
  assert.deepEqual(pageLinks(2, 3), [1, 2, 3]);
});

test("no gap before the first pages", () => {
  assert.deepEqual(pageLinks(1, 9), [1, 2, "gap", 9]);
});

test("one page too few for a gap", () => {
  assert.deepEqual(pageLinks(4, 6), [1, 2, 3, 4, 5, 6]);
});
