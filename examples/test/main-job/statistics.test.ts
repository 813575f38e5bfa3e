import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { brierScore, mean, percentile } from "../../main-job/statistics.js";

describe("brierScore", () => {
  it("is 0 for certainty that came true, 1 for certainty that did not, 0.25 for one half", () => {
    expect(brierScore([{ probability: 1, passed: true }])).toBe(0);
    expect(brierScore([{ probability: 1, passed: false }])).toBe(1);
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1 }), (results) => {
        expect(brierScore(results.map((passed) => ({ probability: 0.5, passed })))).toBe(0.25);
      }),
    );
  });

  it("is absent without forecasts", () => {
    expect(brierScore([])).toBeUndefined();
    expect(mean([])).toBeUndefined();
  });
});

describe("percentile", () => {
  it("is the smallest value that covers the share", () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 100 }), (list, percent) => {
        const value = percentile(list, percent / 100) as number;
        const atMost = (limit: number): number => list.filter((one) => one <= limit).length;
        expect(list).toContain(value);
        expect(atMost(value) * 100).toBeGreaterThanOrEqual(percent * list.length);
        const below = list.filter((one) => one < value).length;
        // A hundredth of a hundredth apart: shares are binary fractions.
        expect(below * 100).toBeLessThan(percent * list.length + 0.01);
      }),
    );
  });

  it("is absent without values", () => {
    expect(percentile([], 0.5)).toBeUndefined();
  });
});
