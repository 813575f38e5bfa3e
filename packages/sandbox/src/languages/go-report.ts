import { Buffer } from "node:buffer";
import { posix } from "node:path";
import type { RunTest } from "@agentos/core";
import type { DriverJob, PlannedTestFile, TestPlan, TestReport } from "../driver.js";
import { parse } from "../drivers/namespace/channel.js";
import type { ReportReader } from "./language.js";

const MESSAGE_LIMIT = 4000;

/** A report of Go tests, and what the tests printed. */
export interface GoReport extends TestReport {
  readonly output: string;
}

/** Folders that hold planned test files, each once, as `go test` takes them. */
export function goFolders(plan: TestPlan): readonly string[] {
  return [...new Set(plan.files.map((file) => posix.dirname(file.path)))];
}

/** Reads a run of Go tests: the events of those that were built, and a failed test for each file that was not. */
export const readGoReport: ReportReader = (told, job, plan) => {
  const events = readGoEvents(told.lines, plan, job.files);
  const report = job.half ? asJudged(events, told.lines, job, plan) : events;
  if (told.invalid.length === 0) return report;
  const folders = told.invalid.map((folder) => posix.normalize(folder));
  const unbuilt = goBuildFailed(plan, folders, told.stderr.trim());
  const labels = new Set(unbuilt.finished);
  return {
    tests: [...unbuilt.tests, ...report.tests.filter((test) => !labels.has(test.file))],
    finished: [...unbuilt.finished, ...report.finished.filter((label) => !labels.has(label))],
    output: report.output,
  };
};

/**
 * The report of a judge. What tests print can hold text of the candidate's, and with it lines that look like results; so
 * a test's own status is what the judge said on its channel, and the printed events add subtests and messages.
 */
function asJudged(events: GoReport, lines: readonly string[], job: DriverJob, plan: TestPlan): GoReport {
  const statuses = new Map<string, RunTest["status"]>();
  const prefix = `${plan.nonce} `;
  let unbuilt: string | undefined;
  let unseparable: string | undefined;
  for (const line of lines) {
    const said = line.startsWith(prefix) ? parse(line.slice(prefix.length)) : undefined;
    const name = said?.["test"];
    const status = STATUSES.find((one) => one === said?.["status"]);
    if (typeof name === "string" && status) {
      statuses.set(name, statuses.get(name) === "failed" ? "failed" : status);
    }
    if (typeof said?.["unbuilt"] === "string") unbuilt ??= said["unbuilt"];
    if (typeof said?.["unseparable"] === "string") unseparable ??= said["unseparable"].slice(0, 500);
  }
  if (unbuilt !== undefined) {
    const folders = plan.files.map((file) => posix.dirname(file.path));
    return { ...goBuildFailed(plan, folders, unbuilt.trim()), output: events.output };
  }
  const tests: RunTest[] = [];
  const finished: string[] = [];
  for (const file of plan.files) {
    const names = goTestNames(textOf(job.files.get(file.path)));
    const known = events.tests.filter((test) => test.file === file.label);
    if (names.length === 0) tests.push(...known);
    for (const name of names) {
      const status = statuses.get(name);
      tests.push(...known.filter((test) => test.name.startsWith(`${name}/`)));
      const printed = known.find((test) => test.name === name);
      if (status === undefined) continue;
      const message = status === "passed" ? {} : { message: printed?.message ?? "It did not pass." };
      const durationMs = printed?.durationMs === undefined ? {} : { durationMs: printed.durationMs };
      tests.push({ file: file.label, name, status, ...message, ...durationMs });
    }
    if (names.every((name) => statuses.has(name))) finished.push(file.label);
  }
  return {
    tests,
    finished,
    output: events.output,
    ...(unseparable === undefined ? {} : { unseparable }),
  };
}

const STATUSES = ["passed", "failed", "skipped"] as const;

