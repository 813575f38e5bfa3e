import type { CodeSearch } from "../contracts.js";
import type { Task } from "../words/task.js";
import type { LoopEngines } from "./types.js";

/** The project engine, unless it knows another project than the task's. A task of loose files may look into any. */
export function projectOf(engines: LoopEngines, task: Task): CodeSearch | undefined {
  const { project } = engines;
  const { roots = [] } = project ?? {};
  const wanted = task.project;
  if (wanted === undefined || roots.length === 0) return project;
  return roots.some((root) => samePath(root, wanted)) ? project : undefined;
}

function samePath(one: string, other: string): boolean {
  return one.replace(/[\\/]+$/, "") === other.replace(/[\\/]+$/, "");
}
