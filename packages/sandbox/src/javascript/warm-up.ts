import type { JavaScriptEngine } from "./engine.js";
import { JobFiles } from "./job-files.js";
import { runProgram } from "./program.js";

/** Shows every path that an ordinary verdict takes: a test of an ES module, a failed one, and CommonJS. */
const FILES: ReadonlyMap<string, string> = new Map([
  ["a.js", "export const double = (x) => 2 * x;"],
  ["b.cjs", "exports.triple = (x) => 3 * x;"],
  [
    "a.test.js",
    `import test from "node:test"; import assert from "node:assert/strict"; import { double } from "./a.js"; import { triple } from "./b.cjs";
test("warms", async () => { await null; assert.equal(double(3), 6); assert.deepEqual([triple(1)], [3]); assert.throws(() => assert.ok(false)); console.log("warm", [1]); });
test("fails", () => assert.deepEqual({ a: 1 }, { a: 2 }));`,
  ],
]);

/** Once compiles; twice more and V8 knows what it meets where: half a millisecond of each verdict. */
const TIMES = 3;

/**
 * Runs a program of our own in contexts that are thrown away, so that what runs the real one, on both sides, has been
 * compiled before. Nothing of it is said to anybody.
 */
export function warmUp(engine: JavaScriptEngine, now: () => number, times: number = TIMES): void {
  for (let time = 0; time < times; time++) runOnce(engine, now);
}

function runOnce(engine: JavaScriptEngine, now: () => number): void {
  const job = {
    entry: "a.test.js",
    args: [],
    tests: { nonce: "", files: [{ path: "a.test.js", label: "a.test.js", style: "detect" as const }] },
  };
  let passed = 0;
  const report = (json: string): void => {
    if (json.includes('"passed"')) passed++;
  };
  const end = (): never => {
    throw new Error("The program that warms up ended early.");
  };
  const files = new JobFiles(FILES, new Map());
  const silent = { write: () => {}, readInput: () => "", send: () => {}, receive: () => "", sleep: () => {} };
  runProgram(engine, job, files, { ...silent, report, end, now });
  if (passed !== 1) throw new Error("The program that warms up did not run as it should.");
}
