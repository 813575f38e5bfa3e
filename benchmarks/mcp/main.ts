import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runCommand } from "../lib/command.js";
import { measureParts, type Parts, partsAsked } from "../lib/parts.js";
import type { McpBench } from "./context.js";
import { speedPart } from "./speed.js";
import { wordsPart } from "./words.js";

const PARTS: Parts<McpBench> = { words: wordsPart, speed: speedPart };

const USAGE = `Usage: pnpm bench mcp [--json FILE] [--only LIST]

  --json FILE  writes the metrics
  --only LIST  parts, separated by commas: ${Object.keys(PARTS).join(", ")}
`;

interface Arguments {
  readonly json?: string;
  readonly parts: readonly string[];
}

/** Runs the benchmark. Resolves to the exit status: 0 measured, 1 something is broken, 2 wrong arguments, 130 cancelled. */
export function main(args: readonly string[]): Promise<number> {
  return runCommand({ usage: USAGE, read: readArguments, measure }, args);
}

async function measure({ json, parts }: Arguments, signal: AbortSignal): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "agentos-bench-mcp-"));
  try {
    await measureParts(PARTS, parts, { folder, signal }, { ...(json !== undefined && { json }) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function readArguments(args: readonly string[]): Arguments | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: "string" },
      only: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  const parts = partsAsked(values.only, PARTS);
  return values.json === undefined ? { parts } : { parts, json: values.json };
}
