import type { BinnedRows } from "./bins.js";

/** Sums over rows, bin by bin, those of all features one after the other. */
export interface Histogram {
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
  readonly counts: Int32Array;
}

/** First and second derivatives of the loss, by row. */
export interface Derivatives {
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
}

/** Makes the histograms of one model, and keeps those that are given back. */
export class Histograms {
  readonly #binned: BinnedRows;
  readonly #spare: Histogram[] = [];
  /** Where the bins of each feature begin. */
  readonly begins: Int32Array;
  readonly #size: number;

  constructor(binned: BinnedRows) {
    this.#binned = binned;
    this.begins = new Int32Array(binned.features.length);
    let size = 0;
    for (const [feature, { count }] of binned.features.entries()) {
      this.begins[feature] = size;
      size += count;
    }
    this.#size = size;
  }

  /** The sums over the rows `order[begin…end)`. */
  build(
    order: Int32Array,
    begin: number,
    end: number,
    features: Int32Array,
    { gradients, hessians }: Derivatives,
  ): Histogram {
    const made = this.#take();
    const { bins, rows } = this.#binned;
    for (const feature of features) {
      const column = bins.subarray(feature * rows, (feature + 1) * rows);
      const first = this.begins[feature] as number;
      for (let at = begin; at < end; at += 1) {
        const row = order[at] as number;
        const bin = first + (column[row] as number);
        (made.gradients[bin] as number) += gradients[row] as number;
        (made.hessians[bin] as number) += hessians[row] as number;
        (made.counts[bin] as number) += 1;
      }
    }
    return made;
  }

  /** What is left of a parent without one child, in the place of the parent: half of all rows need not be looked at. */
  subtract(parent: Histogram, child: Histogram): Histogram {
    for (let bin = 0; bin < this.#size; bin += 1) {
      (parent.gradients[bin] as number) -= child.gradients[bin] as number;
      (parent.hessians[bin] as number) -= child.hessians[bin] as number;
      (parent.counts[bin] as number) -= child.counts[bin] as number;
    }
    return parent;
  }

  giveBack(histogram: Histogram): void {
    this.#spare.push(histogram);
  }

  #take(): Histogram {
    const known = this.#spare.pop();
    if (known === undefined) {
      const size = this.#size;
      return {
        gradients: new Float64Array(size),
        hessians: new Float64Array(size),
        counts: new Int32Array(size),
      };
    }
    known.gradients.fill(0);
    known.hessians.fill(0);
    known.counts.fill(0);
    return known;
  }
}
