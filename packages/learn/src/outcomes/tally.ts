/** Passes among judged candidates. */
export interface Tally {
  readonly passed: number;
  readonly total: number;
}

const NONE: Tally = { passed: 0, total: 0 };

/** Tallies by key. */
export class Tallies {
  readonly #tallies = new Map<string, Tally>();

  /** The tally of a key; all zero for an unknown one. */
  get(key: string): Tally {
    return this.#tallies.get(key) ?? NONE;
  }

  /** Adds counts, which may be negative; a key that reaches zero is dropped. */
  add(key: string, passed: number, total: number): void {
    const before = this.get(key);
    const after = { passed: before.passed + passed, total: before.total + total };
    if (after.total === 0) this.#tallies.delete(key);
    else this.#tallies.set(key, after);
  }

  /** Every key that has a count, sorted. */
  entries(): readonly (readonly [key: string, tally: Tally])[] {
    return [...this.#tallies].sort(([left], [right]) => (left < right ? -1 : 1));
  }
}

/**
 * The mean of a Beta distribution whose prior has mean `prior` and weighs `strength` observations, after `passed` of
 * `total`. Source: the Beta-Binomial posterior mean, for example Gelman et al., Bayesian Data Analysis, 3rd ed., §2.4.
 */
export function shrunkRate(prior: number, strength: number, passed: number, total: number): number {
  return (strength * prior + passed) / (strength + total);
}
