import { throwIfAborted, type WaitOptions } from "@agentos/core";
import type { Embedder } from "../embedder.js";
import { memoryError } from "../errors.js";
import { fnv1a } from "../text/hash.js";
import { termsOf, words } from "../text/terms.js";

const GRAM = 4;
const GRAM_WEIGHT = 0.5;

/**
 * Vectors without a model: words and character 4-grams, hashed with a sign into a fixed number of places (feature
 * hashing: K. Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", 2009). Offline and deterministic.
 * It is lexical: it forgives spelling and word forms, and knows nothing of meaning.
 */
export class HashedEmbedder implements Embedder {
  readonly name: string;
  readonly dimensions: number;
  readonly unrelatedBelow: number = 0.2;
  readonly lexical: boolean = true;

  /** @param dimensions length of the vectors; @default 512 */
  constructor(dimensions = 512) {
    if (!Number.isInteger(dimensions) || dimensions < 16) {
      throw memoryError(
        "MEMORY_VECTOR_INVALID",
        `A hashed vector needs at least 16 dimensions, not ${dimensions}.`,
      );
    }
    this.dimensions = dimensions;
    this.name = `hashed-1-${dimensions}`;
  }

  async embed(texts: readonly string[], options: WaitOptions = {}): Promise<readonly Float32Array[]> {
    return texts.map((text) => {
      throwIfAborted(options.signal);
      return this.#embed(text);
    });
  }

  #embed(text: string): Float32Array {
    const counts = new Map<string, number>();
    const count = (feature: string, weight: number): void => {
      counts.set(feature, (counts.get(feature) ?? 0) + weight);
    };
    for (const term of termsOf(text)) count(term, 1);
    for (const word of words(text)) {
      const padded = ` ${word.toLowerCase()} `;
      for (let i = 0; i + GRAM <= padded.length; i++) count(`#${padded.slice(i, i + GRAM)}`, GRAM_WEIGHT);
    }
    const vector = new Float32Array(this.dimensions);
    for (const [feature, weight] of counts) {
      const hash = hashOf(feature);
      const place = (hash >>> 1) % this.dimensions;
      vector[place] = (vector[place] ?? 0) + (hash & 1 ? 1 : -1) * Math.log1p(weight);
    }
    const norm = Math.hypot(...vector);
    return norm === 0 ? vector : vector.map((value) => value / norm);
  }
}

/** FNV-1a, mixed at the end (MurmurHash3's finalizer), since its low bits alone are weak. */
function hashOf(text: string): number {
  let hash = fnv1a(text);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
