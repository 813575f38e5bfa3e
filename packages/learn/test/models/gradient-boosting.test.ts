import { isAgentOSError } from "@agentos/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Dataset } from "../../src/models/dataset.js";
import { GradientBoosting } from "../../src/models/gbdt/gradient-boosting.js";
import { seededRandom } from "../../src/models/random.js";
import { plainBoosting } from "./plain-boosting.js";

const SMALL = { minLeafRows: 1, minLeafHessian: 0 };

/** Rows in which no two cuts gain the same: then every right way to grow is the same one. */
function randomRows(seed: number, rows: number, features: number, missing = 0.15): Dataset {
  const random = seededRandom(seed);
  const values = Float64Array.from({ length: rows * features }, () =>
    random() < missing ? Number.NaN : Math.floor(random() * 1_000) / 7,
  );
  return { features, values, labels: Float64Array.from({ length: rows }, () => random()) };
}

const passes = (values: readonly number[], labels: readonly number[]): Dataset => ({
  features: values.length / labels.length,
  values: Float64Array.from(values),
  labels: Float64Array.from(labels),
});

test("it says what boosting says that tries each cut of each feature on all rows", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2 ** 31 }),
      fc.integer({ min: 2, max: 60 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 2, max: 7 }),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom(0.5, 1, 5),
      (seed, rows, features, leaves, minLeafRows, l2) => {
        const data = randomRows(seed, rows, features);
        const options = { trees: 4, leaves, minLeafRows, l2, learningRate: 0.3 };
        const expected = plainBoosting(data, options);
        const found = GradientBoosting.train(data, { ...options, minLeafHessian: 0 }).predictAll(data.values);
        for (const [row, probability] of expected.entries()) expect(found[row]).toBeCloseTo(probability, 9);
      },
    ),
    { numRuns: 150 },
  );
});

test("a forecast rises or falls only with a feature that it may rise or fall with", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 }), fc.constantFrom<1 | -1>(1, -1), (seed, direction) => {
      const data = randomRows(seed, 300, 3, 0.05);
      const model = GradientBoosting.train(data, { ...SMALL, trees: 20, monotone: { 1: direction } });
      const random = seededRandom(seed + 1);
      for (let line = 0; line < 10; line += 1) {
        const row = [random() * 150, 0, random() < 0.2 ? Number.NaN : random() * 150];
        let before = direction > 0 ? 0 : 1;
        for (let value = -10; value < 160; value += 1.7) {
          row[1] = value;
          const now = model.predict(row);
          expect((now - before) * direction).toBeGreaterThanOrEqual(-1e-12);
          before = now;
        }
      }
    }),
    { numRuns: 25 },
  );
});

test("names have no order, and one that was not seen is as if not known", () => {
  const random = seededRandom(3);
  const names = Array.from({ length: 2_000 }, () => Math.floor(random() * 40));
  const labels = names.map((name) => (((name * 7) % 11) % 2 === 0 ? 1 : 0));
  const data = passes(names, labels);
  const byName = GradientBoosting.train(data, { categorical: [0], leaves: 2, trees: 10 });
  const byAmount = GradientBoosting.train(data, { leaves: 2, trees: 10 });
  const loss = (model: GradientBoosting) =>
    names.reduce((sum, name, row) => sum + (model.predict([name]) - (labels[row] ?? 0)) ** 2, 0) /
    names.length;
  expect(loss(byName)).toBeLessThan(loss(byAmount) / 2);
  expect(byName.predict([1_000])).toBe(byName.predict([Number.NaN]));
});

describe("the same rows and seed", () => {
  const data = randomRows(11, 400, 6);
  const options = { trees: 15, rowShare: 0.7, featureShare: 0.5, seed: 5 };
  const model = GradientBoosting.train(data, options);

  test("give the same bytes, another seed others", () => {
    expect(GradientBoosting.train(data, options).toBytes()).toEqual(model.toBytes());
    expect(GradientBoosting.train(data, { ...options, seed: 6 }).toBytes()).not.toEqual(model.toBytes());
  });

  test("read again, it is the same to the byte and says the same", () => {
    const again = GradientBoosting.fromBytes(model.toBytes());
    expect(again.toBytes()).toEqual(model.toBytes());
    expect(again.predictAll(data.values)).toEqual(model.predictAll(data.values));
  });

  test("damaged anywhere, or of another kind, it is refused by name", () => {
    const bytes = model.toBytes();
    const isRefused = (given: Uint8Array): void =>
      expect(() => GradientBoosting.fromBytes(given)).toThrow(
        expect.objectContaining({
          code: "LEARN_MODEL_INVALID",
          message: expect.stringContaining("Train it anew"),
        }),
      );
    for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 200)) {
      const damaged = bytes.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      isRefused(damaged);
      isRefused(bytes.slice(0, at));
    }
  });
});

