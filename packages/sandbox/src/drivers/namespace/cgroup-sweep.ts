import { readdirSync, readFileSync, readlinkSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { read } from "./cgroup-places.js";

/** How long a swept group may take to be empty. */
const EMPTY_WITHIN_MS = 500;

/**
 * The name of a group of this process: its id, and what tells it from a later process of that id (when it started) and
 * from one of another container (its process namespace).
 */
export function groupName(run: string): string {
  return `agentos.${process.pid}.${startOf(process.pid)}.${processNamespace()}.${run}`;
}

/**
 * Removes the groups that processes that are gone have left below a folder, and kills what still runs in them. Groups of
 * another process namespace are left alone: whether their owner lives cannot be seen from here.
 */
export function sweep(folder: string): void {
  const namespace = processNamespace();
  for (const name of readdirSync(folder)) {
    const [, owner = "", start, of] = /^agentos\.(\d+)\.(\d+)\.(\d+)\./.exec(name) ?? [];
    if (of !== namespace || startOf(Number(owner)) === start) continue;
    const group = join(folder, name);
    for (const deadline = Date.now() + EMPTY_WITHIN_MS; !removed(group) && Date.now() < deadline; ) {
      for (const id of read(join(group, "cgroup.procs")).split("\n").filter(Boolean)) kill(Number(id));
      // Waits without running anything else: a sweep is part of starting, and rarely has anything to do.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function removed(group: string): boolean {
  try {
    rmdirSync(group);
    return true;
  } catch (error) {
    // Not ours to remove: no use in trying again.
    return (error as NodeJS.ErrnoException).code !== "EBUSY";
  }
}

function kill(id: number): void {
  try {
    process.kill(id, "SIGKILL");
  } catch {
    // Gone already.
  }
}

/** When a process started, in ticks since the machine did; undefined when there is none. */
function startOf(id: number): string | undefined {
  try {
    // The name, which may hold anything, is in brackets; the start is the 20th field after it.
    return readFileSync(`/proc/${id}/stat`, "utf8").split(") ").at(-1)?.split(" ")[19];
  } catch {
    return undefined;
  }
}

function processNamespace(): string {
  return /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0] ?? "0";
}
