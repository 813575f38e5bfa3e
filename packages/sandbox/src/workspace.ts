import { Buffer } from "node:buffer";
import { type Candidate, entryFileOf, type Task, type TestFile } from "@agentos/core";
import type { PlannedTestFile } from "./driver.js";
import { withoutGoTests } from "./languages/go-report.js";
import { LANGUAGE_FACTS } from "./languages.js";
import type { Project } from "./project.js";
import { filesProblem } from "./request.js";

/** The files of one run of tests. */
export interface Workspace {
  /** On top of the project's base, when there is one. */
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  /** Paths of the project's base that are not to be there. */
  readonly deleted: readonly string[];
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
  const files = new Map<string, string>();
  let problem: string | undefined;
  for (const [path, content] of Object.entries(candidate.files)) {
    if (content !== null) files.set(path, content);
    // What is deleted may stand in the way of what is written; its path must be one all the same.
    else problem ??= filesProblem(new Map([[path, ""]]), { files: 1, bytes: 0 });
  }
  const most = { files: limits.candidateFiles, bytes: limits.candidateBytes };
  if (Object.keys(candidate.files).length > most.files) {
    problem = `${Object.keys(candidate.files).length} files are more than the ${most.files} that are allowed`;
  }
  problem ??= filesProblem(files, most);
  const inGit = Object.keys(candidate.files).find((path) => path.split("/").includes(".git"));
  if (inGit !== undefined) problem ??= `${JSON.stringify(inGit)} belongs to git and not to the project`;
  return problem && `The candidate cannot be judged: ${problem}`;
}

/**
 * Puts project, candidate and tests together. Later ones win: tests cannot be replaced by a candidate, and neither can
 * the task's support files.
 */
export function assemble(
  task: Task,
  candidate: Candidate,
  project: Project | undefined,
  tests: readonly TestFile[],
): Assembled {
  const files = new Map<string, string | Uint8Array>(project?.changed);
  const deleted = new Set(project?.deleted);
  const facts = LANGUAGE_FACTS[task.language];
  const loose = project === undefined;
  const entry = entryFileOf(task);
  for (const [path, content] of Object.entries(candidate.files)) {
    if (content === null) {
      files.delete(path);
      if (project?.base.paths.has(path)) deleted.add(path);
    } else if (!loose || path === entry || !(facts.ownTests?.test(path) || facts.hooks?.test(path))) {
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
    const source = textOf(files.get(entry) ?? (deleted.has(entry) ? undefined : project?.read(entry)));
    if (source === undefined) {
      return { ok: false, reason: `The candidate does not contain ${entry}, which the tests are joined to` };
    }
    plan.push(...append(task, entry, source, appended, files));
  }
  const problem = filesProblem(files, { files: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY });
  // A project may hold names that differ in case; only what a candidate adds is held against it, by its own check.
  if (problem && loose) return { ok: false, reason: `The candidate does not fit the workspace: ${problem}` };
  if (project?.base.paths.has(entry) && appendedAway(task, appended, files, entry)) deleted.add(entry);
  return {
    ok: true,
    workspace: { files, deleted: [...deleted].filter((path) => !files.has(path)), plan },
  };
}

/** Whether a project's entry file went into a test file of the same package, and must not be there twice. */
function appendedAway(
  task: Task,
  appended: readonly TestFile[],
  files: ReadonlyMap<string, unknown>,
  entry: string,
): boolean {
  return task.language === "go" && appended.length > 0 && !files.has(entry);
}

function textOf(content: string | Uint8Array | undefined): string | undefined {
  return content instanceof Uint8Array ? Buffer.from(content).toString("utf8") : content;
}

/** Why a run's files cannot all be put into a project, as a reason; undefined when they can. */
export function unplaceable(
  workspace: Pick<Workspace, "files" | "deleted">,
  project: Project,
): string | undefined {
  const { files } = workspace;
  const deleted = new Set(workspace.deleted);
  const present = (path: string): boolean =>
    files.has(path) || (project.base.paths.has(path) && !deleted.has(path));
  for (const path of files.keys()) {
    for (const folder of foldersOf(path)) {
      if (present(folder)) return noFolder(folder, path);
      if (project.mounts.has(folder)) return inDependencies(path);
    }
    if (project.mounts.has(path)) return inDependencies(path);
  }
  for (const path of project.base.paths) {
    const taken = deleted.has(path) ? undefined : foldersOf(path).find((folder) => files.has(folder));
    if (taken !== undefined) return noFolder(taken, path);
  }
  return undefined;
}

function foldersOf(path: string): readonly string[] {
  const folders: string[] = [];
  for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
    folders.push(path.slice(0, end));
  }
  return folders;
}

function noFolder(file: string, path: string): string {
  return `The candidate does not fit the project: ${JSON.stringify(file)} is a file, and ${JSON.stringify(path)} needs a folder there`;
}

function inDependencies(path: string): string {
  return `The candidate does not fit the project: ${JSON.stringify(path)} lies in installed dependencies, which cannot be changed`;
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
  if (task.language !== "go") {
    for (const test of tests) files.set(test.path, joined([source, test.content]));
    return tests.map((test) => ({ path: test.path, label: test.path, style: "script" }));
  }
  const path = testEntryOf(entry);
  files.delete(entry);
  files.set(path, joined([withoutGoTests(source), ...tests.map((test) => test.content)]));
  return [{ path, label: tests.map((test) => test.path).join(", "), style: "detect" }];
}

/** Texts one after another, each ending with its line. */
export function joined(parts: readonly string[]): string {
  return parts.map((part) => (part.endsWith("\n") ? part : `${part}\n`)).join("");
}

/** The Go file that tests joined to an entry file are written to. */
export function testEntryOf(entry: string): string {
  return entry.endsWith("_test.go") ? entry : entry.replace(/(?:\.go)?$/, "_test.go");
}
