import { type Bm25Floor, Bm25Room, type Bm25Scores, Bm25Sums, K1 } from "./bm25.js";
import { bytesOf, numbersOf, Postings, withRoom } from "./postings.js";

/** BM25 of parts, which are of like length, and of whole texts, of which long ones are not to be punished much. */
const B_UNIT = 0.75;
const B_WHOLE = 0.3;
/** Terms that so many units have, and so large a share of all, may be left out: they tell next to nothing, and cost most. */
const MANY = 1000;
const COMMON = 0.2;
/** Where there are many, terms that so large a share of units have stand in for no other. */
const COMMON_OTHER = 0.01;

/** Which texts may be seen, and how many they and their units are. */
export interface Seen {
  /** A byte for each slot, 0 or 1. */
  readonly allowed: Uint8Array;
  readonly slots: number;
  readonly units: number;
  /** Whether each slot is the unit of its number, in all texts. */
  readonly aligned: boolean;
}

/** A term of a query. */
export interface Wanted<Term> {
  readonly term: Term;
  /** What it counts. */
  readonly weight: number;
  /** Terms that may stand in for it, each with the share of its weight that they count: of all, the best match counts. */
  readonly others?: ReadonlyMap<Term, number>;
}

/** How a field is scored. */
export interface FieldOptions {
  /** Whether terms that are everywhere are left out, where there are many texts. */
  readonly dropsCommon: boolean;
}

/** One kind of term of all texts, by unit and by slot, and how long they are in it. */
export class Field<Term extends string | number> {
  readonly #postings: Postings<Term>;
  /** Of each slot, in terms. */
  #lengths: Uint32Array = new Uint32Array(64);
  readonly #unitGains = new Gains(B_UNIT);
  readonly #slotGains = new Gains(B_WHOLE);
  readonly #room = new Bm25Room();
  readonly #dropsCommon: boolean;
  /** Of all slots together. */
  #length = 0;

  constructor(options: FieldOptions, postings: Postings<Term> = new Postings(), lengths?: Uint32Array) {
    this.#dropsCommon = options.dropsCommon;
    this.#postings = postings;
    if (lengths === undefined) return;
    this.#lengths = lengths;
    this.#length = lengths.reduce((sum, length) => sum + length, 0);
  }

  /** Adds the terms of the next unit, which belongs to a slot. */
  add(unit: number, slot: number, terms: readonly Term[]): void {
    this.#unitGains.forget();
    this.#slotGains.forget();
    this.#postings.add(unit, terms);
    this.#lengths = withRoom(this.#lengths, slot);
    this.#lengths[slot] = (this.#lengths[slot] as number) + terms.length;
    this.#length += terms.length;
  }

  /** The same without some units and all that is known of some slots; see `Postings.without`. */
  *without(
    numbers: Uint32Array,
    keeps: (slot: number) => boolean,
    entriesAtOnce: number,
  ): Generator<void, Field<Term>> {
    const slots = this.#lengths.length;
    const postings = yield* this.#postings.without(numbers, entriesAtOnce);
    const lengths = new Uint32Array(slots);
    for (let slot = 0; slot < slots; slot++) {
      if (keeps(slot)) lengths[slot] = this.#lengths[slot] as number;
      if ((slot + 1) % entriesAtOnce === 0) yield;
    }
    return new Field<Term>({ dropsCommon: this.#dropsCommon }, postings, lengths);
  }

  /** How many terms a slot has, each as often as it occurs. */
  lengthOf(slot: number): number {
    return this.#lengths[slot] ?? 0;
  }

  /** How many different terms there are. */
  get size(): number {
    return this.#postings.size;
  }

  /** What it holds, to be kept. */
  toParts(slots: number, units: number): ReadonlyMap<string, Uint8Array> {
    return new Map([...this.#postings.toParts(units), ["slots", bytesOf(this.#lengths.slice(0, slots))]]);
  }

  /** What `toParts` gave; see `Postings.fromParts`. */
  static fromParts<Term extends string | number>(
    parts: ReadonlyMap<string, Uint8Array>,
    kind: "text" | "number",
    options: FieldOptions,
  ): Field<Term> {
    const slots = parts.get("slots");
    if (slots === undefined) throw new Error("a part is missing: slots");
    const lengths = numbersOf(slots).slice();
    return new Field(options, Postings.fromParts<Term>(parts, kind), lengths);
  }

  /**
   * BM25 of every unit and, with the same pass over the lists, of every slot: its units' frequencies are added up. What it gives
   * is written anew by the next query.
   * @param slotOf the slot of each unit
   * @param units how many there are
   * @param floor which slots count; absent: all that have a term
   */
  score(
    query: readonly Wanted<Term>[],
    seen: Seen,
    slotOf: Uint32Array,
    units: number,
    floor?: Bm25Floor,
  ): Bm25Scores {
    const { allowed } = seen;
    const length = this.#lengthOf(seen);
    const texts = {
      allowed,
      everything: seen.slots === allowed.length,
      units: this.#unitGains.of(this.#postings.lengths, units, length / seen.units || 1),
      slots: this.#slotGains.of(this.#lengths, allowed.length, length / seen.slots || 1),
    };
    const sums = new Bm25Sums(slotOf, units, texts, this.#room, seen.aligned);
    for (const { term, weight, others } of query) {
      const its = this.#rarity(term, seen, slotOf, units);
      if (this.#dropsCommon && isCommon(its.holders, COMMON, seen)) continue;
      sums.begin(weight * its.unitIdf, weight * its.slotIdf);
      const stands = this.#stands(others, its, (other) => this.#rarity(other, seen, slotOf, units), seen);
      if (stands.length === 0) {
        if (its.holders > 0) this.#postings.visit(term, (entries, from, to) => sums.add(entries, from, to));
        continue;
      }
      if (its.holders > 0)
        this.#postings.visit(term, (entries, from, to) => sums.consider(entries, from, to));
      for (const { other, share, unitIdf, slotIdf } of stands) {
        sums.standIn(weight * share * unitIdf, weight * share * slotIdf);
        this.#postings.visit(other, (entries, from, to) => sums.consider(entries, from, to));
      }
      sums.take();
    }
    return sums.end(floor);
  }

  /** How long all that may be seen is together. */
  #lengthOf({ allowed, slots }: Seen): number {
    if (slots === allowed.length) return this.#length;
    const lengths = this.#lengths;
    let sum = 0;
    // Slots that never held a text may lie beyond what is known of lengths.
    const known = Math.min(allowed.length, lengths.length);
    for (let slot = 0; slot < known; slot++) sum += (allowed[slot] as number) * (lengths[slot] as number);
    return sum;
  }

  /** How many units and slots that may be seen have a term. */
  #holders(term: Term, seen: Seen, slotOf: Uint32Array, units: number): readonly [number, number] {
    const { allowed } = seen;
    if (seen.aligned && seen.units === units) {
      // All may be seen, and each slot is one unit.
      const holders = this.#postings.holders(term);
      return [holders, holders];
    }
    let unitHolders = 0;
    let slotHolders = 0;
    let last = -1;
    this.#postings.visit(term, (entries, from, to) => {
      let [unitsHere, slotsHere, before] = [0, 0, last];
      for (let at = from; at < to; at++) {
        const slot = slotOf[(entries[at] as number) >>> 8] as number;
        const here = allowed[slot] as number;
        unitsHere += here;
        if (slot !== before) slotsHere += here;
        before = slot;
      }
      unitHolders += unitsHere;
      slotHolders += slotsHere;
      last = before;
    });
    return [unitHolders, slotHolders];
  }

  /** Whether a text that may be seen has the term. */
  has(term: Term, allowed: Uint8Array, slotOf: Uint32Array): boolean {
    let found = false;
    this.#postings.visit(term, (entries, from, to) => {
      for (let at = from; at < to && !found; at++)
        found = allowed[slotOf[(entries[at] as number) >>> 8] as number] !== 0;
    });
    return found;
  }

