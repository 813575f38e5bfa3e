import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { Watch } from "../../packages/sandbox/hostile/index.js";
import type { Metric } from "../lib/metrics.js";
import type { PartResult } from "../lib/parts.js";
import { mapConcurrently } from "../lib/pool.js";
import { Progress } from "../lib/progress.js";
import { type BenchContext, runs, withSandbox } from "./context.js";
import { judged, samples } from "./samples.js";

const POOL = 4;
const CONCURRENCY = 8;

/** What many runs leave behind, and what a pool that waits costs in memory. */
export async function leftoversPart(context: BenchContext): Promise<PartResult> {
  const all = samples(context.cacheDir);
  const languages = (["python", "javascript"] as const).filter((one) => runs(context, "namespace", one));
  if (languages.length === 0) {
    return { metrics: [], notes: ["leftovers: not measured, namespace does not work here"] };
  }
  const idle: number[] = [];
  // What comes with the first sandbox of a process, such as folders of caches, is no leftover of runs.
  await withSandbox(context, "namespace", {}, (sandbox) =>
    judged(sandbox, all[languages[0] ?? "python"], "separate", context.signal),
  );
  const watch = new Watch();
  const progress = new Progress(context.progress, "leftovers", context.runs);
  try {
    for (const language of languages) {
      await withSandbox(context, "namespace", { spares: POOL }, async (sandbox) => {
        await mapConcurrently(
          Array.from({ length: Math.ceil(context.runs / languages.length) }),
          () => judged(sandbox, all[language], "separate", context.signal),
          { concurrency: CONCURRENCY, signal: context.signal, onDone: () => progress.tick() },
        );
        await delay(1500, undefined, { signal: context.signal });
        idle.push(descendantsBytes());
      });
    }
  } finally {
    progress.end();
  }
  const left = await watch.settled(3000);
  const metrics: Metric[] = [
    { name: "leftovers", value: left.length, unit: "count", target: { atMost: 0 } },
    { name: "pool.idle_rss_mb", value: Math.max(...idle) / 1e6, unit: "mb" },
  ];
  return {
    metrics,
    notes: [
      `leftovers: after ${context.runs} runs in ${languages.join(" and ")}`,
      ...left.slice(0, 20).map((line) => `left behind: ${line}`),
    ],
  };
}

/** Resident memory of every process that descends from this one. Pages that they share count for each. */
function descendantsBytes(): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = read(`/proc/${name}/stat`);
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const descends = (id: number): boolean => {
    const parent = parents.get(id);
    return parent !== undefined && (parent === process.pid || descends(parent));
  };
  return [...parents.keys()]
    .filter(descends)
    .reduce(
      (sum, id) => sum + 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${id}/status`))?.[1] ?? 0),
      0,
    );
}

function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
