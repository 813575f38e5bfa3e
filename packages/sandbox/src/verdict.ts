import {
  type RunResult,
  summaryLine,
  type TestResult,
  type VerdictRun,
  type Visibility,
} from "@agentos/core";
import type { DriverResult, TestPlan } from "./driver.js";

const OUTPUT_LIMIT = 4000;
/** What a driver reports may come from the candidate, whatever its harness would send. */
const NAME_LIMIT = 500;
const MESSAGE_LIMIT = 5000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;

/** What one run of tests came to. */
export interface JudgedRun {
  readonly passed: boolean;
  readonly tests: readonly TestResult[];
  readonly reason: string;
  readonly output: string | undefined;
  readonly run: VerdictRun;
}

/** Judges the run of a test plan: it passes when every planned file ran to its end, a test passed, and none failed. */
export function judgeTests(
  visibility: Visibility,
  plan: Pick<TestPlan, "files">,
  driverResult: DriverResult,
): JudgedRun {
  const { result, report } = driverResult;
  const single = plan.files.length === 1;
  const tests: TestResult[] = [];
  for (const { label } of plan.files) {
    const reported = (report?.tests ?? []).filter((test) => test.file === label);
    for (const test of reported) {
      const own = shorten(test.name.replace(CONTROL, " "), NAME_LIMIT);
      const name = single || test.name === label ? own : `${label}: ${own}`;
      tests.push({
        name,
        visibility,
        status: test.status,
        ...(test.message ? { message: shorten(test.message, MESSAGE_LIMIT) } : {}),
        ...(test.durationMs === undefined ? {} : { durationMs: within(test.durationMs, result) }),
      });
    }
    if (!report?.finished.includes(label)) {
      tests.push({ name: label, visibility, status: "missing", message: endOf(result) });
    } else if (reported.length === 0) {
      tests.push({ name: label, visibility, status: "failed", message: "No tests found in this file." });
    }
  }
  const complete = result.status === "exited" && result.exitCode === 0;
  const clean = tests.every((test) => test.status === "passed" || test.status === "skipped");
  if (clean && !complete) {
    tests.push({ name: "end of the run", visibility, status: "failed", message: endOf(result) });
  }
  const passed = clean && complete && tests.some((test) => test.status === "passed");
  return {
    passed,
    tests: visibility === "hidden" ? tests.map(anonymous) : tests,
    reason: visibility === "hidden" ? "" : reasonOf(tests, passed, result),
    output: visibility === "hidden" ? undefined : outputOf(result),
    run: runOf(visibility, result),
  };
}

/** Judges a run that is a single check (a build, a type check): it passes when it exits with 0. */
export function judgeCheck(name: string, result: RunResult): JudgedRun {
  const passed = result.status === "exited" && result.exitCode === 0;
  const output = outputOf(result);
  const message = passed
    ? undefined
    : result.status === "invalid"
      ? result.message
      : (output ?? endOf(result));
  const test: TestResult = {
    name,
    visibility: "visible",
    status: passed
      ? "passed"
      : result.status === "exited" || result.status === "invalid"
        ? "failed"
        : "missing",
    ...(message ? { message } : {}),
    durationMs: result.durationMs,
  };
  const reason = passed
    ? `The ${name} check passed.`
    : result.status === "exited" || result.status === "invalid"
      ? `The ${name} check failed: ${firstLine(message)}`
      : `The ${name} check did not finish: ${endOf(result)}`;
  return { passed, tests: [test], reason, output, run: runOf("visible", result) };
}

function shorten(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}

/** A test takes no longer than its run. */
function within(durationMs: number, result: RunResult): number {
  return Math.max(0, Math.min(durationMs, result.durationMs));
}

/** A test as it is listed when it must not be known. */
function anonymous(test: TestResult, index: number): TestResult {
  const { status, durationMs } = test;
  return {
    name: `hidden ${index + 1}`,
    visibility: "hidden",
    status,
    ...(durationMs === undefined ? {} : { durationMs }),
  };
}

/** How a run ended, in a sentence. */
function endOf(result: RunResult): string {
  switch (result.status) {
    case "exited":
      return `The program ended early, with exit code ${result.exitCode}.`;
    case "invalid":
      return `The code could not be built: ${firstLine(result.message)}`;
    case "wall-time":
      return `The run went over its time limit (${limitOf(result, "wall time")}).`;
    case "memory":
      return `The run went over its memory limit (${limitOf(result, "memory")}).`;
    case "output":
      return "The run printed far more than its output limit.";
    case "cancelled":
      return "The run was cancelled.";
    case "signal":
      return `The program was killed by ${result.signal}.`;
  }
}

function limitOf(result: RunResult, kind: string): string {
  return result.enforced.find((text) => text.startsWith(kind)) ?? kind;
}

function reasonOf(tests: readonly TestResult[], passed: boolean, result: RunResult): string {
  const count = tests.length;
  if (passed) return count === 1 ? "The test passed." : `All ${count} tests passed.`;
  const bad = tests.filter((test) => test.status === "failed" || test.status === "missing");
  const first = bad[0];
  if (!first) return "Every test was skipped.";
  if (result.status !== "exited" && result.status !== "invalid") return endOf(result);
  const detail = `${first.name}: ${firstLine(first.message)}`;
  return count === 1
    ? `The test did not pass: ${detail}`
    : `${bad.length} of ${count} tests did not pass; first ${detail}`;
}

function firstLine(text: string | undefined): string {
  const lines = (text ?? "").split("\n").map((line) => line.replace(CONTROL, " "));
  return summaryLine(lines.join("\n")) || "no message";
}

function outputOf(result: RunResult): string | undefined {
  const text = [result.stdout, result.stderr].filter((part) => part !== "").join("\n");
  if (text === "") return undefined;
  if (text.length <= OUTPUT_LIMIT) return text;
  return `${text.slice(0, OUTPUT_LIMIT / 2)}\n[... ${text.length - OUTPUT_LIMIT} characters left out ...]\n${text.slice(-OUTPUT_LIMIT / 2)}`;
}

function runOf(visibility: Visibility, result: RunResult): VerdictRun {
  const { driver, mechanism, guarantees, enforced, status, durationMs } = result;
  return { visibility, driver, mechanism, guarantees, enforced, status, durationMs };
}
