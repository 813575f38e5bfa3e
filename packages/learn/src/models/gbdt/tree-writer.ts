import type { Split } from "./best-split.js";
import type { FeatureBins } from "./bins.js";
import type { PackedTrees, Trees } from "./tree.js";

/** Puts trees together, node by node. They can be asked meanwhile. */
export class TreeWriter implements Trees {
  readonly roots: number[] = [];
  readonly features: number[] = [];
  readonly values: number[] = [];
  readonly nameCounts: number[] = [];
  readonly missingLeft: number[] = [];
  readonly left: number[] = [];
  readonly right: number[] = [];
  readonly names: number[] = [];

  /** Begins a tree; returns its root. */
  begin(): number {
    const root = this.#node();
    this.roots.push(root);
    return root;
  }

  /** Cuts a node in two; returns both. */
  split(node: number, split: Split, features: readonly FeatureBins[]): readonly [number, number] {
    const { feature, bin, names, missingLeft } = split;
    const { ends, names: known } = features[feature] as FeatureBins;
    const children = [this.#node(), this.#node()] as const;
    this.features[node] = feature;
    this.missingLeft[node] = missingLeft ? 1 : 0;
    this.left[node] = children[0];
    this.right[node] = children[1];
    if (names === undefined) this.values[node] = ends[bin - 1] ?? Number.POSITIVE_INFINITY;
    else {
      this.values[node] = this.names.length;
      this.nameCounts[node] = names.size;
      const own = [...names].map((each) => known?.[each - 1] ?? Number.NaN);
      this.names.push(...own.sort((one, other) => one - other));
    }
    return children;
  }

  leaf(node: number, value: number): void {
    this.values[node] = value;
  }

  /** All trees, packed. */
  packed(): PackedTrees {
    return {
      roots: Float64Array.from(this.roots),
      features: Float64Array.from(this.features),
      values: Float64Array.from(this.values),
      nameCounts: Float64Array.from(this.nameCounts),
      missingLeft: Float64Array.from(this.missingLeft),
      left: Float64Array.from(this.left),
      right: Float64Array.from(this.right),
      names: Float64Array.from(this.names),
    };
  }

  #node(): number {
    this.features.push(-1);
    this.values.push(0);
    this.nameCounts.push(-1);
    this.missingLeft.push(0);
    this.left.push(-1);
    this.right.push(-1);
    return this.features.length - 1;
  }
}
