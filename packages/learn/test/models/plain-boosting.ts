import type { Dataset } from "../../src/models/dataset.js";

/** Boosting as a book has it: no bins, no histograms, every cut of every feature tried on all rows. */
export interface PlainOptions {
  readonly trees: number;
  readonly leaves: number;
  readonly learningRate: number;
  readonly minLeafRows: number;
  readonly l2: number;
}

interface Cut {
  readonly gain: number;
  readonly left: readonly number[];
  readonly right: readonly number[];
}

/** The probabilities of the rows that it was trained on. */
export function plainBoosting(data: Dataset, options: PlainOptions): readonly number[] {
  const { labels } = data;
  const rate = [...labels].reduce((sum, label) => sum + label, 0) / labels.length;
  const bounded = Math.min(1 - 1e-6, Math.max(1e-6, rate));
  const scores = Array.from(labels, () => Math.log(bounded / (1 - bounded)));
  for (let tree = 0; tree < options.trees; tree += 1) {
    const gradients = scores.map((score, row) => 1 / (1 + Math.exp(-score)) - (labels[row] ?? 0));
    const hessians = scores.map((score) => {
      const probability = 1 / (1 + Math.exp(-score));
      return probability * (1 - probability);
    });
    const sum = (of: readonly number[], rows: readonly number[]) =>
      rows.reduce((all, row) => all + (of[row] ?? 0), 0);
    const merit = (rows: readonly number[]) =>
      sum(gradients, rows) ** 2 / (2 * (sum(hessians, rows) + options.l2));
    const best = (rows: readonly number[]): Cut | undefined => {
      let found: Cut | undefined;
      for (let feature = 0; feature < data.features; feature += 1) {
        const at = (row: number) => data.values[row * data.features + feature] ?? Number.NaN;
        const missing = rows.filter((row) => Number.isNaN(at(row)));
        const known = rows.filter((row) => !Number.isNaN(at(row)));
        for (const missingLeft of missing.length > 0 ? [false, true] : [false]) {
          for (const bound of [...new Set(known.map(at))].sort((one, other) => one - other)) {
            const below = known.filter((row) => at(row) <= bound);
            const above = known.filter((row) => at(row) > bound);
            const left = missingLeft ? [...below, ...missing] : below;
            const right = missingLeft ? above : [...above, ...missing];
            if (Math.min(left.length, right.length) < options.minLeafRows) continue;
            const gain = merit(left) + merit(right) - merit(rows);
            if (gain > (found?.gain ?? 1e-12)) found = { gain, left, right };
          }
        }
      }
      return found;
    };
    const first = scores.map((_, row) => row);
    const leaves = [{ rows: first as readonly number[], cut: best(first) }];
    while (leaves.length < options.leaves) {
      const next = leaves.reduce((most, leaf) =>
        (leaf.cut?.gain ?? 0) > (most.cut?.gain ?? 0) ? leaf : most,
      );
      if (next.cut === undefined) break;
      const { left, right } = next.cut;
      leaves.splice(leaves.indexOf(next), 1, { rows: left, cut: best(left) });
      leaves.push({ rows: right, cut: best(right) });
    }
    for (const { rows } of leaves) {
      const value = (-options.learningRate * sum(gradients, rows)) / (sum(hessians, rows) + options.l2);
      for (const row of rows) scores[row] = (scores[row] ?? 0) + value;
    }
  }
  return scores.map((score) => 1 / (1 + Math.exp(-score)));
}
