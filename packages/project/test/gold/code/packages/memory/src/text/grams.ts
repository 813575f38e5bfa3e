import { fnv1a } from "./hash.js";
import { words } from "./terms.js";

const GRAM = 4;

/**
 * The character 4-grams of a text's words, hashed to 32 bits (FNV-1a), with repetitions. Words have a blank at both ends, so
 * that beginnings and ends count as such. They forgive spelling, word forms and compounds.
 */
export function gramsOf(text: string): number[] {
  return words(text).flatMap(gramsOfWord);
}

/** Those of one word. */
export function gramsOfWord(word: string): number[] {
  const grams: number[] = [];
  const padded = ` ${word.toLowerCase()} `;
  for (let at = 0; at === 0 || at + GRAM <= padded.length; at++)
    grams.push(fnv1a(padded, at, Math.min(padded.length, at + GRAM)));
  return grams;
}
