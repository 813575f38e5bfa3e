import {
  type Integrity,
  type RunResult,
  summaryLine,
  type TestResult,
  type VerdictRun,
  type Visibility,
} from "@agentos/core";
import { evidence } from "./cheats.js";
import type { DriverResult, TestPlan } from "./driver.js";
import type { HalvesResult } from "./separate.js";

const OUTPUT_LIMIT = 4000;
/** What a driver reports may come from the candidate, whatever its harness would send. */
const NAME_LIMIT = 500;
const MESSAGE_LIMIT = 5000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;

/** Which test it is: its file's label, and its name with a number when there are several; no name is the file itself. */
export interface TestKey {
  readonly label: string;
  readonly name?: string;
}

/** What one run of tests came to. */
export interface JudgedRun {
  readonly passed: boolean;
  readonly tests: readonly TestResult[];
  /** What tells each test from all others, in the same order, for a comparison with other runs. Never leaves the judge. */
  readonly keys: readonly TestKey[];
  readonly reason: string;
  readonly output: string | undefined;
  readonly integrity: Integrity;
  /** Attempts to forge it. */
  readonly cheated: readonly string[];
  readonly runs: readonly VerdictRun[];
}

/**
 * Judges the run of a test plan: it passes when every planned file ran to its end, a test passed, and none failed.
 * `candidate`: the other half of a separated run. It must last to the end, and its end explains what came of it.
 */
export function judgeTests(
  visibility: Visibility,
  plan: Pick<TestPlan, "files">,
  driverResult: DriverResult,
  candidate?: Pick<HalvesResult, "candidate" | "candidateFirst">,
): JudgedRun {
  const { report } = driverResult;
  const early = candidate?.candidateFirst === true;
  const result = early ? candidate.candidate : driverResult.result;
  const single = plan.files.length === 1;
  const tests: TestResult[] = [];
  const keys: TestKey[] = [];
  for (const { label } of plan.files) {
    const counts = new Map<string, number>();
    const reported = (report?.tests ?? []).filter((test) => test.file === label);
    for (const test of reported) {
      const own = shorten(test.name.replace(CONTROL, " "), NAME_LIMIT);
      const count = (counts.get(test.name) ?? 0) + 1;
      counts.set(test.name, count);
      keys.push({ label, name: count === 1 ? test.name : `${test.name}\0${count}` });
      const name = single || test.name === label ? own : `${label}: ${own}`;
      tests.push({
        name,
        visibility,
        status: test.status,
        ...(test.message ? { message: shorten(test.message, MESSAGE_LIMIT) } : {}),
        ...(test.durationMs === undefined ? {} : { durationMs: within(test.durationMs, result) }),
      });
    }
    if (!report?.finished.includes(label) || reported.length === 0) keys.push({ label });
    if (!report?.finished.includes(label)) {
      tests.push({ name: label, visibility, status: "missing", message: endOf(result) });
    } else if (reported.length === 0) {
      tests.push({ name: label, visibility, status: "failed", message: "No tests found in this file." });
    }
  }
  const complete = !early && result.status === "exited" && result.exitCode === 0;
  const clean = tests.every((test) => test.status === "passed" || test.status === "skipped");
  // A run that was ended may have been ended after its last test.
  if (!complete && (clean || (ended(result) && !tests.some((test) => test.status === "missing")))) {
    keys.push({ label: "" });
    tests.push({ name: "end of the run", visibility, status: "failed", message: endOf(result) });
  }
  const cheated = evidence(visibility, report);
  const passed = clean && complete && cheated.length === 0 && tests.some((test) => test.status === "passed");
  return {
    passed,
    keys,
    tests: visibility === "hidden" ? tests.map(anonymous) : tests,
    reason: visibility === "hidden" ? "" : reasonOf(tests, passed, result, early, cheated),
    output: visibility === "hidden" ? undefined : outputOf(candidate?.candidate ?? result),
    integrity: candidate ? "separate" : "shared",
    cheated,
    runs: candidate
      ? [runOf(visibility, driverResult.result, "judge"), runOf(visibility, candidate.candidate, "candidate")]
      : [runOf(visibility, result)],
  };
}

