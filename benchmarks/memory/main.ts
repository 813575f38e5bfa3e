import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runCommand } from "../lib/command.js";
import { measureParts, type Parts, partsAsked } from "../lib/parts.js";
import type { MemoryBench } from "./context.js";
import { cosqaPart } from "./cosqa.js";
import { crashPart } from "./crash.js";
import { keepingPart } from "./keeping.js";
import { locomoPart } from "./locomo.js";
import { mergePart } from "./merge.js";
import { questionsPart } from "./questions.js";
import { speedPart } from "./speed.js";
import { vectorsPart } from "./vectors.js";

const PARTS: Parts<MemoryBench> = {
  locomo: locomoPart,
  cosqa: cosqaPart,
  questions: questionsPart,
  vectors: vectorsPart,
  speed: speedPart,
  merge: mergePart,
  keeping: keepingPart,
  crash: crashPart,
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
    await measureParts(PARTS, parts, { data, folder, signal, progress: process.stderr }, { json });
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
  const parts = partsAsked(values.only, PARTS);
  if (values.data === undefined) throw new Error("--data DIR is needed: the folder of the data sets.");
  return { data: values.data, json: values.json, parts };
}
