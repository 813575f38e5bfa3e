import { fnv1a } from "../text/hash.js";
import { termsOf } from "../text/terms.js";

const GRAM = 3;

/**
 * What a text is compared by: its terms and their character 3-grams, hashed to 32 bits, each once. Terms are stemmed and
 * without stop words, so that word order and form count little; the 3-grams forgive what stemming does not. A text that
 * has no term (signs alone) is compared as a whole.
 */
export function shinglesOf(text: string): ReadonlySet<number> {
  const shingles = new Set<number>();
  for (const term of termsOf(text)) {
    shingles.add(mix(fnv1a(term)));
    const padded = ` ${term} `;
    for (let at = 0; at + GRAM <= padded.length; at++) shingles.add(mix(~fnv1a(padded, at, at + GRAM)));
  }
  if (shingles.size === 0) shingles.add(mix(fnv1a(text.trim())));
  return shingles;
}

/** MurmurHash3's finalizer: FNV-1a's bits of short texts are not spread enough to be compared by size. */
function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
