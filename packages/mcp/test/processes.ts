import { readdirSync, readFileSync } from "node:fs";

/** Processes below one, by /proc. */
export function below(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // It has ended meanwhile.
    }
  }
  const found = new Set([pid]);
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (const [child, parent] of parents) if (found.has(parent)) found.add(child);
  }
  found.delete(pid);
  return [...found];
}

/** Processes below one that are at work, and none that wait ahead. */
export function spinning(pid: number): number[] {
  return below(pid).filter(spins);
}

/** Time that a process took of processors so far, in ticks; 0 when it has ended. */
function ticksOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return 0;
  }
}

function spins(pid: number): boolean {
  const before = ticksOf(pid);
  const until = performance.now() + 300;
  while (performance.now() < until);
  return ticksOf(pid) - before > 10;
}

/** Ticks (of ten milliseconds) that neither one which only starts takes, nor the half of a verdict that holds the tests. */
const STARTED = 30;

/** How many processes below some run at this moment, those left out that may only be starting. */
export function atWork(pids: readonly number[]): number {
  return pids.flatMap(below).filter((pid) => ticksOf(pid) > STARTED && stateOf(pid) === "R").length;
}

function stateOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[0];
  } catch {
    return undefined;
  }
}
