import { throwIfAborted } from "@agentos/core";
import type { VectorMatch, VectorSearchOptions } from "@agentos/memory";

/** The specification of a vector index: all cosines, computed one by one in float64, and sorted. */
export class FullScan {
  readonly #vectors: readonly Float64Array[];

  constructor(vectors: readonly Float32Array[]) {
    this.#vectors = vectors.map(unit);
  }

  async search(
    query: Float32Array,
    { limit, allowed, signal }: VectorSearchOptions,
  ): Promise<readonly VectorMatch[]> {
    throwIfAborted(signal);
    const wanted = unit(query);
    return this.#vectors
      .map((vector, slot) => ({ slot, score: product(vector, wanted) }))
      .filter(({ slot }) => allowed?.[slot] !== 0)
      .sort((a, b) => b.score - a.score || a.slot - b.slot)
      .slice(0, limit);
  }
}

function unit(vector: Float32Array): Float64Array {
  const exact = Float64Array.from(vector);
  const length = Math.sqrt(product(exact, exact));
  return length === 0 ? exact : exact.map((value) => value / length);
}

function product(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += (one[at] as number) * (other[at] as number);
  return sum;
}
