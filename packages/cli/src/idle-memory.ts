import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** How often it is looked whether the process is idle. */
const LOOK_MS = 10_000;
/** Milliseconds of work between two looks that an idle process may do. */
const IDLE_MS = 200;

/**
 * Gives memory back once nothing was done for a while: by itself the engine may keep what the last call left for minutes. For a process
 * of its own, since collecting stops all else in it for some tens of milliseconds. Does not keep the process alive.
 */
export function collectWhenIdle(): void {
  let before = performance.eventLoopUtilization();
  let isCollected = false;
  setInterval(() => {
    const now = performance.eventLoopUtilization();
    const { active } = performance.eventLoopUtilization(now, before);
    before = now;
    if (active > IDLE_MS) isCollected = false;
    else if (!isCollected) {
      isCollected = true;
      collect();
    }
  }, LOOK_MS).unref();
}

function collect(): void {
  setFlagsFromString("--expose-gc");
  const collector: unknown = runInNewContext("gc");
  if (typeof collector === "function") collector();
}
