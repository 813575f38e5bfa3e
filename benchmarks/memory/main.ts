import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runCommand } from "../lib/command.js";
import { type Metric, metricsJson, metricsTable } from "../lib/metrics.js";
import type { Part } from "./context.js";
import { cosqaPart } from "./cosqa.js";
import { locomoPart } from "./locomo.js";
import { speedPart } from "./speed.js";

const PARTS: Readonly<Record<string, Part>> = {
  locomo: locomoPart,
  cosqa: cosqaPart,
  speed: speedPart,
};

const USAGE = `Usage: pnpm bench memory --data DIR [--json FILE] [--only LIST]

  --data DIR   folder of the data sets
  --json FILE  writes the metrics
  --only LIST  parts, separated by commas: ${Object.keys(PARTS).join(", ")}
`;

interface Arguments {
  readonly data: string;
  readonly json?: string;
  readonly parts: readonly string[];
}

/** Runs the benchmark. Resolves to the exit status: 0 measured, 1 something is broken, 2 wrong arguments, 130 cancelled. */
export function main(args: readonly string[]): Promise<number> {
  return runCommand({ usage: USAGE, read: readArguments, measure }, args);
}

async function measure({ data, json, parts }: Arguments, signal: AbortSignal): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "agentos-bench-memory-"));
  try {
    const metrics: Metric[] = [];
    for (const name of parts) {
      const result = await PARTS[name]?.({ data, folder, signal, progress: process.stderr });
      for (const note of result?.notes ?? []) process.stdout.write(`${note}\n`);
      metrics.push(...(result?.metrics ?? []));
    }
    process.stdout.write(`\n${metricsTable(metrics)}\n`);
    if (json) await writeFile(json, metricsJson(metrics));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Reads the arguments; `undefined` when help was asked for. Throws when they are wrong. */
function readArguments(args: readonly string[]): Arguments | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: "string" },
      json: { type: "string" },
      only: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  const asked = values.only?.split(",").map((part) => part.trim());
  const unknown = asked?.filter((part) => !(part in PARTS)) ?? [];
  if (unknown.length > 0) throw new Error(`--only names unknown parts: ${unknown.join(", ")}.`);
  if (values.data === undefined) throw new Error("--data DIR is needed: the folder of the data sets.");
  const parts = Object.keys(PARTS).filter((part) => asked?.includes(part) ?? true);
  return { data: values.data, json: values.json, parts };
}
