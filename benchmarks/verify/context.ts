import type { Candidate, Language, RunLimits, Task, Verdict, WaitOptions } from "@agentos/core";
import type { DriverStatus, Sandbox } from "@agentos/sandbox";
import type { PartResult } from "../lib/parts.js";
import { mapConcurrently } from "../lib/pool.js";
import { Progress, type ProgressStream } from "../lib/progress.js";

/** Decides every sample of this benchmark. Changing it makes another benchmark. */
export const SEED = "agentos-verify-1";

/** How many verdicts are under way at once, but for the timings, which are taken one at a time. */
const CONCURRENCY = 2;

/** What each part of the benchmark works with. */
export interface BenchContext {
  readonly sandbox: Sandbox;
  /** The folder of the data sets. */
  readonly data: string;
  /** Takes only the first so many items of each part. */
  readonly limit?: number;
  /** Name of the driver for all verdicts. @default the sandbox's choice */
  readonly driver?: string;
  /** Every driver, with what it can do here. */
  readonly drivers: readonly DriverStatus[];
  readonly signal: AbortSignal;
  /** Where progress goes. */
  readonly progress: ProgressStream;
}

/** Names of the drivers that may be used and run a language here. */
export function driversFor(context: BenchContext, language: Language): readonly string[] {
  return context.drivers
    .filter(({ availability }) => availability.available && availability.languages.includes(language))
    .map(({ name }) => name)
    .filter((name) => (context.driver ?? name) === name);
}

/** Whether a language can be run here. */
export function speaks(context: BenchContext, language: Language): boolean {
  return driversFor(context, language).length > 0;
}

/** What a part finds where its language cannot be run: nothing, and why. */
export function notMeasured(part: string, language: Language): PartResult {
  return { metrics: [], notes: [`${part}: not measured, no driver here runs ${language}`] };
}

/** Gathers what a loader yields, at most `limit` items. */
export async function gather<Item>(items: AsyncIterable<Item>, limit?: number): Promise<readonly Item[]> {
  const gathered: Item[] = [];
  if (limit === 0) return gathered;
  for await (const item of items) {
    gathered.push(item);
    if (gathered.length === limit) break;
  }
  return gathered;
}

/** Judges one candidate with the benchmark's driver. */
export function judge(
  context: BenchContext,
  task: Task,
  candidate: Candidate,
  limits?: RunLimits,
): Promise<Verdict> {
  const { sandbox, driver, signal } = context;
  return sandbox.verify(task, candidate, { driver, limits, signal });
}

/** Works through items, {@link CONCURRENCY} at once, with a progress bar. */
export async function each<Item, Result>(
  context: BenchContext & WaitOptions,
  label: string,
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
  concurrency: number = CONCURRENCY,
): Promise<readonly Result[]> {
  const progress = new Progress(context.progress, label, items.length);
  try {
    return await mapConcurrently(items, work, {
      concurrency,
      signal: context.signal,
      onDone: () => progress.tick(),
    });
  } finally {
    progress.end();
  }
}

/** How a verdict's runs ended, for a note: "exited", "wall-time". */
export function ending(verdict: Verdict): string {
  return verdict.runs.map((run) => run.status).join(", ");
}
