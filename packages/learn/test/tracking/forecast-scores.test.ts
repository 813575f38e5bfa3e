import fc from "fast-check";
import { expect, test } from "vitest";
import type { ForecastPair } from "../../src/tracking/brier-score.js";
import { forecastScores } from "../../src/tracking/forecast-scores.js";

const pair = fc.record({
  // Few values, so that some are equal.
  probability: fc.integer({ min: 0, max: 20 }).map((twentieth) => twentieth / 20),
  passed: fc.boolean(),
});

test("what the formulas say, one pair at a time", () => {
  fc.assert(
    fc.property(fc.array(pair, { minLength: 1, maxLength: 60 }), (pairs) => {
      const { auc, brier, brierSkill, ece, logLoss, accuracy, passRate } = forecastScores(pairs);
      const [passed, failed] = [pairs.filter((one) => one.passed), pairs.filter((one) => !one.passed)];
      if (passed.length === 0 || failed.length === 0) {
        expect([auc, brierSkill]).toEqual([undefined, undefined]);
      } else {
        const wins = passed.flatMap((one) =>
          failed.map((other) =>
            one.probability > other.probability ? 1 : one.probability === other.probability ? 0.5 : 0,
          ),
        );
        expect(auc).toBeCloseTo(wins.reduce<number>((sum, win) => sum + win, 0) / wins.length, 9);
        const ofRate = forecastScores(pairs.map((one) => ({ ...one, probability: passRate }))).brier;
        expect(brierSkill).toBeCloseTo(1 - brier / ofRate, 9);
      }
      expect(accuracy).toBe(
        pairs.filter((one) => one.probability >= 0.5 === one.passed).length / pairs.length,
      );
      let distance = 0;
      for (let bin = 0; bin < 10; bin += 1) {
        const own = pairs.filter(({ probability }) => Math.min(9, Math.floor(probability * 10)) === bin);
        const said = own.reduce((sum, one) => sum + one.probability, 0);
        distance += Math.abs(said - own.filter((one) => one.passed).length);
      }
      expect(ece).toBeCloseTo(distance / pairs.length, 9);
      expect(Number.isFinite(logLoss)).toBe(true);
    }),
  );
});

test("example values", () => {
  const pairs: ForecastPair[] = [
    { probability: 0.9, passed: true },
    { probability: 0.8, passed: false },
    { probability: 0.3, passed: true },
    { probability: 0.1, passed: false },
  ];
  const scores = forecastScores(pairs);
  expect(scores).toMatchObject({ forecasts: 4, passRate: 0.5, accuracy: 0.5, auc: 0.75 });
  expect(scores.logLoss).toBeCloseTo(
    -(Math.log(0.9) + Math.log(0.2) + Math.log(0.3) + Math.log(0.9)) / 4,
    12,
  );
  expect(forecastScores([{ probability: 0, passed: true }]).logLoss).toBeCloseTo(34.54, 2);
});

test("no pairs are refused", () => {
  expect(() => forecastScores([])).toThrow(expect.objectContaining({ code: "LEARN_PAIRS_INVALID" }));
});
