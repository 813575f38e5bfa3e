import { type KeyedText, throwIfAborted, type VectorSearch, validate, type WaitOptions } from "@agentos/core";
import * as v from "valibot";
import { ExactIndex } from "./drivers/exact-index.js";
import { HashedEmbedder } from "./drivers/hashed-embedder.js";
import type { Embedder } from "./embedder.js";
import { memoryError } from "./errors.js";
import type { VectorIndex } from "./vector-index.js";

/** Options of `EmbeddedTexts`. */
export interface EmbeddedTextsOptions {
  /** @default a HashedEmbedder, which knows words and no meaning */
  readonly embedder?: Embedder;
  /** Makes the index of that many dimensions. @default an ExactIndex */
  readonly vectorIndex?: (dimensions: number) => VectorIndex;
}

/** Texts that are given to the embedder at once. */
const BATCH = 64;

const optionsSchema: v.GenericSchema<EmbeddedTextsOptions> = v.strictObject({
  embedder: v.optional(v.custom<Embedder>(isEmbedder, "must have embed, a name and dimensions")),
  vectorIndex: v.optional(
    v.custom<(dimensions: number) => VectorIndex>(callable, "must be a function that makes an index"),
  ),
});
const signal = v.optional(
  v.custom<AbortSignal>((value) => value instanceof AbortSignal, "must be an AbortSignal"),
);
const waitSchema = v.strictObject({ signal });
const searchSchema = v.strictObject({
  limit: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100_000)),
  signal,
});

/**
 * Texts in memory that are found by their vectors: nothing is stored. For core's `VectorSearch`, which the project index takes.
 * Its methods throw what the embedder throws, and `MEMORY_VECTOR_INVALID` when that gives wrong vectors.
 */
export class EmbeddedTexts implements VectorSearch {
  readonly #embedder: Embedder;
  readonly #index: VectorIndex;
  readonly #slots = new Map<string, number>();
  /** The key of each slot; undefined where it is free. */
  readonly #keys: (string | undefined)[] = [];
  readonly #free: number[] = [];

  /** Throws `OPTIONS_INVALID`. */
  constructor(options: EmbeddedTextsOptions = {}) {
    const valid = validate(optionsSchema, options, { what: "EmbeddedTexts options" });
    this.#embedder = valid.embedder ?? new HashedEmbedder();
    const { dimensions } = this.#embedder;
    this.#index = valid.vectorIndex?.(dimensions) ?? new ExactIndex(dimensions);
  }

  /** How many texts there are. */
  get size(): number {
    return this.#slots.size;
  }

  /** Cancelled or failed midway, it keeps the texts that were put before. */
  async put(texts: readonly KeyedText[], options: WaitOptions = {}): Promise<void> {
    const { signal } = validate(waitSchema, options, { what: "Options of put" });
    for (let start = 0; start < texts.length; start += BATCH) {
      throwIfAborted(signal);
      const batch = texts.slice(start, start + BATCH);
      const vectors = await this.#embedder.embed(
        batch.map(({ text }) => text),
        { signal },
      );
      if (vectors.length !== batch.length) {
        throw memoryError(
          "MEMORY_VECTOR_INVALID",
          `The embedder ${this.#embedder.name} gave ${vectors.length} vectors for ${batch.length} texts. It must give one for each.`,
        );
      }
      for (const [position, { key }] of batch.entries()) {
        const vector = vectors[position];
        if (vector !== undefined) this.#index.set(this.#slotOf(key), vector);
      }
    }
  }

  delete(keys: readonly string[]): void {
    for (const key of keys) {
      const slot = this.#slots.get(key);
      if (slot === undefined) continue;
      this.#index.delete(slot);
      this.#slots.delete(key);
      this.#keys[slot] = undefined;
      this.#free.push(slot);
    }
  }

  async search(
    text: string,
    options: WaitOptions & { readonly limit: number },
  ): Promise<readonly { readonly key: string; readonly score: number }[]> {
    const { limit, signal } = validate(searchSchema, options, { what: "Options of a vector search" });
    const [embedded] = this.#embedder.embedQuery
      ? [await this.#embedder.embedQuery(text, { signal })]
      : await this.#embedder.embed([text], { signal });
    if (embedded === undefined) return [];
    const matches = await this.#index.search(embedded, { limit, signal });
    const least = this.#embedder.unrelatedBelow ?? 0;
    return matches.flatMap(({ slot, score }) => {
      const key = this.#keys[slot];
      return key === undefined || score <= least ? [] : [{ key, score }];
    });
  }

  /** Lets go of the index; the embedder stays. */
  async close(): Promise<void> {
    await this.#index.close?.();
  }

  #slotOf(key: string): number {
    const known = this.#slots.get(key);
    if (known !== undefined) return known;
    const slot = this.#free.pop() ?? this.#keys.length;
    this.#slots.set(key, slot);
    this.#keys[slot] = key;
    return slot;
  }
}

function isEmbedder(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { embed, name, dimensions } = value as Partial<Embedder>;
  return (
    callable(embed) && typeof name === "string" && Number.isInteger(dimensions) && Number(dimensions) > 0
  );
}

function callable(value: unknown): boolean {
  return typeof value === "function";
}
