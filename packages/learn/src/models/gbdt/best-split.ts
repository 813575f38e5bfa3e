import { type FeatureBins, MISSING } from "./bins.js";
import type { ValidGbdtOptions } from "./gbdt-options.js";
import type { Histogram } from "./histogram.js";

/** Sums over the rows of a node. */
export interface Sums {
  readonly gradient: number;
  readonly hessian: number;
  readonly count: number;
}

/** Between what the values of a node have to stay, so that the forecast is monotone. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** How a node is best cut in two. */
export interface Split {
  readonly gain: number;
  readonly feature: number;
  /** For an amount: the last bin of the left side. */
  readonly bin: number;
  /** For a name: the bins of the left side. Absent for an amount. */
  readonly names?: ReadonlySet<number>;
  /** Whether what is not known goes left. */
  readonly missingLeft: boolean;
  readonly left: Sums;
  readonly right: Sums;
}

/** Added to the second derivatives of a name before names are put in order: one that was seen seldom says little. */
const NAME_SMOOTHING = 10;

/** The value of a leaf: where the loss, by its second-order approximation, is least (Chen and Guestrin, "XGBoost", 2016, formula 5). */
export function leafValue({ gradient, hessian }: Sums, l2: number, { low, high }: Bounds): number {
  return Math.min(high, Math.max(low, -gradient / (hessian + l2)));
}

/** How much a leaf of that value lessens the loss. */
function merit({ gradient, hessian }: Sums, l2: number, value: number): number {
  return -(gradient * value + ((hessian + l2) * value * value) / 2);
}

/** Looks for the best split of a node by one feature. */
export class SplitSearch {
  readonly #options: ValidGbdtOptions;
  readonly #features: readonly FeatureBins[];
  readonly #begins: Int32Array;

  constructor(options: ValidGbdtOptions, features: readonly FeatureBins[], begins: Int32Array) {
    this.#options = options;
    this.#features = features;
    this.#begins = begins;
  }

  /** The best split of a node by any of the features; undefined where none gains anything. */
  best(histogram: Histogram, node: Sums, bounds: Bounds, features: Int32Array): Split | undefined {
    let best: Split | undefined;
    for (const feature of features) {
      const { names } = this.#features[feature] as FeatureBins;
      const found =
        names === undefined
          ? this.#byAmount(histogram, node, bounds, feature)
          : this.#byName(histogram, node, bounds, feature);
      if (found !== undefined && found.gain > (best?.gain ?? this.#options.minGain)) best = found;
    }
    return best;
  }

  /**
   * Cuts behind each bin, with what is not known on the one side and on the other. In numbers and without objects: it is asked for each bin of
   * each feature of each node.
   */
  #byAmount(histogram: Histogram, node: Sums, bounds: Bounds, feature: number): Split | undefined {
    const { gradients, hessians, counts } = histogram;
    const { minLeafRows, minLeafHessian, l2, monotone } = this.#options;
    const first = this.#begins[feature] as number;
    const last = first + (this.#features[feature] as FeatureBins).count - 1;
    const isFree =
      monotone[feature] === undefined &&
      bounds.low === Number.NEGATIVE_INFINITY &&
      bounds.high === Number.POSITIVE_INFINITY;
    const before = merit(node, l2, leafValue(node, l2, bounds));
    const missing = sumsOf(histogram, first + MISSING);
    let bestGain = 0;
    let best: { readonly bin: number; readonly missingLeft: boolean; readonly left: Sums } | undefined;
    for (const missingLeft of missing.count > 0 ? [false, true] : [false]) {
      let { gradient, hessian, count } = missingLeft ? missing : NOTHING;
      // Behind the last one all that is known is on the left.
      for (let bin = first + 1; bin <= last; bin += 1) {
        const more = counts[bin] as number;
        if (more === 0) continue;
        gradient += gradients[bin] as number;
        hessian += hessians[bin] as number;
        count += more;
        const otherHessian = node.hessian - hessian;
        if (node.count - count < minLeafRows || otherHessian < minLeafHessian) break;
        if (count < minLeafRows || hessian < minLeafHessian) continue;
        const other = node.gradient - gradient;
        const gain = isFree
          ? (gradient * gradient) / (2 * (hessian + l2)) +
            (other * other) / (2 * (otherHessian + l2)) -
            before
          : this.#gain(node, { gradient, hessian, count }, bounds, feature);
        if (gain <= bestGain) continue;
        bestGain = gain;
        // Nobody knows where what was always known would go: to where most are.
        const toLeft = missing.count > 0 ? missingLeft : hessian > otherHessian;
        best = { bin: bin - first, missingLeft: toLeft, left: { gradient, hessian, count } };
      }
    }
    return best && { ...best, gain: bestGain, feature, right: minus(node, best.left) };
  }

  /** Puts the names in the order of their own best values, and cuts behind each (Fisher, "On grouping for maximum homogeneity", 1958). */
  #byName(histogram: Histogram, node: Sums, bounds: Bounds, feature: number): Split | undefined {
    const { count } = this.#features[feature] as FeatureBins;
    const first = this.#begins[feature] as number;
    const seen: { readonly bin: number; readonly sums: Sums; readonly value: number }[] = [];
    for (let bin = 1; bin < count; bin += 1) {
      const sums = sumsOf(histogram, first + bin);
      if (sums.count > 0) seen.push({ bin, sums, value: sums.gradient / (sums.hessian + NAME_SMOOTHING) });
    }
    seen.sort((one, other) => one.value - other.value || one.bin - other.bin);
    let left = NOTHING;
    let best: Split | undefined;
    for (const [index, { sums }] of seen.entries()) {
      left = plus(left, sums);
      const gain = this.#gain(node, left, bounds, feature);
      if (gain <= (best?.gain ?? 0)) continue;
      const right = minus(node, left);
      const names = new Set(seen.slice(0, index + 1).map(({ bin }) => bin));
      best = { gain, feature, bin: 0, names, missingLeft: false, left, right };
    }
    return best;
  }

  #gain(node: Sums, left: Sums, bounds: Bounds, feature: number): number {
    const { minLeafRows, minLeafHessian, l2, monotone } = this.#options;
    const right = minus(node, left);
    if (left.count < minLeafRows || right.count < minLeafRows) return 0;
    if (left.hessian < minLeafHessian || right.hessian < minLeafHessian) return 0;
    const [one, other] = [leafValue(left, l2, bounds), leafValue(right, l2, bounds)];
    const direction = monotone[feature];
    if (direction !== undefined && (other - one) * direction < 0) return 0;
    return merit(left, l2, one) + merit(right, l2, other) - merit(node, l2, leafValue(node, l2, bounds));
  }
}

const NOTHING: Sums = { gradient: 0, hessian: 0, count: 0 };

function sumsOf({ gradients, hessians, counts }: Histogram, bin: number): Sums {
  return { gradient: gradients[bin] ?? 0, hessian: hessians[bin] ?? 0, count: counts[bin] ?? 0 };
}

function plus(one: Sums, other: Sums): Sums {
  return {
    gradient: one.gradient + other.gradient,
    hessian: one.hessian + other.hessian,
    count: one.count + other.count,
  };
}

function minus(all: Sums, part: Sums): Sums {
  return {
    gradient: all.gradient - part.gradient,
    hessian: all.hessian - part.hessian,
    count: all.count - part.count,
  };
}
