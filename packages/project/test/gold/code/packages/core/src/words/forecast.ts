/** Why a forecast is what it is. */
export interface ForecastReason {
  /** One plain sentence. */
  readonly text: string;
  /** Ids of the outcomes it rests on; empty for a static rule or a prior. */
  readonly outcomeIds: readonly string[];
}

/** The calibrated probability that a candidate will pass, before it is run. */
export interface Forecast {
  readonly taskId: string;
  readonly candidateId: string;
  /** Probability of passing, 0 to 1. */
  readonly probability: number;
  /** How many past outcomes the forecast rests on. 0 means "no evidence yet". */
  readonly evidence: number;
  /** What decided: a static rule, past outcomes, or the prior alone. */
  readonly basis: "gate" | "outcomes" | "prior";
  readonly reasons: readonly ForecastReason[];
}
