import { isAgentOSError, type WaitOptions } from "@agentos/core";
import type { Collection, Store, WriteOperation } from "@agentos/store";
import type { Embedder } from "./embedder.js";
import { memoryError } from "./errors.js";
import { decodeVector, encodeVector } from "./vector-text.js";

/** Which embedder the stored vectors are of. */
interface EmbedderRecord {
  readonly name: string;
  readonly dimensions: number;
  /** Grows with each change of the embedder. Each stored vector says of which generation it is. */
  readonly generation: number;
}

/** Makes vectors and keeps them in the store beside the memories, each marked with the generation of its embedder. */
export class Vectors {
  readonly embedder: Embedder;
  readonly #store: Store;
  readonly #vectors: Collection<string>;
  readonly #meta: Collection<EmbedderRecord>;
  #generation = 0;

  constructor(store: Store, embedder: Embedder) {
    this.embedder = embedder;
    this.#store = store;
    this.#vectors = store.collection("memory.vectors");
    this.#meta = store.collection("memory.embedder");
  }

  /** Learns which stored vectors are of this embedder: of another one's, none is ever given. Comes before all else. */
  async begin(): Promise<void> {
    const { name, dimensions } = this.embedder;
    const known = await this.#meta.get("current");
    const before = known?.generation ?? 0;
    const same = before > 0 && known?.name === name && known.dimensions === dimensions;
    this.#generation = same ? before : before + 1;
    if (same) return;
    // Durable before any vector is: else one of the next embedder could be taken for one of this.
    const current = this.#meta.put("current", { name, dimensions, generation: this.#generation });
    await this.#store.write([current], { durable: true });
  }

  /** Tells vectors of this embedder from all others, in this store. */
  get identity(): string {
    return JSON.stringify([this.embedder.name, this.embedder.dimensions, this.#generation]);
  }

  /** The vector of a memory that this embedder made. */
  async get(id: string): Promise<Float32Array | undefined> {
    const text = await this.#vectors.get(id);
    return text === undefined ? undefined : this.#read(text);
  }

  /** One checked vector for each text. Throws `MEMORY_EMBEDDER_FAILED`, `ABORTED`. */
  async embed(texts: readonly string[], options: WaitOptions = {}): Promise<readonly Float32Array[]> {
    const vectors = await this.#ask(() => this.embedder.embed(texts, options));
    if (!Array.isArray(vectors) || vectors.length !== texts.length) {
      throw this.#failed(`it gave ${vectors?.length} vectors for ${texts.length} texts`);
    }
    for (const vector of vectors) this.#check(vector);
    return vectors;
  }

  /** The checked vector of a question. Throws `MEMORY_EMBEDDER_FAILED`, `ABORTED`. */
  async embedQuery(text: string, options: WaitOptions = {}): Promise<Float32Array> {
    if (this.embedder.embedQuery === undefined) {
      return (await this.embed([text], options))[0] ?? new Float32Array();
    }
    const vector = await this.#ask(async () => this.embedder.embedQuery?.(text, options));
    this.#check(vector);
    return vector;
  }

  put(id: string, vector: Float32Array): WriteOperation {
    return this.#vectors.put(id, `${this.#generation}:${encodeVector(vector)}`);
  }

  delete(id: string): WriteOperation {
    return this.#vectors.delete(id);
  }

  /** The vectors that this embedder made, by the ids of their memories. */
  async *entries(): AsyncGenerator<readonly [id: string, vector: Float32Array]> {
    for await (const [id, text] of this.#vectors.entries()) {
      const vector = this.#read(text);
      if (vector !== undefined) yield [id, vector];
    }
  }

  #read(text: string): Float32Array | undefined {
    const mark = `${this.#generation}:`;
    if (!text.startsWith(mark)) return undefined;
    const vector = decodeVector(text.slice(mark.length));
    return vector.length === this.embedder.dimensions ? vector : undefined;
  }

  async #ask<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    try {
      return await work();
    } catch (cause) {
      // What is ours already says what to do.
      if (isAgentOSError(cause, "ABORTED") || isAgentOSError(cause, "MEMORY_EMBEDDER_FAILED")) throw cause;
      throw this.#failed("it threw", cause);
    }
  }

  #check(vector: Float32Array | undefined): asserts vector is Float32Array {
    if (!(vector instanceof Float32Array) || vector.length !== this.embedder.dimensions) {
      throw this.#failed(`it gave a vector that is not a Float32Array of ${this.embedder.dimensions}`);
    }
    if (!vector.every(Number.isFinite)) throw this.#failed("it gave a number that is not finite");
  }

  #failed(what: string, cause?: unknown): Error {
    return memoryError(
      "MEMORY_EMBEDDER_FAILED",
      `The embedder "${this.embedder.name}" failed: ${what}. Nothing was stored; check it or open the memory with another.`,
      { cause, details: { embedder: this.embedder.name } },
    );
  }
}
