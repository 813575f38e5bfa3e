/** How a {@link PageHinkley} test watches. */
export interface PageHinkleyOptions {
  /** Changes of the mean that are tolerated. @default 0.05 */
  readonly tolerance?: number;
  /** How far the sum of what is more than that may rise. @default 12 */
  readonly threshold?: number;
  /** Values before the first alarm. @default 30 */
  readonly least?: number;
}

/**
 * Watches values for a rise of their mean, such as failures or losses: faster than {@link Adwin} where the change is sudden, and it keeps
 * but four numbers. Source: Page, "Continuous inspection schemes", 1954; Hinkley, "Inference about the change-point from cumulative sum tests", 1971.
 */
export class PageHinkley {
  readonly #tolerance: number;
  readonly #threshold: number;
  readonly #least: number;
  #count = 0;
  #mean = 0;
  #sum = 0;
  #lowest = 0;

  constructor({ tolerance = 0.05, threshold = 12, least = 30 }: PageHinkleyOptions = {}) {
    this.#tolerance = tolerance;
    this.#threshold = threshold;
    this.#least = least;
  }

  /** Adds a value. @returns whether the mean has risen; then it begins anew */
  add(value: number): boolean {
    this.#count += 1;
    this.#mean += (value - this.#mean) / this.#count;
    this.#sum += value - this.#mean - this.#tolerance;
    this.#lowest = Math.min(this.#lowest, this.#sum);
    if (this.#count < this.#least || this.#sum - this.#lowest <= this.#threshold) return false;
    this.#count = this.#mean = this.#sum = this.#lowest = 0;
    return true;
  }
}
