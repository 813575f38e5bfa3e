import { validate } from "@agentos/core";
import * as v from "valibot";
import { learnError } from "../errors.js";
import { type Dataset, rowsOf } from "./dataset.js";
import { logistic } from "./logistic.js";
import { packModel, unpackModel } from "./model-file.js";
import { solve } from "./solve.js";

/** How a {@link LogisticRegression} is trained. */
export interface LogisticOptions {
  /** Draws coefficients of standardised features towards 0. @default 1 */
  readonly l2?: number;
}

const KIND = "logistic regression";
/** Newton's method has converged long before. */
const MOST_STEPS = 50;
/** A step that moves no coefficient by more ends the search. */
const CONVERGED = 1e-9;

const optionsSchema = v.strictObject({
  l2: v.optional(v.pipe(v.number(), v.finite(), v.gtValue(0)), 1),
});

/**
 * Logistic regression with an L2 penalty on features of mean 0 and variance 1, by Newton's method (iteratively reweighted least squares: McCullagh
 * and Nelder, "Generalized linear models", 1989). What is not known counts as the mean. The base is not penalised, so the mean of
 * what it says is the rate of the rows.
 */
export class LogisticRegression {
  /** How many features a row has. */
  readonly features: number;
  readonly #means: Float64Array;
  /** One by the standard deviation; 0 for a feature that is always the same. */
  readonly #scales: Float64Array;
  /** The base, then one for each feature. */
  readonly #coefficients: Float64Array;

  private constructor(means: Float64Array, scales: Float64Array, coefficients: Float64Array) {
    this.features = means.length;
    this.#means = means;
    this.#scales = scales;
    this.#coefficients = coefficients;
  }

  /** Learns from rows, of which there may be none, or of one kind. Throws `LEARN_DATA_INVALID` and `OPTIONS_INVALID`. */
  static train(data: Dataset, options: LogisticOptions = {}): LogisticRegression {
    const rows = rowsOf(data);
    const { l2 } = validate(optionsSchema, options, { what: "Options of logistic regression" });
    const { features, labels, weights } = data;
    const { means, scales } = standardsOf(data, rows);
    const model = new LogisticRegression(means, scales, new Float64Array(features + 1));
    const coefficients = model.#coefficients;
    const size = features + 1;
    const row = new Float64Array(size);
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const gradient = new Float64Array(size);
      const curvature = new Float64Array(size * size);
      for (let index = 0; index < rows; index += 1) {
        model.#standardise(data.values, index * features, row);
        const probability = bounded(product(row, coefficients));
        const weight = weights?.[index] ?? 1;
        const error = weight * (probability - (labels[index] as number));
        const bend = weight * probability * (1 - probability);
        for (let one = 0; one < size; one += 1) {
          const value = row[one] as number;
          (gradient[one] as number) += error * value;
          if (value === 0) continue;
          for (let other = 0; other <= one; other += 1)
            (curvature[one * size + other] as number) += bend * value * (row[other] as number);
        }
      }
      // One row that passes and one that does not, as a prior: rows of one kind have no base of their own.
      const base = bounded(coefficients[0] as number);
      (gradient[0] as number) += 2 * (base - 0.5);
      (curvature[0] as number) += 2 * base * (1 - base);
      for (let one = 1; one < size; one += 1) {
        (gradient[one] as number) += l2 * (coefficients[one] as number);
        (curvature[one * size + one] as number) += l2;
      }
      const moves = solve(curvature, gradient, size);
      // A long step may pass the valley.
      const longest = moves.reduce((most, move) => Math.max(most, Math.abs(move)), 0);
      const share = longest > 5 ? 5 / longest : 1;
      for (let one = 0; one < size; one += 1) (coefficients[one] as number) -= share * (moves[one] as number);
      if (longest < CONVERGED) break;
    }
    return model;
  }

  /** Reads what {@link LogisticRegression.toBytes} wrote. Throws `LEARN_MODEL_INVALID`. */
  static fromBytes(bytes: Uint8Array): LogisticRegression {
    const { means, scales, coefficients } = unpackModel(KIND, bytes).numbers;
    if (!means || !scales || coefficients?.length !== means.length + 1 || scales.length !== means.length)
      throw learnError(
        "LEARN_MODEL_INVALID",
        "This model cannot be read: its parts do not fit. Train it anew.",
      );
    return new LogisticRegression(means, scales, coefficients);
  }

  toBytes(): Uint8Array {
    const numbers = { means: this.#means, scales: this.#scales, coefficients: this.#coefficients };
    return packModel(KIND, { about: {}, numbers });
  }

  /**
   * The probability that a row passes, between 0 and 1.
   * @param begin where the row begins among the values
   */
  predict(values: ArrayLike<number>, begin = 0): number {
    return bounded(this.shares(values, begin).reduce((sum, share) => sum + share, 0));
  }

  /** What the base and each feature of a row add to the log-odds, in this order. */
  shares(values: ArrayLike<number>, begin = 0): Float64Array {
    const row = new Float64Array(this.features + 1);
    this.#standardise(values, begin, row);
    return row.map((value, one) => value * (this.#coefficients[one] as number));
  }

  #standardise(values: ArrayLike<number>, begin: number, into: Float64Array): void {
    into[0] = 1;
    for (let feature = 0; feature < this.features; feature += 1) {
      const value = values[begin + feature] as number;
      const isKnown = Number.isFinite(value);
      into[feature + 1] = isKnown
        ? (value - (this.#means[feature] as number)) * (this.#scales[feature] as number)
        : 0;
    }
  }
}

function standardsOf(
  { features, values, weights }: Dataset,
  rows: number,
): { readonly means: Float64Array; readonly scales: Float64Array } {
  const means = new Float64Array(features);
  const scales = new Float64Array(features);
  for (let feature = 0; feature < features; feature += 1) {
    // One row at a time, so that large values do not swallow their differences (Welford, 1962; West, 1979).
    let all = 0;
    let mean = 0;
    let spread = 0;
    for (let row = 0; row < rows; row += 1) {
      const value = values[row * features + feature] as number;
      const weight = weights?.[row] ?? 1;
      if (!Number.isFinite(value) || weight === 0) continue;
      all += weight;
      const before = value - mean;
      mean += (weight / all) * before;
      spread += weight * before * (value - mean);
    }
    const deviation = all === 0 ? 0 : Math.sqrt(spread / all);
    means[feature] = Number.isFinite(mean) ? mean : 0;
    scales[feature] = Number.isFinite(deviation) && deviation > 0 ? 1 / deviation : 0;
  }
  return { means, scales };
}

function product(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index += 1)
    sum += (one[index] as number) * (other[index] as number);
  return sum;
}

/** Never 0 or 1: nothing is ever certain. */
function bounded(score: number): number {
  return logistic(Math.min(30, Math.max(-30, score)));
}
