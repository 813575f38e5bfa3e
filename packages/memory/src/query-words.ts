import type { Wanted } from "./field.js";
import { gramsOfWord } from "./text/grams.js";
import { LIGHT_WORDS, STOP_WORDS } from "./text/stop-words.js";
import { termsOf, words } from "./text/terms.js";
import { GERMAN_STOP_WORDS } from "./text/thesaurus/german-words.js";
import { germanTerms, LONGEST_PHRASE, otherTerms } from "./text/thesaurus/thesaurus.js";

/** What a word counts that says little. */
const LIGHT = 0.4;
/** Which share of its word's weight a term counts that stands in for it: of the thesaurus, of the glossary, and by its spelling. */
const SAME = 0.6;
const GERMAN = 0.8;
const SLIP = 0.7;
/** At most so many near spellings of a word are looked for. */
const SPELLINGS = 4;

/** What the words of an index tell a query. */
export interface Vocabulary {
  /** Whether a text that may be seen has the term. */
  has(term: string): boolean;
  /** Terms that are spelt nearly like it, nearest first. */
  near(term: string): readonly { readonly word: string; readonly slips: number }[];
}

/** The terms and the 4-grams that a query wants, with what may stand in for them. */
export interface QueryWords {
  readonly terms: readonly Wanted<string>[];
  readonly grams: readonly Wanted<number>[];
}

/**
 * Reads a query. Only what texts have that may be seen is ever looked for in a word's place, so that others change nothing.
 * @param alike how much counts what is only like its words, 0 to 1
 */
export function queryWords(query: string, vocabulary: Vocabulary, alike: number): QueryWords {
  const chunks = words(query);
  const lower = chunks.map((chunk) => chunk.toLowerCase());
  const german = isGerman(lower);
  const terms = new Map<string, { weight: number; others?: Map<string, number> }>();
  const grams = new Map<number, number>();
  const want = (term: string, weight: number, others: ReadonlyMap<string, number>): void => {
    const before = terms.get(term);
    const all = new Map(before?.others);
    for (const [other, share] of others) all.set(other, Math.max(all.get(other) ?? 0, share));
    terms.set(term, { weight: (before?.weight ?? 0) + weight, ...(all.size > 0 && { others: all }) });
  };
  chunks.forEach((chunk, at) => {
    const word = lower[at] as string;
    const stop = STOP_WORDS.has(word) || (german && GERMAN_STOP_WORDS.has(word));
    const weight = LIGHT_WORDS.has(word) ? LIGHT : 1;
    // Those of stop words count in full: on conversations, questions find less without them.
    for (const gram of gramsOfWord(chunk)) grams.set(gram, (grams.get(gram) ?? 0) + weight);
    if (stop) return;
    for (const term of termsOf(chunk))
      want(term, weight, othersOf(word, term, vocabulary, { german, alike, weight }));
  });
  if (alike > 0)
    for (const [phrase, others] of phrasesOf(lower))
      want(
        phrase,
        1,
        new Map(others.filter((term) => vocabulary.has(term)).map((term) => [term, SAME * alike])),
      );
  return {
    terms: [...terms].map(([term, rest]) => ({ term, ...rest })),
    grams: [...grams].map(([term, weight]) => ({ term, weight })),
  };
}

/** Terms that may stand in for one. */
function othersOf(
  word: string,
  term: string,
  vocabulary: Vocabulary,
  { german, alike, weight }: { readonly german: boolean; readonly alike: number; readonly weight: number },
): ReadonlyMap<string, number> {
  const others = new Map<string, number>();
  if (alike === 0 || weight < 1) return others;
  const known = vocabulary.has(term);
  const add = (list: readonly string[], share: number): void => {
    for (const other of list)
      if (other !== term && vocabulary.has(other))
        others.set(other, Math.max(others.get(other) ?? 0, share * alike));
  };
  add(otherTerms(term), SAME);
  if (german || !known) add(germanTerms(word), GERMAN);
  if (!known && others.size === 0) {
    const near = vocabulary.near(term).filter((one) => vocabulary.has(one.word));
    const least = near[0]?.slips;
    add(
      near
        .filter(({ slips }) => slips === least)
        .slice(0, SPELLINGS)
        .map((one) => one.word),
      SLIP,
    );
  }
  return others;
}

/** The phrases of the thesaurus in a query, each with what may stand in for it. */
function* phrasesOf(lower: readonly string[]): Generator<readonly [string, readonly string[]]> {
  for (let at = 0; at < lower.length; at++)
    for (let length = LONGEST_PHRASE; length > 1; length--) {
      if (at + length > lower.length) continue;
      const phrase = lower.slice(at, at + length).join(" ");
      const others = otherTerms(phrase);
      if (others.length === 0) continue;
      yield [phrase, others];
      break;
    }
}

/** Whether more of the small words are German than English. */
function isGerman(lower: readonly string[]): boolean {
  let german = 0;
  let english = 0;
  for (const word of lower) {
    if (GERMAN_STOP_WORDS.has(word)) german += 1;
    if (STOP_WORDS.has(word)) english += 1;
  }
  return german > english;
}
