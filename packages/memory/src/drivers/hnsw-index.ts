import { silentLogger, throwIfAborted, validate } from "@agentos/core";
import { BestMatches } from "../best-matches.js";
import { memoryError } from "../errors.js";
import type { VectorIndex, VectorMatch, VectorSearchOptions } from "../vector-index.js";
import { exactSearch } from "./exact/exact-search.js";
import { unitVector } from "./exact/unit-vector.js";
import { VectorTable } from "./exact/vector-table.js";
import { type GraphCounts, GraphThread } from "./hnsw/graph-thread.js";
import { hnswAvailability, loadLibrary } from "./hnsw/library.js";
import { type HnswIndexOptions, hnswIndexOptionsSchema } from "./hnsw/options.js";
import { Pending } from "./hnsw/pending.js";

/** With more vectors than this not in the graph yet, the graph is not asked. */
const MOST_PENDING = 1_000;
/** When a filter lets less than this share through, it is cheaper to compare all that it does. */
const FEW = 0.2;
/** The graph is asked for at most so many candidates. */
const MOST_ASKED = 2_000;
/** So many hidden points are borne before the graph is built anew. */
const FEW_DEAD = 1_000;

/**
 * A graph of hnswlib in a thread of its own, over a table of the vectors: the graph proposes, the table decides. What is
 * deleted or not allowed is never given, scores are exact cosines, and what the graph does not hold yet is compared. It finds
 * most of the nearest, not always all. It is derived: after a start it is built anew in the background.
 */
export class HnswIndex implements VectorIndex {
  readonly #options: HnswIndexOptions;
  readonly #table: VectorTable;
  readonly #pending: Pending;
  readonly #library: string;
  #thread: GraphThread | undefined;
  #usable = true;
  #idle: (() => void)[] = [];

  /**
   * Throws `MEMORY_INDEX_UNAVAILABLE` without hnswlib-node, `MEMORY_VECTOR_INVALID`, `OPTIONS_INVALID`.
   * @param dimensions length of every vector
   */
  constructor(dimensions: number, options: HnswIndexOptions = {}) {
    this.#options = validate(hnswIndexOptionsSchema, options, { what: "HnswIndex options" });
    if (!Number.isInteger(dimensions) || dimensions < 1) {
      throw memoryError("MEMORY_VECTOR_INVALID", `An index needs at least 1 dimension, not ${dimensions}.`);
    }
    const found = hnswAvailability();
    if (!found.available) {
      throw memoryError(
        "MEMORY_INDEX_UNAVAILABLE",
        `The HNSW index cannot be used: ${found.reason}. ${found.remedy}; or use autoIndex, which does without.`,
      );
    }
    this.#library = loadLibrary();
    this.#table = new VectorTable(dimensions);
    this.#pending = new Pending(this.#table);
  }

  get dimensions(): number {
    return this.#table.dimensions;
  }

  get size(): number {
    return this.#table.size;
  }

  set(slot: number, vector: Float32Array): void {
    this.#table.set(slot, vector);
    if (!this.#usable) return;
    if (this.#thread === undefined) this.#start();
    else this.#pending.set(slot);
    this.#send();
  }

  delete(slot: number): void {
    if (!this.#table.delete(slot) || this.#thread === undefined || !this.#usable) return;
    this.#pending.delete(slot);
    this.#send();
  }

  async search(query: Float32Array, options: VectorSearchOptions): Promise<readonly VectorMatch[]> {
    throwIfAborted(options.signal);
    const unit = unitVector(query, this.dimensions);
    const { limit, allowed, signal } = options;
    const some = allowed === undefined ? this.size : this.#table.slots(allowed).length;
    // So many that enough of them are allowed, and twice as many, since the nearest may be so less often.
    const asked = Math.ceil((2 * limit * this.size) / Math.max(1, some));
    const thread = this.#thread;
    if (
      thread === undefined ||
      !this.#usable ||
      this.size < (this.#options.from ?? 0) ||
      this.#pending.size > MOST_PENDING ||
      some < this.size * FEW ||
      asked > MOST_ASKED
    ) {
      return this.#exact(query, options);
    }
    const beside = this.#pending.slots();
    const proposed = await thread.search(unit, asked, signal);
    throwIfAborted(signal);
    if (proposed === undefined) return this.#exact(query, options);
    const slots = new Set([...proposed, ...beside, ...this.#pending.slots()]);
    const candidates = [...slots].filter(
      (slot) => this.#table.has(slot) && (allowed === undefined || allowed[slot]),
    );
    const best = new BestMatches(limit);
    this.#table.compare(unit, candidates, best);
    const matches = best.sorted();
    return matches.length < Math.min(limit, some) ? this.#exact(query, options) : matches;
  }

  /** Resolves when the graph holds all vectors, or is not used. */
  async settled(): Promise<void> {
    if (!this.#usable || this.#thread === undefined || this.#pending.done) return;
    this.#thread.hold();
    try {
      await new Promise<void>((resolve) => this.#idle.push(resolve));
    } finally {
      this.#thread.release();
    }
  }

  async close(): Promise<void> {
    this.#usable = false;
    this.#wake();
    await this.#thread?.close();
  }

  #exact(query: Float32Array, options: VectorSearchOptions): readonly VectorMatch[] {
    return exactSearch(this.#table, query, options);
  }

  /** Starts the thread once there are enough vectors. */
  #start(): void {
    const { from = 0, links = 16, buildWidth = 200, searchWidth = 200 } = this.#options;
    if (this.size < from) return;
    this.#thread = new GraphThread(
      { library: this.#library, dimensions: this.dimensions, links, buildWidth, searchWidth },
      { changed: (counts) => this.#changed(counts), end: (error) => this.#ended(error) },
    );
    this.#pending.all();
  }

  #send(): void {
    if (!this.#usable || this.#thread === undefined) return;
    const change = this.#pending.take();
    if (change !== undefined) this.#thread.change(change);
  }

  #changed({ live, dead }: GraphCounts): void {
    this.#pending.taken();
    if (dead > Math.max(live, FEW_DEAD)) this.#pending.all();
    this.#send();
    if (this.#pending.done) this.#wake();
  }

  #ended(error: unknown): void {
    this.#usable = false;
    const logger = this.#options.logger ?? silentLogger;
    logger.warn({ error }, "the graph of vectors ended; they are compared without it");
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
