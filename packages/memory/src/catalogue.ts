import type { Memory } from "@agentos/core";
import { Columns } from "./columns.js";
import { type Facet, Facets, type ScopeNames } from "./facets.js";
import { Groups } from "./groups.js";
import type { LexicalIndex } from "./lexical-index.js";
import { Masks } from "./masks.js";
import type { MemoryFilter } from "./options.js";
import { Readers } from "./readers.js";
import { identityOf, searchText, subjectKey } from "./record.js";

/** What is held of each memory, without its content. */
export interface Entry {
  readonly key: string;
  readonly facet: Facet;
  readonly importance: number;
  readonly recordedAt: number;
  readonly validFrom: number;
  readonly validTo: number;
  readonly expiresAt: number;
  /** Length of the content in bytes of UTF-8. */
  readonly size: number;
}

/** From when, and up to when, a version was what was known, in milliseconds since 1970. */
export interface KnownTime {
  readonly from: number;
  readonly to: number;
}

/** The moments that a question is about, in milliseconds since 1970. */
export interface Moments {
  /** The present: what has expired by then is not seen. */
  readonly now: number;
  /** What is true then. */
  readonly at: number;
  /** What was known then. Absent: what is known now. */
  readonly known?: number;
}

/** What a slot takes up beside its text, in terms. */
const SLOT_WEIGHT = 32;
/** Less than this is never given back: a few megabytes. */
const LITTLE_WASTE = 300_000;
/** Entries of the lists and texts that one step of a compaction goes through: a fraction of a millisecond. */
const ENTRIES_AT_ONCE = 16_384;
const TEXTS_AT_ONCE = 2;

const ALWAYS: KnownTime = { from: -Infinity, to: Infinity };

/**
 * What is known of memories, derived from the store: who may be seen, and where the words are. Keys are ids of memories, or
 * of their versions. What changes gets another slot; the old one is emptied, and given out again once `compact` has taken its
 * words out of the lists.
 */
export class Catalogue {
  #lexical: LexicalIndex;
  readonly #facets: Facets;
  readonly #columns: Columns;
  /** By slot; empty text where nothing is. */
  readonly #keys: string[];
  readonly #identities: string[];
  readonly #subjects: (string | null)[];
  readonly #slots = new Map<string, number>();
  /** Keys of what says the same, and of what is about the same subject. */
  readonly #same = new Groups();
  readonly #about = new Groups();
  readonly #readers = new Readers();
  readonly #masks = new Masks();
  /** Slots that may be given out again, when all who read at a moment are done: they may hold a mask that lets them through. */
  #free: number[] = [];
  #freeSince = 0;
  /** What texts in use take up, and those of emptied slots, in terms. */
  #weight = 0;
  #waste = 0;
  /** Texts that came while a compaction is under way. */
  #added: { readonly slot: number; readonly text: string }[] | undefined;

