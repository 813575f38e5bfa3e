import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { runCommand } from "../lib/command.js";
import { measureParts, type Parts, partsAsked } from "../lib/parts.js";
import type { ProjectBench } from "./context.js";
import { edgesPart } from "./edges.js";
import { incrementalPart } from "./incremental.js";
import { indexPart } from "./indexing.js";
import { repomapPart } from "./repomap.js";
import { searchPart } from "./search.js";
import { symbolsPart } from "./symbols.js";
import { watchingPart } from "./watching.js";

const PARTS: Parts<ProjectBench> = {
  symbols: symbolsPart,
  edges: edgesPart,
  search: searchPart,
  index: indexPart,
  incremental: incrementalPart,
  repomap: repomapPart,
  watch: watchingPart,
};

const USAGE = `Usage: pnpm bench project --data DIR [--repo DIR]... [--json FILE] [--only LIST] [--show]

  --data DIR   folder of the data sets; only symbols needs it
  --repo DIR   a repository of git; for edges a TypeScript one with its dependencies installed, the first of several
               [the folder it is run in]
  --json FILE  writes the metrics
  --only LIST  parts, separated by commas: ${Object.keys(PARTS).join(", ")}
  --show       prints each assertion that misses, with what was expected and what was found
`;

interface Arguments {
  readonly data: string;
  readonly repos: readonly string[];
  readonly json?: string;
  readonly parts: readonly string[];
  readonly show: boolean;
}

/** Runs the benchmark. Resolves to the exit status: 0 measured, 1 something is broken, 2 wrong arguments, 130 cancelled. */
export function main(args: readonly string[]): Promise<number> {
  return runCommand({ usage: USAGE, read: readArguments, measure }, args);
}

async function measure({ data, repos, json, parts, show }: Arguments, signal: AbortSignal): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "agentos-bench-project-"));
  try {
    await measureParts(
      PARTS,
      parts,
      { data, repo: repos[0] ?? ".", repos, folder, show, signal, progress: process.stderr },
      { json },
    );
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
      repo: { type: "string", multiple: true },
      json: { type: "string" },
      only: { type: "string" },
      show: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return undefined;
  const parts = partsAsked(values.only, PARTS);
  if (values.data === undefined && parts.includes("symbols"))
    throw new Error("--data DIR is needed: the folder of the data sets.");
  return {
    data: values.data ?? "",
    repos: (values.repo ?? ["."]).map((repo) => resolve(repo)),
    json: values.json,
    parts,
    show: values.show ?? false,
  };
}
