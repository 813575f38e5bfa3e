import fc from "fast-check";
import { expect, test } from "vitest";
import type { Dataset } from "../../src/models/dataset.js";
import { LogisticRegression } from "../../src/models/logistic-regression.js";
import { seededRandom } from "../../src/models/random.js";
import { solve } from "../../src/models/solve.js";

function randomRows(seed: number, rows: number, features: number): Dataset {
  const random = seededRandom(seed);
  const values = Float64Array.from({ length: rows * features }, () =>
    random() < 0.1 ? Number.NaN : 10 * random() - 3,
  );
  return { features, values, labels: Float64Array.from({ length: rows }, () => (random() < 0.4 ? 1 : 0)) };
}

/** The penalised loss that training is to make least, of a model whose shares are scaled and shifted. */
function lossOf(data: Dataset, model: LogisticRegression, l2: number, factors: readonly number[]): number {
  const { features, values, labels } = data;
  let loss = 0;
  for (const [row, label] of labels.entries()) {
    const shares = model.shares(values, row * features);
    const score = shares.reduce((sum, share, index) => sum + share * (factors[index] ?? 1), 0);
    loss += Math.log1p(Math.exp(-score)) + (1 - label) * score;
  }
  const base = (model.shares(Array(features).fill(Number.NaN))[0] ?? 0) * (factors[0] ?? 1);
  loss += 2 * Math.log1p(Math.exp(-base)) + base;
  return loss + (l2 / 2) * penaltyOf(data, model, factors);
}

/** Sum of squares of the coefficients of standardised features. */
function penaltyOf(
  { features, values, labels }: Dataset,
  model: LogisticRegression,
  factors: readonly number[],
) {
  let sum = 0;
  for (let feature = 0; feature < features; feature += 1) {
    const known = [...labels.keys()]
      .map((row) => values[row * features + feature] ?? 0)
      .filter(Number.isFinite);
    const mean = known.reduce((all, one) => all + one, 0) / known.length;
    const deviation = Math.sqrt(known.reduce((all, one) => all + (one - mean) ** 2, 0) / known.length);
    const row = Array<number>(features).fill(mean);
    row[feature] = mean + deviation;
    sum += ((model.shares(row)[feature + 1] ?? 0) * (factors[feature + 1] ?? 1)) ** 2;
  }
  return sum;
}

test("no coefficient can be changed so that the penalised loss is less", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2 ** 31 }),
      fc.integer({ min: 5, max: 80 }),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom(0.1, 1, 10),
      (seed, rows, features, l2) => {
        const data = randomRows(seed, rows, features);
        const model = LogisticRegression.train(data, { l2 });
        const least = lossOf(data, model, l2, []);
        for (let index = 0; index <= features; index += 1) {
          for (const factor of [0.99, 1.01, 0.5, 2]) {
            const factors = Array<number>(features + 1).fill(1);
            factors[index] = factor;
            expect(lossOf(data, model, l2, factors)).toBeGreaterThanOrEqual(least - 1e-9);
          }
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("it finds the coefficients that made the rows", () => {
  const random = seededRandom(4);
  const values = Float64Array.from({ length: 20_000 * 2 }, () => random() * 2 - 1);
  const labels = Float64Array.from({ length: 20_000 }, (_, row) => {
    const score = 0.5 + 2 * (values[2 * row] ?? 0) - 3 * (values[2 * row + 1] ?? 0);
    return random() < 1 / (1 + Math.exp(-score)) ? 1 : 0;
  });
  const model = LogisticRegression.train({ features: 2, values, labels });
  const oddsAt = (row: readonly number[]) => Math.log(model.predict(row) / (1 - model.predict(row)));
  expect(oddsAt([0, 0])).toBeCloseTo(0.5, 0);
  expect(oddsAt([1, 0]) - oddsAt([0, 0])).toBeCloseTo(2, 0);
  expect(oddsAt([0, 1]) - oddsAt([0, 0])).toBeCloseTo(-3, 0);
});

test("little or odd rows make an honest forecast", () => {
  const cases: readonly Dataset[] = [
    { features: 2, values: new Float64Array(0), labels: new Float64Array(0) },
    { features: 1, values: Float64Array.of(3), labels: Float64Array.of(1) },
    { features: 1, values: Float64Array.of(1, 2, 3, 4), labels: Float64Array.of(0, 0, 1, 1) },
    { features: 1, values: Float64Array.of(7, 7, 7), labels: Float64Array.of(1, 1, 1) },
    { features: 1, values: Float64Array.of(1e300, -1e300, Number.NaN), labels: Float64Array.of(1, 0, 1) },
    {
      features: 1,
      values: Float64Array.of(Number.POSITIVE_INFINITY, 1, 2),
      labels: Float64Array.of(1, 0, 1),
    },
    // Both say the same.
    { features: 2, values: Float64Array.of(1, 1, 2, 2, 3, 3, 4, 4), labels: Float64Array.of(0, 1, 0, 1) },
  ];
  for (const data of cases) {
    const model = LogisticRegression.train(data);
    for (const value of [0, 3, 1e300, Number.NaN, Number.NEGATIVE_INFINITY]) {
      const said = model.predict(Array(data.features).fill(value));
      expect(said).toBeGreaterThan(0);
      expect(said).toBeLessThan(1);
    }
  }
  expect(LogisticRegression.train(cases[0] as Dataset).predict([1, 2])).toBe(0.5);
});

test("read again, it is the same to the byte, and damaged it is refused", () => {
  const data = randomRows(8, 60, 3);
  const model = LogisticRegression.train(data);
  const again = LogisticRegression.fromBytes(model.toBytes());
  expect(again.toBytes()).toEqual(model.toBytes());
  expect(again.predict(data.values)).toBe(model.predict(data.values));
  const damaged = model.toBytes();
  damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
  for (const wrong of [damaged, new Uint8Array(0), model.toBytes().slice(0, 60)])
    expect(() => LogisticRegression.fromBytes(wrong)).toThrow(
      expect.objectContaining({ code: "LEARN_MODEL_INVALID" }),
    );
});

test("equations are solved", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 }), fc.integer({ min: 1, max: 8 }), (seed, size) => {
      const random = seededRandom(seed);
      const half = Array.from({ length: size }, () => Array.from({ length: size }, () => random() - 0.5));
      const matrix = Array.from({ length: size }, (_, row) =>
        Array.from({ length: size }, (_unused, column) =>
          half.reduce((sum, each) => sum + (each[row] ?? 0) * (each[column] ?? 0), row === column ? 0.5 : 0),
        ),
      );
      const right = Float64Array.from({ length: size }, () => random());
      const solution = solve(Float64Array.from(matrix.flat()), right, size);
      for (const [row, line] of matrix.entries())
        expect(line.reduce((sum, value, at) => sum + value * (solution[at] ?? 0), 0)).toBeCloseTo(
          right[row] ?? 0,
          8,
        );
    }),
  );
});
