import { throwIfAborted } from "@agentos/core";
import { memoryError } from "../errors.js";
import type { VectorIndex, VectorMatch, VectorSearchOptions } from "../vector-index.js";

/** Compares the query with every allowed vector: exact, and fast enough for tens of thousands. */
export class ExactIndex implements VectorIndex {
  readonly dimensions: number;
  #vectors: Float32Array = new Float32Array(0);
  #held: Uint8Array = new Uint8Array(0);
  #size = 0;

  /** @param dimensions length of every vector */
  constructor(dimensions: number) {
    if (!Number.isInteger(dimensions) || dimensions < 1) {
      throw memoryError("MEMORY_VECTOR_INVALID", `An index needs at least 1 dimension, not ${dimensions}.`);
    }
    this.dimensions = dimensions;
  }

  get size(): number {
    return this.#size;
  }

  set(slot: number, vector: Float32Array): void {
    if (!Number.isInteger(slot) || slot < 0) {
      throw memoryError("MEMORY_VECTOR_INVALID", `A slot is an integer from 0 on, not ${slot}.`);
    }
    const unit = this.#unit(vector);
    this.#grow(slot + 1);
    if (!this.#held[slot]) this.#size += 1;
    this.#held[slot] = 1;
    this.#vectors.set(unit, slot * this.dimensions);
  }

  delete(slot: number): void {
    if (!this.#held[slot]) return;
    this.#held[slot] = 0;
    this.#size -= 1;
  }

  async search(query: Float32Array, options: VectorSearchOptions): Promise<readonly VectorMatch[]> {
    throwIfAborted(options.signal);
    const unit = this.#unit(query);
    const matches: VectorMatch[] = [];
    for (let slot = 0; slot < this.#held.length; slot++) {
      if (!this.#held[slot] || (options.allowed !== undefined && !options.allowed[slot])) continue;
      let score = 0;
      const start = slot * this.dimensions;
      for (let i = 0; i < this.dimensions; i++) score += (unit[i] ?? 0) * (this.#vectors[start + i] ?? 0);
      matches.push({ slot, score });
    }
    return matches.sort((a, b) => b.score - a.score || a.slot - b.slot).slice(0, options.limit);
  }

  #unit(vector: Float32Array): Float32Array {
    if (vector.length !== this.dimensions) {
      throw memoryError(
        "MEMORY_VECTOR_INVALID",
        `A vector has ${vector.length} dimensions where ${this.dimensions} are needed. Use one embedder for one index.`,
      );
    }
    // Scaled first, so that the squares neither overflow nor vanish.
    const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (!Number.isFinite(largest)) {
      throw memoryError(
        "MEMORY_VECTOR_INVALID",
        "A vector holds a number that is not finite. Check the embedder.",
      );
    }
    if (largest === 0) return vector;
    const norm = Math.sqrt(vector.reduce((sum, value) => sum + (value / largest) ** 2, 0));
    return vector.map((value) => value / largest / norm);
  }

  #grow(slots: number): void {
    if (slots <= this.#held.length) return;
    const capacity = Math.max(slots, this.#held.length * 2, 64);
    const vectors = new Float32Array(capacity * this.dimensions);
    vectors.set(this.#vectors);
    const held = new Uint8Array(capacity);
    held.set(this.#held);
    this.#vectors = vectors;
    this.#held = held;
  }
}
