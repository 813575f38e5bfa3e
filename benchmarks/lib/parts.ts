import { writeFile } from "node:fs/promises";
import { type Metric, metricsJson, metricsTable } from "./metrics.js";

/** What a part of a benchmark found. */
export interface PartResult {
  readonly metrics: readonly Metric[];
  /** Lines for people: survivors, disagreements, what was left out and why. */
  readonly notes: readonly string[];
}

/** A part of a benchmark. */
export type Part<Context> = (context: Context) => Promise<PartResult>;

/** The parts of a benchmark by name, in the order in which they are measured. */
export type Parts<Context> = Readonly<Record<string, Part<Context>>>;

/** The names that `--only` picks, in their order; all without it. Throws when it names what is none. */
export function partsAsked(only: string | undefined, parts: Parts<never>): readonly string[] {
  const asked = only?.split(",").map((part) => part.trim());
  const unknown = asked?.filter((part) => !(part in parts)) ?? [];
  if (unknown.length > 0) throw new Error(`--only names unknown parts: ${unknown.join(", ")}.`);
  return Object.keys(parts).filter((part) => asked?.includes(part) ?? true);
}

/** Measures parts one after another, prints their notes and the table, and writes the file when one is named. */
export async function measureParts<Context>(
  parts: Parts<Context>,
  names: readonly string[],
  context: Context,
  options: {
    readonly json?: string;
    /** What stands before each note of a part. */
    readonly before?: (name: string) => string;
  },
): Promise<void> {
  const metrics: Metric[] = [];
  for (const name of names) {
    const result = await parts[name]?.(context);
    const before = options.before?.(name) ?? "";
    for (const note of result?.notes ?? []) process.stdout.write(`${before}${note}\n`);
    metrics.push(...(result?.metrics ?? []));
  }
  process.stdout.write(`\n${metricsTable(metrics)}\n`);
  if (options.json) await writeFile(options.json, metricsJson(metrics));
}
