import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Sandbox } from "@agentos/sandbox";
import { runCommand } from "../lib/command.js";
import { measureParts, type Parts, partsAsked } from "../lib/parts.js";
import type { BenchContext } from "./context.js";
import { driversPart } from "./drivers.js";
import { humanEvalPart } from "./humaneval.js";
import { labelsPart } from "./labels.js";
import { multiPlEPart } from "./multipl-e.js";
import { mutantsPart } from "./mutants.js";
import { quixBugsPart } from "./quixbugs.js";
import { timingPart } from "./timing.js";

// The timings come last: nothing else goes on by then.
const PARTS: Parts<BenchContext> = {
  humaneval: humanEvalPart,
  mutants: mutantsPart,
  labels: labelsPart,
  quixbugs: quixBugsPart,
  multipl_e: multiPlEPart,
  drivers: driversPart,
  timing: timingPart,
};

const USAGE = `Usage: pnpm bench verify --data DIR [--json FILE] [--limit N] [--only LIST] [--driver NAME]

  --data DIR     the data sets, one folder each
  --json FILE    writes the metrics
  --limit N      takes the first N items of each part
  --only LIST    parts, separated by commas: ${Object.keys(PARTS).join(", ")}
  --driver NAME  judges with this driver
`;

interface Arguments {
  readonly data: string;
  readonly json?: string;
  readonly limit?: number;
  readonly driver?: string;
  readonly parts: readonly string[];
}

/**
 * Runs the benchmark. Resolves to the exit status: 0 measured, 1 something is broken, 2 wrong arguments, 130 cancelled.
 */
export function main(args: readonly string[]): Promise<number> {
  return runCommand({ usage: USAGE, read: readArguments, measure }, args);
}

async function measure(args: Arguments, signal: AbortSignal): Promise<void> {
  const cacheDir = await mkdtemp(join(tmpdir(), "agentos-bench-verify-"));
  try {
    const sandbox = await Sandbox.open({ cacheDir });
    try {
      const { data, limit, driver } = args;
      const drivers = await sandbox.drivers();
      const context: BenchContext = {
        sandbox,
        data,
        limit,
        driver,
        drivers,
        signal,
        progress: process.stderr,
      };
      await measureParts(PARTS, args.parts, context, {
        json: args.json,
        before: (name) => `${name}: `,
      });
    } finally {
      await sandbox.close();
    }
  } finally {
    await rm(cacheDir, { recursive: true, force: true });
  }
}

/** Reads the arguments; `undefined` when help was asked for. Throws when they are wrong. */
function readArguments(args: readonly string[]): Arguments | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: "string" },
      json: { type: "string" },
      limit: { type: "string" },
      only: { type: "string" },
      driver: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  if (!values.data) throw new Error("--data is required: the folder that holds the data sets.");
  const limit = values.limit === undefined ? undefined : Number(values.limit);
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit > 0)) {
    throw new Error(`--limit must be a whole number above 0, not "${values.limit}".`);
  }
  const parts = partsAsked(values.only, PARTS);
  return { data: values.data, json: values.json, limit, driver: values.driver, parts };
}
