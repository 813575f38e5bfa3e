import { countOf, Postings, withRoom } from "./postings.js";
import { gramsOf } from "./text/grams.js";
import { termsOf } from "./text/terms.js";
import { unitsOf } from "./text/units.js";

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
}

/** Chosen on questions over long conversations; see benchmarks/memory. */
export const LEXICAL_WEIGHTS: LexicalWeights = { grams: 0.4, whole: 0.5, neighbours: 0.35 };

/** BM25 of parts, which are of like length, and of whole texts, of which long ones are not to be punished much. */
const K1 = 1.2;
const B_UNIT = 0.75;
const B_WHOLE = 0.3;
/** What a part gets of the score of its text. */
const OF_TEXT = 0.3;

/** Which share of the query's 4-grams, by what they tell, a text must have that has none of its words. */
const LIKE = 0.3;

/** BM25 of one kind of term. */
interface Bm25 {
  readonly slots: Float32Array;
  readonly units: Float32Array;
  /** Of each slot: the idf of the query's terms that it holds, as a share of all. */
  readonly covered: Float32Array;
}

/**
 * Scores texts, at slots 0, 1, 2…, by BM25 (S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25
 * and Beyond", 2009), with the never negative idf `ln(1 + (N - n + 0.5) / (n + 0.5))`, over words and over character
 * 4-grams. A text counts as a whole and by its best part, and a part by itself and with its neighbours: an answer is
 * often in one line, and its words are in the lines around it. All statistics are taken over the allowed slots alone, so
 * that what lies in other scopes changes neither order nor scores.
 */
export class LexicalIndex {
  readonly #words = new Postings<string>();
  readonly #grams = new Postings<number>();
  readonly #weights: LexicalWeights;
  /** The first unit of each slot, and behind the last slot the number of units. */
  readonly #starts: number[] = [0];
  /** The slot of each unit. */
  #slots: Uint32Array = new Uint32Array(64);

  constructor(weights: LexicalWeights = LEXICAL_WEIGHTS) {
    this.#weights = weights;
  }

  /** Adds the text of the next slot. Slots are never changed or removed; they stop being allowed. */
  add(text: string): number {
    const slot = this.#starts.length - 1;
    let unit = this.#starts[slot] ?? 0;
    for (const { start, end } of unitsOf(text)) {
      const part = text.slice(start, end);
      this.#words.add(unit, termsOf(part));
      this.#grams.add(unit, gramsOf(part));
      this.#own(unit, slot);
      unit += 1;
    }
    this.#starts.push(unit);
    return slot;
  }

  /** How many different terms there are. */
  get terms(): number {
    return this.#words.size;
  }

