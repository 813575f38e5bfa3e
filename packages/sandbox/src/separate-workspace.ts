import { type Candidate, entryFileOf, type Task, type TestFile } from "@agentos/core";
import type { PlannedTestFile } from "./driver.js";
import { assemble, joined, testEntryOf } from "./workspace.js";

/** The files of the two halves of one separated run of tests. */
export interface SeparateWorkspace {
  readonly entry: string;
  /** Support files and the candidate's. */
  readonly candidate: ReadonlyMap<string, string | Uint8Array>;
  /** Support files and the tests; nothing of the candidate. */
  readonly judge: ReadonlyMap<string, string | Uint8Array>;
  readonly plan: readonly PlannedTestFile[];
  /** Paths of the candidate's files, for which the judge has stand-ins. */
  readonly modules: readonly string[];
}

/**
 * Puts a candidate of loose files and the tests into workspaces of their own. Tests that are joined to the entry file
 * become scripts of their own text alone.
 */
export function assembleHalves(
  task: Task,
  candidate: Candidate,
  tests: readonly TestFile[],
): SeparateWorkspace {
  const support = new Map<string, string | Uint8Array>(Object.entries(task.files ?? {}));
  const alone = assemble(task, candidate, undefined, []);
  const files = alone.ok ? alone.workspace.files : new Map<string, string | Uint8Array>();
  const judge = new Map(support);
  const plan: PlannedTestFile[] = [];
  for (const test of tests.filter((test) => test.mode !== "append")) {
    judge.set(test.path, test.content);
    plan.push({ path: test.path, label: test.path, style: "detect" });
  }
  const entry = entryFileOf(task);
  const appended = tests.filter((test) => test.mode === "append");
  if (task.language === "go" && appended.length > 0) {
    const path = testEntryOf(entry);
    judge.set(path, joined(appended.map((test) => test.content)));
    plan.push({ path, label: appended.map((test) => test.path).join(", "), style: "detect" });
  } else {
    for (const test of appended) {
      judge.set(test.path, test.content);
      plan.push({ path: test.path, label: test.path, style: "script" });
    }
  }
  const modules = [...files.keys()].filter((path) => !judge.has(path));
  return { entry, candidate: files, judge, plan, modules };
}
