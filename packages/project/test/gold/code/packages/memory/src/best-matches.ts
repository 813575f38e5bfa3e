import type { VectorMatch } from "./vector-index.js";

/** The best few of many matches, in a heap with the worst of them on top: what is no better costs one comparison. */
export class BestMatches {
  readonly #limit: number;
  readonly #scores: number[] = [];
  readonly #slots: number[] = [];

  /** @param limit at most so many are kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get full(): boolean {
    return this.#slots.length >= this.#limit;
  }

  /** The score of the worst that is kept; -Infinity while there is room. */
  get worst(): number {
    return this.full ? (this.#scores[0] ?? Infinity) : -Infinity;
  }

  /** Offers a match. Of equal scores the lower slot is the better. */
  add(slot: number, score: number): void {
    if (!this.full) {
      this.#slots.push(slot);
      this.#scores.push(score);
      this.#rise(this.#slots.length - 1);
      return;
    }
    const worst = this.#scores[0] ?? Infinity;
    if (score < worst || (score === worst && slot > (this.#slots[0] ?? -1)) || this.#limit === 0) return;
    this.#slots[0] = slot;
    this.#scores[0] = score;
    this.#sink();
  }

  /** The matches, best first. */
  sorted(): readonly VectorMatch[] {
    return this.#slots
      .map((slot, place) => ({ slot, score: this.#scores[place] ?? 0 }))
      .sort((a, b) => b.score - a.score || a.slot - b.slot);
  }

  #rise(from: number): void {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#isWorse(place, parent)) return;
      this.#swap(place, parent);
      place = parent;
    }
  }

  #sink(): void {
    let place = 0;
    for (;;) {
      const child = 2 * place + 1;
      if (child >= this.#slots.length) return;
      const worse = child + 1 < this.#slots.length && this.#isWorse(child + 1, child) ? child + 1 : child;
      if (!this.#isWorse(worse, place)) return;
      this.#swap(worse, place);
      place = worse;
    }
  }

  #isWorse(one: number, other: number): boolean {
    const difference = (this.#scores[one] as number) - (this.#scores[other] as number);
    return (
      difference < 0 || (difference === 0 && (this.#slots[one] as number) > (this.#slots[other] as number))
    );
  }

  #swap(one: number, other: number): void {
    const [slot, score] = [this.#slots[one] as number, this.#scores[one] as number];
    this.#slots[one] = this.#slots[other] as number;
    this.#scores[one] = this.#scores[other] as number;
    this.#slots[other] = slot;
    this.#scores[other] = score;
  }
}
