import { readdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { isGone, ownerMark } from "../../owner-mark.js";
import { read } from "./cgroup-places.js";

/** How long a swept group may take to be empty. */
const EMPTY_WITHIN_MS = 500;

/** The name of a group of this process. */
export function groupName(run: string): string {
  return `agentos.${ownerMark()}.${run}`;
}

/**
 * Removes the groups that processes that are gone have left below a folder, and kills what still runs in them. Groups of
 * another process namespace are left alone: whether their owner lives cannot be seen from here.
 */
export function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    const owner = /^agentos\.(\d+_\d+_\d+)\./.exec(name)?.[1];
    if (owner === undefined || !isGone(owner)) continue;
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
