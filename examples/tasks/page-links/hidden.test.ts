import assert from "node:assert/strict";
import test from "node:test";
import { pageLinks } from "./solution.ts";

test("a gap of one page is that page", () => {
  assert.deepEqual(pageLinks(4, 10), [1, 2, 3, 4, 5, "gap", 10]);
  assert.deepEqual(pageLinks(7, 10), [1, "gap", 6, 7, 8, 9, 10]);
});

test("a gap of two pages is a gap", () => {
  assert.deepEqual(pageLinks(5, 10), [1, "gap", 4, 5, 6, "gap", 10]);
});

test("one page", () => {
  assert.deepEqual(pageLinks(1, 1), [1]);
});

test("no pages", () => {
  assert.deepEqual(pageLinks(1, 0), []);
  assert.deepEqual(pageLinks(1, -3), []);
});

test("current is moved to the nearest page", () => {
  assert.deepEqual(pageLinks(99, 9), [1, "gap", 8, 9]);
  assert.deepEqual(pageLinks(-4, 9), [1, 2, "gap", 9]);
});

test("more pages around", () => {
  assert.deepEqual(pageLinks(10, 20, 2), [1, "gap", 8, 9, 10, 11, 12, "gap", 20]);
});

test("no pages around", () => {
  assert.deepEqual(pageLinks(5, 9, 0), [1, "gap", 5, "gap", 9]);
});

test("the last page", () => {
  assert.deepEqual(pageLinks(9, 9), [1, "gap", 8, 9]);
});