/** Names of the test functions in a file, in order. */
export function goTestNames(source: string): readonly string[] {
  return [...source.matchAll(/^func[ \t]+(Test(?:[^a-z\s([][\p{L}\p{N}_]*)?)[ \t]*\(/gmu)].map(
    (match) => match[1] ?? "",
  );
}

/** A file whose own tests are none any more: what a candidate brings along is not what judges it. */
export function withoutGoTests(source: string): string {
  return goTestNames(source).reduce(
    (text, name) =>
      text.replaceAll(new RegExp(`(?<![\\p{L}\\p{N}_])${name}(?![\\p{L}\\p{N}_])`, "gu"), `own${name}`),
    source,
  );
}

interface Running {
  readonly test: string;
  output: string;
  /** Whether the framework itself printed how it ended. */
  ended: boolean;
}

/**
 * Reads the events of `test2json`. A file is finished when each test function that stands in it was reported: a program
 * that ends early leaves some out, whatever its exit code.
 */
export function readGoEvents(
  lines: readonly string[],
  plan: TestPlan,
  files: ReadonlyMap<string, string | Uint8Array>,
): GoReport {
  const owners = plan.files.map((file) => ({ file, names: goTestNames(textOf(files.get(file.path))) }));
  const running = new Map<string, Running>();
  const ended = new Map<string, Omit<RunTest, "file" | "name">>();
  const order: { key: string; folder: string; test: string }[] = [];
  let output = "";
  for (const line of lines) {
    const event = parse(line);
    const folder = event?.["Package"];
    const action = event?.["Action"];
    const test = event?.["Test"];
    if (typeof folder !== "string" || typeof action !== "string") continue;
    const text = action === "output" && typeof event?.["Output"] === "string" ? event["Output"] : "";
    if (!/^\s*(?:=== (?:RUN|PAUSE|CONT)|PASS$)/.test(text)) output += text;
    if (typeof test !== "string") continue;
    const key = `${folder}\0${test}`;
    const state = running.get(key) ?? { test, output: "", ended: false };
    running.set(key, state);
    if (!/^\s*(?:=== |--- )/.test(text) && state.output.length < 4 * MESSAGE_LIMIT) state.output += text;
    state.ended ||= text.trimStart().startsWith("--- ");
    if (action !== "pass" && action !== "fail" && action !== "skip") continue;
    // `test2json` calls the test passed in which a program left with 0.
    if (action === "pass" && !state.ended) continue;
    if (!ended.has(key)) order.push({ key, folder, test });
    ended.set(key, result(action, state.output, event?.["Elapsed"]));
  }
  const tests: RunTest[] = [];
  for (const { key, folder, test } of order) {
    const top = test.split("/", 1)[0] ?? test;
    const owner = owners.find(
      ({ file, names }) => posix.dirname(file.path) === folder && names.includes(top),
    );
    const found = ended.get(key);
    // Tests of the candidate's own are none of the plan's.
    if (owner && found) tests.push({ file: owner.file.label, name: test, ...found });
  }
  const finished: string[] = [];
  for (const { file, names } of owners) {
    const missing = names.filter((name) => !ended.has(`${posix.dirname(file.path)}\0${name}`));
    if (names.length === 0) tests.push(noTests(file));
    if (missing.length === 0) finished.push(file.label);
  }
  return { tests, finished, output };
}

/** The report of code that did not build: each file of that folder failed for it. */
function goBuildFailed(plan: TestPlan, folders: readonly string[], message: string): TestReport {
  const files = plan.files.filter((file) => folders.includes(posix.dirname(file.path)));
  return {
    tests: files.map((file) => ({ file: file.label, name: file.label, status: "failed", message })),
    finished: files.map((file) => file.label),
  };
}

function noTests(file: PlannedTestFile): RunTest {
  const message =
    "No tests found: write functions named TestXxx(t *testing.T) in a file that ends in _test.go.";
  return { file: file.label, name: file.label, status: "failed", message };
}

function result(
  action: "pass" | "fail" | "skip",
  output: string,
  elapsed: unknown,
): Omit<RunTest, "file" | "name"> {
  const durationMs = typeof elapsed === "number" ? { durationMs: elapsed * 1000 } : {};
  if (action === "pass") return { status: "passed", ...durationMs };
  const text = output.trim();
  const message = text.length > MESSAGE_LIMIT ? `${text.slice(0, MESSAGE_LIMIT)}\n[...]` : text;
  return { status: action === "fail" ? "failed" : "skipped", ...(message ? { message } : {}), ...durationMs };
}

function textOf(content: string | Uint8Array | undefined): string {
  return typeof content === "string" ? content : Buffer.from(content ?? []).toString("utf8");
}
