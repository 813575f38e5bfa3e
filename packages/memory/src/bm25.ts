/** How soon a term that occurs again gains no more. */
export const K1 = 1.2;

/** What a query's terms come to. */
export interface Bm25Scores {
  readonly units: Float32Array;
  readonly slots: Float32Array;
  /** Of each slot: the idf of the query's terms that it holds, as a share of all. */
  readonly covered: Float32Array;
}

/** What the texts are scored by. */
export interface Bm25Texts {
  /** A byte for each slot: not 0 where it may be seen. */
  readonly allowed: Uint8Array;
  /** What a term gains that occurs once, by unit and by slot; see `Gains`. */
  readonly units: Float32Array;
  readonly slots: Float32Array;
}

/**
 * Sums of BM25, term by term. A frequency f gains `f / (f + k)`, where k depends on the length alone; what is kept is the gain
 * of 1, `1 / (1 + k)`: nearly all frequencies are 1, and need no division then.
 */
export class Bm25Sums {
  readonly #slotOf: Uint32Array;
  readonly #texts: Bm25Texts;
  readonly #units: Float32Array;
  readonly #slots: Float32Array;
  readonly #covered: Float32Array;
  #wanted = 0;
  #unitIdf = 0;
  #slotIdf = 0;
  /** What the term's stand-ins came to: by unit and by slot the best of them; and where that is not 0. */
  #bestUnits: Float32Array | undefined;
  #bestSlots: Float32Array | undefined;
  readonly #metUnits: number[] = [];
  readonly #metSlots: number[] = [];
  /** The slot whose units are being gone through, and how often it has the term so far. */
  #slot = -1;
  #frequency = 0;

  /** @param slotOf the slot of each unit */
  constructor(slotOf: Uint32Array, units: number, texts: Bm25Texts) {
    this.#slotOf = slotOf;
    this.#texts = texts;
    this.#units = new Float32Array(units);
    this.#slots = new Float32Array(texts.allowed.length);
    this.#covered = new Float32Array(texts.allowed.length);
  }

  /** The next term, by its weight among units and among slots. */
  begin(unitIdf: number, slotIdf: number): void {
    this.#leave();
    this.#unitIdf = unitIdf * (K1 + 1);
    this.#slotIdf = slotIdf;
    this.#wanted += slotIdf;
  }

  /** Its entries of `unit * 256 + frequency`, units ascending. */
  add(entries: Uint32Array, from: number, to: number): void {
    const slotOf = this.#slotOf;
    const units = this.#units;
    const { allowed, units: gains } = this.#texts;
    const unitIdf = this.#unitIdf;
    let last = this.#slot;
    let sum = this.#frequency;
    for (let at = from; at < to; at++) {
      const entry = entries[at] as number;
      const unit = entry >>> 8;
      const slot = slotOf[unit] as number;
      if (allowed[slot] === 0) continue;
      const frequency = entry & 255;
      const once = gains[unit] as number;
      const gain = frequency === 1 ? once : frequency / (frequency - 1 + 1 / once);
      units[unit] = (units[unit] as number) + unitIdf * gain;
      if (slot !== last) {
        if (last >= 0) this.#flush(last, sum);
        last = slot;
        sum = 0;
      }
      sum += frequency;
    }
    this.#slot = last;
    this.#frequency = sum;
  }

  /** Entries of the term, or of one that stands in for it: of all since the last `take`, the best counts. */
  consider(entries: Uint32Array, from: number, to: number): void {
    this.#bestUnits ??= new Float32Array(this.#units.length);
    this.#bestSlots ??= new Float32Array(this.#slots.length);
    const { allowed, units: gains, slots: slotGains } = this.#texts;
    let slot = -1;
    let sum = 0;
    const leave = (): void => {
      if (slot >= 0)
        raise(
          this.#bestSlots as Float32Array,
          slot,
          this.#slotIdf * (K1 + 1) * gainOf(sum, slotGains[slot] as number),
          this.#metSlots,
        );
    };
    for (let at = from; at < to; at++) {
      const entry = entries[at] as number;
      const unit = entry >>> 8;
      const owner = this.#slotOf[unit] as number;
      if (allowed[owner] === 0) continue;
      const frequency = entry & 255;
      raise(this.#bestUnits, unit, this.#unitIdf * gainOf(frequency, gains[unit] as number), this.#metUnits);
      if (owner !== slot) {
        leave();
        slot = owner;
        sum = 0;
      }
      sum += frequency;
    }
    leave();
  }

  /** Adds what was considered. */
  take(): void {
    for (const unit of this.#metUnits) {
      this.#units[unit] = (this.#units[unit] as number) + ((this.#bestUnits as Float32Array)[unit] as number);
      (this.#bestUnits as Float32Array)[unit] = 0;
    }
    for (const slot of this.#metSlots) {
      this.#slots[slot] = (this.#slots[slot] as number) + ((this.#bestSlots as Float32Array)[slot] as number);
      (this.#bestSlots as Float32Array)[slot] = 0;
    }
    this.#metUnits.length = 0;
    this.#metSlots.length = 0;
  }

  end(): Bm25Scores {
    this.#leave();
    const covered = this.#covered;
    if (this.#wanted > 0)
      for (let slot = 0; slot < covered.length; slot++)
        covered[slot] = (covered[slot] as number) / this.#wanted;
    return { units: this.#units, slots: this.#slots, covered };
  }

  #leave(): void {
    if (this.#slot >= 0) this.#flush(this.#slot, this.#frequency);
    this.#slot = -1;
    this.#frequency = 0;
  }

  #flush(slot: number, frequency: number): void {
    const idf = this.#slotIdf;
    const once = this.#texts.slots[slot] as number;
    const gain = frequency === 1 ? once : frequency / (frequency - 1 + 1 / once);
    this.#slots[slot] = (this.#slots[slot] as number) + idf * (K1 + 1) * gain;
    this.#covered[slot] = (this.#covered[slot] as number) + idf;
  }
}

function gainOf(frequency: number, once: number): number {
  return frequency === 1 ? once : frequency / (frequency - 1 + 1 / once);
}

/** Puts a greater score in the place of a smaller one, and notes the place when it had none. */
function raise(scores: Float32Array, at: number, score: number, met: number[]): void {
  const before = scores[at] as number;
  if (score <= before) return;
  if (before === 0) met.push(at);
  scores[at] = score;
}
