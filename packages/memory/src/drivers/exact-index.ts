import { validate } from "@agentos/core";
import * as v from "valibot";
import { memoryError } from "../errors.js";
import type { VectorIndex, VectorMatch, VectorSearchOptions } from "../vector-index.js";
import { exactSearch } from "./exact/exact-search.js";
import { VectorTable } from "./exact/vector-table.js";

/** Options of {@link ExactIndex}. */
export interface ExactIndexOptions {
  /**
   * From so many allowed vectors on, sketches of their signs choose which are compared with the query. Each of the nearest
   * is then missed with a probability of at most 0.6 %; scores stay exact. `Infinity`: every one is always compared.
   * @default 5_000
   */
  readonly prefilterFrom?: number;
}

const optionsSchema: v.GenericSchema<ExactIndexOptions> = v.strictObject({
  prefilterFrom: v.optional(v.pipe(v.number(), v.minValue(0))),
});

/**
 * Compares the query with every allowed vector while these are few or at most an eighth of all, and else with those whose
 * signs are like the query's. Scores are cosines of float32 vectors. Holds at most `4.5 × dimensions` bytes a slot.
 */
export class ExactIndex implements VectorIndex {
  #table: VectorTable;
  readonly #prefilterFrom: number;

  /**
   * Throws `MEMORY_VECTOR_INVALID`, `OPTIONS_INVALID`.
   * @param dimensions length of every vector
   */
  constructor(dimensions: number, options: ExactIndexOptions = {}) {
    if (!Number.isInteger(dimensions) || dimensions < 1) {
      throw memoryError("MEMORY_VECTOR_INVALID", `An index needs at least 1 dimension, not ${dimensions}.`);
    }
    const { prefilterFrom = 5_000 } = validate(optionsSchema, options, { what: "ExactIndex options" });
    this.#table = new VectorTable(dimensions);
    this.#prefilterFrom = prefilterFrom;
  }

  /**
   * An index from what {@link ExactIndex.toParts} gave. Buffers that are aligned to 4 bytes are used as they are and never
   * written to. Throws `MEMORY_VECTOR_INVALID` for parts that are damaged or of another version, and `OPTIONS_INVALID`.
   */
  static fromParts(parts: ReadonlyMap<string, Uint8Array>, options: ExactIndexOptions = {}): ExactIndex {
    const table = VectorTable.fromParts(parts);
    const index = new ExactIndex(table.dimensions, options);
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
    return exactSearch(this.#table, query, { ...options, prefilterFrom: this.#prefilterFrom });
  }

  /**
   * All parts of the index, for `fromParts`: a header, and a buffer for each 1,024 slots. The buffers lie under the index
   * and are not copied; what changes in the index later is copied first, so what was given stays as it is.
   */
  toParts(): ReadonlyMap<string, Uint8Array> {
    return this.#table.toParts();
  }
}
