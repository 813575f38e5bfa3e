import type { Match } from "./lexical-index.js";

/** How {@link fuse} weighs. */
export interface FusionOptions {
  /** Share of the lexical score, 0 to 1; the rest is the vector's. */
  readonly lexicalWeight: number;
  /** Cosine at and under which a vector counts as no match. */
  readonly unrelatedBelow: number;
}

/**
 * Joins two rankings by their scores, each divided by its own best, and weighed. A slot that only one ranking has
 * scores 0 in the other. When only one of the rankings found anything, it decides alone.
 */
export function fuse(
  lexical: readonly Match[],
  dense: readonly Match[],
  options: FusionOptions,
): readonly Match[] {
  const floor = options.unrelatedBelow;
  const related = dense
    .filter((match) => match.score > floor)
    .map(({ slot, score }) => ({ slot, score: score - floor }));
  const weight = related.length === 0 ? 1 : lexical.length === 0 ? 0 : options.lexicalWeight;
  const scores = new Map<number, number>();
  add(scores, lexical, weight);
  add(scores, related, 1 - weight);
  return [...scores].map(([slot, score]) => ({ slot, score: Math.min(1, score) }));
}

function add(scores: Map<number, number>, matches: readonly Match[], weight: number): void {
  const best = matches.reduce((most, match) => Math.max(most, match.score), 0);
  if (best <= 0 || weight === 0) return;
  for (const { slot, score } of matches) scores.set(slot, (scores.get(slot) ?? 0) + (weight * score) / best);
}
