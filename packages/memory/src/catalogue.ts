import type { Memory } from "@agentos/core";
import { Columns } from "./columns.js";
import { type Facet, Facets, type ScopeNames } from "./facets.js";
import { Groups } from "./groups.js";
import type { LexicalIndex } from "./lexical-index.js";
import type { MemoryFilter } from "./options.js";
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

const ALWAYS: KnownTime = { from: -Infinity, to: Infinity };

/**
 * What is known of memories, derived from the store: who may be seen, and where the words are. Keys are ids of memories, or
 * of their versions. What changes gets a new slot; the old one is emptied.
 */
export class Catalogue {
  readonly #lexical: LexicalIndex;
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

  constructor(lexical: LexicalIndex, held?: Held) {
    this.#lexical = lexical;
    this.#facets = held?.facets ?? new Facets();
    this.#columns = held?.columns ?? new Columns();
    this.#keys = held?.keys ?? [];
    this.#identities = held?.identities ?? [];
    this.#subjects = held?.subjects ?? [];
    this.#keys.forEach((key, slot) => {
      if (key !== "") this.#enter(key, slot);
    });
  }

  /** Adds a memory, or puts it in the place of what has its key. Gives the slot that it has, and had. */
  set(
    memory: Memory,
    key: string = memory.id,
    known: KnownTime = ALWAYS,
  ): { slot: number; before: number | undefined } {
    const before = this.delete(key);
    const slot = this.#lexical.add(searchText(memory));
    this.#columns.set(slot, {
      facet: this.#facets.numberOf(memory),
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
    this.#same.delete(this.#identities[slot] ?? "", key);
    const subject = this.#subjects[slot];
    if (subject != null) this.#about.delete(subject, key);
    this.#keys[slot] = "";
    this.#identities[slot] = "";
    this.#subjects[slot] = null;
    this.#slots.delete(key);
    return slot;
  }

  /** Says until when a version was what was known. */
  end(key: string, at: number): void {
    const slot = this.#slots.get(key);
    if (slot !== undefined) this.#columns.put(slot, "to", at);
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

  /** Slots that hold nothing any more. */
  get emptied(): number {
    return this.#keys.length - this.#slots.size;
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

  /** A byte for each slot: 1 where the filter lets it through, and it is true and known at those moments. */
  allowed(filter: MemoryFilter, moments: Moments, scopes: ScopeNames): Uint8Array {
    const facets = this.#facets.allowed(filter, scopes);
    const { recordedFrom = -Infinity, recordedTo = Infinity } = filter;
    const { now, at, known = Number.MAX_VALUE } = moments;
    const { facet, validFrom, validTo, expiresAt, recordedAt, from, to } = this.#columns.numbers;
    const mask = new Uint8Array(this.#keys.length);
    for (let slot = 0; slot < mask.length; slot++) {
      const passes =
        facets[facet[slot] as number] === 1 &&
        (validFrom[slot] as number) <= at &&
        at < (validTo[slot] as number) &&
        now < (expiresAt[slot] as number) &&
        (from[slot] as number) <= known &&
        known < (to[slot] as number) &&
        (recordedAt[slot] as number) >= recordedFrom &&
        (recordedAt[slot] as number) < recordedTo;
      if (passes && this.#keys[slot] !== "") mask[slot] = 1;
    }
    return mask;
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

  #enter(key: string, slot: number): void {
    this.#slots.set(key, slot);
    this.#same.add(this.#identities[slot] ?? "", key);
    const subject = this.#subjects[slot];
    if (subject != null) this.#about.add(subject, key);
  }
}

interface HeldWords {
  readonly facets: readonly Facet[];
  readonly keys: string[];
  readonly identities: string[];
  readonly subjects: (string | null)[];
}

interface Held extends Omit<HeldWords, "facets"> {
  readonly facets: Facets;
  readonly columns: Columns;
}
