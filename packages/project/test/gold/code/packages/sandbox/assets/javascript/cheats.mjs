// Evidence of forged verdicts where tests and candidate share one process. What is compared is taken before any code of
// the candidate runs; a determined candidate can still hide, which is why such a verdict says `shared`.
import { readFileSync } from "node:fs";
import { tellCheat } from "./report.mjs";

const { keys, is } = Object;
const { getPrototypeOf } = Reflect;
const read = readFileSync;

/** Remembers the test file and the functions that judge. The function that it returns tells what has changed. */
export function watchCheats(file, label) {
  // Not imported above: it makes the error output non-blocking, which is no business of programs that are not tested.
  const assert = process.getBuiltinModule("node:assert");
  const slots = [];
  const keep = (owner, name) => {
    for (const key of keys(owner)) slots.push([owner, key, owner[key], `${name}.${key}`]);
  };
  keep(assert, "assert");
  keep(assert.strict, "assert.strict");
  for (const [owner, key, name] of [
    [Object, "is", "Object.is"],
    [Object, "keys", "Object.keys"],
    [assert.AssertionError.prototype, "constructor", "AssertionError"],
    [getPrototypeOf(assert.AssertionError), "captureStackTrace", "Error.captureStackTrace"],
    [globalThis, "Error", "Error"],
    [process, "exit", "process.exit"],
    [process, "reallyExit", "process.reallyExit"],
  ])
    slots.push([owner, key, owner[key], name]);
  const text = read(file, "utf8");
  return () => {
    const patched = slots.find(([owner, key, value]) => !is(owner[key], value));
    if (patched) tellCheat("patched-framework", patched[3]);
    let now;
    try {
      now = read(file, "utf8");
    } catch {
      // It is gone.
    }
    if (now !== text) tellCheat("edited-tests", label);
  };
}
