import assert from "node:assert/strict";
import test from "node:test";
import { parseDuration } from "./solution.js";

test("milliseconds after minutes", () => {
  assert.equal(parseDuration("2m250ms"), 120_250);
});

test("weeks and days", () => {
  assert.equal(parseDuration("1w2d"), 777_600_000);
});

test("decimal fractions", () => {
  assert.equal(parseDuration("1.5h"), 5_400_000);
});

test("spaces between parts", () => {
  assert.equal(parseDuration("1h 30m 5s"), 5_405_000);
});

test("negative durations", () => {
  assert.equal(parseDuration("-2m30s"), -150_000);
});

test("refuses the empty string, a bare number and trailing text", () => {
  for (const text of ["", "-", "10", "1h later", "x1h", "1h30"]) {
    assert.throws(() => parseDuration(text), RangeError);
  }
});

test("refuses repeated units and units in the wrong order", () => {
  for (const text of ["1h1h", "30m1h", "5ms1s"]) assert.throws(() => parseDuration(text), RangeError);
});
