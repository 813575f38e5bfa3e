import { memoryError } from "../errors.js";
import type { VectorIndex, VectorMatch, VectorSearchOptions } from "../vector-index.js";
import { exactSearch } from "./exact/exact-search.js";
import { VectorTable } from "./exact/vector-table.js";

/**
 * Finds all the nearest: compares the query with every allowed vector, rounded to bytes, and then with those whose cosine could
 * be among the greatest. Scores are cosines of float32 vectors. Holds `5 × dimensions` bytes a slot, and 17 more.
 */
export class ExactIndex implements VectorIndex {
  #table: VectorTable;

  /**
   * Throws `MEMORY_VECTOR_INVALID`.
   * @param dimensions length of every vector
   */
  constructor(dimensions: number) {
    if (!Number.isInteger(dimensions) || dimensions < 1) {
      throw memoryError("MEMORY_VECTOR_INVALID", `An index needs at least 1 dimension, not ${dimensions}.`);
    }
    this.#table = new VectorTable(dimensions);
  }

  /**
   * An index from what {@link ExactIndex.toParts} gave. Buffers that are aligned to 4 bytes are used as they are and never
   * written to. Throws `MEMORY_VECTOR_INVALID` for parts that are damaged or of another version.
   */
  static fromParts(parts: ReadonlyMap<string, Uint8Array>): ExactIndex {
    const table = VectorTable.fromParts(parts);
    const index = new ExactIndex(table.dimensions);
    index.#table = table;
    return index;
  }

  get dimensions(): number {
    return this.#table.dimensions;
  }

  get size(): number {
    return this.#table.size;
  }

  set(slot: number, vector: Float32Array): void {
    this.#table.set(slot, vector);
  }

  delete(slot: number): void {
    this.#table.delete(slot);
  }

  async search(query: Float32Array, options: VectorSearchOptions): Promise<readonly VectorMatch[]> {
    return exactSearch(this.#table, query, options);
  }

  /**
   * All parts of the index, for `fromParts`: a header, and a buffer for each 1,024 slots. The buffers lie under the index
   * and are not copied; what changes in the index later is copied first, so what was given stays as it is.
   */
  toParts(): ReadonlyMap<string, Uint8Array> {
    return this.#table.toParts();
  }
}
