import { learnError } from "../../errors.js";
import { type Dataset, rowsOf } from "../dataset.js";
import { logistic } from "../logistic.js";
import { packModel, unpackModel } from "../model-file.js";
import { seededRandom } from "../random.js";
import { binRows } from "./bins.js";
import { type GbdtOptions, readGbdtOptions } from "./gbdt-options.js";
import { TreeGrower } from "./grow-tree.js";
import { type PackedTrees, valueIn } from "./tree.js";
import { TreeWriter } from "./tree-writer.js";

/** How training goes on. */
export interface TrainingProgress {
  readonly done: number;
  readonly total: number;
}

const KIND = "gradient boosting";
/** A rate of 0 or 1 has no log-odds. */
const SMALLEST_RATE = 1e-6;

/**
 * Gradient boosting of trees for the logistic loss: each tree, grown leaf by leaf from histograms of binned features, takes a step against
 * what all before it got wrong (Friedman, "Greedy function approximation", 2001; second derivatives as Chen and Guestrin, "XGBoost", 2016).
 * What is not known (NaN) goes to the side that proved better; names that were not seen are as if not known.
 */
export class GradientBoosting {
  /** How many features a row has. */
  readonly features: number;
  readonly #base: number;
  readonly #trees: PackedTrees;

  private constructor(features: number, base: number, trees: PackedTrees) {
    this.features = features;
    this.#base = base;
    this.#trees = trees;
  }

  /**
   * Learns from rows, of which there may be one, or of one kind: then it says their rate. It holds the thread; train in a worker.
   * Throws `LEARN_DATA_INVALID`, `OPTIONS_INVALID`, and what `onTree` throws.
   * @param onTree called after each tree
   */
  static train(
    data: Dataset,
    options: GbdtOptions = {},
    onTree?: (progress: TrainingProgress) => void,
  ): GradientBoosting {
    const rows = rowsOf(data);
    const { features, values, labels, weights } = data;
    const valid = readGbdtOptions(options, features);
    const base = logOddsOf(labels, weights);
    const binned = binRows(values, rows, features, valid.bins, new Set(valid.categorical));
    const grower = new TreeGrower(binned, valid, seededRandom(valid.seed));
    const writer = new TreeWriter();
    const scores = new Float64Array(rows).fill(base);
    const derivatives = { gradients: new Float64Array(rows), hessians: new Float64Array(rows) };
    for (let tree = 0; tree < valid.trees && rows > 0; tree += 1) {
      for (let row = 0; row < rows; row += 1) {
        const probability = logistic(scores[row] as number);
        const weight = weights?.[row] ?? 1;
        derivatives.gradients[row] = weight * (probability - (labels[row] as number));
        derivatives.hessians[row] = weight * probability * (1 - probability);
      }
      const unseen = grower.grow(derivatives, writer, scores);
      const root = writer.roots.at(-1) as number;
      for (const row of unseen) (scores[row] as number) += valueIn(writer, root, values, row * features);
      onTree?.({ done: tree + 1, total: valid.trees });
    }
    return new GradientBoosting(features, base, writer.packed());
  }

  /** Reads what {@link GradientBoosting.toBytes} wrote. Throws `LEARN_MODEL_INVALID`. */
  static fromBytes(bytes: Uint8Array): GradientBoosting {
    const { about, numbers } = unpackModel(KIND, bytes);
    const { features } = about;
    const [base] = numbers["base"] ?? [];
    const { base: _base, ...trees } = numbers;
    if (typeof features !== "number" || base === undefined)
      throw learnError("LEARN_MODEL_INVALID", "This model cannot be read: it has no base. Train it anew.");
    return new GradientBoosting(features, base, trees as unknown as PackedTrees);
  }

  /** The same bytes for the same model, before and after it was read again. */
  toBytes(): Uint8Array {
    const numbers = { base: Float64Array.of(this.#base), ...this.#trees };
    return packModel(KIND, { about: { features: this.features }, numbers });
  }

  /**
   * The probability that a row passes, between 0 and 1.
   * @param begin where the row begins among the values
   */
  predict(values: ArrayLike<number>, begin = 0): number {
    let score = this.#base;
    const { roots } = this.#trees;
    for (let tree = 0; tree < roots.length; tree += 1)
      score += valueIn(this.#trees, roots[tree] as number, values, begin);
    return logistic(score);
  }

  /** The probabilities of rows, one after the other. */
  predictAll(values: ArrayLike<number>): Float64Array {
    const rows = Math.floor(values.length / this.features);
    return Float64Array.from({ length: rows }, (_, row) => this.predict(values, row * this.features));
  }
}

function logOddsOf(labels: ArrayLike<number>, weights: ArrayLike<number> | undefined): number {
  let passed = 0;
  let all = 0;
  for (let row = 0; row < labels.length; row += 1) {
    const weight = weights?.[row] ?? 1;
    passed += weight * (labels[row] as number);
    all += weight;
  }
  const rate = all === 0 ? 0.5 : Math.min(1 - SMALLEST_RATE, Math.max(SMALLEST_RATE, passed / all));
  return Math.log(rate / (1 - rate));
}
