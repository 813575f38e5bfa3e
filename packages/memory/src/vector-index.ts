import type { WaitOptions } from "@agentos/core";

/** Options of a vector search. */
export interface VectorSearchOptions extends WaitOptions {
  /** At most so many matches. */
  readonly limit: number;
  /** A non-zero byte at each slot that may be seen; slots beyond its end may not. Absent: all may. */
  readonly allowed?: Uint8Array;
}

/** A vector that is near the query. */
export interface VectorMatch {
  readonly slot: number;
  /** The cosine, -1 to 1; 0 when either vector is all zeros. */
  readonly score: number;
}

/** Finds the nearest vectors by cosine. Slots are small integers that the caller gives out: 0, 1, 2… */
export interface VectorIndex {
  readonly dimensions: number;
  /** How many slots hold a vector. */
  readonly size: number;
  /** Puts a vector at a slot, in place of what was there. Throws `MEMORY_VECTOR_INVALID` on a wrong length or number. */
  set(slot: number, vector: Float32Array): void;
  /** Takes away the vector of a slot, if there is one. */
  delete(slot: number): void;
  /** The nearest allowed slots, best first; equal ones by slot. Filters before it ranks: `limit` matches when so many are allowed. */
  search(query: Float32Array, options: VectorSearchOptions): Promise<readonly VectorMatch[]>;
  /** Lets go of threads and the like. Nothing is called afterwards. Idempotent. Absent: there is nothing to let go of. */
  close?(): Promise<void>;
}
