import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Metric, quantile } from "../lib/metrics.js";
import type { PartResult } from "../lib/parts.js";
import { Progress } from "../lib/progress.js";
import { type BenchContext, runs, times, withSandbox } from "./context.js";
import { burst, poisson, sustained } from "./load.js";
import { Bare, type Integrity, judged, ran, type Sample, samples, type TimedLanguage } from "./samples.js";

/** The pool of which the issue of warm figures speaks. */
const POOL = 4;
const BURST = 20;
const CORES = availableParallelism();
/** A bare spawn is one process, as a shared verdict is: targets are held against those. Separate ones are told beside. */
const INTEGRITIES: readonly Integrity[] = ["shared", "separate"];

/** What is asked of a figure, where something is. */
interface Targets {
  readonly oneShot?: number;
  readonly overBare?: number;
  readonly warm?: number;
}

const NAMESPACE: Readonly<Record<TimedLanguage, Targets>> = {
  javascript: { overBare: 15, warm: 15 },
  python: { overBare: 15, warm: 15 },
  go: { oneShot: 400 },
};

/** Throughput is measured in so many turns of bare spawns and of verdicts: a machine that slows down slows both. */
const TURNS = 3;

/** Times verdicts beside bare spawns of the same test: one at a time, at random, all at once, and without pause. */
export async function latencyPart(context: BenchContext): Promise<PartResult> {
  const all = samples(join(context.cacheDir, "bare-go"));
  const metrics: Metric[] = [];
  const notes: string[] = [];
  const bursts: Record<Integrity, number[]> = { shared: [], separate: [] };
  for (const language of ["javascript", "python", "go"] as const) {
    if (!runs(context, "namespace", language)) {
      notes.push(`namespace.${language}: not measured, it does not run here`);
      continue;
    }
    const bare = await Bare.prepare(all[language], context.cacheDir);
    try {
      const oneShot = await timeOneShots(context, all[language], bare, language);
      metrics.push(...oneShot.metrics);
      notes.push(`namespace.${language}: bare p50 ${oneShot.p50.toFixed(1)} ms`);
      for (const integrity of INTEGRITIES) {
        const name = nameOf("namespace", language, integrity);
        const count = language === "go" ? 30 : 120;
        const warm = await timeWarm(context, "namespace", all[language], integrity, count, bare);
        const target = integrity === "shared" ? NAMESPACE[language].warm : undefined;
        if (language !== "go") metrics.push(...percentiles(`${name}.warm`, warm.times, target));
        metrics.push(
          ratio(
            `${name}.throughput_over_bare`,
            warm.perSecond / warm.barePerSecond,
            integrity === "shared" ? 0.8 : undefined,
          ),
        );
        const worst = quantile(warm.burst, 0.95);
        bursts[integrity].push(worst / oneShot.p50);
        notes.push(
          `${name}: ${warm.perSecond.toFixed(1)}/s, bare ${warm.barePerSecond.toFixed(1)}/s, burst p95 ${worst.toFixed(0)} ms`,
        );
      }
    } finally {
      await bare.remove();
    }
  }
  for (const integrity of INTEGRITIES) {
    if (bursts[integrity].length === 0) continue;
    metrics.push({
      name: integrity === "shared" ? "burst20.p95_over_bare_p50" : "burst20.separate.p95_over_bare_p50",
      value: Math.max(...bursts[integrity]),
      unit: "ratio",
      ...(integrity === "shared" ? { target: { atMost: 35 } } : {}),
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
    // The throughput of an isolate is held against Node's.
    const bare = driver === "isolate" ? await Bare.prepare(all[language], context.cacheDir) : undefined;
    try {
      for (const integrity of INTEGRITIES) {
        const name = integrity === "shared" ? driver : `${driver}.${integrity}`;
        const warm = await timeWarm(context, driver, all[language], integrity, count, bare);
        const [median] = percentiles(`${name}.warm`, warm.times, integrity === "shared" ? target : undefined);
        if (median) metrics.push(median);
        notes.push(`${name}: ${warm.perSecond.toFixed(1)} verdicts/s without pause`);
        if (bare && integrity === "shared") {
          metrics.push(ratio("isolate.throughput_over_bare_node", warm.perSecond / warm.barePerSecond, 0.25));
        }
      }
    } finally {
      await bare?.remove();
    }
  }
  return { metrics, notes };
}

function nameOf(driver: string, language: TimedLanguage, integrity: Integrity): string {
  return `${driver}.${language}${integrity === "shared" ? "" : `.${integrity}`}`;
}

/** A bare spawn, then a verdict of each integrity, in turn: what disturbs the machine disturbs all. */
async function timeOneShots(
  context: BenchContext,
  sample: Sample,
  bare: Bare,
  language: TimedLanguage,
): Promise<{ readonly p50: number; readonly metrics: readonly Metric[] }> {
  const { signal } = context;
  const count = times(context, language === "go" ? 20 : 40);
  const rounds = INTEGRITIES.length + 1;
  const progress = new Progress(context.progress, `${language}, one by one`, rounds * count);
  const bareTimes: number[] = [];
  const verdicts: Record<Integrity, number[]> = { shared: [], separate: [] };
  const programs: number[] = [];
  try {
    return await withSandbox(context, "namespace", { spares: 0 }, async (sandbox) => {
      for (const integrity of INTEGRITIES) await judged(sandbox, sample, integrity, signal);
      await bare.run(signal);
      for (let index = 0; index < count; index++) {
        bareTimes.push(await bare.run(signal));
        progress.tick();
        for (const integrity of INTEGRITIES) {
          verdicts[integrity].push(await judged(sandbox, sample, integrity, signal));
          progress.tick();
        }
        if (sample.program !== undefined) programs.push(await ran(sandbox, sample, signal));
      }
      const p50 = quantile(bareTimes, 0.5);
      const metrics = INTEGRITIES.flatMap((integrity): readonly Metric[] => {
        const name = nameOf("namespace", language, integrity);
        const { oneShot, overBare } = integrity === "shared" ? NAMESPACE[language] : {};
        return [
          ...percentiles(`${name}.oneshot`, verdicts[integrity], oneShot),
          milliseconds(`${name}.over_bare_ms`, quantile(verdicts[integrity], 0.5) - p50, overBare),
        ];
      });
      const run =
        programs.length === 0
          ? []
          : [milliseconds(`namespace.${language}.run_p50_ms`, quantile(programs, 0.5), 300)];
      return { p50, metrics: [...metrics, ...run] };
    });
  } finally {
    progress.end();
  }
}

interface Warm {
  readonly times: readonly number[];
  readonly burst: readonly number[];
  readonly perSecond: number;
  /** Bare spawns, in turns with the verdicts; 0 without any. */
  readonly barePerSecond: number;
}

/** With a pool: without pause, in turns with bare spawns, then at random at half that rate, then a burst. */
async function timeWarm(
  context: BenchContext,
  driver: string,
  sample: Sample,
  integrity: Integrity,
  ordinary: number,
  bare: Bare | undefined,
): Promise<Warm> {
  const count = times(context, ordinary);
  const label = `${driver} ${sample.task.language}, ${integrity}, pool`;
  const progress = new Progress(context.progress, label, (bare ? 2 * TURNS + 1 : TURNS + 1) * count + BURST);
  const { signal } = context;
  const onDone = (): void => progress.tick();
  try {
    return await withSandbox(context, driver, { spares: POOL, concurrency: CORES }, async (sandbox) => {
      const work = () => judged(sandbox, sample, integrity, signal);
      const load = { count, concurrency: CORES, signal, onDone };
      const rates: number[] = [];
      const bareRates: number[] = [];
      for (let turn = 0; turn < TURNS; turn++) {
        await delay(1500, undefined, { signal });
        if (bare) bareRates.push(await sustained(() => bare.run(signal), load));
        // What was started ahead does not last, so it is used up first.
        await fill(work, signal);
        await burst(work, 2 * POOL);
        rates.push(await sustained(work, load));
      }
      const perSecond = mean(rates);
      await fill(work, signal);
      const arrivals = await poisson(work, { count, perSecond: perSecond / 2, signal, onDone });
      await fill(work, signal);
      const all = await burst(work, BURST);
      for (let index = 0; index < BURST; index++) progress.tick();
      return { perSecond, barePerSecond: mean(bareRates), times: arrivals, burst: all };
    });
  } finally {
    progress.end();
  }
}

/** Rates of equal pieces of work, as one. */
function mean(rates: readonly number[]): number {
  return rates.length === 0 ? 0 : rates.length / rates.reduce((sum, rate) => sum + 1 / rate, 0);
}

/** Asks until the pool is as full as it gets, then lets what is being started settle. */
async function fill(work: () => Promise<number>, signal: AbortSignal): Promise<void> {
  await Promise.all(Array.from({ length: POOL }, work));
  await delay(1500, undefined, { signal });
}

function percentiles(name: string, values: readonly number[], atMost?: number): readonly Metric[] {
  return [
    milliseconds(`${name}_p50_ms`, quantile(values, 0.5), atMost),
    milliseconds(`${name}_p95_ms`, quantile(values, 0.95)),
  ];
}

function milliseconds(name: string, value: number, atMost?: number): Metric {
  return { name, value, unit: "ms", ...(atMost === undefined ? {} : { target: { atMost } }) };
}

function ratio(name: string, value: number, atLeast?: number): Metric {
  return { name, value, unit: "ratio", ...(atLeast === undefined ? {} : { target: { atLeast } }) };
}
