import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Sandbox } from "@agentos/sandbox";
import { type Metric, quantile } from "../lib/metrics.js";
import { Progress } from "../lib/progress.js";
import { type BenchContext, type PartResult, runs, times, withSandbox } from "./context.js";
import { burst, poisson, sustained } from "./load.js";
import { Bare, judged, type Sample, samples, type TimedLanguage } from "./samples.js";

/** The pool of which the issue of warm figures speaks. */
const POOL = 4;
const BURST = 20;
const CORES = availableParallelism();

interface Figures {
  readonly bareP50: number;
  /** Bare spawns a second, one for each core at a time. */
  readonly barePerSecond: number;
}

/** Times verdicts beside bare spawns of the same test: one at a time, at random, all at once, and without pause. */
export async function latencyPart(context: BenchContext): Promise<PartResult> {
  const goCache = join(context.cacheDir, "bare-go");
  const all = samples(goCache);
  const metrics: Metric[] = [];
  const notes: string[] = [];
  const bursts: number[] = [];
  let node: Figures | undefined;
  for (const language of ["javascript", "python", "go"] as const) {
    if (!runs(context, "namespace", language)) {
      notes.push(`namespace.${language}: not measured, it does not run here`);
      continue;
    }
    const bare = await Bare.prepare(all[language], context.cacheDir);
    try {
      const oneShot = await timeOneShots(context, all[language], bare, language);
      metrics.push(...oneShot.metrics);
      if (language === "javascript") node = oneShot;
      const warm = await timeWarm(context, "namespace", all[language], language === "go" ? 30 : 120);
      if (language !== "go") metrics.push(...percentiles(`namespace.${language}.warm`, warm.times));
      metrics.push(
        ratio(`namespace.${language}.throughput_over_bare`, warm.perSecond / oneShot.barePerSecond, 0.8),
      );
      bursts.push(quantile(warm.burst, 0.95) / oneShot.bareP50);
      notes.push(
        `namespace.${language}: bare p50 ${oneShot.bareP50.toFixed(1)} ms, ${oneShot.barePerSecond.toFixed(1)}/s; sandbox ${warm.perSecond.toFixed(1)}/s; burst p95 ${quantile(warm.burst, 0.95).toFixed(0)} ms`,
      );
    } finally {
      await bare.remove();
    }
  }
  if (bursts.length > 0) {
    metrics.push({
      name: "burst20.p95_over_bare_p50",
      value: Math.max(...bursts),
      unit: "ratio",
      target: { atMost: 35 },
    });
  }
  for (const [driver, language, count, target] of [
    ["isolate", "javascript", 120, 5],
    ["quickjs", "javascript", 60, undefined],
    ["pyodide", "python", 24, 50],
  ] as const) {
    if (!runs(context, driver, language)) {
      notes.push(`${driver}: not measured, it does not run here`);
      continue;
    }
    const warm = await timeWarm(context, driver, all[language], count);
    metrics.push({
      name: `${driver}.warm_p50_ms`,
      value: quantile(warm.times, 0.5),
      unit: "ms",
      ...(target === undefined ? {} : { target: { atMost: target } }),
    });
    notes.push(`${driver}: ${warm.perSecond.toFixed(1)} verdicts/s without pause`);
    if (driver === "isolate" && node) {
      metrics.push(ratio("isolate.throughput_over_bare_node", warm.perSecond / node.barePerSecond, 0.25));
    }
  }
  return { metrics, notes };
}

/** One verdict, one bare spawn, in turn: what disturbs the machine disturbs both. */
async function timeOneShots(
  context: BenchContext,
  sample: Sample,
  bare: Bare,
  language: TimedLanguage,
): Promise<Figures & { readonly metrics: readonly Metric[] }> {
  const count = times(context, language === "go" ? 20 : 40);
  const progress = new Progress(context.progress, `${language}, one by one`, 3 * count);
  const [bareTimes, sandboxTimes]: [number[], number[]] = [[], []];
  try {
    return await withSandbox(context, "namespace", { spares: 0 }, async (sandbox) => {
      await judged(sandbox, sample, context.signal);
      await bare.run(context.signal);
      for (let index = 0; index < count; index++) {
        bareTimes.push(await bare.run(context.signal));
        progress.tick();
        sandboxTimes.push(await judged(sandbox, sample, context.signal));
        progress.tick();
      }
      const barePerSecond = await sustained(() => bare.run(context.signal), {
        count,
        concurrency: CORES,
        signal: context.signal,
        onDone: () => progress.tick(),
      });
      const bareP50 = quantile(bareTimes, 0.5);
      const target = language === "go" ? {} : { target: { atMost: 15 } };
      return {
        bareP50,
        barePerSecond,
        metrics: [
          ...percentiles(`namespace.${language}.oneshot`, sandboxTimes, language === "go" ? 400 : undefined),
          {
            name: `namespace.${language}.over_bare_ms`,
            value: quantile(sandboxTimes, 0.5) - bareP50,
            unit: "ms" as const,
            ...target,
          },
        ],
      };
    });
  } finally {
    progress.end();
  }
}

interface Warm {
  readonly times: readonly number[];
  readonly burst: readonly number[];
  readonly perSecond: number;
}

/** With a pool: without pause, then at random at half that rate, then a burst. */
async function timeWarm(
  context: BenchContext,
  driver: string,
  sample: Sample,
  ordinary: number,
): Promise<Warm> {
  const count = times(context, ordinary);
  const label = `${driver} ${sample.task.language}, pool`;
  const progress = new Progress(context.progress, label, 2 * count + BURST);
  const { signal } = context;
  const onDone = (): void => progress.tick();
  try {
    return await withSandbox(context, driver, { spares: POOL, concurrency: CORES }, async (sandbox) => {
      const work = () => judged(sandbox, sample, signal);
      await fill(sandbox, sample, signal);
      const perSecond = await sustained(work, { count, concurrency: CORES, signal, onDone });
      await fill(sandbox, sample, signal);
      const arrivals = await poisson(work, { count, perSecond: perSecond / 2, signal, onDone });
      await fill(sandbox, sample, signal);
      const all = await burst(work, BURST);
      for (let index = 0; index < BURST; index++) progress.tick();
      return { perSecond, times: arrivals, burst: all };
    });
  } finally {
    progress.end();
  }
}

/** Asks until the pool is as full as it gets, then lets what is being started settle. */
async function fill(sandbox: Sandbox, sample: Sample, signal: AbortSignal): Promise<void> {
  await Promise.all(Array.from({ length: POOL }, () => judged(sandbox, sample, signal)));
  await delay(1500, undefined, { signal });
}

function percentiles(name: string, values: readonly number[], atMost?: number): readonly Metric[] {
  const warm = name.endsWith(".warm") ? 15 : atMost;
  return [
    {
      name: `${name}_p50_ms`,
      value: quantile(values, 0.5),
      unit: "ms",
      ...(warm === undefined ? {} : { target: { atMost: warm } }),
    },
    { name: `${name}_p95_ms`, value: quantile(values, 0.95), unit: "ms" },
  ];
}

function ratio(name: string, value: number, atLeast: number): Metric {
  return { name, value, unit: "ratio", target: { atLeast } };
}
