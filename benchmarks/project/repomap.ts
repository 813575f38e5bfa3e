import { basename, join } from "node:path";
import { throwIfAborted } from "@agentos/core";
import { GitHistory, ProjectIndex, type RepoMap, TreeSitterParser } from "@agentos/project";
import { Store } from "@agentos/store";
import { isTestFile } from "../../packages/project/src/graph/test-files.js";
import { withoutTrailers } from "../../packages/project/src/history/trailers.js";
import { type Metric, quantile } from "../lib/metrics.js";
import type { PartResult } from "../lib/parts.js";
import { Progress } from "../lib/progress.js";
import { aiderRanking } from "./aider-ranking.js";
import type { ProjectBench } from "./context.js";
import { cloneOf, OutlinedTree, type PastTask, pastTasks } from "./past-tasks.js";

/** Commits that are looked at in each repository. */
const COMMITS = 200;
/** Files of a ranking that count. */
const TOP = 10;
const TOKENS = 1_024;

/** What was found for one commit. */
interface Found {
  /** Shares of the wanted files among the first 10, by what ranked them; absent where none is wanted. */
  readonly source: Recalls | undefined;
  /** The same with tests among the wanted files. */
  readonly withTests: Recalls;
  readonly warmMs: number;
  /** By how much the tokens of the map miss the budget, in percent of it; absent where all of the project fits. */
  readonly tokenErrorPct: number | undefined;
}

interface Recalls {
  readonly map: number;
  readonly withoutHistory: number;
  readonly aider: number;
}

/**
 * Whether the map for the message of a commit shows the files that the commit touched, in the project as it was before the commit; beside
 * it the ranking of aider's map, from the same outlines.
 */
export async function repomapPart(bench: ProjectBench): Promise<PartResult> {
  const metrics: Metric[] = [];
  const notes: string[] = [];
  const all: Found[] = [];
  const parser = await TreeSitterParser.open();
  try {
    for (const repo of bench.repos) {
      const name = basename(repo).replace(/[^\w-]/g, "_");
      const found = await measureRepository(bench, repo, name, parser);
      all.push(...found);
      metrics.push(...recallMetrics(`repomap.${name}.`, found));
      notes.push(`repomap: ${name}, ${found.length} commits`);
    }
  } finally {
    await parser.close();
  }
  return { metrics: [...metrics, ...overall(all, metrics)], notes };
}

async function measureRepository(
  bench: ProjectBench,
  repo: string,
  name: string,
  parser: TreeSitterParser,
): Promise<readonly Found[]> {
  const clone = await cloneOf(repo, join(bench.folder, `clone-${name}`));
  const store = await Store.open({ dir: join(bench.folder, `store-${name}`) });
  const tasks = await pastTasks(new GitHistory({ root: clone.folder }), COMMITS, bench.signal);
  const progress = new Progress(bench.progress, `repomap ${name}`, tasks.length);
  const found: Found[] = [];
  try {
    const options = { root: clone.folder, store, parser };
    const index = await ProjectIndex.open(options);
    const bare = await ProjectIndex.open({ ...options, history: false });
    const tree = new OutlinedTree(clone, parser);
    for (const task of tasks) {
      throwIfAborted(bench.signal);
      await clone.checkout(task.before);
      await index.index({ signal: bench.signal });
      found.push(await measureTask(task, index, bare, await tree.files(task.before)));
      progress.tick();
    }
    await bare.close();
    await index.close();
  } finally {
    progress.end();
    await store.close();
  }
  return found;
}

async function measureTask(
  task: PastTask,
  index: ProjectIndex,
  bare: ProjectIndex,
  files: Parameters<typeof aiderRanking>[0],
): Promise<Found> {
  const message = withoutTrailers(task.message);
  const map = await index.repoMap({ task: message, tokens: TOKENS });
  const started = performance.now();
  await index.repoMap({ task: message, tokens: TOKENS });
  const warmMs = performance.now() - started;
  const withoutHistory = await bare.repoMap({ task: message, tokens: TOKENS });
  const orders = {
    map: pathsOf(map),
    withoutHistory: pathsOf(withoutHistory),
    aider: aiderRanking(files, message),
  };
  const source = task.files.filter((path) => !isTestFile(path));
  return {
    source: source.length === 0 ? undefined : recallsOf(orders, source),
    withTests: recallsOf(orders, task.files),
    warmMs,
    tokenErrorPct: map.files.length === files.length ? undefined : (100 * (map.tokens - TOKENS)) / TOKENS,
  };
}

function pathsOf({ files }: RepoMap): readonly string[] {
  return files.map(({ path }) => path);
}

function recallsOf(
  orders: Readonly<Record<keyof Recalls, readonly string[]>>,
  wanted: readonly string[],
): Recalls {
  const recall = (order: readonly string[]): number => {
    const top = new Set(order.slice(0, TOP));
    return wanted.filter((path) => top.has(path)).length / wanted.length;
  };
  return {
    map: recall(orders.map),
    withoutHistory: recall(orders.withoutHistory),
    aider: recall(orders.aider),
  };
}

function recallMetrics(prefix: string, found: readonly Found[]): readonly Metric[] {
  const source = found.flatMap((each) => each.source ?? []);
  const tests = found.map((each) => each.withTests);
  if (source.length === 0) return [];
  const mean = (recalls: readonly Recalls[], of: keyof Recalls): number =>
    recalls.reduce((sum, recall) => sum + recall[of], 0) / recalls.length;
  const score = (name: string, value: number): Metric => ({ name: prefix + name, value, unit: "score" });
  return [
    score("recall10", mean(source, "map")),
    score("recall10_without_history", mean(source, "withoutHistory")),
    score("aider_recall10", mean(source, "aider")),
    {
      name: `${prefix}recall10_ratio_to_aider`,
      value: mean(source, "map") / mean(source, "aider"),
      unit: "ratio",
      target: { atLeast: 1.25 },
    },
    score("recall10_with_tests", mean(tests, "map")),
    {
      name: `${prefix}recall10_with_tests_ratio_to_aider`,
      value: mean(tests, "map") / mean(tests, "aider"),
      unit: "ratio",
    },
  ];
}

/** Means over repositories, so that each counts alike, and what does not hang on the repository. */
function overall(found: readonly Found[], metrics: readonly Metric[]): readonly Metric[] {
  if (found.length === 0) return [];
  const meanOf = (name: string): number => {
    const values = metrics.filter((metric) => metric.name.endsWith(`.${name}`)).map(({ value }) => value);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const errors = found.flatMap(({ tokenErrorPct }) => tokenErrorPct ?? []);
  const times = found.map(({ warmMs }) => warmMs);
  const budget: readonly Metric[] =
    errors.length === 0
      ? []
      : [
          {
            name: "repomap.token_error_pct",
            value: errors.reduce((sum, error) => sum + Math.abs(error), 0) / errors.length,
            unit: "pct",
          },
          {
            name: "repomap.over_budget_pct",
            value: (100 * errors.filter((error) => error > 0).length) / errors.length,
            unit: "pct",
            target: { atMost: 0 },
          },
        ];
  return [
    { name: "repomap.recall10", value: meanOf("recall10"), unit: "score" },
    {
      name: "repomap.recall10_ratio_to_aider",
      value: meanOf("recall10_ratio_to_aider"),
      unit: "ratio",
      target: { atLeast: 1.25 },
    },
    { name: "repomap.warm_ms", value: quantile(times, 0.5), unit: "ms", target: { atMost: 200 } },
    { name: "repomap.warm_p95_ms", value: quantile(times, 0.95), unit: "ms" },
    ...budget,
  ];
}
