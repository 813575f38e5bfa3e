import { mixHashes } from "./hash.js";

/**
 * Adds the k-shingles of a sequence to a set of 32-bit hashes. The second occurrence of a shingle is an element of its
 * own, and so on, so that the Jaccard similarity of two such sets is the weighted Jaccard similarity of the bags.
 * A sequence shorter than `size` is one shingle. Source: Broder, "On the resemblance and containment of documents", 1997.
 */
export function addShingles(
  elements: Set<number>,
  hashes: readonly number[],
  size: number,
  seed: number,
): void {
  const seen = new Map<number, number>();
  const last = Math.max(0, hashes.length - size);
  for (let start = 0; start <= last && hashes.length > 0; start += 1) {
    let hash = seed;
    for (let at = start; at < start + size && at < hashes.length; at += 1)
      hash = mixHashes(hash, hashes[at] ?? 0);
    const occurrence = seen.get(hash) ?? 0;
    seen.set(hash, occurrence + 1);
    elements.add(occurrence === 0 ? hash : mixHashes(hash, occurrence));
  }
}

/** The k-shingles of one sequence; see {@link addShingles}. */
export function shingles(hashes: readonly number[], size: number, seed: number): Uint32Array {
  const elements = new Set<number>();
  addShingles(elements, hashes, size, seed);
  return Uint32Array.from(elements);
}
