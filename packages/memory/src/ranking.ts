import type { Catalogue, Entry } from "./catalogue.js";
import type { Fused } from "./fusion.js";
import type { RecallBoost } from "./options.js";
import type { TimeSpan } from "./text/time-spans.js";

/** A memory's place in an answer. */
export interface Ranked extends Fused {
  /** The key of its catalogue. */
  readonly key: string;
  readonly boost: number;
  readonly context: number;
  /** What is left when it is not of the times that the query names. */
  readonly time: number;
}

/** What the ranking looks at beside the query. */
export interface RankingOptions {
  /** In milliseconds since 1970. */
  readonly now: number;
  readonly boost: RecallBoost;
  /** How well each slot fits the context, as a share of the best. */
  readonly context?: ReadonlyMap<number, number>;
  /** The times that the query names; none: it names none. */
  readonly times: readonly TimeSpan[];
}

/** The share of the context in a score. */
const CONTEXT = 0.15;
const MONTH_MS = 30 * 24 * 3_600_000;

/**
 * Orders what was found. Importance and recency each take at most their part of a score away; recency falls by half in a
 * half-life (after J. S. Park et al., "Generative Agents", 2023, where it decays by the hour). The best score stays what it
 * was. What was neither recorded nor became true in a time that the query names loses a part, too. Equal scores are decided by importance, then by age, newest first.
 */
export function rank(
  found: readonly Fused[],
  catalogue: Catalogue,
  options: RankingOptions,
): readonly Ranked[] {
  const {
    importance: byImportance = 0.1,
    recency: byRecency = 0.05,
    halfLifeMs = MONTH_MS,
    times: byTimes = 0.15,
  } = options.boost;
  const ranked = found.flatMap((match) => {
    const entry = catalogue.entry(match.slot);
    if (entry === undefined) return [];
    const age = Math.max(0, options.now - entry.recordedAt);
    const boost = 1 - byImportance * (1 - entry.importance) - byRecency * (1 - 2 ** (-age / halfLifeMs));
    const context = options.context?.get(match.slot) ?? 0;
    const shifted = options.context ? (1 - CONTEXT) * match.score + CONTEXT * context : match.score;
    // Written out: to spread a match takes longer than all the rest.
    const { slot, lexical, dense } = match;
    const time = ofTimes(entry, options.times) ? 1 : 1 - byTimes;
    const score = shifted * boost * time;
    return [{ entry, ranked: { slot, lexical, dense, key: entry.key, boost, context, time, score } }];
  });
  const best = found.reduce((most, { score }) => Math.max(most, score), 0);
  const boosted = ranked.reduce((most, { ranked: { score } }) => Math.max(most, score), 0);
  return ranked
    .sort(
      (a, b) =>
        b.ranked.score - a.ranked.score ||
        b.entry.importance - a.entry.importance ||
        b.entry.recordedAt - a.entry.recordedAt ||
        (a.entry.key < b.entry.key ? -1 : 1),
    )
    .map(({ ranked: one }) => ({ ...one, score: boosted > 0 ? (one.score / boosted) * best : 0 }));
}

function ofTimes(entry: Entry, times: readonly TimeSpan[]): boolean {
  const within = (moment: number): boolean => times.some(({ from, to }) => from <= moment && moment < to);
  return times.length === 0 || within(entry.recordedAt) || within(entry.validFrom);
}