  /** All terms, in the order in which they came. */
  terms(): IterableIterator<Term> {
    return this.#postings.terms();
  }

  /** What stands in for a term, and how much it tells: no more than the term itself, where some text has that. */
  #stands(
    others: ReadonlyMap<Term, number> = new Map(),
    term: Rarity,
    rarityOf: (term: Term) => Rarity,
    seen: Seen,
  ): readonly (Rarity & { readonly other: Term; readonly share: number })[] {
    const known = term.holders > 0;
    return [...others].flatMap(([other, share]) => {
      const its = rarityOf(other);
      if (its.holders === 0 || isCommon(its.holders, COMMON_OTHER, seen)) return [];
      const unitIdf = known ? Math.min(term.unitIdf, its.unitIdf) : its.unitIdf;
      const slotIdf = known ? Math.min(term.slotIdf, its.slotIdf) : its.slotIdf;
      return [{ other, share, unitIdf, slotIdf, holders: its.holders }];
    });
  }

  #rarity(term: Term, seen: Seen, slotOf: Uint32Array, units: number): Rarity {
    const [holders, slotHolders] = this.#holders(term, seen, slotOf, units);
    return { unitIdf: idf(seen.units, holders), slotIdf: idf(seen.slots, slotHolders), holders };
  }
}

/** How much a term tells, and how many units that may be seen have it. */
interface Rarity {
  readonly unitIdf: number;
  readonly slotIdf: number;
  readonly holders: number;
}

function isCommon(holders: number, share: number, { units }: Seen): boolean {
  return holders > MANY && holders > share * units;
}

/** What a term that occurs once gains a text, by its length beside what is usual: `1 / (1 + K1 (1 - b + b length / mean))`. */
class Gains {
  readonly #b: number;
  #mean = 0;
  #count = 0;
  #gains: Float32Array = new Float32Array(0);

  constructor(b: number) {
    this.#b = b;
  }

  /** What they were made of has changed. */
  forget(): void {
    this.#count = -1;
  }

  /** They are kept: the same filter asked again, with nothing written meanwhile, has the same mean. */
  of(lengths: Uint32Array, count: number, mean: number): Float32Array {
    if (this.#mean === mean && this.#count === count) return this.#gains;
    if (this.#gains.length < count) this.#gains = new Float32Array(Math.ceil(count * 1.25));
    const gains = this.#gains;
    const base = 1 + K1 * (1 - this.#b);
    const slope = (K1 * this.#b) / mean;
    for (let at = 0; at < Math.min(count, lengths.length); at++)
      gains[at] = 1 / (base + slope * (lengths[at] as number));
    this.#mean = mean;
    this.#count = count;
    return gains;
  }
}

function idf(count: number, holders: number): number {
  return Math.log(1 + (count - holders + 0.5) / (holders + 0.5));
}
