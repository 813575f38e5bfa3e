import type { IndexedSymbol } from "./symbol-entry.js";

/** How something was found. */
export type FoundBy = "name" | "words" | "meaning" | "text";

/** A place of the project that has to do with a question. */
export interface SearchHit {
  readonly path: string;
  /** 1-based, both included: of the symbol, or of the lines that were found. */
  readonly line: number;
  readonly endLine: number;
  /** The symbol that it is; absent for lines that stand in none. */
  readonly symbol?: IndexedSymbol;
  /** What stands there: the symbol's signature, or the line. */
  readonly text: string;
  /** 0 to 1, where 1 is best in every way. */
  readonly score: number;
  /** The ways in which it was found, the one that says most first. */
  readonly by: readonly FoundBy[];
}

/** What one way found, best first, with scores that compare within it. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly endLine: number;
  readonly symbol?: IndexedSymbol;
  readonly text: string;
  readonly score: number;
}

/** How much each way says. A name that is asked for is meant, and so is a text as it is written; words that agree are many. */
const WEIGHTS: Readonly<Record<FoundBy, number>> = { name: 1, words: 0.7, text: 0.8, meaning: 0.4 };

/**
 * Joins what several ways found: each way's scores by their highest, weighted and added up (CombSUM over normalised
 * scores: Fox & Shaw, "Combination of Multiple Searches", 1994). Equal scores by place.
 */
export function joined(
  findings: Readonly<Partial<Record<FoundBy, readonly Finding[]>>>,
  limit: number,
): readonly SearchHit[] {
  const hits = new Map<string, { finding: Finding; shares: Map<FoundBy, number> }>();
  for (const by of Object.keys(WEIGHTS) as FoundBy[]) {
    const found = findings[by] ?? [];
    const highest = found.reduce((most, { score }) => Math.max(most, score), 0);
    for (const finding of found) {
      const key = `${finding.line}:${finding.endLine}:${finding.path}`;
      const hit = hits.get(key) ?? { finding, shares: new Map<FoundBy, number>() };
      hits.set(key, hit);
      const share = highest > 0 ? (WEIGHTS[by] * finding.score) / highest : 0;
      hit.shares.set(by, Math.max(hit.shares.get(by) ?? 0, share));
    }
  }
  const most = (Object.keys(WEIGHTS) as FoundBy[]).reduce(
    (sum, by) => sum + (findings[by] === undefined ? 0 : WEIGHTS[by]),
    0,
  );
  return [...hits.values()]
    .map(({ finding, shares }) => {
      const { path, line, endLine, symbol, text } = finding;
      const by = [...shares].sort(([, left], [, right]) => right - left).map(([way]) => way);
      const sum = [...shares.values()].reduce((total, share) => total + share, 0);
      return {
        path,
        line,
        endLine,
        ...(symbol === undefined ? {} : { symbol }),
        text,
        score: sum / most,
        by,
      };
    })
    .sort(
      (left, right) =>
        right.score - left.score ||
        (left.path < right.path ? -1 : left.path > right.path ? 1 : left.line - right.line),
    )
    .slice(0, limit);
}