  constructor(lexical: LexicalIndex, held?: Held) {
    this.#lexical = lexical;
    this.#facets = held?.facets ?? new Facets();
    this.#columns = held?.columns ?? new Columns();
    this.#keys = held?.keys ?? [];
    this.#identities = held?.identities ?? [];
    this.#subjects = held?.subjects ?? [];
    this.#keys.forEach((key, slot) => {
      if (key === "") return;
      this.#enter(key, slot);
      this.#facets.hold(this.#columns.get(slot, "facet"));
    });
    this.#weigh();
  }

  /** Adds a memory, or puts it in the place of what has its key. Gives the slot that it has, and had. */
  set(
    memory: Memory,
    key: string = memory.id,
    known: KnownTime = ALWAYS,
  ): { slot: number; before: number | undefined } {
    const before = this.delete(key);
    this.#masks.forget();
    const slot = this.#take();
    const text = searchText(memory);
    this.#lexical.add(text, slot);
    this.#added?.push({ slot, text });
    this.#weight += this.#weightOf(slot);
    this.#columns.set(slot, {
      facet: this.#facets.take(memory),
      importance: memory.importance,
      recordedAt: memory.recordedAt,
      validFrom: memory.validFrom,
      validTo: memory.validTo ?? Infinity,
      expiresAt: memory.expiresAt ?? Infinity,
      size: Buffer.byteLength(memory.content),
      from: known.from,
      to: known.to,
    });
    this.#keys[slot] = key;
    this.#identities[slot] = identityOf(memory);
    this.#subjects[slot] = subjectKey(memory) ?? null;
    this.#enter(key, slot);
    return { slot, before };
  }

  /** Takes a memory out. Gives the slot that it had. */
  delete(key: string): number | undefined {
    const slot = this.#slots.get(key);
    if (slot === undefined) return undefined;
    this.#masks.forget();
    this.#same.delete(this.#identities[slot] ?? "", key);
    const subject = this.#subjects[slot];
    if (subject != null) this.#about.delete(subject, key);
    this.#keys[slot] = "";
    this.#identities[slot] = "";
    this.#subjects[slot] = null;
    this.#slots.delete(key);
    this.#facets.release(this.#columns.get(slot, "facet"));
    const weight = this.#weightOf(slot);
    this.#weight -= weight;
    this.#waste += weight;
    return slot;
  }

  /** Says until when a version was what was known. */
  end(key: string, at: number): void {
    const slot = this.#slots.get(key);
    if (slot === undefined) return;
    this.#masks.forget();
    this.#columns.put(slot, "to", at);
  }

  get size(): number {
    return this.#slots.size;
  }

  get terms(): number {
    return this.#lexical.terms;
  }

  get lexical(): LexicalIndex {
    return this.#lexical;
  }

  /** Whether a third of what it takes up is of no use any more. */
  get wasteful(): boolean {
    return this.#waste > Math.max(LITTLE_WASTE, this.#weight / 2);
  }

  /**
   * Makes the lists of words anew without what is gone, in small steps, and then puts them in the place of the old ones at
   * once. What is asked and written meanwhile goes on as ever. One at a time.
   */
  *compact(): Generator<void, void> {
    const added: { readonly slot: number; readonly text: string }[] = [];
    this.#added = added;
    const free: number[] = [];
    let waste = 0;
    const gone = (slot: number): boolean => {
      if (this.#keys[slot] !== "") return false;
      free.push(slot);
      waste += this.#weightOf(slot);
      return true;
    };
    try {
      const made = yield* this.#lexical.without(gone, ENTRIES_AT_ONCE);
      while (added.length > 0) {
        for (const { slot, text } of added.splice(0, TEXTS_AT_ONCE)) if (!gone(slot)) made.add(text, slot);
        if (added.length > 0) yield;
      }
      made.reserve(this.#keys.length);
      this.#lexical = made;
      this.#waste -= waste;
      this.#free = this.#free.concat(free);
      this.#freeSince = this.#readers.now;
    } finally {
      this.#added = undefined;
    }
  }

  /** To be said by who keeps slots while waiting. Gives what says that it is done. */
  read(): () => void {
    return this.#readers.begin();
  }

  slot(key: string): number | undefined {
    return this.#slots.get(key);
  }

  entry(slot: number): Entry | undefined {
    const key = this.#keys[slot];
    const facet = key ? this.#facets.of(this.#columns.get(slot, "facet")) : undefined;
    if (!key || facet === undefined) return undefined;
    return {
      key,
      facet,
      importance: this.#columns.get(slot, "importance"),
      recordedAt: this.#columns.get(slot, "recordedAt"),
      validFrom: this.#columns.get(slot, "validFrom"),
      validTo: this.#columns.get(slot, "validTo"),
      expiresAt: this.#columns.get(slot, "expiresAt"),
      size: this.#columns.get(slot, "size"),
    };
  }

  /** Everything that is held. */
  *entries(): Generator<Entry> {
    for (let slot = 0; slot < this.#keys.length; slot++) {
      const entry = this.entry(slot);
      if (entry !== undefined) yield entry;
    }
  }

  /** Keys of the memories that say the same. */
  same(identity: string): readonly string[] {
    return this.#same.of(identity);
  }

  /** Keys of the memories that give a value to a subject. */
  about(subject: string): readonly string[] {
    return this.#about.of(subject);
  }

  /**
   * A byte for each slot: 1 where the filter lets it through, and it is true and known at those moments. It may be given to others,
   * too: nobody writes to it.
   */
  allowed(filter: MemoryFilter, moments: Moments, scopes: ScopeNames): Uint8Array {
    const { recordedFrom = -Infinity, recordedTo = Infinity } = filter;
    const { now, at, known = Number.MAX_VALUE } = moments;
    const asked = { facets: this.#facets.allowed(filter, scopes), recordedFrom, recordedTo, now, at, known };
    return this.#masks.of(asked, this.#keys, this.#columns.numbers);
  }

  /** What it holds, to be kept beside the truth. The lexical index is kept apart. */
  toParts(): ReadonlyMap<string, Uint8Array> {
    const words = {
      facets: this.#facets,
      keys: this.#keys,
      identities: this.#identities,
      subjects: this.#subjects,
    };
    return new Map([
      ["words", Buffer.from(JSON.stringify(words))],
      ["numbers", this.#columns.toBytes(this.#keys.length)],
    ]);
  }

  /** What was kept, over the index that was kept with it. Throws when it is not of one piece. */
  static fromParts(parts: ReadonlyMap<string, Uint8Array>, lexical: LexicalIndex): Catalogue {
    const words = JSON.parse(Buffer.from(parts.get("words") ?? []).toString("utf8")) as HeldWords;
    const columns = Columns.from(parts.get("numbers") ?? new Uint8Array(), words.keys.length);
    if (words.keys.length !== lexical.size)
      throw new Error("the catalogue and the words are not of one time");
    return new Catalogue(lexical, { ...words, facets: Facets.from(words.facets), columns });
  }

  /** A slot that holds nothing. */
  #take(): number {
    const free = this.#readers.gone(this.#freeSince) ? this.#free.pop() : undefined;
    return free ?? this.#keys.length;
  }

  /** Counts what is in use and what is not, and finds the slots that no list names. */
  #weigh(): void {
    for (let slot = this.#keys.length - 1; slot >= 0; slot--) {
      if (this.#keys[slot] !== "") this.#weight += this.#weightOf(slot);
      else if (this.#lexical.has(slot)) this.#waste += this.#weightOf(slot);
      else this.#free.push(slot);
    }
  }

  #weightOf(slot: number): number {
    return this.#lexical.weightOf(slot) + SLOT_WEIGHT;
  }

  #enter(key: string, slot: number): void {
    this.#slots.set(key, slot);
    this.#same.add(this.#identities[slot] ?? "", key);
    const subject = this.#subjects[slot];
    if (subject != null) this.#about.add(subject, key);
  }
}

interface HeldWords {
  readonly facets: readonly (Facet | null)[];
  readonly keys: string[];
  readonly identities: string[];
  readonly subjects: (string | null)[];
}

interface Held extends Omit<HeldWords, "facets"> {
  readonly facets: Facets;
  readonly columns: Columns;
}
