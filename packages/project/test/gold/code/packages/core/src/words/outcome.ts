import type { Candidate } from "./candidate.js";
import type { Forecast } from "./forecast.js";
import type { Task } from "./task.js";
import type { Verdict } from "./verdict.js";

/** A task as it may be stored and shown: without the content of its tests. */
export type StoredTask = Omit<Task, "tests" | "files"> & {
  /** How many files of tests there were. */
  readonly testFiles: { readonly visible: number; readonly hidden: number };
};

/** Task + candidate + forecast + verdict: the unit of learning. */
export interface Outcome {
  readonly id: string;
  readonly task: StoredTask;
  readonly candidate: Candidate;
  /** Absent when the candidate was judged without being forecast. */
  readonly forecast?: Forecast;
  readonly verdict: Verdict;
  /** When the verdict was given, in milliseconds since 1970. */
  readonly at: number;
  /** The solve it belongs to, when there was one. */
  readonly solveId?: string;
}

/** Strips a task of everything that must not be stored: the tests, and the files that they may lean on. */
export function storedTask(task: Task): StoredTask {
  const { tests, files: _files, ...rest } = task;
  return {
    ...rest,
    testFiles: { visible: tests?.visible?.length ?? 0, hidden: tests?.hidden?.length ?? 0 },
  };
}

/** A task without its hidden tests: all that anything but the judge may see. */
export function withoutHidden(task: Task): Task {
  if (!task.tests?.hidden) return task;
  const { hidden: _hidden, ...tests } = task.tests;
  return { ...task, tests };
}
