import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { throwIfAborted } from "@agentos/core";
import { type Definition, type NameReference, ProjectIndex, TreeSitterParser } from "@agentos/project";
import { Store } from "@agentos/store";
import { type Metric, quantile } from "../lib/metrics.js";
import type { PartResult } from "../lib/parts.js";
import { Progress } from "../lib/progress.js";
import { seededRandom } from "../lib/random.js";
import type { ProjectBench } from "./context.js";
import { TypeScriptTruth } from "./typescript-truth.js";

/** References that are looked at, drawn by a seed. */
const SAMPLE = 2_000;

/** What was found for one reference, beside what TypeScript says. */
interface Edge {
  readonly confidence: Definition["confidence"] | undefined;
  readonly isRight: boolean;
  /** Whether TypeScript finds it within the repository. */
  readonly isKnown: boolean;
  readonly durationMs: number;
}

/** Whether definitions in a TypeScript repository are those that TypeScript's own language service finds. */
export async function edgesPart(bench: ProjectBench): Promise<PartResult> {
  const truth = new TypeScriptTruth(bench.repo);
  const parser = await TreeSitterParser.open();
  const store = await Store.open({ dir: join(bench.folder, "edges") });
  const misses: string[] = [];
  try {
    const index = await ProjectIndex.open({ root: bench.repo, store, parser });
    try {
      await index.index({ signal: bench.signal });
      const edges = await edgesOf(bench, truth, index, parser, misses);
      return { metrics: metricsOf(edges), notes: notesOf(bench, truth, edges, misses) };
    } finally {
      await index.close();
    }
  } finally {
    truth.close();
    await store.close();
    await parser.close();
  }
}

async function edgesOf(
  bench: ProjectBench,
  truth: TypeScriptTruth,
  index: ProjectIndex,
  parser: TreeSitterParser,
  misses: string[],
): Promise<readonly Edge[]> {
  const random = seededRandom("agentos-project-edges-1");
  const progress = new Progress(bench.progress, "edges", SAMPLE);
  const edges: Edge[] = [];
  try {
    for (let count = 0; count < SAMPLE; count++) {
      throwIfAborted(bench.signal);
      const file = truth.files[Math.floor(random() * truth.files.length)] ?? "";
      const text = await readFile(file, "utf8");
      const { references } = await parser.names(file.endsWith("x") ? "tsx" : "typescript", text);
      const reference = references[Math.floor(random() * references.length)];
      if (reference !== undefined) edges.push(await edgeOf(bench, truth, index, file, reference, misses));
      progress.tick();
    }
  } finally {
    progress.end();
  }
  return edges;
}

async function edgeOf(
  bench: ProjectBench,
  truth: TypeScriptTruth,
  index: ProjectIndex,
  file: string,
  { name, start }: NameReference,
  misses: string[],
): Promise<Edge> {
  const path = relative(bench.repo, file);
  const { line, column } = truth.position(file, start);
  const started = performance.now();
  const found = await index.definition(path, { line, column });
  const durationMs = performance.now() - started;
  const expected = truth.definitions(file, start);
  const last = found.at(-1);
  const within = expected.filter(({ path: place }) => place !== undefined);
  // What lies outside of the repository is not in the index: the import in the file is all that can be known.
  const isImport = last?.kind === "import" && last.path === path && within.length < expected.length;
  const isRight =
    last !== undefined &&
    (isImport || within.some((place) => place.path === last.path && place.line === last.line));
  if (!isRight && (last !== undefined || within.length > 0)) {
    const places = (all: readonly { readonly path?: string; readonly line: number }[]): string =>
      all.map((place) => `${place.path ?? "outside"}:${place.line}`).join(", ") || "nothing";
    misses.push(`${path}:${line}:${column} ${name}: expected ${places(expected)}, found ${places(found)}`);
  }
  return { confidence: last?.confidence, isRight, isKnown: within.length > 0, durationMs };
}

function metricsOf(edges: readonly Edge[]): readonly Metric[] {
  const percent = (part: number, of: number): number => (100 * part) / of;
  const times = edges.map(({ durationMs }) => durationMs);
  const known = edges.filter(({ isKnown }) => isKnown);
  const precisions = (["exact", "import"] as const).flatMap((confidence): readonly Metric[] => {
    const found = edges.filter((edge) => edge.confidence === confidence);
    if (found.length === 0) return [];
    const value = percent(found.filter(({ isRight }) => isRight).length, found.length);
    return [{ name: `edges.${confidence}_precision_pct`, value, unit: "pct", target: { atLeast: 97 } }];
  });
  return [
    ...precisions,
    {
      name: "edges.recall_pct",
      value: percent(known.filter(({ isRight }) => isRight).length, known.length),
      unit: "pct",
    },
    { name: "edges.definition_p50_ms", value: quantile(times, 0.5), unit: "ms" },
    { name: "edges.definition_p95_ms", value: quantile(times, 0.95), unit: "ms" },
  ];
}

function notesOf(
  { show }: ProjectBench,
  truth: TypeScriptTruth,
  edges: readonly Edge[],
  misses: readonly string[],
): readonly string[] {
  const summary = `edges: ${edges.length} references of ${truth.files.length} files, ${misses.length} of them not as TypeScript says`;
  return show ? [summary, ...misses] : [summary];
}
