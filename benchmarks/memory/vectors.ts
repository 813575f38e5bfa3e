import { throwIfAborted } from "@agentos/core";
import { ExactIndex, type VectorIndex } from "@agentos/memory";
import { HnswIndex, hnswAvailability } from "@agentos/memory/hnsw";
import { type Metric, quantile } from "../lib/metrics.js";
import type { PartResult } from "../lib/parts.js";
import { Progress } from "../lib/progress.js";
import { type Random, seededRandom } from "../lib/random.js";
import type { MemoryBench } from "./context.js";
import { FullScan } from "./full-scan.js";
import { openPeer, PEERS, type VectorPeer } from "./peers.js";
import { mean, recall } from "./scores.js";
import { type VectorSet, vectorSets } from "./vector-sets.js";

const LIMIT = 10;
const SHARES = [0.01, 0.1] as const;
const SPEEDUPS: Readonly<Record<string, number>> = { mem0: 20, langchain: 5 };

/** What was found over one set of vectors. */
interface Found {
  readonly recall: number;
  /** Of each share of {@link SHARES}. */
  readonly filtered: readonly { readonly recall: number; readonly p50: number }[];
  readonly p50: number;
  readonly peers: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
}

/**
 * Vectors alone: what the default index finds of what a full scan finds, with filters and without, and how long that takes
 * beside the stores of others over the same vectors. Of each figure the worse of two sets counts.
 */
export async function vectorsPart(bench: MemoryBench): Promise<PartResult> {
  const sets = await vectorSets(bench.data, bench.signal);
  const progress = new Progress(bench.progress, "vector searches", sets.length * (3 + PEERS.length));
  const found: Found[] = [];
  try {
    for (const set of sets) found.push(await measureSet(set, bench.signal, () => progress.tick()));
  } finally {
    progress.end();
  }
  const worst = (of: (each: Found) => number): number => Math.min(...found.map(of));
  const slowest = (of: (each: Found) => number): number => Math.max(...found.map(of));
  const metrics: Metric[] = [
    {
      name: "recall10_vs_exact",
      value: worst((each) => each.recall),
      unit: "score",
      target: { atLeast: 0.99 },
    },
    {
      name: "filtered_recall10",
      value: worst(({ filtered }) => Math.min(...filtered.map((each) => each.recall))),
      unit: "score",
      target: { atLeast: 1 },
    },
    { name: "vectors.p50_ms", value: slowest(({ p50 }) => p50), unit: "ms" },
    ...SHARES.map(
      (share, place): Metric => ({
        name: `vectors.filtered_${100 * share}_over_unfiltered_ratio`,
        value: slowest(({ filtered, p50 }) => (filtered[place]?.p50 ?? Infinity) / p50),
        unit: "ratio",
        target: { atMost: 1 },
      }),
    ),
    ...PEERS.filter(({ name }) => found.every(({ peers }) => name in peers)).map(
      ({ name }): Metric => ({
        name: `speedup_vs_${name}`,
        value: worst(({ peers, p50 }) => (peers[name] ?? 0) / p50),
        unit: "ratio",
        target: { atLeast: SPEEDUPS[name] ?? 1 },
      }),
    ),
  ];
  return { metrics, notes: found.flatMap(({ notes }) => notes) };
}

async function measureSet(set: VectorSet, signal: AbortSignal, onDone: () => void): Promise<Found> {
  const random = seededRandom(`agentos-vectors-${set.name}`);
  const full = new FullScan(set.vectors);
  const index = filled(new ExactIndex(256), set);
  const unfiltered = await compare(full, index, set, undefined, signal);
  onDone();
  const filtered = [];
  for (const share of SHARES) {
    filtered.push(await compare(full, index, set, maskOf(set, share, random), signal));
    onDone();
  }
  const notes = [
    `vectors, ${set.name}: recall@10 ${unfiltered.recall.toFixed(4)}, p50 ${ms(unfiltered.p50)}; full scan ${ms(unfiltered.fullP50)}; at 1 % ${ms(filtered[0]?.p50)}, at 10 % ${ms(filtered[1]?.p50)}`,
    await hnswNote(full, set, signal),
  ];
  const peers: Record<string, number> = {};
  for (const source of PEERS) {
    try {
      const vectors = set.vectors.map((vector) => [...vector]);
      const { p50, agreed } = await measurePeer(
        await openPeer(source, vectors, { signal }),
        full,
        set,
        signal,
      );
      peers[source.name] = p50;
      notes.push(`vectors, ${set.name}: ${source.name} p50 ${ms(p50)}, recall@10 ${agreed.toFixed(4)}`);
    } catch (error) {
      throwIfAborted(signal);
      const [why = ""] = String(error).split("\n");
      notes.push(`vectors: ${source.name} is left out, since it could not be installed or loaded: ${why}`);
    }
    onDone();
  }
  return { recall: unfiltered.recall, p50: unfiltered.p50, filtered, peers, notes };
}

