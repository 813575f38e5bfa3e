import { type Candidate, entryFileOf, type Task, type TestFile } from "@agentos/core";
import type { PlannedTestFile } from "./driver.js";
import { LANGUAGE_FACTS } from "./languages.js";
import { filesProblem } from "./request.js";

/** The files of one run of tests. */
export interface Workspace {
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  readonly plan: readonly PlannedTestFile[];
}

/** A workspace, or why the candidate cannot be put into one. */
export type Assembled =
  | { readonly ok: true; readonly workspace: Workspace }
  | { readonly ok: false; readonly reason: string };

/** Sizes that a candidate may have. */
export interface CandidateLimits {
  readonly candidateFiles: number;
  readonly candidateBytes: number;
}

/** What is wrong with a candidate's files, in a sentence without its full stop. */
export function candidateProblem(candidate: Candidate, limits: CandidateLimits): string | undefined {
  const files = new Map(Object.entries(candidate.files).map(([path, content]) => [path, content ?? ""]));
  const problem = filesProblem(files, { files: limits.candidateFiles, bytes: limits.candidateBytes });
  return problem && `The candidate cannot be judged: ${problem}`;
}

/**
 * Puts base files, candidate and tests together. Later ones win: tests cannot be replaced by a candidate, and neither can
 * the task's support files.
 */
export function assemble(
  task: Task,
  candidate: Candidate,
  base: ReadonlyMap<string, string | Uint8Array>,
  tests: readonly TestFile[],
): Assembled {
  const files = new Map(base);
  const facts = LANGUAGE_FACTS[task.language];
  const loose = task.project === undefined;
  const entry = entryFileOf(task);
  for (const [path, content] of Object.entries(candidate.files)) {
    if (content === null) files.delete(path);
    else if (!loose || path === entry || !(facts.ownTests?.test(path) || facts.hooks?.test(path))) {
      files.set(path, content);
    }
  }
  for (const [path, content] of Object.entries(task.files ?? {})) files.set(path, content);
  const plan: PlannedTestFile[] = [];
  for (const test of tests.filter((test) => test.mode !== "append")) {
    files.set(test.path, test.content);
    plan.push({ path: test.path, label: test.path, style: "detect" });
  }
  const appended = tests.filter((test) => test.mode === "append");
  if (appended.length > 0) {
    const source = files.get(entry);
    if (typeof source !== "string") {
      return { ok: false, reason: `The candidate does not contain ${entry}, which the tests are joined to` };
    }
    plan.push(...append(task, entry, source, appended, files));
  }
  const problem = filesProblem(files, { files: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY });
  // A project may hold names that differ in case; only what a candidate adds is held against it, by its own check.
  if (problem && loose) return { ok: false, reason: `The candidate does not fit the workspace: ${problem}` };
  return { ok: true, workspace: { files, plan } };
}

/** Why files cannot all be put into a project, as a reason; undefined when they can. */
export function unplaceable(paths: Iterable<string>, mounts: Iterable<string>): string | undefined {
  const all = new Set(paths);
  const shown = new Set(mounts);
  for (const path of all) {
    const parts = path.split("/");
    for (let length = 1; length <= parts.length; length++) {
      const folder = parts.slice(0, length).join("/");
      const quoted = JSON.stringify(path);
      if (shown.has(folder))
        return `The candidate does not fit the project: ${quoted} lies in installed dependencies, which cannot be changed`;
      if (length < parts.length && all.has(folder))
        return `The candidate does not fit the project: ${JSON.stringify(folder)} is a file, and ${quoted} needs a folder there`;
    }
  }
  return undefined;
}

/**
 * Joins tests to the entry file. Each becomes a script of its own under its own path; in Go, where all files of a folder
 * are one package, they replace the entry file as one test file.
 */
function append(
  task: Task,
  entry: string,
  source: string,
  tests: readonly TestFile[],
  files: Map<string, string | Uint8Array>,
): readonly PlannedTestFile[] {
  const join = (parts: readonly string[]) =>
    parts.map((part) => (part.endsWith("\n") ? part : `${part}\n`)).join("");
  if (task.language !== "go") {
    for (const test of tests) files.set(test.path, join([source, test.content]));
    return tests.map((test) => ({ path: test.path, label: test.path, style: "script" }));
  }
  const path = entry.endsWith("_test.go") ? entry : entry.replace(/(?:\.go)?$/, "_test.go");
  files.delete(entry);
  files.set(path, join([source, ...tests.map((test) => test.content)]));
  return [{ path, label: tests.map((test) => test.path).join(", "), style: "detect" }];
}
