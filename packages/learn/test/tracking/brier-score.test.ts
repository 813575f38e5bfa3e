import { isAgentOSError } from "@agentos/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { brierScore } from "../../src/tracking/brier-score.js";

test("Brier's example values", () => {
  expect(brierScore([{ probability: 1, passed: true }])).toBe(0);
  expect(brierScore([{ probability: 1, passed: false }])).toBe(1);
  expect(brierScore([{ probability: 0.5, passed: false }])).toBe(0.25);
  expect(
    brierScore([
      { probability: 0.7, passed: true },
      { probability: 0.2, passed: false },
    ]),
  ).toBeCloseTo((0.09 + 0.04) / 2, 12);
});

test("a proper score: no constant does better than the true rate", () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { minLength: 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (results, constant) => {
        const rate = results.filter(Boolean).length / results.length;
        const score = (probability: number): number =>
          brierScore(results.map((passed) => ({ probability, passed })));
        expect(score(rate)).toBeLessThanOrEqual(score(constant) + 1e-12);
      },
    ),
  );
});

test.each([[[]], [[{ probability: 1.1, passed: true }]], [[{ probability: Number.NaN, passed: true }]]])(
  "%j is refused",
  (pairs) => {
    expect(() => brierScore(pairs)).toThrow(expect.objectContaining({ code: "LEARN_PAIRS_INVALID" }));
    try {
      brierScore(pairs);
    } catch (error) {
      expect(isAgentOSError(error)).toBe(true);
    }
  },
);
