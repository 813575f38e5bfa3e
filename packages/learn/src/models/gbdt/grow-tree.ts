import { sample } from "../random.js";
import { type Bounds, leafValue, type Split, SplitSearch, type Sums } from "./best-split.js";
import { type BinnedRows, MISSING } from "./bins.js";
import type { ValidGbdtOptions } from "./gbdt-options.js";
import { type Derivatives, type Histogram, Histograms } from "./histogram.js";
import type { TreeWriter } from "./tree-writer.js";

const UNBOUNDED: Bounds = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

/** A node that may still be cut in two. */
interface Leaf {
  readonly node: number;
  /** Its rows are `order[begin…end)`. */
  readonly begin: number;
  readonly end: number;
  readonly sums: Sums;
  readonly bounds: Bounds;
  readonly histogram: Histogram;
  readonly split: Split | undefined;
}

/**
 * Grows one tree at a time, always at the leaf that gains most (leaf-wise, as Shi, "Best-first decision tree learning", 2007, and LightGBM).
 * Of two children the histogram of the smaller one is made from its rows, that of the other one is what is left of the parent's.
 */
export class TreeGrower {
  readonly #binned: BinnedRows;
  readonly #options: ValidGbdtOptions;
  readonly #histograms: Histograms;
  readonly #search: SplitSearch;
  readonly #random: () => number;
  readonly #spare: Int32Array;

  constructor(binned: BinnedRows, options: ValidGbdtOptions, random: () => number) {
    this.#binned = binned;
    this.#options = options;
    this.#histograms = new Histograms(binned);
    this.#search = new SplitSearch(options, binned.features, this.#histograms.begins);
    this.#random = random;
    this.#spare = new Int32Array(binned.rows);
  }

  /**
   * Writes one more tree.
   * @param scores by row, what all trees say: what this one says is added for the rows that it saw
   * @returns the rows that it did not see
   */
  grow(derivatives: Derivatives, writer: TreeWriter, scores: Float64Array): Int32Array {
    const { leaves: most, featureShare, rowShare, l2, learningRate } = this.#options;
    const { rows, features: all } = this.#binned;
    const features = sample(all.length, Math.max(1, Math.round(all.length * featureShare)), this.#random);
    const order = sample(rows, Math.max(1, Math.round(rows * rowShare)), this.#random);
    const unseen = without(rows, order);
    const root = this.#histograms.build(order, 0, order.length, features, derivatives);
    const sums = total(order, derivatives);
    const leaf = (part: Omit<Leaf, "split">): Leaf => {
      const split = this.#search.best(part.histogram, part.sums, part.bounds, features);
      return { ...part, split };
    };
    const leaves = [
      leaf({ node: writer.begin(), begin: 0, end: order.length, sums, bounds: UNBOUNDED, histogram: root }),
    ];
    while (leaves.length < most) {
      const next = bestOf(leaves);
      if (next === undefined) break;
      const { node, begin, end, split, bounds, histogram } = leaves[next] as Leaf;
      if (split === undefined) break;
      const middle = this.#part(order, begin, end, split);
      const [left, right] = writer.split(node, split, all);
      const [leftBounds, rightBounds] = this.#bounds(split, bounds);
      const isLeftSmaller = middle - begin <= end - middle;
      const smaller = isLeftSmaller
        ? this.#histograms.build(order, begin, middle, features, derivatives)
        : this.#histograms.build(order, middle, end, features, derivatives);
      const larger = this.#histograms.subtract(histogram, smaller);
      leaves[next] = leaf({
        node: left,
        begin,
        end: middle,
        sums: split.left,
        bounds: leftBounds,
        histogram: isLeftSmaller ? smaller : larger,
      });
      leaves.push(
        leaf({
          node: right,
          begin: middle,
          end,
          sums: split.right,
          bounds: rightBounds,
          histogram: isLeftSmaller ? larger : smaller,
        }),
      );
    }
    for (const { node, begin, end, sums: own, bounds, histogram } of leaves) {
      const value = learningRate * leafValue(own, l2, bounds);
      writer.leaf(node, value);
      for (let at = begin; at < end; at += 1) (scores[order[at] as number] as number) += value;
      this.#histograms.giveBack(histogram);
    }
    return unseen;
  }

  /** Puts the rows of the left side first, each side in its order; returns where the right one begins. */
  #part(order: Int32Array, begin: number, end: number, { feature, bin, names, missingLeft }: Split): number {
    const { bins, rows } = this.#binned;
    const column = bins.subarray(feature * rows, (feature + 1) * rows);
    let left = begin;
    let right = 0;
    for (let at = begin; at < end; at += 1) {
      const row = order[at] as number;
      const own = column[row] as number;
      const isLeft = own === MISSING ? missingLeft : names === undefined ? own <= bin : names.has(own);
      if (isLeft) {
        order[left] = row;
        left += 1;
      } else {
        this.#spare[right] = row;
        right += 1;
      }
    }
    order.set(this.#spare.subarray(0, right), left);
    return left;
  }

  /** Where the feature is monotone, no value below one child may pass the middle between both. */
  #bounds({ feature, left, right }: Split, bounds: Bounds): readonly [Bounds, Bounds] {
    const { l2, monotone } = this.#options;
    const direction = monotone[feature];
    if (direction === undefined) return [bounds, bounds];
    const middle = (leafValue(left, l2, bounds) + leafValue(right, l2, bounds)) / 2;
    const [lower, upper] = [
      { low: bounds.low, high: middle },
      { low: middle, high: bounds.high },
    ];
    return direction > 0 ? [lower, upper] : [upper, lower];
  }
}

function bestOf(leaves: readonly Leaf[]): number | undefined {
  let best: number | undefined;
  let gain = 0;
  for (const [index, { split }] of leaves.entries()) {
    if (split === undefined || split.gain <= gain) continue;
    best = index;
    gain = split.gain;
  }
  return best;
}

function total(order: Int32Array, { gradients, hessians }: Derivatives): Sums {
  let gradient = 0;
  let hessian = 0;
  for (const row of order) {
    gradient += gradients[row] as number;
    hessian += hessians[row] as number;
  }
  return { gradient, hessian, count: order.length };
}

function without(rows: number, order: Int32Array): Int32Array {
  const others = new Int32Array(rows - order.length);
  let at = 0;
  let taken = 0;
  for (let row = 0; row < rows; row += 1) {
    if (order[at] === row) at += 1;
    else {
      others[taken] = row;
      taken += 1;
    }
  }
  return others;
}
