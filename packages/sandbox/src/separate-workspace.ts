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
  /**
   * Paths of the candidate's files, for which the judge has stand-ins: none that a test would get in the place of a file of
   * its own, as `helper.js` for `helper/index.js`, or of an installed package.
   */
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
  const taken = new Set([...judge.keys()].flatMap(importNames));
  const modules = [...files.keys()].filter(
    (path) =>
      !judge.has(path) &&
      (path === entry || !(isInstalled(path) || importNames(path).some((name) => taken.has(name)))),
  );
  return { entry, candidate: files, judge, plan, modules };
}

/** Names without an ending by which JavaScript's files are imported, too. */
function importNames(path: string): readonly string[] {
  const stem = path.replace(/\.(?:[mc]?[jt]s|json)$/, "");
  return [path, stem, ...(/(?:^|\/)index$/.test(stem) ? [stem.replace(/\/?index$/, "")] : [])];
}

function isInstalled(path: string): boolean {
  return /(?:^|\/)node_modules\//.test(path);
}