  /**
   * Scores what is allowed. `allowed` has a non-zero byte for each slot that may be seen. A slot counts that has a word of
   * the query, or much of its 4-grams.
   */
  score(query: string, allowed: Uint8Array): LexicalScores {
    const { grams, whole } = this.#weights;
    const byWords = this.#bm25(this.#words, termsOf(query), allowed);
    const byGrams = this.#bm25(this.#grams, gramsOf(query), allowed);
    byGrams.slots.forEach((score, slot) => {
      if (score === 0 || byWords.slots[slot] || (byGrams.covered[slot] ?? 0) >= LIKE) return;
      byGrams.slots[slot] = 0;
      byGrams.units.fill(0, this.#starts[slot], this.#starts[slot + 1]);
    });
    const units = this.#withNeighbours(mix(byWords.units, byGrams.units, grams));
    const parts = new Float32Array(byWords.slots.length);
    units.forEach((score, unit) => {
      const slot = this.#slots[unit] ?? 0;
      if (score > (parts[slot] ?? 0)) parts[slot] = score;
    });
    const slots = mix(parts, mix(byWords.slots, byGrams.slots, grams), whole);
    return new LexicalScores(slots, units, this.#starts);
  }

  /** BM25 of every unit and, with the same pass over the lists, of every slot: its units' frequencies are added up. */
  #bm25<Term extends string | number>(
    postings: Postings<Term>,
    query: readonly Term[],
    allowed: Uint8Array,
  ): Bm25 {
    const slotOf = this.#slots;
    const { lengths } = postings;
    const slots = this.#starts.length - 1;
    const slotLengths = new Float32Array(slots);
    const count = { units: 0, slots: 0, length: 0 };
    for (let slot = 0; slot < slots; slot++) {
      if (!allowed[slot]) continue;
      const [from, to] = [this.#starts[slot] ?? 0, this.#starts[slot + 1] ?? 0];
      let length = 0;
      for (let unit = from; unit < to; unit++) length += lengths[unit] ?? 0;
      slotLengths[slot] = length;
      count.units += to - from;
      count.slots += 1;
      count.length += length;
    }
    const meanUnit = count.length / count.units || 1;
    const meanSlot = count.length / count.slots || 1;
    const scores: Bm25 = {
      units: new Float32Array(this.#starts[slots] ?? 0),
      slots: new Float32Array(slots),
      covered: new Float32Array(slots),
    };
    let wanted = 0;
    for (const [term, weight] of countOf(query)) {
      const { entries, length } = postings.get(term) ?? NOTHING;
      let units = 0;
      let holders = 0;
      let last = -1;
      for (let at = 0; at < length; at++) {
        const slot = slotOf[(entries[at] ?? 0) >>> 8] ?? 0;
        if (!allowed[slot]) continue;
        units += 1;
        if (slot !== last) holders += 1;
        last = slot;
      }
      wanted += weight * idf(count.slots, holders);
      if (units === 0) continue;
      const unitIdf = weight * idf(count.units, units) * (K1 + 1);
      const slotIdf = weight * idf(count.slots, holders) * (K1 + 1);
      let frequencyHere = 0;
      last = -1;
      const flush = (): void => {
        if (last < 0) return;
        const relative = (slotLengths[last] ?? 0) / meanSlot;
        const bound = K1 * (1 - B_WHOLE + B_WHOLE * relative);
        scores.slots[last] = (scores.slots[last] ?? 0) + (slotIdf * frequencyHere) / (frequencyHere + bound);
        scores.covered[last] = (scores.covered[last] ?? 0) + slotIdf / (K1 + 1);
      };
      for (let at = 0; at < length; at++) {
        const entry = entries[at] ?? 0;
        const unit = entry >>> 8;
        const slot = slotOf[unit] ?? 0;
        if (!allowed[slot]) continue;
        const frequency = entry & 255;
        const bound = K1 * (1 - B_UNIT + (B_UNIT * (lengths[unit] ?? 0)) / meanUnit);
        scores.units[unit] = (scores.units[unit] ?? 0) + (unitIdf * frequency) / (frequency + bound);
        if (slot !== last) {
          flush();
          last = slot;
          frequencyHere = 0;
        }
        frequencyHere += frequency;
      }
      flush();
    }
    if (wanted > 0)
      for (let slot = 0; slot < slots; slot++) scores.covered[slot] = (scores.covered[slot] ?? 0) / wanted;
    return scores;
  }

  /** Adds to each unit what its neighbours in the same text give it. */
  #withNeighbours(scores: Float32Array): Float32Array {
    const { neighbours } = this.#weights;
    const result = Float32Array.from(scores);
    if (neighbours === 0) return result;
    scores.forEach((score, unit) => {
      if (score === 0) return;
      const slot = this.#slots[unit] ?? 0;
      const [from, to] = [this.#starts[slot] ?? 0, this.#starts[slot + 1] ?? 0];
      for (let distance = 1; distance <= 2; distance++) {
        const share = score * neighbours ** distance;
        if (unit - distance >= from) result[unit - distance] = (result[unit - distance] ?? 0) + share;
        if (unit + distance < to) result[unit + distance] = (result[unit + distance] ?? 0) + share;
      }
    });
    return result;
  }

  #own(unit: number, slot: number): void {
    this.#slots = withRoom(this.#slots, unit);
    this.#slots[unit] = slot;
  }
}

/** What a query found, by slot and by unit. */
export class LexicalScores {
  readonly #scores: Float32Array;
  readonly #units: Float32Array;
  readonly #starts: readonly number[];

  constructor(scores: Float32Array, units: Float32Array, starts: readonly number[]) {
    this.#scores = scores;
    this.#units = units;
    this.#starts = starts;
  }

  /** The best slots, best first, equal ones by slot. */
  best(limit: number): readonly Match[] {
    return best(this.#scores, limit).map((slot) => ({ slot, score: this.#scores[slot] ?? 0 }));
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

const NOTHING = { entries: [], length: 0 } as const;

function idf(count: number, holders: number): number {
  return Math.log(1 + (count - holders + 0.5) / (holders + 0.5));
}

/** Two scores of the same things, each divided by its own best, the second with a share. */
function mix(first: Float32Array, second: Float32Array, share: number): Float32Array {
  const [firstBest, secondBest] = [greatest(first), greatest(second)];
  const factor = firstBest > 0 ? (1 - share) / firstBest : 0;
  const other = secondBest > 0 ? share / secondBest : 0;
  const mixed = new Float32Array(first.length);
  for (let at = 0; at < mixed.length; at++) mixed[at] = (first[at] ?? 0) * factor + (second[at] ?? 0) * other;
  return mixed;
}

function greatest(scores: Float32Array): number {
  let most = 0;
  for (let at = 0; at < scores.length; at++) if ((scores[at] ?? 0) > most) most = scores[at] ?? 0;
  return most;
}

/** Where the greatest scores above 0 are, best first, equal ones by place. */
function best(scores: Float32Array, limit: number): readonly number[] {
  const found: number[] = [];
  const threshold = bound(scores, limit);
  for (let at = 0; at < scores.length; at++) {
    const score = scores[at] ?? 0;
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
    const step = Math.floor(((scores[at] ?? 0) / most) * steps);
    counts[step] = (counts[step] ?? 0) + 1;
  }
  let reached = 0;
  for (let step = steps; step > 0; step--) {
    reached += counts[step] ?? 0;
    if (reached >= limit) return (step / steps) * most * (1 - 1e-6);
  }
  return 0;
}
