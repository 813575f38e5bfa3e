import { learnError } from "../errors.js";

/** A forecast and what came of it. */
export interface ForecastPair {
  /** 0 to 1. */
  readonly probability: number;
  readonly passed: boolean;
}

/**
 * The Brier score: the mean squared difference between forecast and outcome, 0 (perfect) to 1; always saying one half
 * scores 0.25. Source: Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78, 1950
 * (in the halved form that is usual for two classes). Throws `LEARN_PAIRS_INVALID` for no pairs or a probability outside 0 to 1.
 */
export function brierScore(pairs: Iterable<ForecastPair>): number {
  let sum = 0;
  let count = 0;
  for (const { probability, passed } of pairs) {
    if (!(probability >= 0 && probability <= 1)) {
      throw learnError("LEARN_PAIRS_INVALID", `A probability must lie between 0 and 1, not ${probability}.`);
    }
    sum += (probability - (passed ? 1 : 0)) ** 2;
    count += 1;
  }
  if (count === 0)
    throw learnError("LEARN_PAIRS_INVALID", "A Brier score needs at least one forecast with its outcome.");
  return sum / count;
}
