/** What a term gains that occurs so often, where one that occurs once gains `once`. */
export function gainOf(frequency: number, once: number): number {
  return frequency === 1 ? once : frequency / (frequency - 1 + 1 / once);
}

/** Of the terms that may stand for one, which gains a text most. */
export class BestOfTerm {
  readonly #gains: Float32Array;
  readonly #scores: Float32Array;
  readonly #idfs: Float32Array;
  readonly #frequencies: Float32Array;
  readonly #met: number[] = [];

  /** @param zeros three arrays as long as there are places */
  constructor(gains: Float32Array, zeros: (number: number) => Float32Array) {
    this.#gains = gains;
    this.#scores = zeros(0);
    this.#idfs = zeros(1);
    this.#frequencies = zeros(2);
  }

  raise(place: number, idf: number, frequency: number): void {
    const score = idf * gainOf(frequency, this.#gains[place] as number);
    const before = this.#scores[place] as number;
    if (score <= before) return;
    if (before === 0) this.#met.push(place);
    this.#scores[place] = score;
    this.#idfs[place] = idf;
    this.#frequencies[place] = frequency;
  }

  /** Hands out what is best, and forgets it. */
  take(add: (place: number, idf: number, frequency: number) => void): void {
    for (const place of this.#met) {
      add(place, this.#idfs[place] as number, this.#frequencies[place] as number);
      this.#scores[place] = 0;
    }
    this.#met.length = 0;
  }
}
