import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Sandbox } from "@agentos/sandbox";
import { runCommand } from "../lib/command.js";
import { measureParts, type Parts, partsAsked } from "../lib/parts.js";
import { accountingPart } from "./accounting.js";
import { cheatsPart } from "./cheats.js";
import type { BenchContext } from "./context.js";
import { dockerPart } from "./docker.js";
import { floodPart } from "./flood.js";
import { hostilePart } from "./hostile.js";
import { labelsPart } from "./labels.js";
import { latencyPart } from "./latency.js";
import { leftoversPart } from "./leftovers.js";

// The timings come first: what the hostile programs do to the machine's caches must not be in them.
const PARTS: Parts<BenchContext> = {
  latency: latencyPart,
  docker: dockerPart,
  accounting: accountingPart,
  labels: labelsPart,
  flood: floodPart,
  leftovers: leftoversPart,
  cheats: cheatsPart,
  hostile: hostilePart,
};

const USAGE = `Usage: pnpm bench sandbox [--json FILE] [--only LIST] [--scale N] [--runs N]

  --json FILE  writes the metrics
  --only LIST  parts, separated by commas: ${Object.keys(PARTS).join(", ")}
  --scale N    how often each thing is timed, as a factor: 0.2 for a quick look
  --runs N     runs after which leftovers are looked for (1,000)
`;

interface Arguments {
  readonly json?: string;
  readonly parts: readonly string[];
  readonly scale: number;
  readonly runs: number;
}

/** Runs the benchmark. Resolves to the exit status: 0 measured, 1 something is broken, 2 wrong arguments, 130 cancelled. */
export function main(args: readonly string[]): Promise<number> {
  return runCommand({ usage: USAGE, read: readArguments, measure }, args);
}

async function measure(args: Arguments, signal: AbortSignal): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "agentos-bench-sandbox-"));
  // Whatever is left among the temporary files was left by this process.
  process.env["TMPDIR"] = folder;
  const cacheDir = join(folder, "cache");
  try {
    const sandbox = await Sandbox.open({ cacheDir });
    const drivers = await sandbox.drivers();
    await sandbox.close();
    const { scale, runs } = args;
    const context: BenchContext = { cacheDir, drivers, scale, runs, signal, progress: process.stderr };
    await measureParts(PARTS, args.parts, context, { json: args.json });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Reads the arguments; `undefined` when help was asked for. Throws when they are wrong. */
function readArguments(args: readonly string[]): Arguments | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: "string" },
      only: { type: "string" },
      scale: { type: "string" },
      runs: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  const parts = partsAsked(values.only, PARTS);
  const scale = Number(values.scale ?? 1);
  if (!(scale > 0 && scale <= 100))
    throw new Error(`--scale must be above 0 and at most 100, not "${values.scale}".`);
  const runs = Number(values.runs ?? 1000);
  if (!(Number.isSafeInteger(runs) && runs > 0)) {
    throw new Error(`--runs must be a whole number above 0, not "${values.runs}".`);
  }
  return { json: values.json, parts, scale, runs };
}