/** How much of what a full scan finds an index finds, and how long both take. */
async function compare(
  full: FullScan,
  index: VectorIndex,
  { queries }: VectorSet,
  allowed: Uint8Array | undefined,
  signal: AbortSignal,
): Promise<{ readonly recall: number; readonly p50: number; readonly fullP50: number }> {
  const options = { limit: LIMIT, allowed, signal };
  const truth = await timed(queries, async (query) => slotsOf(await full.search(query, options)));
  const answers = await timed(queries, async (query) => slotsOf(await index.search(query, options)));
  return { recall: agreement(answers.results, truth.results), p50: answers.p50, fullP50: truth.p50 };
}

async function measurePeer(
  peer: VectorPeer,
  full: FullScan,
  { queries }: VectorSet,
  signal: AbortSignal,
): Promise<{ readonly p50: number; readonly agreed: number }> {
  const some = queries.slice(0, 60);
  const truth: (readonly number[])[] = [];
  for (const query of some) truth.push(slotsOf(await full.search(query, { limit: LIMIT, signal })));
  const asked = some.map((query) => [...query]);
  const { results, p50 } = await timed(asked, (query) => {
    throwIfAborted(signal);
    return peer.search(query);
  });
  return { p50, agreed: agreement(results, truth) };
}

async function hnswNote(full: FullScan, set: VectorSet, signal: AbortSignal): Promise<string> {
  const found = hnswAvailability();
  if (!found.available) return `vectors: HNSW is left out: ${found.reason}`;
  const index = new HnswIndex(256);
  try {
    const started = performance.now();
    filled(index, set);
    await index.settled();
    const built = performance.now() - started;
    const { recall: share, p50 } = await compare(full, index, set, undefined, signal);
    return `vectors, ${set.name}: HNSW recall@10 ${share.toFixed(4)}, p50 ${ms(p50)}, built in ${(built / 1000).toFixed(1)} s`;
  } finally {
    await index.close();
  }
}

/** Asks all queries one after another, some before for practice. */
async function timed<Query, Result>(
  queries: readonly Query[],
  ask: (query: Query) => Promise<Result>,
): Promise<{ readonly results: readonly Result[]; readonly p50: number }> {
  for (const query of queries.slice(0, 20)) await ask(query);
  const results: Result[] = [];
  const times: number[] = [];
  for (const query of queries) {
    const started = performance.now();
    results.push(await ask(query));
    times.push(performance.now() - started);
  }
  return { results, p50: quantile(times, 0.5) };
}

function filled<Index extends VectorIndex>(index: Index, { vectors }: VectorSet): Index {
  for (const [slot, vector] of vectors.entries()) index.set(slot, vector);
  return index;
}

function maskOf({ vectors }: VectorSet, share: number, random: Random): Uint8Array {
  return Uint8Array.from(vectors, () => (random() < share ? 1 : 0));
}

function slotsOf(matches: readonly { readonly slot: number }[]): readonly number[] {
  return matches.map(({ slot }) => slot);
}

function agreement(answers: readonly (readonly number[])[], truth: readonly (readonly number[])[]): number {
  return mean(truth.map((wanted, place) => recall(answers[place] ?? [], new Set(wanted), LIMIT)));
}

function ms(value = Number.NaN): string {
  return `${value.toFixed(3)} ms`;
}
