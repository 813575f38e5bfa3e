import type { Scores } from "./bm25.js";
import { Field, type Seen } from "./field.js";
import { LexicalScores } from "./lexical-scores.js";
import { below, prefixed } from "./parts.js";
import { bytesOf, GONE, numbersOf, withRoom } from "./postings.js";
import { queryWords, type Vocabulary } from "./query-words.js";
import { gramsOf } from "./text/grams.js";
import { Spelling } from "./text/spelling.js";
import { termsOf } from "./text/terms.js";
import { unitsOf } from "./text/units.js";

const WORDS = { dropsCommon: false } as const;
const GRAMS = { dropsCommon: true } as const;

/** How words are weighed. All are shares, 0 to 1. */
export interface LexicalWeights {
  /** Of character 4-grams; the rest is that of words. */
  readonly grams: number;
  /** Of the text as a whole; the rest is that of its best part. */
  readonly whole: number;
  /** What a part gets of the score of the part beside it; of the one behind that, the square of it. */
  readonly neighbours: number;
  /**
   * How much counts what is only like a word of the query: what developers say in its place, what it is in English, and
   * how it is spelt where nothing has it. With 0, only the words themselves and their 4-grams are looked for.
   */
  readonly alike: number;
}

/** Chosen on questions over long conversations; see benchmarks/memory. */
export const LEXICAL_WEIGHTS: LexicalWeights = { grams: 0.4, whole: 0.5, neighbours: 0.35, alike: 1 };

/** So many words of a query are corrected at most: a pasted trace has many that no text has. */
const CORRECTED = 16;

/** Which share of the query's 4-grams, by what they tell, a text must have that has none of its words. */
const LIKE = 0.3;

/**
 * Scores texts, at slots 0, 1, 2…, by BM25 (S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25
 * and Beyond", 2009), with the never negative idf `ln(1 + (N - n + 0.5) / (n + 0.5))`, over words and over character
 * 4-grams. A text counts as a whole and by its best part, and a part by itself and with its neighbours: an answer is
 * often in one line, and its words are in the lines around it. All statistics are taken over the allowed slots alone, so
 * that what lies in other scopes changes neither order nor scores.
 */
export class LexicalIndex {
  #words = new Field<string>(WORDS);
  #grams = new Field<number>(GRAMS);
  readonly #spelling = new Spelling();
  readonly #weights: LexicalWeights;
  /** The first unit of each slot, and the one behind its last. */
  #starts: Uint32Array = new Uint32Array(64);
  #ends: Uint32Array = new Uint32Array(64);
  /** How many slots and units there are. */
  #count = 0;
  #units = 0;
  /** Whether no text has more than one unit. */
  #single = true;
  /** Whether each slot is the unit of its number, as far as they go. */
  #aligned = true;
  /** The slot of each unit. */
  #slots: Uint32Array = new Uint32Array(64);

  constructor(weights: LexicalWeights = LEXICAL_WEIGHTS) {
    this.#weights = weights;
  }

  /**
   * Adds the text of the next slot, or of one that holds nothing. Texts are never changed; they stop being allowed, and
   * {@link LexicalIndex.without} takes them out. Units are numbered in the order of adding.
   */
  add(text: string, slot: number = this.#count): number {
    const first = this.#units;
    let unit = first;
    for (const { start, end } of unitsOf(text)) {
      const part = text.slice(start, end);
      this.#words.add(unit, slot, termsOf(part));
      this.#grams.add(unit, slot, gramsOf(part));
      this.#slots = withRoom(this.#slots, unit);
      this.#slots[unit] = slot;
      unit += 1;
    }
    this.#place(slot, first, unit);
    return slot;
  }

  /** So many slots there are at least; those beyond the last text hold nothing. */
  reserve(slots: number): void {
    this.#starts = withRoom(this.#starts, slots);
    this.#ends = withRoom(this.#ends, slots);
    this.#count = Math.max(this.#count, slots);
  }

