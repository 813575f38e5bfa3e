import { BestOfTerm, gainOf } from "./best-of-term.js";

/** How soon a term that occurs again gains no more. */
export const K1 = 1.2;

/** Scores, and the greatest of them. */
export interface Scores {
  readonly values: Float32Array;
  readonly best: number;
}

/** What a query's terms come to. The arrays are written anew by the next query. */
export interface Bm25Scores {
  readonly units: Scores;
  readonly slots: Scores;
  /** Of each slot that has a score: the idf of the query's terms that it has. */
  readonly idfs: Float32Array;
}

/** Which of the slots that have a term count at all: those that another ranking found, and those that have enough. */
export interface Bm25Floor {
  /** 0 for each slot that the other did not find. */
  readonly found: Float32Array;
  /** The least share of the idf of all terms, where it did not. */
  readonly share: number;
}

/** Arrays of zeros that are used again for each query, which takes less time than to make them anew. */
export class Bm25Room {
  readonly #arrays: Float32Array[] = [];

  /** One of so many zeros; each number is one array. */
  zeros(number: number, length: number): Float32Array {
    const known = this.#arrays[number];
    if (known !== undefined && known.length >= length) return known.subarray(0, length).fill(0);
    const made = new Float32Array(Math.ceil(length * 1.25));
    this.#arrays[number] = made;
    return made.subarray(0, length);
  }
}

/** What the texts are scored by. */
export interface Bm25Texts {
  /** A byte for each slot: 1 where it may be seen, else 0. */
  readonly allowed: Uint8Array;
  /** Whether every slot may be seen. */
  readonly everything: boolean;
  /** What a term gains that occurs once, by unit and by slot; see `Gains`. */
  readonly units: Float32Array;
  readonly slots: Float32Array;
}

/**
 * Sums of BM25, term by term. A frequency f gains `f / (f + k)`, where k depends on the length alone. Nearly all frequencies
 * are 1 and gain the same in one text, `1 / (1 + k)`: so the idf of the terms is summed up and multiplied with that at the
 * end, and only what a greater frequency gains beside it is added at once. Whether a text may be seen is asked at the end, too.
 */
export class Bm25Sums {
  readonly #slotOf: Uint32Array;
  readonly #texts: Bm25Texts;
  /** The idf of the terms that a unit and a slot have. The same array where each slot is one unit. */
  readonly #unitIdfs: Float32Array;
  readonly #slotIdfs: Float32Array;
  /** What terms gained that occur again. */
  readonly #units: Float32Array;
  readonly #slots: Float32Array;
  readonly #aligned: boolean;
  readonly #room: Bm25Room;
  /** The best of what may stand in for one term, by unit and by slot. */
  #considered: readonly [BestOfTerm, BestOfTerm] | undefined;
  #wanted = 0;
  #unitIdf = 0;
  #slotIdf = 0;
  /** The slot whose units are being gone through, and how often it has the term so far. */
  #slot = -1;
  #frequency = 0;

  /**
   * @param slotOf the slot of each unit
   * @param aligned whether that is its own number, for all
   */
  constructor(slotOf: Uint32Array, units: number, texts: Bm25Texts, room: Bm25Room, aligned: boolean) {
    const slots = texts.allowed.length;
    this.#room = room;
    this.#slotOf = slotOf;
    this.#texts = texts;
    this.#aligned = aligned;
    this.#units = room.zeros(0, units);
    this.#slots = room.zeros(1, slots);
    this.#slotIdfs = room.zeros(2, slots);
    this.#unitIdfs = this.#aligned ? this.#slotIdfs : room.zeros(3, units);
  }

  /** The next term, by its weight among units and among slots. */
  begin(unitIdf: number, slotIdf: number): void {
    this.#leave();
    this.#unitIdf = unitIdf;
    this.#slotIdf = slotIdf;
    this.#wanted += slotIdf;
  }

