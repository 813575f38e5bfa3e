import { Buffer } from "node:buffer";
import { posix } from "node:path";
import type { PlannedTestFile, ReportedTest, TestPlan, TestReport } from "../../driver.js";
import { parse } from "./channel.js";

const MESSAGE_LIMIT = 4000;

/** A report of Go tests, and what the tests printed. */
export interface GoReport extends TestReport {
  readonly output: string;
}

/** Folders that hold planned test files, each once, as `go test` takes them. */
export function goFolders(plan: TestPlan): readonly string[] {
  return [...new Set(plan.files.map((file) => posix.dirname(file.path)))];
}

/** Names of the test functions in a file, in order. */
export function goTestNames(source: string): readonly string[] {
  return [...source.matchAll(/^func[ \t]+(Test(?:[^a-z\s([][\p{L}\p{N}_]*)?)[ \t]*\(/gmu)].map(
    (match) => match[1] ?? "",
  );
}

interface Running {
  readonly test: string;
  output: string;
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
  const ended = new Map<string, Omit<ReportedTest, "file" | "name">>();
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
    const state = running.get(key) ?? { test, output: "" };
    running.set(key, state);
    if (!/^\s*(?:=== |--- )/.test(text) && state.output.length < 4 * MESSAGE_LIMIT) state.output += text;
    if (action !== "pass" && action !== "fail" && action !== "skip") continue;
    if (!ended.has(key)) order.push({ key, folder, test });
    ended.set(key, result(action, state.output, event?.["Elapsed"]));
  }
  const tests: ReportedTest[] = [];
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
export function goBuildFailed(plan: TestPlan, folders: readonly string[], message: string): TestReport {
  const files = plan.files.filter((file) => folders.includes(posix.dirname(file.path)));
  return {
    tests: files.map((file) => ({ file: file.label, name: file.label, status: "failed", message })),
    finished: files.map((file) => file.label),
  };
}

function noTests(file: PlannedTestFile): ReportedTest {
  const message =
    "No tests found: write functions named TestXxx(t *testing.T) in a file that ends in _test.go.";
  return { file: file.label, name: file.label, status: "failed", message };
}

function result(
  action: "pass" | "fail" | "skip",
  output: string,
  elapsed: unknown,
): Omit<ReportedTest, "file" | "name"> {
  const durationMs = typeof elapsed === "number" ? { durationMs: elapsed * 1000 } : {};
  if (action === "pass") return { status: "passed", ...durationMs };
  const text = output.trim();
  const message = text.length > MESSAGE_LIMIT ? `${text.slice(0, MESSAGE_LIMIT)}\n[...]` : text;
  return { status: action === "fail" ? "failed" : "skipped", ...(message ? { message } : {}), ...durationMs };
}

function textOf(content: string | Uint8Array | undefined): string {
  return typeof content === "string" ? content : Buffer.from(content ?? []).toString("utf8");
}
