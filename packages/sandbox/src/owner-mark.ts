import { readFileSync, readlinkSync } from "node:fs";

/**
 * What tells this process from every other, as text of digits and underscores: its id, when it started (a later process
 * may have its id), and its process namespace (one of another container may have it, too).
 */
export function ownerMark(): string {
  own ??= `${process.pid}_${startOf(process.pid) ?? 0}_${processNamespace()}`;
  return own;
}

/** None of it changes as long as this process lives. */
let own: string | undefined;

/** Whether the process of a mark is known to be gone: one of another namespace cannot be seen from here. */
export function isGone(mark: string): boolean {
  const [id = "", start, namespace] = mark.split("_");
  if (namespace !== processNamespace()) return false;
  const now = startOf(Number(id));
  return now === undefined ? !exists(Number(id)) : now !== start;
}

/** When a process started, in ticks since the machine did; undefined when there is none, or no /proc. */
function startOf(id: number): string | undefined {
  try {
    // The name, which may hold anything, is in brackets; the start is the 20th field after it.
    return readFileSync(`/proc/${id}/stat`, "utf8").split(") ").at(-1)?.split(" ")[19];
  } catch {
    return undefined;
  }
}

function processNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0] ?? "0";
  } catch {
    return "0";
  }
}

function exists(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