test("what is learned from is enough for an honest forecast, however little or odd it is", () => {
  const cases: readonly Dataset[] = [
    { features: 2, values: new Float64Array(0), labels: new Float64Array(0) },
    passes([1, 2], [1]),
    passes(Array(100).fill(Number.NaN), Array(50).fill(1)),
    passes(
      Array(60).fill(3),
      Array.from({ length: 60 }, (_, row) => row % 2),
    ),
    passes(
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 1e308, -1e308, 5e-324],
      [1, 0, 1, 0, 1, 0],
    ),
    { ...passes([1, 2, 3, 4], [0, 1, 0, 1]), weights: Float64Array.of(0, 0, 0, 0) },
  ];
  for (const data of cases) {
    const model = GradientBoosting.train(data, { ...SMALL, trees: 5 });
    for (const value of [0, 3, Number.NaN, Number.POSITIVE_INFINITY, -1e308]) {
      const said = model.predict(Array(data.features).fill(value));
      expect(said).toBeGreaterThan(0);
      expect(said).toBeLessThan(1);
    }
  }
  expect(GradientBoosting.train(cases[0] as Dataset).predict([1, 2])).toBe(0.5);
});

test("weights count as rows that are there as often", () => {
  const random = seededRandom(9);
  const values = Array.from({ length: 200 }, () => Math.floor(random() * 50));
  const labels = values.map((value) => (random() < value / 50 ? 1 : 0));
  const weights = values.map(() => 1 + Math.floor(random() * 3));
  const often = weights.flatMap((weight, row) => Array<number>(weight).fill(row));
  const weighted = GradientBoosting.train(
    { ...passes(values, labels), weights: Float64Array.from(weights) },
    { ...SMALL, trees: 10, leaves: 4 },
  );
  const repeated = GradientBoosting.train(
    passes(
      often.map((row) => values[row] ?? 0),
      often.map((row) => labels[row] ?? 0),
    ),
    { ...SMALL, trees: 10, leaves: 4 },
  );
  for (let value = 0; value < 50; value += 1)
    expect(weighted.predict([value])).toBeCloseTo(repeated.predict([value]), 9);
});

test("wrong rows and options are refused by name", () => {
  const data = randomRows(1, 10, 2);
  const wrongRows: readonly Dataset[] = [
    { ...data, features: 3 },
    { ...data, features: 0 },
    { ...data, labels: Float64Array.from(data.labels, () => 2) },
    { ...data, labels: Float64Array.from(data.labels, () => Number.NaN) },
    { ...data, weights: new Float64Array(3) },
    { ...data, weights: Float64Array.from(data.labels, () => -1) },
  ];
  for (const wrong of wrongRows)
    expect(() => GradientBoosting.train(wrong)).toThrow(
      expect.objectContaining({ code: "LEARN_DATA_INVALID" }),
    );
  for (const wrong of [
    { trees: 0 },
    { tree: 3 },
    { bins: 256 },
    { categorical: [2] },
    { monotone: { 9: 1 } },
  ])
    expect(() => GradientBoosting.train(data, wrong as never)).toThrow(
      expect.objectContaining({ code: "OPTIONS_INVALID" }),
    );
  expect(() => GradientBoosting.train(data, { categorical: [1], monotone: { 1: 1 } })).toThrow(/no order/);
});

test("training tells how far it is, and can be ended", () => {
  const data = randomRows(1, 50, 2);
  const told: number[] = [];
  GradientBoosting.train(data, { trees: 4 }, ({ done, total }) => told.push(done / total));
  expect(told).toEqual([0.25, 0.5, 0.75, 1]);
  const stop = new Error("enough");
  expect(() =>
    GradientBoosting.train(data, { trees: 1_000 }, ({ done }) => {
      if (done === 3) throw stop;
    }),
  ).toThrow(stop);
  expect(isAgentOSError(stop)).toBe(false);
});
