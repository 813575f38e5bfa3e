import { Catalogue } from "./catalogue.js";
import { LexicalIndex, type LexicalWeights } from "./lexical-index.js";
import { Past } from "./past.js";
import { type MemoryRecord, type OutOfUse, stateOf } from "./record.js";
import type { Records } from "./records.js";
import type { VectorIndex } from "./vector-index.js";
import { NearDuplicates } from "./writing/near-duplicates.js";

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
  readonly outOfUse: Map<string, OutOfUse>;
  readonly lacking: Iterable<string>;
  readonly near?: NearDuplicates;
}

/** Everything that is made from the records and can be made again: what is in use, its vectors, and the past where it was asked. */
export class Derived {
  readonly #weights: LexicalWeights;
  readonly catalogue: Catalogue;
  readonly index: VectorIndex;
  /** Why memories are not in the catalogue. */
  readonly outOfUse: Map<string, OutOfUse>;
  /** Where near duplicates are looked for; absent where they are not. */
  readonly near: NearDuplicates | undefined;
  /** Memories in use without a vector, where vectors are searched. */
  readonly lacking: Set<string>;
  readonly #dense: boolean;
  /** How many memories were placed or purged since this was made or kept. */
  changes = 0;
  /** Whether it holds what must not be kept: words of what was purged. Or lacks what a failed write may have left. */
  unfit = false;
  #past: Promise<Past> | undefined;
  /** Versions that came while the past was being read. */
  #pending: MemoryRecord[] | undefined;

  constructor(options: DerivedOptions, index: VectorIndex, kept?: DerivedContent) {
    this.#weights = options.weights;
    this.#dense = options.dense;
    this.index = index;
    this.near = kept?.near ?? (options.near ? new NearDuplicates() : undefined);
    this.catalogue = kept?.catalogue ?? new Catalogue(new LexicalIndex(options.weights));
    this.outOfUse = kept?.outOfUse ?? new Map();
    this.lacking = new Set(kept?.lacking);
  }

  /** How many memories are out of use, by why. */
  get counts(): Readonly<Record<OutOfUse, number>> {
    const counts = { forgotten: 0, quarantined: 0, merged: 0, archived: 0 };
    for (const state of this.outOfUse.values()) counts[state] += 1;
    return counts;
  }

  /** Puts the newest version of a memory where it belongs. Without a vector it is found by its words. */
  place(record: MemoryRecord, vector?: Float32Array): void {
    const { memory } = record;
    const state = stateOf(record);
    if (state === undefined) {
      this.outOfUse.delete(memory.id);
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
      this.outOfUse.set(memory.id, state);
    }
    this.changes += 1;
    this.#pending?.push(record);
    void this.#past?.then((past) => addTo(past, record));
  }

  /** Gives a memory in use its vector. */
  setVector(id: string, vector: Float32Array): void {
    const slot = this.catalogue.slot(id);
    if (slot === undefined) return;
    this.index.set(slot, vector);
    this.lacking.delete(id);
    this.changes += 1;
  }

  /** Takes a memory out. Its words stay in the lists of the index, which is not to be kept therefore. */
  purge(id: string): void {
    this.#take(id);
    this.outOfUse.delete(id);
    this.unfit = true;
    void this.#past?.then((past) => past.remove(id));
  }

  /** The past, read when it is first asked. */
  past(records: Records): Promise<Past> {
    this.#past ??= this.#read(records).catch((error: unknown) => {
      this.#past = undefined;
      throw error;
    });
    return this.#past;
  }

  /** Reads the past anew when it is asked next. */
  forgetPast(): void {
    this.#past = undefined;
  }

  async #read(records: Records): Promise<Past> {
    this.#pending = [];
    try {
      const past = new Past(this.#weights);
      for await (const { record, until } of records.past()) past.add(record, until);
      for await (const record of records.entries()) past.add(record);
      for (const record of this.#pending) addTo(past, record);
      return past;
    } finally {
      this.#pending = undefined;
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
