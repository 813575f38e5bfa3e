/** Passes among judged candidates. */
export interface Tally {
  /** A candidate whose judgements differ counts by its share, so this need not be whole. */
  readonly passed: number;
  readonly total: number;
}

/** Nothing judged. */
export const NO_TALLY: Tally = { passed: 0, total: 0 };

/** Fractions are whole multiples of this, so that their sum does not depend on the order. */
const GRAIN = 2 ** -20;

/** The nearest value whose sums are exact. */
export function grained(value: number): number {
  return Math.round(value / GRAIN) * GRAIN;
}

/** Tallies by key. */
export class Tallies {
  readonly #tallies = new Map<string, Tally>();

  /** The tally of a key; all zero for an unknown one. */
  get(key: string): Tally {
    return this.#tallies.get(key) ?? NO_TALLY;
  }

  /** Adds counts, which may be negative; a key that reaches zero is dropped. */
  add(key: string, { passed, total }: Tally): void {
    const before = this.get(key);
    const after = { passed: before.passed + passed, total: before.total + total };
    if (after.total === 0) this.#tallies.delete(key);
    else this.#tallies.set(key, after);
  }
}

/**
 * The mean of a Beta distribution whose prior has mean `prior` and weighs `strength` observations, after `passed` of
 * `total`. Source: the Beta-Binomial posterior mean, for example Gelman et al., Bayesian Data Analysis, 3rd ed., §2.4.
 */
export function shrunkRate(prior: number, strength: number, passed: number, total: number): number {
  return (strength * prior + passed) / (strength + total);
}