  /** Whether a slot holds a text, be it allowed or not. */
  has(slot: number): boolean {
    return (this.#ends[slot] ?? 0) > (this.#starts[slot] ?? 0);
  }

  /** How much a slot's text takes up, in terms. */
  weightOf(slot: number): number {
    return this.#words.lengthOf(slot) + this.#grams.lengthOf(slot);
  }

  /**
   * The same without some slots, made in steps of so many entries of its lists. Texts that are added meanwhile are not in it;
   * what it gives takes them in the order in which they were added.
   */
  *without(gone: (slot: number) => boolean, entriesAtOnce: number): Generator<void, LexicalIndex> {
    const [slots, units] = [this.#count, this.#units];
    const numbers = new Uint32Array(units).fill(GONE);
    const keeps = new Uint8Array(slots);
    const made = new LexicalIndex(this.#weights);
    for (let slot = 0; slot < slots; slot++) {
      // One that got a text since this began is not of these units.
      const here = this.has(slot) && (this.#starts[slot] as number) < units;
      if (here && !gone(slot)) keeps[slot] = 1;
      if ((slot + 1) % entriesAtOnce === 0) yield;
    }
    let next = 0;
    for (let unit = 0; unit < units; unit++) {
      if ((unit + 1) % entriesAtOnce === 0) yield;
      const slot = this.#slots[unit] as number;
      if (keeps[slot] === 1) numbers[unit] = next++;
    }
    made.#slots = new Uint32Array(Math.max(64, next));
    made.#starts = new Uint32Array(Math.max(64, slots));
    made.#ends = new Uint32Array(Math.max(64, slots));
    for (let slot = 0; slot < slots; slot++) {
      if ((slot + 1) % entriesAtOnce === 0) yield;
      if (keeps[slot] === 0) continue;
      const first = numbers[this.#starts[slot] as number] as number;
      made.#place(slot, first, first + (this.#ends[slot] as number) - (this.#starts[slot] as number));
      made.#slots.fill(slot, first, made.#ends[slot]);
    }
    made.#count = slots;
    made.#units = next;
    yield;
    const keeping = (slot: number): boolean => keeps[slot] === 1;
    made.#words = yield* this.#words.without(numbers, keeping, entriesAtOnce);
    yield;
    made.#grams = yield* this.#grams.without(numbers, keeping, entriesAtOnce);
    return made;
  }

  #place(slot: number, first: number, end: number): void {
    this.#starts = withRoom(this.#starts, slot);
    this.#ends = withRoom(this.#ends, slot);
    this.#starts[slot] = first;
    this.#ends[slot] = end;
    this.#units = end;
    this.#count = Math.max(this.#count, slot + 1);
    if (end - first > 1) this.#single = false;
    if (first !== slot || end !== slot + 1) this.#aligned = false;
  }

  /** How many slots there are: one more than the greatest. */
  get size(): number {
    return this.#count;
  }

  /** What it holds, to be kept beside the truth. */
  toParts(): ReadonlyMap<string, Uint8Array> {
    const units = this.#units;
    return new Map([
      ["starts", bytesOf(this.#starts.slice(0, this.#count))],
      ["ends", bytesOf(this.#ends.slice(0, this.#count))],
      ["owners", bytesOf(this.#slots.slice(0, units))],
      ...prefixed("words", this.#words.toParts(this.#count, units)),
      ...prefixed("grams", this.#grams.toParts(this.#count, units)),
    ]);
  }

  /** What `toParts` gave, laid over its bytes, which must begin at multiples of 8. Throws when it is not of one piece. */
  static fromParts(parts: ReadonlyMap<string, Uint8Array>, weights: LexicalWeights): LexicalIndex {
    const made = new LexicalIndex(weights);
    made.#starts = numbersOf(parts.get("starts") ?? new Uint8Array()).slice();
    made.#slots = numbersOf(parts.get("owners") ?? new Uint8Array()).slice();
    made.#ends = numbersOf(parts.get("ends") ?? new Uint8Array()).slice();
    made.#count = made.#starts.length;
    made.#units = made.#slots.length;
    if (made.#ends.length !== made.#count) throw new Error("the units are cut short");
    for (let slot = 0; slot < made.#count; slot++) {
      const units = (made.#ends[slot] as number) - (made.#starts[slot] as number);
      if ((made.#ends[slot] as number) > made.#units) throw new Error("the units are cut short");
      if (units > 1) made.#single = false;
      if (units !== 1 || made.#starts[slot] !== slot) made.#aligned = false;
    }
    made.#words = Field.fromParts<string>(below("words", parts), "text", WORDS);
    made.#grams = Field.fromParts<number>(below("grams", parts), "number", GRAMS);
    return made;
  }

  /** How many different terms there are. */
  get terms(): number {
    return this.#words.size;
  }

  /**
   * Scores what is allowed. `allowed` has a byte for each slot: 1 where it may be seen, else 0. A slot counts that has a word of
   * the query, or what stands in for one, or much of its 4-grams.
   * @param alike how much counts what stands in for a word; @default that of the weights
   */
  score(query: string, allowed: Uint8Array, alike: number = this.#weights.alike): LexicalScores {
    const { grams, whole } = this.#weights;
    const seen = this.#seen(allowed);
    const all = this.#units;
    const wanted = queryWords(query, this.#vocabulary(seen.allowed), alike);
    const byWords = this.#words.score(wanted.terms, seen, this.#slots, all);
    const floor = { found: byWords.idfs, share: LIKE };
    const byGrams = this.#grams.score(wanted.grams, seen, this.#slots, all, floor);
    const mixed = mix(byWords.units, byGrams.units, grams, new Float32Array(all));
    const units = this.#withNeighbours(mixed.values);
    const parts = seen.aligned ? mixed : this.#bestOf(units);
    const texts = mix(byWords.slots, byGrams.slots, grams, new Float32Array(this.#count));
    const slots = mix(parts, texts, whole, texts.values).values;
    return new LexicalScores(
      slots,
      units,
      { starts: this.#starts, ends: this.#ends, slots: this.#slots },
      wanted.terms,
    );
  }

  /** What the words of the allowed texts tell a query. */
  #vocabulary(allowed: Uint8Array): Vocabulary {
    let left = CORRECTED;
    return {
      has: (term) => this.#words.has(term, allowed, this.#slots),
      near: (term) => {
        if (left === 0) return [];
        left -= 1;
        this.#spelling.update(this.#words.terms(), this.#words.size);
        return this.#spelling.near(term);
      },
    };
  }

  #seen(allowed: Uint8Array): Seen {
    const slots = this.#count;
    const aligned = this.#aligned && this.#units === slots;
    let mask = allowed;
    if (mask.length !== slots) {
      mask = new Uint8Array(slots);
      mask.set(allowed.subarray(0, slots));
    }
    let seen = 0;
    for (let slot = 0; slot < slots; slot++) seen += mask[slot] as number;
    if (aligned) return { allowed: mask, slots: seen, units: seen, aligned };
    const [starts, ends] = [this.#starts, this.#ends];
    let units = 0;
    for (let slot = 0; slot < slots; slot++)
      units += (mask[slot] as number) * ((ends[slot] as number) - (starts[slot] as number));
    return { allowed: mask, slots: seen, units, aligned };
  }

  /** Of each slot, the greatest score of its units. */
  #bestOf(units: Float32Array): Scores {
    const values = new Float32Array(this.#count);
    let best = 0;
    for (let unit = 0; unit < units.length; unit++) {
      const score = units[unit] as number;
      const slot = this.#slots[unit] as number;
      if (score > (values[slot] as number)) values[slot] = score;
      if (score > best) best = score;
    }
    return { values, best };
  }

  /** Adds to each unit what its neighbours in the same text give it. */
  #withNeighbours(scores: Float32Array): Float32Array {
    const { neighbours } = this.#weights;
    // One unit each: nobody has neighbours.
    if (neighbours === 0 || this.#single) return scores;
    const result = scores.slice();
    for (let unit = 0; unit < scores.length; unit++) {
      const score = scores[unit] as number;
      if (score === 0) continue;
      const slot = this.#slots[unit] as number;
      const from = this.#starts[slot] as number;
      const to = this.#ends[slot] as number;
      for (let distance = 1; distance <= 2; distance++) {
        const share = score * neighbours ** distance;
        if (unit - distance >= from) result[unit - distance] = (result[unit - distance] as number) + share;
        if (unit + distance < to) result[unit + distance] = (result[unit + distance] as number) + share;
      }
    }
    return result;
  }
}

/** Two scores of the same things, each divided by its own best, the second with a share. */
function mix(first: Scores, second: Scores, share: number, into: Float32Array): Scores {
  const factor = first.best > 0 ? (1 - share) / first.best : 0;
  const other = second.best > 0 ? share / second.best : 0;
  let best = 0;
  for (let at = 0; at < into.length; at++) {
    const score = Math.fround((first.values[at] as number) * factor + (second.values[at] as number) * other);
    into[at] = score;
    if (score > best) best = score;
  }
  return { values: into, best };
}
