import { copyFile, mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { throwIfAborted } from "@agentos/core";
import { ProjectIndex, type TextMatch } from "@agentos/project";
import { Store } from "@agentos/store";
import { type Metric, percent, quantile } from "../lib/metrics.js";
import type { PartResult } from "../lib/parts.js";
import { Progress } from "../lib/progress.js";
import { sample, seededRandom } from "../lib/random.js";
import type { ProjectBench } from "./context.js";
import { type RipgrepLine, ripgrep, ripgrepLines } from "./ripgrep.js";
import { SEARCH_QUERIES, type SearchQuery } from "./search-queries.js";

/** Lines that a search for a few is asked for. */
const FEW = 100;
/** More than any query finds. */
const ALL = 1_000_000;
/** How often each query is asked in each way; its time is the median. */
const ROUNDS = 3;
/** Names that symbols are looked up by. */
const NAMES = 200;

/** Milliseconds that one query took, the median of its rounds. */
interface QueryTimes {
  readonly query: SearchQuery;
  readonly few: number;
  readonly whole: number;
  /** Asked for a few while the index is not watched. */
  readonly unwatched: number;
  readonly ripgrepFew: number;
  readonly ripgrepWhole: number;
}

type WatchedTimes = Omit<QueryTimes, "unwatched">;
type Way = Exclude<keyof QueryTimes, "query">;

/** Whether lines are found that ripgrep finds, and no others, and how fast. */
export async function searchPart(bench: ProjectBench): Promise<PartResult> {
  const metrics: Metric[] = [];
  const notes: string[] = [];
  let identical = 0;
  let asked = 0;
  for (const [number, repo] of bench.repos.entries()) {
    const measured = await measureRepository(bench, repo, join(bench.folder, `search-${number}`));
    metrics.push(...measured.metrics);
    notes.push(...measured.notes);
    identical += measured.identical;
    asked += SEARCH_QUERIES.length;
  }
  metrics.push({
    name: "search.identical_to_ripgrep_pct",
    value: percent(identical, asked),
    unit: "pct",
    target: { atLeast: 100 },
  });
  return { metrics, notes };
}

async function measureRepository(
  bench: ProjectBench,
  repo: string,
  folder: string,
): Promise<PartResult & { readonly identical: number }> {
  const store = await Store.open({ dir: join(folder, "store") });
  try {
    const root = join(folder, "files");
    const bytes = await copyFiles(repo, root, store);
    const index = await ProjectIndex.open({ root, store });
    try {
      await index.index({ signal: bench.signal });
      const first = await timed(() => index.searchText("no such text is anywhere in here"));
      const differences = await differencesOf(bench, index, basename(repo));
      const watch = index.watch();
      await watch.ready;
      const watched = await watchedTimes(bench, index, basename(repo));
      const symbols = await symbolTimes(index);
      await watch.close();
      const times = await withUnwatched(bench, index, watched);
      const name = `search.${basename(repo)}`;
      return {
        metrics: [
          ...metricsOf(name, times),
          { name: `${name}.first_ms`, value: first, unit: "ms" },
          {
            name: `${name}.symbol_p95_ms`,
            value: quantile(symbols, 0.95),
            unit: "ms",
            target: { atMost: 10 },
          },
        ],
        notes: [
          `${name}: ${(bytes / 1e6).toFixed(1)} MB of text`,
          ...differences,
          ...slowest(times).map(
            ({ query, few, whole, ripgrepWhole }) =>
              `${name}: ${query.text} took ${few.toFixed(1)} ms for ${FEW} lines, ${whole.toFixed(1)} ms for all, ripgrep ${ripgrepWhole.toFixed(1)} ms`,
          ),
        ],
        identical: SEARCH_QUERIES.length - differences.length,
      };
    } finally {
      await index.close();
    }
  } finally {
    await store.close();
  }
}

/** Copies the files that the index searches, so that ripgrep searches these and no others. Their size in bytes, about. */
async function copyFiles(repo: string, root: string, store: Store): Promise<number> {
  const index = await ProjectIndex.open({ root: repo, store });
  try {
    await index.index();
    let units = 0;
    for (const { path } of await index.searchFiles("^", { regex: true, limit: ALL })) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await copyFile(join(repo, path), join(root, path));
    }
    for (const { text } of await index.searchText("^", { regex: true, limit: ALL })) units += text.length + 1;
    return units;
  } finally {
    await index.close();
  }
}

/** The queries that do not find the very lines that ripgrep finds, one note for each. */
async function differencesOf(
  bench: ProjectBench,
  index: ProjectIndex,
  name: string,
): Promise<readonly string[]> {
  const progress = new Progress(bench.progress, `${name}: compare`, SEARCH_QUERIES.length);
  const differences: string[] = [];
  for (const query of SEARCH_QUERIES) {
    throwIfAborted(bench.signal);
    const found = await index.searchText(query.text, { ...optionsOf(query), limit: ALL });
    const expected = ripgrepLines(await ripgrep(index.root, query, bench.signal));
    const difference = differenceOf(found, expected);
    if (difference !== undefined) differences.push(`search: ${JSON.stringify(query.text)} ${difference}`);
    progress.tick();
  }
  progress.end();
  return differences;
}

