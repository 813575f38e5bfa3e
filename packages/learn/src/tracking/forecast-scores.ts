import { brierScore, type ForecastPair } from "./brier-score.js";

/** How good forecasts were. */
export interface ForecastScores {
  readonly forecasts: number;
  /** Share that passed, 0 to 1. */
  readonly passRate: number;
  /** Share of forecasts on the right side of one half, 0 to 1; one half itself says that it passes. */
  readonly accuracy: number;
  /**
   * The probability that one that passed was given more than one that did not, 0 to 1; equal ones count one half. Absent where all passed, or none.
   * Source: Hanley and McNeil, "The meaning and use of the area under a receiver operating characteristic (ROC) curve", 1982.
   */
  readonly auc?: number;
  /** See {@link brierScore}. */
  readonly brier: number;
  /** How much of the Brier score of always saying the pass rate is spared: 1 is perfect, below 0 is worse. Absent where all passed, or none. */
  readonly brierSkill?: number;
  /**
   * Mean distance of what was said from what came, over ten bins of equal width, 0 to 1. Source: Guo et al., "On calibration of modern neural
   * networks", 2017.
   */
  readonly ece: number;
  /** Mean of -ln of what was given to what came; each probability counts as at least 1e-15 from 0 and 1. */
  readonly logLoss: number;
}

const BINS = 10;
const LEAST = 1e-15;

/** Scores forecasts by what came of them. Throws `LEARN_PAIRS_INVALID` for no pairs or a probability outside 0 to 1. */
export function forecastScores(pairs: readonly ForecastPair[]): ForecastScores {
  const brier = brierScore(pairs);
  const count = pairs.length;
  const passed = pairs.filter((pair) => pair.passed).length;
  const passRate = passed / count;
  const ofRate = passRate * (1 - passRate);
  const right = pairs.filter((pair) => pair.probability >= 0.5 === pair.passed).length;
  const isMixed = passed > 0 && passed < count;
  return {
    forecasts: count,
    passRate,
    accuracy: right / count,
    ...(isMixed && { auc: areaUnderCurve(pairs, passed) }),
    brier,
    ...(isMixed && { brierSkill: 1 - brier / ofRate }),
    ece: calibrationError(pairs),
    logLoss: pairs.reduce((sum, pair) => sum + lossOf(pair), 0) / count,
  };
}

/** By ranks (Mann and Whitney, 1947), those of equal forecasts shared. */
function areaUnderCurve(pairs: readonly ForecastPair[], passed: number): number {
  const sorted = [...pairs].sort((one, other) => one.probability - other.probability);
  let ranks = 0;
  for (let begin = 0; begin < sorted.length; ) {
    let end = begin;
    let passing = 0;
    for (; end < sorted.length && sorted[end]?.probability === sorted[begin]?.probability; end += 1)
      if (sorted[end]?.passed) passing += 1;
    ranks += (passing * (begin + 1 + end)) / 2;
    begin = end;
  }
  return (ranks - (passed * (passed + 1)) / 2) / (passed * (pairs.length - passed));
}

function calibrationError(pairs: readonly ForecastPair[]): number {
  const said = new Float64Array(BINS);
  const came = new Float64Array(BINS);
  for (const { probability, passed } of pairs) {
    const bin = Math.min(BINS - 1, Math.floor(probability * BINS));
    said[bin] = (said[bin] ?? 0) + probability;
    came[bin] = (came[bin] ?? 0) + (passed ? 1 : 0);
  }
  return said.reduce((sum, all, bin) => sum + Math.abs(all - (came[bin] ?? 0)), 0) / pairs.length;
}

function lossOf({ probability, passed }: ForecastPair): number {
  return -Math.log(Math.max(LEAST, passed ? probability : 1 - probability));
}
