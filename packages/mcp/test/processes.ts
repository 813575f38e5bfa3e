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

function spins(pid: number): boolean {
  const ticks = () => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      return stat
        .slice(stat.lastIndexOf(")") + 2)
        .split(" ")
        .slice(11, 13)
        .map(Number)
        .reduce((a, b) => a + b, 0);
    } catch {
      return 0;
    }
  };
  const before = ticks();
  const until = performance.now() + 300;
  while (performance.now() < until);
  return ticks() - before > 10;
}
