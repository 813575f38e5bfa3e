import assert from "node:assert/strict";
import test from "node:test";
import { parseDuration } from "./solution.js";

test("adds hours and minutes", () => {
  assert.equal(parseDuration("1h30m"), 5_400_000);
});

test("reads seconds", () => {
  assert.equal(parseDuration("45s"), 45_000);
});

test("tells milliseconds from minutes", () => {
  assert.equal(parseDuration("250ms"), 250);
});

test("refuses text that is no duration", () => {
  assert.throws(() => parseDuration("soon"), RangeError);
});
