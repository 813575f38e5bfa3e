import {
  coreError,
  isAgentOSError,
  Lifecycle,
  MEMORY_KINDS,
  type Memory,
  type MemoryKind,
  type Recall,
  type RecalledMemory,
  type Scope,
  silentLogger,
  systemClock,
  throwIfAborted,
  timeSortedIds,
  validate,
  type WaitOptions,
} from "@agentos/core";
import type { Collection } from "@agentos/store";
import { Catalogue, filterOf } from "./catalogue.js";
import { ExactIndex } from "./drivers/exact-index.js";
import { HashedEmbedder } from "./drivers/hashed-embedder.js";
import { fuse } from "./fusion.js";
import { KeyedMutex } from "./keyed-mutex.js";
import { LEXICAL_WEIGHTS, LexicalIndex, type LexicalScores, type Match } from "./lexical-index.js";
import {
  type ListOptions,
  listOptionsSchema,
  type MemoryInput,
  type MemoryStoreOptions,
  memoryStoreOptionsSchema,
  type RecallOptions,
  recallOptionsSchema,
} from "./options.js";
import { readInput } from "./read-input.js";
import { identityOf, type MemoryRecord, merge, searchText, validityTouches } from "./record.js";
import { Reembedding } from "./reembedding.js";
import { scopeKey } from "./scope.js";
import { unitsOf } from "./text/units.js";
import type { VectorIndex } from "./vector-index.js";
import { Vectors } from "./vectors.js";
import { untilAborted } from "./wait.js";

/** Each ranking is asked for this many times the limit, and for no less than the second number. */
const POOL_FACTOR = 10;
const POOL_MINIMUM = 200;

/** A part of a memory that fits a query. */
export interface Passage {
  readonly memory: Memory;
  /** Where it lies in the memory's content, in UTF-16 code units: from the first, up to the second. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** 0 to 1; comparable within one answer only. */
  readonly score: number;
}

/** A memory's place in an answer. */
interface Ranked {
  readonly id: string;
  readonly slot: number;
  readonly score: number;
}

/** What a memory holds. */
export interface MemoryStats {
  /** Memories that are not forgotten, whether true now or not. */
  readonly memories: number;
  readonly forgotten: number;
  readonly byKind: Readonly<Record<MemoryKind, number>>;
  readonly byLevel: Readonly<Record<Scope["level"], number>>;
  /** Different terms in the lexical index. */
  readonly terms: number;
  readonly embedder: { readonly name: string; readonly dimensions: number };
}

/**
 * A memory that lasts across projects. Records are kept in a Store; the indexes are derived from them at opening. It
 * satisfies core's `Recall`.
 */
export class MemoryStore implements Recall {
  readonly #options: MemoryStoreOptions & Required<Pick<MemoryStoreOptions, "clock" | "ids">>;
  readonly #records: Collection<MemoryRecord>;
  readonly #vectors: Vectors;
  readonly #index: VectorIndex;
  readonly #catalogue: Catalogue;
  readonly #lifecycle = new Lifecycle("MemoryStore");
  readonly #mutex = new KeyedMutex();
  #reembedding: Reembedding | undefined;
  #forgotten = 0;

  private constructor(options: MemoryStoreOptions) {
    const clock = options.clock ?? systemClock;
    this.#options = { ...options, clock, ids: options.ids ?? timeSortedIds(clock) };
    this.#catalogue = new Catalogue(new LexicalIndex({ ...LEXICAL_WEIGHTS, ...options.lexical }));
    const embedder = options.embedder ?? new HashedEmbedder();
    this.#records = options.store.collection("memory.records");
    this.#vectors = new Vectors(options.store, embedder);
    this.#index = options.vectorIndex?.(embedder.dimensions) ?? new ExactIndex(embedder.dimensions);
  }

