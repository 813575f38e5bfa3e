import { throwIfAborted } from "@agentos/core";
import type { Catalogue } from "./catalogue.js";
import { fuse } from "./fusion.js";
import type { LexicalScores, Match } from "./lexical-scores.js";
import type { RecallBoost } from "./options.js";
import { type Ranked, rank } from "./ranking.js";
import { timeSpans } from "./text/time-spans.js";
import type { VectorIndex } from "./vector-index.js";

/** Each ranking is asked for this many times the limit, and for no less than the second number. */
const POOL_FACTOR = 10;
const POOL_MINIMUM = 200;
/** Vectors are compared one by one, and many cost more than they add: those far from the query score next to nothing. */
const DENSE_FACTOR = 5;
const DENSE_MINIMUM = 50;

/** Where is searched, and how. */
export interface Search {
  readonly catalogue: Catalogue;
  /** Vectors of the catalogue's slots. Absent: words alone. */
  readonly dense?: {
    readonly index: VectorIndex;
    /** Undefined: words alone must do this time. */
    readonly embedQuery: (text: string) => Promise<Float32Array | undefined>;
    /** Cosine at and under which a vector counts as no match. */
    readonly unrelatedBelow: number;
  };
  readonly lexicalWeight: number;
  /** A byte for each slot that may be seen. */
  readonly allowed: Uint8Array;
  /** How many are wanted. */
  readonly limit: number;
  readonly minScore: number;
  /** In milliseconds since 1970. */
  readonly now: number;
  readonly boost: RecallBoost;
  /** Words of what somebody is at. */
  readonly context: string;
  readonly signal: AbortSignal | undefined;
}

/** Every memory that fits, best first, and what its words came to. */
export interface Found {
  readonly ranked: readonly Ranked[];
  readonly lexical: LexicalScores;
}

/** Finds what fits a query of words. */
export async function search(query: string, options: Search): Promise<Found> {
  const { catalogue, dense, allowed, limit, minScore, now, boost, signal } = options;
  throwIfAborted(signal);
  const pool = Math.max(limit * POOL_FACTOR, POOL_MINIMUM);
  const lexical = catalogue.lexical.score(query, allowed);
  const vector = await dense?.embedQuery(query);
  const vectors =
    vector &&
    (await dense?.index.search(vector, {
      allowed,
      limit: Math.max(limit * DENSE_FACTOR, DENSE_MINIMUM),
      signal,
    }));
  const found = fuse(lexical.best(pool), vectors ?? [], {
    lexicalWeight: options.lexicalWeight,
    unrelatedBelow: dense?.unrelatedBelow ?? 0,
  });
  const context =
    options.context === "" ? undefined : shares(catalogue.lexical.score(options.context, allowed, 0), found);
  const ranked = rank(found, catalogue, {
    now,
    boost,
    times: timeSpans(query, now),
    ...(context ? { context } : {}),
  });
  return { ranked: ranked.filter(({ score }) => score >= minScore), lexical };
}

/** How well what was found fits the context, as a share of the best that fits it. */
function shares(scores: LexicalScores, found: readonly Match[]): ReadonlyMap<number, number> {
  const [best] = scores.best(1);
  return new Map(best ? found.map(({ slot }) => [slot, scores.of(slot) / best.score]) : []);
}
