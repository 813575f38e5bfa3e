import type { Memory, RecalledMemory } from "@agentos/core";
import { type RecallOptions, termsOf } from "../src/index.js";
import { gramsOf } from "../src/text/grams.js";
import { unitsOf } from "../src/text/units.js";

const [GRAMS, WHOLE, NEIGHBOURS] = [0.4, 0.5, 0.35];

/** The plain specification of recall: filter a list, score each by the formulas, sort. */
export class ModelMemory {
  readonly memories = new Map<string, Memory>();

  async recall(query: string, now: number, options: RecallOptions = {}): Promise<readonly RecalledMemory[]> {
    const at = options.at ?? options.asOf ?? now;
    const { scopes = [{ level: "user" }, { level: "shared" }] } = options;
    const visible = [...this.memories.values()].filter(
      (memory) =>
        (scopes === "all" ||
          scopes.some((scope) => scope.level === memory.scope.level && scope.id === memory.scope.id)) &&
        (options.kinds === undefined || options.kinds.includes(memory.kind)) &&
        (options.tags ?? []).every((tag) => memory.tags.includes(tag)) &&
        memory.validFrom <= at &&
        (memory.validTo === undefined || at < memory.validTo) &&
        (memory.expiresAt === undefined || now < memory.expiresAt),
    );
    const texts = visible.map(({ content, tags, subject }) => {
      const words = [...tags, ...(subject === undefined ? [] : [subject])];
      return [content, ...(words.length > 0 ? [words.join(" ")] : [])].join("\n");
    });
    const parts = texts.map((text) => unitsOf(text).map(({ start, end }) => text.slice(start, end)));
    const fits = normalised(lexical(query, parts));
    // Importance takes up to a tenth away, age up to a twentieth; the best stays at 1.
    const scores = normalised(
      fits.map((score, i) => {
        const { importance, recordedAt } = visible[i] as Memory;
        const half = 2 ** (-(now - recordedAt) / (30 * 24 * 3_600_000));
        return score * (1 - 0.1 * (1 - importance) - 0.05 * (1 - half));
      }),
    );
    return visible
      .map((memory, i) => ({ memory, score: scores[i] ?? 0 }))
      .filter((recalled) => recalled.score > 0 && recalled.score >= (options.minScore ?? 0))
      .sort((a, b) => b.score - a.score)
      .slice(0, options.limit ?? 10);
  }
}

/** The score of each text, which is a list of parts. */
function lexical(query: string, texts: readonly (readonly string[])[]): readonly number[] {
  const words = texts.map((parts) => parts.map((part) => termsOf(part)));
  const grams = texts.map((parts) => parts.map((part) => gramsOf(part).map(String)));
  const [wordQuery, gramQuery] = [termsOf(query), gramsOf(query).map(String)];
  const wholeWords = bm25(
    wordQuery,
    words.map((parts) => parts.flat()),
    0.3,
  );
  const like = covered(
    gramQuery,
    grams.map((parts) => parts.flat()),
  );
  const counts = wholeWords.map((score, i) => score > 0 || (like[i] ?? 0) >= 0.3);
  const wholeGrams = bm25(
    gramQuery,
    grams.map((parts) => parts.flat()),
    0.3,
  ).map((score, i) => (counts[i] ? score : 0));
  const owner = texts.flatMap((parts, i) => parts.map(() => i));
  const unitWords = bm25(wordQuery, words.flat(), 0.75);
  const unitGrams = bm25(gramQuery, grams.flat(), 0.75).map((score, unit) =>
    counts[owner[unit] ?? 0] ? score : 0,
  );
  const units = mixed(unitWords, unitGrams, GRAMS);
  const windows = units.map((_, unit) =>
    units.reduce((sum, score, other) => {
      const distance = Math.abs(unit - other);
      return owner[unit] === owner[other] && distance <= 2 ? sum + score * NEIGHBOURS ** distance : sum;
    }, 0),
  );
  const best = texts.map((_, i) => Math.max(0, ...windows.filter((_score, unit) => owner[unit] === i)));
  return mixed(best, mixed(wholeWords, wholeGrams, GRAMS), WHOLE);
}

function bm25(
  query: readonly string[],
  documents: readonly (readonly string[])[],
  b: number,
): readonly number[] {
  const mean = documents.reduce((sum, terms) => sum + terms.length, 0) / documents.length || 1;
  return documents.map((terms) =>
    query.reduce((sum, term) => {
      const frequency = terms.filter((other) => other === term).length;
      return (
        sum +
        (idf(term, documents) * frequency * 2.2) / (frequency + 1.2 * (1 - b + (b * terms.length) / mean))
      );
    }, 0),
  );
}

/** Which share of the query's terms, by what they tell, each document has. */
function covered(query: readonly string[], documents: readonly (readonly string[])[]): readonly number[] {
  const all = query.reduce((sum, term) => sum + idf(term, documents), 0);
  return documents.map(
    (terms) =>
      query.reduce((sum, term) => sum + (terms.includes(term) ? idf(term, documents) : 0), 0) / (all || 1),
  );
}

function idf(term: string, documents: readonly (readonly string[])[]): number {
  const holders = documents.filter((terms) => terms.includes(term)).length;
  return Math.log(1 + (documents.length - holders + 0.5) / (holders + 0.5));
}

function mixed(first: readonly number[], second: readonly number[], share: number): readonly number[] {
  const other = normalised(second);
  return normalised(first).map((score, i) => (1 - share) * score + share * (other[i] ?? 0));
}

function normalised(scores: readonly number[]): readonly number[] {
  const best = Math.max(0, ...scores);
  return best === 0 ? scores : scores.map((score) => score / best);
}