/** Whether a run was ended by something else than its program or its build. */
function ended(result: RunResult): boolean {
  return result.status !== "exited" && result.status !== "invalid";
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
  const runs = [runOf("visible", result)];
  return {
    passed,
    tests: [test],
    keys: [{ label: "" }],
    reason,
    output,
    integrity: "shared",
    cheated: [],
    runs,
  };
}

function shorten(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}

/** A test takes no longer than its run. */
function within(durationMs: number, result: RunResult): number {
  return Math.max(0, Math.min(durationMs, result.durationMs));
}

/** A test as it is listed when it must not be known. */
export function anonymous(test: TestResult, index: number): TestResult {
  const { status, durationMs } = test;
  return {
    name: `hidden ${index + 1}`,
    visibility: "hidden",
    status,
    ...(durationMs === undefined ? {} : { durationMs }),
  };
}

/** How a run ended, in a sentence. */
export function endOf(result: RunResult): string {
  switch (result.status) {
    case "exited":
      return `The program ended early, with exit code ${result.exitCode}.`;
    case "invalid":
      return `The code could not be built: ${firstLine(result.message)}`;
    case "wall-time":
      return `The run went over its time limit (${limitOf(result, "wall time")}).`;
    case "cpu-time":
      return `The run went over its CPU time (${limitOf(result, "CPU time")}).`;
    case "memory":
      return `The run went over its memory limit (${limitOf(result, "memory")}).`;
    case "processes":
      return `The run went over its limit of processes (${limitOf(result, "processes")}).`;
    case "disk":
      return `The run wrote more than its disk limit (${limitOf(result, "disk")}).`;
    case "policy":
      return `The run was ended for what it may not do: ${firstLine(result.message)}`;
    case "internal":
      return `The sandbox broke during the run: ${firstLine(result.message)}`;
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

/** Why a run of tests passed or did not, in a sentence. */
export function reasonOf(
  tests: readonly TestResult[],
  passed: boolean,
  result: RunResult,
  early: boolean,
  cheated: readonly string[],
): string {
  const count = tests.length;
  if (passed) return count === 1 ? "The test passed." : `All ${count} tests passed.`;
  const bad = tests.filter((test) => test.status === "failed" || test.status === "missing");
  const first = bad[0];
  if (!first) return cheated.length > 0 ? `The candidate cheated. ${cheated[0]}` : "Every test was skipped.";
  if (early || (result.status !== "exited" && result.status !== "invalid")) return endOf(result);
  const detail = `${first.name}: ${firstLine(first.message)}`;
  return count === 1
    ? `The test did not pass: ${detail}`
    : `${bad.length} of ${count} tests did not pass; first ${detail}`;
}

function firstLine(text: string | undefined): string {
  const lines = (text ?? "").split("\n").map((line) => line.replace(CONTROL, " "));
  return summaryLine(lines.join("\n")) || "no message";
}

/** What a run printed, shortened. */
export function outputOf(result: RunResult): string | undefined {
  const text = [result.stdout, result.stderr].filter((part) => part !== "").join("\n");
  if (text === "") return undefined;
  if (text.length <= OUTPUT_LIMIT) return text;
  return `${text.slice(0, OUTPUT_LIMIT / 2)}\n[... ${text.length - OUTPUT_LIMIT} characters left out ...]\n${text.slice(-OUTPUT_LIMIT / 2)}`;
}

/** What a verdict says of one of its runs. */
export function runOf(visibility: Visibility, result: RunResult, half?: VerdictRun["half"]): VerdictRun {
  const { driver, mechanism, guarantees, enforced, status, usage, durationMs } = result;
  return {
    visibility,
    ...(half && { half }),
    driver,
    mechanism,
    guarantees,
    enforced,
    status,
    usage,
    durationMs,
  };
}
