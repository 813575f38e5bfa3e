import assert from "node:assert/strict";
import test from "node:test";
import { mergeBusy } from "./solution.js";

test("joins overlapping slots", () => {
  const slots = [
    { start: 540, end: 600 },
    { start: 570, end: 660 },
  ];
  assert.deepEqual(mergeBusy(slots), [{ start: 540, end: 660 }]);
});

test("keeps separate slots apart", () => {
  const slots = [
    { start: 540, end: 600 },
    { start: 720, end: 780 },
  ];
  assert.deepEqual(mergeBusy(slots), slots);
});

test("a slot inside another changes nothing", () => {
  const slots = [
    { start: 540, end: 720 },
    { start: 600, end: 630 },
  ];
  assert.deepEqual(mergeBusy(slots), [{ start: 540, end: 720 }]);
});

test("an empty day stays empty", () => {
  assert.deepEqual(mergeBusy([]), []);
});