  /**
   * Reads what the store holds. Memories without a vector of this embedder, all of them when it is another than before, are
   * embedded in the background; until then they are found by their words.
   * Throws `OPTIONS_INVALID`, and what the store throws.
   */
  static async open(options: MemoryStoreOptions): Promise<MemoryStore> {
    const memory = new MemoryStore(
      validate(memoryStoreOptionsSchema, options, { what: "MemoryStore options" }),
    );
    try {
      await memory.#load();
    } catch (error) {
      await memory.close().catch(() => {});
      throw error;
    }
    return memory;
  }

  /**
   * Stores a memory; it is on the disk when the promise resolves. What was said before in the same scope, kind and
   * words is merged with it: tags are united, the greater importance stays, and the time in which it is true is
   * extended, unless the two times lie apart.
   * Throws `MEMORY_CONTENT_EMPTY`, `MEMORY_CONTENT_TOO_LONG`, `MEMORY_SCOPE_INVALID`, `INPUT_INVALID`,
   * `MEMORY_EMBEDDER_FAILED`, and what `Store.write` throws.
   */
  async remember(input: MemoryInput): Promise<Memory> {
    return this.#lifecycle.track(async () => {
      const said = readInput(input, this.#options);
      const identity = identityOf(said);
      return this.#mutex.run(identity, async () => {
        const old = await this.#sameAs(said, identity);
        const memory = old === undefined ? said : merge(old, said);
        const [vector = new Float32Array()] = await this.#vectors.embed([searchText(memory)]);
        const operations = [this.#records.put(memory.id, { memory }), this.#vectors.put(memory.id, vector)];
        await this.#options.store.write(operations, { durable: true });
        this.#place(memory, vector);
        return memory;
      });
    });
  }

  /**
   * Memories that fit a query of words, best first. Filters come before ranking; what is forgotten, not yet true or no
   * longer true is never found. Memories that share neither words nor likeness with the query are left out. While memories
   * are embedded anew, a failing embedder leaves it to the words.
   * Throws `OPTIONS_INVALID`, `INPUT_INVALID`, `MEMORY_SCOPE_INVALID`, `MEMORY_EMBEDDER_FAILED`, `ABORTED`.
   */
  async recall(query: string, options: RecallOptions = {}): Promise<readonly RecalledMemory[]> {
    return this.#lifecycle.track(async () => {
      const { limit = 10 } = options;
      const recalled: RecalledMemory[] = [];
      const { ranked } = await this.#search(query, options);
      for (const { id, score } of ranked) {
        if (recalled.length === limit) break;
        throwIfAborted(options.signal);
        const memory = await this.#seen(id);
        // Else it was forgotten while this was reading.
        if (memory !== undefined) recalled.push({ memory, score });
      }
      return recalled;
    });
  }

  /**
   * The parts of memories that fit, best first: lines, or sentences of long lines. For a brief that has little room, and for
   * long memories, such as what was said in a session. Finds and throws what {@link MemoryStore.recall} does.
   */
  async passages(query: string, options: RecallOptions = {}): Promise<readonly Passage[]> {
    return this.#lifecycle.track(async () => {
      const { limit = 10 } = options;
      const { ranked, lexical } = await this.#search(query, options);
      const slots = new Map(ranked.map(({ slot, score }) => [slot, score]));
      const passages: Passage[] = [];
      for (const { slot, unit, score } of lexical?.bestUnits(slots, limit) ?? []) {
        throwIfAborted(options.signal);
        const memory = await this.#seen(this.#catalogue.entry(slot)?.id ?? "");
        const place = memory && unitsOf(searchText(memory))[unit];
        // A part behind the content is its tags, which are no passage.
        if (!memory || !place || place.start >= memory.content.length) continue;
        passages.push({ memory, ...place, text: memory.content.slice(place.start, place.end), score });
      }
      return passages;
    });
  }

  /** The memory of that id, or undefined when there is none or it was forgotten. */
  async get(id: string, options: { readonly forgotten?: boolean } = {}): Promise<Memory | undefined> {
    this.#lifecycle.guard();
    const record = await this.#records.get(id);
    return record?.forgottenAt === undefined || options.forgotten ? record?.memory : undefined;
  }

  /** Walks memories by id (the default ids sort by the time of recording); also those not true now. */
  list(options: ListOptions = {}): AsyncIterable<Memory> {
    this.#lifecycle.guard();
    validate(listOptionsSchema, options, { what: "List options" });
    const matches = filterOf(options);
    return { [Symbol.asyncIterator]: () => this.#walk(options, matches) };
  }

  /**
   * Hides a memory from everything but `get` and `list` with `forgotten: true`. The record stays. Resolves to whether
   * there was one to forget.
   */
  async forget(id: string): Promise<boolean> {
    return this.#lifecycle.track(async () => {
      const known = await this.#records.get(id);
      if (known === undefined) return false;
      return this.#mutex.run(identityOf(known.memory), async () => {
        const record = await this.#records.get(id);
        if (record === undefined || record.forgottenAt !== undefined) return false;
        const hidden = this.#records.put(id, { ...record, forgottenAt: this.#options.clock() });
        await this.#options.store.write([hidden, this.#vectors.delete(id)], { durable: true });
        const slot = this.#catalogue.delete(id);
        if (slot !== undefined) this.#index.delete(slot);
        this.#forgotten += 1;
        return true;
      });
    });
  }

  /**
   * Resolves when every memory that was there at the opening has a vector of the embedder. A failing embedder is asked again,
   * so that this may take long. Throws `ABORTED`, and `CLOSED` when the memory is closed first.
   */
  async reembedded(options: WaitOptions = {}): Promise<void> {
    this.#lifecycle.guard();
    await untilAborted(async () => this.#reembedding?.finished, options.signal);
    this.#lifecycle.guard();
  }

  /** Counts. */
  stats(): MemoryStats {
    this.#lifecycle.guard();
    const byKind = Object.fromEntries(MEMORY_KINDS.map((kind) => [kind, 0])) as Record<MemoryKind, number>;
    const byLevel = { user: 0, project: 0, agent: 0, shared: 0 };
    for (const entry of this.#catalogue.entries()) {
      byKind[entry.kind] += 1;
      byLevel[entry.scope.split(":", 1)[0] as Scope["level"]] += 1;
    }
    const { name, dimensions } = this.#vectors.embedder;
    return {
      memories: this.#catalogue.size,
      forgotten: this.#forgotten,
      byKind,
      byLevel,
      terms: this.#catalogue.terms,
      embedder: { name, dimensions },
    };
  }

  /** Waits for what is under way, and ends embedding anew, which goes on at the next opening. The store stays open. Idempotent. */
  close(): Promise<void> {
    return this.#lifecycle.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #load(): Promise<void> {
    const { logger = silentLogger, onReembedding: onProgress } = this.#options;
    this.#lifecycle.add(async () => this.#index.close?.());
    await this.#vectors.begin();
    const slots = new Map<string, number>();
    for await (const [id, record] of this.#records.entries()) {
      if (record.forgottenAt === undefined) slots.set(id, this.#catalogue.set(record.memory).slot);
      else this.#forgotten += 1;
    }
    for await (const [id, vector] of this.#vectors.entries()) {
      const slot = slots.get(id);
      if (slot !== undefined) this.#index.set(slot, vector);
      slots.delete(id);
    }
    this.#reembedding = new Reembedding({
      ids: [...slots.keys()],
      vectors: this.#vectors,
      read: (id) => this.#seen(id),
      keep: (memory, vector) => this.#keepVector(memory, vector),
      onProgress,
      logger,
    });
    this.#lifecycle.add(this.#reembedding);
  }

  /** Keeps a vector that was made in the background, unless the memory has changed since. */
  #keepVector(memory: Memory, vector: Float32Array): Promise<void> {
    return this.#mutex.run(identityOf(memory), async () => {
      const now = await this.#seen(memory.id);
      const slot = this.#catalogue.slotOf(memory.id);
      if (now === undefined || slot === undefined || searchText(now) !== searchText(memory)) return;
      await this.#options.store.write([this.#vectors.put(memory.id, vector)]);
      this.#index.set(slot, vector);
    });
  }

  async #sameAs(said: Memory, identity: string): Promise<Memory | undefined> {
    for (const id of this.#catalogue.same(identity)) {
      const record = await this.#records.get(id);
      if (record !== undefined && validityTouches(record.memory, said)) return record.memory;
    }
    return undefined;
  }

  #place(memory: Memory, vector: Float32Array): void {
    const { slot, before } = this.#catalogue.set(memory);
    if (before !== undefined) this.#index.delete(before);
    this.#index.set(slot, vector);
  }

  /** Every memory that fits, best first, and what its words came to. */
  async #search(
    query: string,
    options: RecallOptions,
  ): Promise<{ readonly ranked: readonly Ranked[]; readonly lexical?: LexicalScores }> {
    const {
      limit = 10,
      minScore = 0,
      signal,
    } = validate(recallOptionsSchema, options, { what: "Recall options" });
    if (typeof query !== "string") throw coreError("INPUT_INVALID", "Recall needs a query of text.");
    throwIfAborted(signal);
    if (limit === 0 || query.trim() === "") return { ranked: [] };
    const pool = Math.max(limit * POOL_FACTOR, POOL_MINIMUM);
    const allowed = this.#catalogue.allowed(options, this.#options.clock());
    const lexical = this.#catalogue.lexical.score(query, allowed);
    const dense = this.#lexicalWeight === 1 ? [] : await this.#dense(query, allowed, pool, signal);
    const ranked = this.#rank(lexical.best(pool), dense).filter((match) => match.score >= minScore);
    return { ranked, lexical };
  }

  async #seen(id: string): Promise<Memory | undefined> {
    const record = id === "" ? undefined : await this.#records.get(id);
    return record?.forgottenAt === undefined ? record?.memory : undefined;
  }

  async #dense(
    query: string,
    allowed: Uint8Array,
    limit: number,
    signal: AbortSignal | undefined,
  ): Promise<readonly Match[]> {
    let vector: Float32Array;
    try {
      vector = await this.#vectors.embedQuery(query, { signal });
    } catch (error) {
      // While memories wait for a failing embedder to give them vectors, words alone must do.
      if (!this.#reembedding?.unfinished || !isAgentOSError(error, "MEMORY_EMBEDDER_FAILED")) throw error;
      this.#options.logger?.warn({ error }, "recalled by words alone");
      return [];
    }
    return this.#index.search(vector, { allowed, limit, signal });
  }

  get #lexicalWeight(): number {
    return this.#options.lexicalWeight ?? (this.#vectors.embedder.lexical ? 1 : 0.5);
  }

  #rank(lexical: readonly Match[], dense: readonly Match[]): readonly Ranked[] {
    const matches = fuse(lexical, dense, {
      lexicalWeight: this.#lexicalWeight,
      unrelatedBelow: this.#vectors.embedder.unrelatedBelow ?? 0,
    });
    return matches
      .flatMap(({ slot, score }) => {
        const entry = this.#catalogue.entry(slot);
        return entry === undefined ? [] : [{ entry, slot, score }];
      })
      .sort(
        (a, b) =>
          b.score - a.score ||
          b.entry.importance - a.entry.importance ||
          b.entry.recordedAt - a.entry.recordedAt ||
          (a.entry.id < b.entry.id ? -1 : 1),
      )
      .map(({ entry, slot, score }) => ({ id: entry.id, slot, score }));
  }

  async *#walk(options: ListOptions, matches: ReturnType<typeof filterOf>): AsyncGenerator<Memory> {
    const { after, limit = Infinity, forgotten = false, signal } = options;
    let left = limit;
    if (left === 0) return;
    for await (const [, record] of this.#records.entries({ after, signal })) {
      this.#lifecycle.guard();
      const { memory } = record;
      if (record.forgottenAt !== undefined && !forgotten) continue;
      if (!matches({ scope: scopeKey(memory.scope), kind: memory.kind, tags: new Set(memory.tags) }))
        continue;
      yield memory;
      left -= 1;
      if (left === 0) return;
    }
  }
}
