import { Field, type Seen, type Wanted } from "./field.js";
import { below, prefixed } from "./parts.js";
import { bytesOf, numbersOf, withRoom } from "./postings.js";
import { queryWords, type Vocabulary } from "./query-words.js";
import { gramsOf } from "./text/grams.js";
import { Spelling } from "./text/spelling.js";
import { termsOf } from "./text/terms.js";
import { unitsOf } from "./text/units.js";

const WORDS = { dropsCommon: false } as const;
const GRAMS = { dropsCommon: true } as const;

/** A slot that fits, with its score. */
export interface Match {
  readonly slot: number;
  readonly score: number;
}

/** A part of a slot's text that fits, with its score. */
export interface UnitMatch extends Match {
  /** Which part of the text, counted from 0. */
  readonly unit: number;
}

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

/** What a part gets of the score of its text. */
const OF_TEXT = 0.3;

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
  /** The first unit of each slot, and behind the last slot the number of units. */
  #starts: Uint32Array = new Uint32Array(64);
  /** How many there are. */
  #count = 0;
  /** The slot of each unit. */
  #slots: Uint32Array = new Uint32Array(64);

  constructor(weights: LexicalWeights = LEXICAL_WEIGHTS) {
    this.#weights = weights;
  }

  /** Adds the text of the next slot. Slots are never changed or removed; they stop being allowed. */
  add(text: string): number {
    const slot = this.#count;
    let unit = this.#starts[slot] as number;
    for (const { start, end } of unitsOf(text)) {
      const part = text.slice(start, end);
      this.#words.add(unit, slot, termsOf(part));
      this.#grams.add(unit, slot, gramsOf(part));
      this.#slots = withRoom(this.#slots, unit);
      this.#slots[unit] = slot;
      unit += 1;
    }
    this.#count += 1;
    this.#starts = withRoom(this.#starts, this.#count);
    this.#starts[this.#count] = unit;
    return slot;
  }

  /** How many texts there are. */
  get size(): number {
    return this.#count;
  }

  /** What it holds, to be kept beside the truth. */
  toParts(): ReadonlyMap<string, Uint8Array> {
    const units = this.#starts[this.#count] as number;
    return new Map([
      ["starts", bytesOf(this.#starts.slice(0, this.#count + 1))],
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
    made.#count = made.#starts.length - 1;
    if (made.#count < 0 || made.#slots.length !== made.#starts[made.#count])
      throw new Error("the units are cut short");
    made.#words = Field.fromParts<string>(below("words", parts), "text", WORDS);
    made.#grams = Field.fromParts<number>(below("grams", parts), "number", GRAMS);
    return made;
  }

  /** How many different terms there are. */
  get terms(): number {
    return this.#words.size;
  }

  /**
   * Scores what is allowed. `allowed` has a non-zero byte for each slot that may be seen. A slot counts that has a word of
   * the query, or what stands in for one, or much of its 4-grams.
   * @param alike how much counts what stands in for a word; @default that of the weights
   */
  score(query: string, allowed: Uint8Array, alike: number = this.#weights.alike): LexicalScores {
    const { grams, whole } = this.#weights;
    const seen = this.#seen(allowed);
    const wanted = queryWords(query, this.#vocabulary(seen.allowed), alike);
    const all = this.#starts[this.#count] as number;
    const byWords = this.#words.score(wanted.terms, seen, this.#slots, all);
    const byGrams = this.#grams.score(wanted.grams, seen, this.#slots, all);
    for (let slot = 0; slot < byGrams.slots.length; slot++) {
      if (byGrams.slots[slot] === 0 || byWords.slots[slot] !== 0) continue;
      if ((byGrams.covered[slot] as number) >= LIKE) continue;
      byGrams.slots[slot] = 0;
      byGrams.units.fill(0, this.#starts[slot], this.#starts[slot + 1]);
    }
    const units = this.#withNeighbours(mix(byWords.units, byGrams.units, grams));
    const parts = new Float32Array(byWords.slots.length);
    for (let unit = 0; unit < units.length; unit++) {
      const score = units[unit] as number;
      const slot = this.#slots[unit] as number;
      if (score > (parts[slot] as number)) parts[slot] = score;
    }
    const slots = mix(parts, mix(byWords.slots, byGrams.slots, grams), whole);
    return new LexicalScores(slots, units, this.#starts, wanted.terms);
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
    const seen = { allowed: new Uint8Array(slots), slots: 0, units: 0 };
    for (let slot = 0; slot < Math.min(slots, allowed.length); slot++) {
      if (allowed[slot] === 0) continue;
      seen.allowed[slot] = 1;
      seen.slots += 1;
      seen.units += (this.#starts[slot + 1] as number) - (this.#starts[slot] as number);
    }
    return seen;
  }

  /** Adds to each unit what its neighbours in the same text give it. */
  #withNeighbours(scores: Float32Array): Float32Array {
    const { neighbours } = this.#weights;
    // One unit each: nobody has neighbours.
    if (neighbours === 0 || scores.length === this.#count) return scores;
    const result = scores.slice();
    for (let unit = 0; unit < scores.length; unit++) {
      const score = scores[unit] as number;
      if (score === 0) continue;
      const slot = this.#slots[unit] as number;
      const from = this.#starts[slot] as number;
      const to = this.#starts[slot + 1] as number;
      for (let distance = 1; distance <= 2; distance++) {
        const share = score * neighbours ** distance;
        if (unit - distance >= from) result[unit - distance] = (result[unit - distance] as number) + share;
        if (unit + distance < to) result[unit + distance] = (result[unit + distance] as number) + share;
      }
    }
    return result;
  }
}

/** What a query found, by slot and by unit. */
export class LexicalScores {
  readonly #scores: Float32Array;
  readonly #units: Float32Array;
  readonly #starts: Uint32Array;
  /** The terms that were looked for, with what stood in for them. */
  readonly wanted: readonly Wanted<string>[];

  constructor(
    scores: Float32Array,
    units: Float32Array,
    starts: Uint32Array,
    wanted: readonly Wanted<string>[],
  ) {
    this.wanted = wanted;
    this.#scores = scores;
    this.#units = units;
    this.#starts = starts;
  }

  /** The best slots, best first, equal ones by slot. */
  best(limit: number): readonly Match[] {
    return best(this.#scores, limit).map((slot) => ({ slot, score: this.#scores[slot] ?? 0 }));
  }

  /** The score of one slot. */
  of(slot: number): number {
    return this.#scores[slot] ?? 0;
  }

  /** The best parts of some slots. A part is scored by itself, and by its text, whose score is given. */
  bestUnits(slots: ReadonlyMap<number, number>, limit: number): readonly UnitMatch[] {
    const found: UnitMatch[] = [];
    for (const [slot, score] of slots) {
      const from = this.#starts[slot] ?? 0;
      for (let at = from; at < (this.#starts[slot + 1] ?? 0); at++) {
        const own = this.#units[at] ?? 0;
        if (own > 0) found.push({ slot, unit: at - from, score: (own + OF_TEXT * score) / (1 + OF_TEXT) });
      }
    }
    return found.sort((a, b) => b.score - a.score || a.slot - b.slot || a.unit - b.unit).slice(0, limit);
  }
}

/** Two scores of the same things, each divided by its own best, the second with a share. */
function mix(first: Float32Array, second: Float32Array, share: number): Float32Array {
  const [firstBest, secondBest] = [greatest(first), greatest(second)];
  const factor = firstBest > 0 ? (1 - share) / firstBest : 0;
  const other = secondBest > 0 ? share / secondBest : 0;
  const mixed = new Float32Array(first.length);
  for (let at = 0; at < mixed.length; at++)
    mixed[at] = (first[at] as number) * factor + (second[at] as number) * other;
  return mixed;
}

function greatest(scores: Float32Array): number {
  let most = 0;
  for (let at = 0; at < scores.length; at++) if ((scores[at] as number) > most) most = scores[at] as number;
  return most;
}

/** Where the greatest scores above 0 are, best first, equal ones by place. */
function best(scores: Float32Array, limit: number): readonly number[] {
  const found: number[] = [];
  const threshold = bound(scores, limit);
  for (let at = 0; at < scores.length; at++) {
    const score = scores[at] as number;
    if (score > 0 && score >= threshold) found.push(at);
  }
  return found.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b).slice(0, limit);
}

/** A score that at least `limit` places reach, found by counting in 1,024 steps; 0 when there are fewer. */
function bound(scores: Float32Array, limit: number): number {
  const steps = 1024;
  const most = greatest(scores);
  if (most === 0) return 0;
  const counts = new Uint32Array(steps + 1);
  for (let at = 0; at < scores.length; at++) {
    const step = Math.floor(((scores[at] as number) / most) * steps);
    counts[step] = (counts[step] as number) + 1;
  }
  let reached = 0;
  for (let step = steps; step > 0; step--) {
    reached += counts[step] ?? 0;
    if (reached >= limit) return (step / steps) * most * (1 - 1e-6);
  }
  return 0;
}
