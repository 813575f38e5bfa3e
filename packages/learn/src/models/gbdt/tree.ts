/** Trees one after the other, node by node. */
export interface Trees {
  /** Where each tree begins. */
  readonly roots: ArrayLike<number>;
  /** By node: the feature that it asks for, or -1 for a leaf. */
  readonly features: ArrayLike<number>;
  /** By node: for an amount, the highest value that goes left; for a leaf, its value; for names, where theirs begin. */
  readonly values: ArrayLike<number>;
  /** By node: how many names go left, or -1 for an amount. */
  readonly nameCounts: ArrayLike<number>;
  /** By node: 1 where what is not known goes left. */
  readonly missingLeft: ArrayLike<number>;
  readonly left: ArrayLike<number>;
  readonly right: ArrayLike<number>;
  /** The names of all nodes, those of each in rising order. */
  readonly names: ArrayLike<number>;
}

/** Trees as they are kept. */
export type PackedTrees = { readonly [Part in keyof Trees]: Float64Array };

/** What one tree says of a row that begins at a place among values. */
export function valueIn(trees: Trees, root: number, values: ArrayLike<number>, begin: number): number {
  let node = root;
  for (let feature = trees.features[node] as number; feature >= 0; feature = trees.features[node] as number) {
    const isLeft = goesLeft(trees, node, values[begin + feature] as number);
    node = (isLeft ? trees.left[node] : trees.right[node]) as number;
  }
  return trees.values[node] as number;
}

function goesLeft(trees: Trees, node: number, value: number): boolean {
  if (Number.isNaN(value)) return trees.missingLeft[node] === 1;
  const count = trees.nameCounts[node] as number;
  const bound = trees.values[node] as number;
  return count < 0 ? value <= bound : has(trees.names, bound, bound + count, value);
}

function has(names: ArrayLike<number>, begin: number, end: number, name: number): boolean {
  let low = begin;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((names[middle] as number) < name) low = middle + 1;
    else high = middle;
  }
  return low < end && names[low] === name;
}