function differenceOf(found: readonly TextMatch[], expected: readonly RipgrepLine[]): string | undefined {
  const key = ({ path, line }: { readonly path: string; readonly line: number }): string => `${path}:${line}`;
  const texts = new Map(expected.map((line) => [key(line), line.text]));
  const extra = found.filter((match) => !texts.has(key(match)));
  const there = new Set(found.map(key));
  const missing = expected.filter((line) => !there.has(key(line)));
  const others = found.filter((match) => !(texts.get(key(match)) ?? match.text).includes(match.text));
  if (extra.length + missing.length + others.length === 0) return undefined;
  const places = (lines: readonly { readonly path: string; readonly line: number }[]): string =>
    `${lines.length} (${lines.slice(0, 3).map(key).join(", ")})`;
  return `finds ${places(extra)} that ripgrep does not, misses ${places(missing)}, shows ${places(others)} in another way`;
}

function asking(index: ProjectIndex, query: SearchQuery, limit: number): () => Promise<unknown> {
  return () => index.searchText(query.text, { ...optionsOf(query), limit });
}

async function watchedTimes(
  bench: ProjectBench,
  index: ProjectIndex,
  name: string,
): Promise<readonly WatchedTimes[]> {
  const progress = new Progress(bench.progress, `${name}: time`, SEARCH_QUERIES.length);
  const times: WatchedTimes[] = [];
  for (const query of SEARCH_QUERIES) {
    const taken = await inTurns(bench, {
      few: asking(index, query, FEW),
      ripgrepFew: () => ripgrep(index.root, query, bench.signal, FEW),
      whole: asking(index, query, ALL),
      ripgrepWhole: () => ripgrep(index.root, query, bench.signal),
    });
    times.push({ query, ...taken });
    progress.tick();
  }
  progress.end();
  return times;
}

async function withUnwatched(
  bench: ProjectBench,
  index: ProjectIndex,
  watched: readonly WatchedTimes[],
): Promise<readonly QueryTimes[]> {
  const times: QueryTimes[] = [];
  for (const of of watched)
    times.push({ ...of, ...(await inTurns(bench, { unwatched: asking(index, of.query, FEW) })) });
  return times;
}

/** Runs each way once in every round. The median of each. */
async function inTurns<Name extends string>(
  { signal }: ProjectBench,
  ways: Readonly<Record<Name, () => Promise<unknown>>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(ways) as Name[];
  const taken = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of names) {
      throwIfAborted(signal);
      taken.get(name)?.push(await timed(ways[name]));
    }
  }
  return Object.fromEntries(names.map((name) => [name, quantile(taken.get(name) ?? [], 0.5)])) as Record<
    Name,
    number
  >;
}

/** Looks names up: as they are, by their beginning, and in lower case. */
async function symbolTimes(index: ProjectIndex): Promise<readonly number[]> {
  const random = seededRandom("agentos-project-search-1");
  const files = await index.searchFiles("^", { regex: true, limit: ALL });
  const names: string[] = [];
  for (const { path } of sample(files, NAMES, random)) {
    const [symbol] = sample(await index.outline(path), 1, random);
    if (symbol !== undefined) names.push(symbol.name);
  }
  const times: number[] = [];
  for (const name of names) {
    for (const asked of [name, name.slice(0, Math.ceil(name.length / 2)), name.toLowerCase()])
      times.push(await timed(() => index.symbols(asked)));
  }
  return times;
}

function metricsOf(name: string, times: readonly QueryTimes[]): readonly Metric[] {
  const p95 = (label: string, way: Way, regex: boolean): Metric => ({
    name: `${name}.${label}_p95_ms`,
    value: quantile(
      times.filter(({ query }) => query.regex === regex).map((of) => of[way]),
      0.95,
    ),
    unit: "ms",
    ...(way === "few" ? { target: { atMost: 10 } } : {}),
  });
  const speedup = (label: string, way: Way, peer: Way): Metric => ({
    name: `${name}.speedup_vs_ripgrep${label}`,
    value: times.reduce((sum, of) => sum + of[peer] / of[way], 0) / times.length,
    unit: "ratio",
    target: { atLeast: 5 },
  });
  const median = (label: string, way: Way, peer: Way): Metric => ({
    name: `${name}.speedup_vs_ripgrep${label}_median`,
    value: quantile(
      times.map((of) => of[peer] / of[way]),
      0.5,
    ),
    unit: "ratio",
  });
  return [
    p95("substring", "few", false),
    p95("regex", "few", true),
    p95("substring_whole", "whole", false),
    p95("regex_whole", "whole", true),
    p95("substring_unwatched", "unwatched", false),
    p95("regex_unwatched", "unwatched", true),
    speedup("", "few", "ripgrepFew"),
    median("", "few", "ripgrepFew"),
    speedup("_whole", "whole", "ripgrepWhole"),
    median("_whole", "whole", "ripgrepWhole"),
  ];
}

function slowest(times: readonly QueryTimes[]): readonly QueryTimes[] {
  return [...times].sort((left, right) => right.few - left.few).slice(0, 5);
}

function optionsOf({ regex, word, caseSensitive }: SearchQuery): Omit<SearchQuery, "text"> {
  return { regex, word, caseSensitive };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
