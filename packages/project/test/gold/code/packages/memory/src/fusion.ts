import type { Match } from "./lexical-scores.js";

/** How {@link fuse} weighs. */
export interface FusionOptions {
  /** Share of the lexical score, 0 to 1; the rest is the vector's. */
  readonly lexicalWeight: number;
  /** Cosine at and under which a vector counts as no match. */
  readonly unrelatedBelow: number;
}

/** A slot of two rankings: both scores, each as a share of its best, and what they come to. */
export interface Fused extends Match {
  readonly lexical: number;
  readonly dense: number;
}

/**
 * Joins two rankings by their scores, each divided by its own best, and weighed. A slot that only one ranking has
 * scores 0 in the other. When only one of the rankings found anything, it decides alone.
 */
export function fuse(
  lexical: readonly Match[],
  dense: readonly Match[],
  options: FusionOptions,
): readonly Fused[] {
  const floor = options.unrelatedBelow;
  const related = dense
    .filter((match) => match.score > floor)
    .map(({ slot, score }) => ({ slot, score: score - floor }));
  const weight = related.length === 0 ? 1 : lexical.length === 0 ? 0 : options.lexicalWeight;
  const words = weight === 0 ? new Map<number, number>() : shares(lexical);
  const vectors = weight === 1 ? new Map<number, number>() : shares(related);
  return [...new Set([...words.keys(), ...vectors.keys()])].map((slot) => {
    const share = words.get(slot) ?? 0;
    const nearness = vectors.get(slot) ?? 0;
    const score = Math.min(1, weight * share + (1 - weight) * nearness);
    return { slot, lexical: share, dense: nearness, score };
  });
}

/** Scores as shares of the best. */
function shares(matches: readonly Match[]): Map<number, number> {
  const best = matches.reduce((most, match) => Math.max(most, match.score), 0);
  return new Map(best <= 0 ? [] : matches.map(({ slot, score }) => [slot, score / best]));
}