  /** Its entries of `unit * 256 + frequency`, units ascending. */
  add(entries: Uint32Array, from: number, to: number): void {
    if (this.#aligned) this.#addSingle(entries, from, to);
    else this.#addParts(entries, from, to);
  }

  /** A term that may stand in for the one that was begun, by its weights; its entries are considered next. */
  standIn(unitIdf: number, slotIdf: number): void {
    this.#leaveConsidered();
    this.#unitIdf = unitIdf;
    this.#slotIdf = slotIdf;
  }

  /** Entries of the term, or of one that stands in for it: of all until the next `take`, the best counts. */
  consider(entries: Uint32Array, from: number, to: number): void {
    const [unitIdf, slotIdf] = [this.#unitIdf, this.#slotIdf];
    const [unitBest, slotBest] = this.#best();
    for (let at = from; at < to; at++) {
      const entry = entries[at] as number;
      const unit = entry >>> 8;
      const frequency = entry & 255;
      if (this.#aligned) {
        slotBest.raise(unit, slotIdf, frequency);
        continue;
      }
      unitBest.raise(unit, unitIdf, frequency);
      const slot = this.#slotOf[unit] as number;
      if (slot !== this.#slot) this.#leaveConsidered();
      this.#slot = slot;
      this.#frequency += frequency;
    }
  }

  /** Adds what was considered. */
  take(): void {
    this.#leaveConsidered();
    const [unitBest, slotBest] = this.#best();
    slotBest.take((slot, idf, frequency) => {
      this.#slotIdfs[slot] = (this.#slotIdfs[slot] as number) + idf;
      if (frequency === 1) return;
      again(this.#slots, slot, idf, this.#texts.slots, frequency);
      if (this.#aligned) again(this.#units, slot, idf, this.#texts.units, frequency);
    });
    unitBest.take((unit, idf, frequency) => {
      this.#unitIdfs[unit] = (this.#unitIdfs[unit] as number) + idf;
      if (frequency > 1) again(this.#units, unit, idf, this.#texts.units, frequency);
    });
  }

  /** What they come to. What may not be seen, or is below the floor, has 0. */
  end(floor?: Bm25Floor): Bm25Scores {
    this.#leave();
    const { units, slots } = this.#texts;
    if (this.#aligned) return this.#endAligned(floor);
    this.#drop(floor);
    return {
      units: close(this.#units, this.#unitIdfs, units),
      slots: close(this.#slots, this.#slotIdfs, slots),
      idfs: this.#slotIdfs,
    };
  }

  /** The same in one pass, where each slot is one unit. */
  #endAligned(floor: Bm25Floor | undefined): Bm25Scores {
    const { allowed, units, slots } = this.#texts;
    const [idfs, unitSums, slotSums] = [this.#slotIdfs, this.#units, this.#slots];
    const least = floor === undefined ? 0 : floor.share * this.#wanted;
    const found = floor?.found ?? idfs;
    let [bestUnit, bestSlot] = [0, 0];
    for (let slot = 0; slot < idfs.length; slot++) {
      const idf = idfs[slot] as number;
      const counts =
        (allowed[slot] as number) & Number(idf !== 0) & (Number(idf >= least) | Number(found[slot] !== 0));
      const unit = Math.fround(
        counts * (K1 + 1) * ((unitSums[slot] as number) + idf * (units[slot] as number)),
      );
      const whole = Math.fround(
        counts * (K1 + 1) * ((slotSums[slot] as number) + idf * (slots[slot] as number)),
      );
      idfs[slot] = idf * counts;
      unitSums[slot] = unit;
      slotSums[slot] = whole;
      if (unit > bestUnit) bestUnit = unit;
      if (whole > bestSlot) bestSlot = whole;
    }
    return {
      units: { values: unitSums, best: bestUnit },
      slots: { values: slotSums, best: bestSlot },
      idfs,
    };
  }

  /**
   * Takes the idf from what does not count. Multiplied, and not asked: whether a text has a term, and counts, is as good as
   * random, and a processor that guesses wrong waits longer than all of this takes.
   */
  #drop(floor: Bm25Floor | undefined): void {
    const { allowed, everything } = this.#texts;
    if (floor === undefined && everything) return;
    const idfs = this.#slotIdfs;
    const least = floor === undefined ? 0 : floor.share * this.#wanted;
    const found = floor?.found ?? idfs;
    for (let slot = 0; slot < idfs.length; slot++) {
      const idf = idfs[slot] as number;
      const counts = (allowed[slot] as number) & (Number(idf >= least) | Number(found[slot] !== 0));
      idfs[slot] = idf * counts;
    }
    const [unitIdfs, slotOf] = [this.#unitIdfs, this.#slotOf];
    for (let unit = 0; unit < unitIdfs.length; unit++)
      unitIdfs[unit] = (unitIdfs[unit] as number) * Number(idfs[slotOf[unit] as number] !== 0);
  }

  /** Each slot is the unit of its number. */
  #addSingle(entries: Uint32Array, from: number, to: number): void {
    const idfs = this.#slotIdfs;
    const idf = this.#slotIdf;
    for (let at = from; at < to; at++) {
      const entry = entries[at] as number;
      const slot = entry >>> 8;
      idfs[slot] = (idfs[slot] as number) + idf;
      if ((entry & 255) === 1) continue;
      const { units, slots } = this.#texts;
      again(this.#units, slot, idf, units, entry & 255);
      again(this.#slots, slot, idf, slots, entry & 255);
    }
  }

  #addParts(entries: Uint32Array, from: number, to: number): void {
    const slotOf = this.#slotOf;
    const [unitIdfs, slotIdfs] = [this.#unitIdfs, this.#slotIdfs];
    const [unitIdf, slotIdf] = [this.#unitIdf, this.#slotIdf];
    let last = this.#slot;
    let sum = this.#frequency;
    for (let at = from; at < to; at++) {
      const entry = entries[at] as number;
      const unit = entry >>> 8;
      const frequency = entry & 255;
      unitIdfs[unit] = (unitIdfs[unit] as number) + unitIdf;
      if (frequency !== 1) again(this.#units, unit, unitIdf, this.#texts.units, frequency);
      const slot = slotOf[unit] as number;
      if (slot !== last) {
        if (sum > 1) again(this.#slots, last, slotIdf, this.#texts.slots, sum);
        slotIdfs[slot] = (slotIdfs[slot] as number) + slotIdf;
        last = slot;
        sum = 0;
      }
      sum += frequency;
    }
    this.#slot = last;
    this.#frequency = sum;
  }

  #best(): readonly [units: BestOfTerm, slots: BestOfTerm] {
    const { units, slots } = this.#texts;
    const made = (first: number, gains: Float32Array, length: number): BestOfTerm =>
      new BestOfTerm(gains, (number) => this.#room.zeros(first + number, length));
    this.#considered ??= [
      made(4, units, this.#aligned ? 0 : this.#units.length),
      made(7, slots, this.#slots.length),
    ];
    return this.#considered;
  }

  #leaveConsidered(): void {
    if (this.#slot >= 0) this.#best()[1].raise(this.#slot, this.#slotIdf, this.#frequency);
    this.#slot = -1;
    this.#frequency = 0;
  }

  #leave(): void {
    if (this.#frequency > 1)
      again(this.#slots, this.#slot, this.#slotIdf, this.#texts.slots, this.#frequency);
    this.#slot = -1;
    this.#frequency = 0;
  }
}

/**
 * Multiplies the idf of terms with what each gains once, and adds it to what those gained that occur again. Where no idf is
 * left, nothing is.
 */
function close(values: Float32Array, idfs: Float32Array, gains: Float32Array): Scores {
  let best = 0;
  for (let place = 0; place < values.length; place++) {
    const idf = idfs[place] as number;
    const sum = (K1 + 1) * ((values[place] as number) + idf * (gains[place] as number));
    const score = Math.fround(sum * Number(idf !== 0));
    values[place] = score;
    if (score > best) best = score;
  }
  return { values, best };
}

/** Adds what a term gains that occurs again, beside what it gains once. */
function again(sums: Float32Array, place: number, idf: number, gains: Float32Array, frequency: number): void {
  const once = gains[place] as number;
  sums[place] = (sums[place] as number) + idf * (gainOf(frequency, once) - once);
}
