import assert from "node:assert/strict";
import test from "node:test";
import { mergeBusy } from "./solution.js";

const slot = (start, end) => ({ start, end });

test("sorts", () => {
  assert.deepEqual(mergeBusy([slot(900, 960), slot(60, 90)]), [slot(60, 90), slot(900, 960)]);
});

test("sorts by number, not by text", () => {
  assert.deepEqual(mergeBusy([slot(1000, 1060), slot(90, 120)]), [slot(90, 120), slot(1000, 1060)]);
});

test("touching slots become one", () => {
  assert.deepEqual(mergeBusy([slot(540, 600), slot(600, 660)]), [slot(540, 660)]);
});

test("a slot inside another does not shorten it", () => {
  assert.deepEqual(mergeBusy([slot(540, 720), slot(600, 630), slot(700, 730)]), [slot(540, 730)]);
});

test("slots of no length are dropped", () => {
  assert.deepEqual(mergeBusy([slot(300, 300), slot(540, 600)]), [slot(540, 600)]);
});

test("the input is left as it was", () => {
  const slots = [slot(600, 660), slot(540, 610)];
  mergeBusy(slots);
  assert.deepEqual(slots, [slot(600, 660), slot(540, 610)]);
});

test("the result shares no object with the input", () => {
  const only = slot(1, 2);
  const [first] = mergeBusy([only]);
  assert.ok(first !== only);
});

test("a slot that ends before it starts is refused", () => {
  assert.throws(() => mergeBusy([slot(600, 540)]), RangeError);
});
