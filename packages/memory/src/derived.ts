import { Catalogue } from "./catalogue.js";
import { LexicalIndex, type LexicalWeights } from "./lexical-index.js";
import { Past } from "./past.js";
import { type MemoryRecord, stateOf } from "./record.js";
import type { Records } from "./records.js";
import type { VectorIndex } from "./vector-index.js";
import { NearDuplicates } from "./writing/near-duplicates.js";

/** After so many changes the past is given back, when nobody asked for it. */
const PAST_UNASKED = 1_000;

/** What is to be made. */
export interface DerivedOptions {
  readonly weights: LexicalWeights;
  /** Whether vectors are searched. */
  readonly dense: boolean;
  /** Whether near duplicates are looked for. */
  readonly near: boolean;
}

/** What of it can be kept and laid under again. */
export interface DerivedContent {
  readonly catalogue: Catalogue;
  readonly lacking: Iterable<string>;
  readonly near?: NearDuplicates;
}

/** Everything that is made from the records and can be made again: what is in use, its vectors, and the past where it was asked. */
export class Derived {
  readonly #weights: LexicalWeights;
  readonly catalogue: Catalogue;
  readonly index: VectorIndex;
  /** Where near duplicates are looked for; absent where they are not. */
  readonly near: NearDuplicates | undefined;
  /** Memories in use without a vector, where vectors are searched. */
  readonly lacking: Set<string>;
  readonly #dense: boolean;
  /** How many memories were placed or purged since this was made or kept. */
  changes = 0;
  /** Whether it lacks what a failed write may have left, and must not be kept. */
  unfit = false;
  /** How many were purged, and how many of them before the last compaction began: the words of the others are still there. */
  #purged = 0;
  #swept = 0;
  #past: Promise<Past> | undefined;
  /** Versions that came since the past was asked last. */
  #unasked = 0;
  /** Versions that came while the past was being read. */
  #pending: MemoryRecord[] | undefined;

  constructor(options: DerivedOptions, index: VectorIndex, kept?: DerivedContent) {
    this.#weights = options.weights;
    this.#dense = options.dense;
    this.index = index;
    this.near = kept?.near ?? (options.near ? new NearDuplicates() : undefined);
    this.catalogue = kept?.catalogue ?? new Catalogue(new LexicalIndex(options.weights));
    this.lacking = new Set(kept?.lacking);
  }

  /** Whether words of what was purged are in its lists, which are not to be kept then: `compact` takes them out. */
  get holdsPurged(): boolean {
    return this.#purged > this.#swept;
  }

  /** Makes the lists of words anew without what is gone, step by step; see `Catalogue.compact`. */
  *compact(): Generator<void, void> {
    const purged = this.#purged;
    yield* this.catalogue.compact();
    this.#swept = purged;
  }

  /** Puts the newest version of a memory where it belongs. Without a vector it is found by its words. */
  place(record: MemoryRecord, vector?: Float32Array): void {
    const { memory } = record;
    const state = stateOf(record);
    if (state === undefined) {
      const { slot, before } = this.catalogue.set(memory);
      if (before !== undefined) {
        this.index.delete(before);
        this.near?.delete(before);
      }
      this.near?.add(slot, memory.content);
      if (vector !== undefined) this.index.set(slot, vector);
      if (this.#dense && vector === undefined) this.lacking.add(memory.id);
      else this.lacking.delete(memory.id);
    } else {
      this.#take(memory.id);
    }
    this.changes += 1;
    // Few ask what was known once, and it holds every version: it is read again when somebody does.
    this.#unasked += 1;
    if (this.#unasked > PAST_UNASKED && this.#pending === undefined) this.forgetPast();
    if (this.#pending) this.#pending.push(record);
    else this.#withPast((past) => addTo(past, record));
  }

  /** Gives a memory in use its vector. */
  setVector(id: string, vector: Float32Array): void {
    const slot = this.catalogue.slot(id);
    if (slot === undefined) return;
    this.index.set(slot, vector);
    this.lacking.delete(id);
    this.changes += 1;
  }

  /** Takes a memory out. Its words stay in the lists until they are compacted. */
  purge(id: string): void {
    this.#take(id);
    this.#purged += 1;
    this.#withPast((past) => past.remove(id));
  }

  /** The past, read when it is first asked. */
  past(records: Records): Promise<Past> {
    this.#unasked = 0;
    if (this.#past !== undefined) return this.#past;
    const read = this.#read(records).catch((error: unknown) => {
      if (this.#past === read) this.#past = undefined;
      throw error;
    });
    this.#past = read;
    return read;
  }

  /** Reads the past anew when it is asked next. */
  forgetPast(): void {
    this.#past = undefined;
  }

  /** Changes the past once it is read. When that fails, whoever asked for it is told. */
  #withPast(change: (past: Past) => void): void {
    void this.#past?.then(change, () => {});
  }

  async #read(records: Records): Promise<Past> {
    // Its own: it may be read again before this is over.
    const pending: MemoryRecord[] = [];
    this.#pending = pending;
    try {
      const past = new Past(this.#weights);
      for await (const { record, until } of records.past()) past.add(record, until);
      for await (const record of records.entries()) past.add(record);
      for (const record of pending) addTo(past, record);
      return past;
    } finally {
      if (this.#pending === pending) this.#pending = undefined;
    }
  }

  #take(id: string): void {
    const slot = this.catalogue.delete(id);
    if (slot !== undefined) {
      this.index.delete(slot);
      this.near?.delete(slot);
    }
    this.lacking.delete(id);
  }
}

function addTo(past: Past, record: MemoryRecord): void {
  if (record.quarantine === undefined) past.add(record);
  else past.remove(record.memory.id);
}
