import type { Candidate, Task } from "@agentos/core";
import { readHumanEval, readMultiPlE } from "../datasets/index.js";
import { type Metric, quantile } from "../lib/metrics.js";
import type { PartResult } from "../lib/parts.js";
import { type BenchContext, driversFor, each, gather, judge, notMeasured } from "./context.js";

interface Sample {
  readonly task: Task;
  readonly candidate: Candidate;
}

const WARM_UP = 2;

/** Verdicts timed of each driver and language. */
const VERDICTS = 40;

/** The same of a driver that takes a second for each. */
const SLOW_VERDICTS: Readonly<Record<string, number>> = { pyodide: 15 };

/** The names under which MultiPL-E publishes its languages. */
const NAMES = { javascript: "js", typescript: "ts", go: "go" } as const;

type Timed = "python" | keyof typeof NAMES;

const LANGUAGES: readonly Timed[] = ["python", "javascript", "typescript", "go"];

/** Times single verdicts, one after another, on every driver and language that this machine has. */
export async function timingPart(context: BenchContext): Promise<PartResult> {
  const metrics: Metric[] = [];
  const notes: string[] = [];
  for (const language of LANGUAGES) {
    const drivers = driversFor(context, language);
    if (drivers.length === 0) {
      notes.push(...notMeasured("timing", language).notes);
      continue;
    }
    const samples = await samplesOf(context, language);
    for (const name of drivers) {
      const count = Math.min(SLOW_VERDICTS[name] ?? VERDICTS, context.limit ?? VERDICTS);
      metrics.push(...(await time({ ...context, driver: name }, language, samples, count, notes)));
    }
  }
  return { metrics, notes };
}

async function time(
  context: BenchContext & { readonly driver: string },
  language: Timed,
  samples: readonly Sample[],
  count: number,
  notes: string[],
): Promise<readonly Metric[]> {
  const label = `verify.${context.driver}.${language}`;
  const timed = samples.slice(0, WARM_UP + count);
  const durations = await each(
    context,
    label,
    timed,
    async ({ task, candidate }) => {
      const start = performance.now();
      const verdict = await judge(context, task, candidate);
      const duration = performance.now() - start;
      if (!verdict.passed) notes.push(`${label}: ${task.id} failed here: ${verdict.reason}`);
      return duration;
    },
    1,
  );
  const counted = durations.slice(WARM_UP);
  if (counted.length === 0) return [];
  const strict = context.driver === "namespace";
  return [
    {
      name: `${label}.p50_ms`,
      value: quantile(counted, 0.5),
      unit: "ms",
      ...(strict && language !== "go" && { target: { atMost: 300 } }),
    },
    {
      name: `${label}.p95_ms`,
      value: quantile(counted, 0.95),
      unit: "ms",
      ...(strict && { target: { atMost: 2_000 } }),
    },
  ];
}

/** Candidates that pass: what is timed is whole verdicts, not quick failures. */
async function samplesOf(context: BenchContext, language: Timed): Promise<readonly Sample[]> {
  const wanted = WARM_UP + Math.min(VERDICTS, context.limit ?? VERDICTS);
  const options = { data: context.data, visibility: "visible" } as const;
  if (language === "python") {
    const problems = await gather(readHumanEval(options), wanted);
    return problems.map(({ task, canonical }) => ({ task, candidate: canonical }));
  }
  const passing: Sample[] = [];
  const published = readMultiPlE(NAMES[language], options);
  for await (const { task, published: candidate } of published) {
    if (passing.length === wanted) break;
    if ((await judge(context, task, candidate)).passed) passing.push({ task, candidate });
  }
  return passing;
}
