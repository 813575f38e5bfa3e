import type { Outcome } from "@agentos/core";
import { Experience } from "../../src/experience.js";
import { DEFAULT_TUNING, type Tuning } from "../../src/outcomes/tuning.js";
import type { ForecastPair } from "../../src/tracking/brier-score.js";

/** One step of a replay. */
export interface ReplayStep extends ForecastPair {
  readonly outcome: Outcome;
  /** Whether the same code, or the same under other names, was judged before on the task. */
  readonly seen: boolean;
}

/** Forecasts each outcome from those before it, then learns it: nothing of the future is ever used. */
export function replay(outcomes: Iterable<Outcome>, tuning: Tuning = DEFAULT_TUNING): readonly ReplayStep[] {
  const experience = new Experience(tuning);
  const steps: ReplayStep[] = [];
  for (const outcome of outcomes) {
    const { probability, reasons } = experience.forecast(outcome.task, outcome.candidate, {});
    const seen = reasons.some(({ text }) => /this very code|under other names/.test(text));
    steps.push({ outcome, probability, passed: outcome.verdict.passed, seen });
    experience.add({ version: 1, outcome, learnedAt: outcome.at });
  }
  return steps;
}

/** Area under the ROC curve by ranks, ties counting half; NaN with one class only. Source: Mann and Whitney, 1947. */
export function areaUnderCurve(pairs: readonly ForecastPair[]): number {
  const sorted = pairs.toSorted((left, right) => left.probability - right.probability);
  let rankSum = 0;
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    while (end < sorted.length && sorted[end]?.probability === sorted[start]?.probability) end += 1;
    const passes = sorted.slice(start, end).filter((pair) => pair.passed).length;
    rankSum += (passes * (start + end + 1)) / 2;
    start = end;
  }
  const passed = pairs.filter((pair) => pair.passed).length;
  return (rankSum - (passed * (passed + 1)) / 2) / (passed * (pairs.length - passed));
}
