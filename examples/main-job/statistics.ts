/** A forecast beside what came of it. */
export interface Judged {
  /** 0 to 1. */
  readonly probability: number;
  readonly passed: boolean;
}

/**
 * Mean squared difference of probability and result: 0 is perfect, always saying 50 % gives 0.25. Absent without pairs.
 * Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78 (1950).
 */
export function brierScore(pairs: readonly Judged[]): number | undefined {
  return mean(pairs.map(({ probability, passed }) => (probability - (passed ? 1 : 0)) ** 2));
}

/** The arithmetic mean; absent without values. */
export function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The smallest value that at least the given share of all values does not exceed (nearest rank). Absent without values. */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
