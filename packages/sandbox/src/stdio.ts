import type { RunResult, StdioCase, TestResult, Visibility } from "@agentos/core";
import { anonymous, endOf, type JudgedRun, outputOf, reasonOf, runOf } from "./verdict.js";

const SHOWN = 1000;

/**
 * Judges the run of a program by what it printed and how it ended. The comparison is made here: nothing of what is
 * expected was ever in the program's reach.
 */
export function judgeCase(
  visibility: Visibility,
  label: string,
  expected: StdioCase,
  result: RunResult,
): JudgedRun {
  const problem = problemOf(expected, result);
  const status = problem === undefined ? "passed" : ended(result) ? "failed" : "missing";
  const test: TestResult = {
    name: label,
    visibility,
    status,
    ...(problem === undefined ? {} : { message: problem }),
    durationMs: result.durationMs,
  };
  return judged(visibility, [test], [{ label }], [result], problem === undefined, result);
}

/** Several judged runs as one. */
export function joinRuns(visibility: Visibility, runs: readonly JudgedRun[]): JudgedRun {
  const [first] = runs;
  if (first && runs.length === 1) return first;
  const tests = runs.flatMap((run) => run.tests);
  const passed = runs.every((run) => run.passed);
  const failing = runs.find((run) => !run.passed);
  const count = tests.length;
  const bad = tests.filter(({ status }) => status === "failed" || status === "missing").length;
  return {
    passed,
    tests:
      visibility === "hidden"
        ? tests.map((test, index) => ({ ...test, name: `hidden ${index + 1}` }))
        : tests,
    keys: runs.flatMap((run) => run.keys),
    reason:
      visibility === "hidden"
        ? ""
        : passed
          ? `All ${count} tests passed.`
          : `${bad} of ${count} tests did not pass. ${failing?.reason ?? ""}`,
    output: failing?.output ?? first?.output,
    integrity: runs.every((run) => run.integrity === "separate") ? "separate" : "shared",
    cheated: runs.flatMap((run) => run.cheated),
    runs: runs.flatMap((run) => run.runs),
  };
}

function judged(
  visibility: Visibility,
  tests: readonly TestResult[],
  keys: JudgedRun["keys"],
  results: readonly RunResult[],
  passed: boolean,
  result: RunResult,
): JudgedRun {
  const hidden = visibility === "hidden";
  return {
    passed,
    tests: hidden ? tests.map(anonymous) : tests,
    keys,
    reason: hidden ? "" : reasonOf(tests, passed, result, false, []),
    output: hidden ? undefined : outputOf(result),
    integrity: "separate",
    cheated: [],
    runs: results.map((one) => runOf(visibility, one)),
  };
}

function ended(result: RunResult): boolean {
  return result.status === "exited" || result.status === "invalid";
}

function problemOf(expected: StdioCase, result: RunResult): string | undefined {
  if (result.status !== "exited") return endOf(result);
  const exitCode = expected.exitCode ?? 0;
  if (result.exitCode !== exitCode) {
    const why = result.stderr.trim() === "" ? "" : `\n${result.stderr.trim().slice(-SHOWN)}`;
    return `It ended with exit code ${result.exitCode}, not with ${exitCode}.${why}`;
  }
  if (plain(result.stdout) === plain(expected.stdout) && !result.truncated) return undefined;
  if (result.truncated) return "It printed more than is kept, so its output could not be compared.";
  return `It printed something else.\nexpected: ${shown(expected.stdout)}\nactual:   ${shown(result.stdout)}`;
}

/** A text without white space at the ends of its lines, and without empty lines at its end. */
function plain(text: string): string {
  // No regular expression: on what a program printed, those for this take quadratic time.
  const lines = text.split("\n").map((line) => line.trimEnd());
  let count = lines.length;
  while (count > 0 && lines[count - 1] === "") count--;
  return lines.slice(0, count).join("\n");
}

function shown(text: string): string {
  const quoted = JSON.stringify(plain(text));
  return quoted.length > SHOWN ? `${quoted.slice(0, SHOWN)}…` : quoted;
}
