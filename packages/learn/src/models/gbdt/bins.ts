/** The bin of values that are not known. */
export const MISSING = 0;

/** How the values of one feature fall into bins, from 1 on. */
export interface FeatureBins {
  /** How many bins there are, that of what is not known among them. */
  readonly count: number;
  /** For amounts: the highest value of each bin but the last; bin 1 ends with the first. */
  readonly ends: Float64Array;
  /** For names: the name of each bin; bin 1 is the first. Absent for amounts. */
  readonly names?: Float64Array;
}

/** Rows by the bins of their features, feature by feature. */
export interface BinnedRows {
  readonly rows: number;
  readonly features: readonly FeatureBins[];
  /** `bins[feature * rows + row]`. */
  readonly bins: Uint8Array;
}

/** Puts the values of all rows into at most `most` bins each, of about as many rows; equal values share one. */
export function binRows(
  values: ArrayLike<number>,
  rows: number,
  features: number,
  most: number,
  categorical: ReadonlySet<number>,
): BinnedRows {
  const bins = new Uint8Array(rows * features);
  const all: FeatureBins[] = [];
  const column = new Float64Array(rows);
  for (let feature = 0; feature < features; feature += 1) {
    for (let row = 0; row < rows; row += 1) column[row] = values[row * features + feature] ?? Number.NaN;
    const made = categorical.has(feature) ? nameBins(column, most) : amountBins(column, most);
    all.push(made);
    const binOf = binFinder(made);
    for (let row = 0; row < rows; row += 1) bins[feature * rows + row] = binOf(column[row] ?? Number.NaN);
  }
  return { rows, features: all, bins };
}

/** Gives the bin of a value. */
function binFinder({ ends, names }: FeatureBins): (value: number) => number {
  if (names !== undefined) {
    const byName = new Map([...names].map((name, index) => [name, index + 1]));
    return (value) => byName.get(value) ?? MISSING;
  }
  return (value) => {
    if (Number.isNaN(value)) return MISSING;
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (value <= (ends[middle] ?? Number.POSITIVE_INFINITY)) high = middle;
      else low = middle + 1;
    }
    return low + 1;
  };
}

function amountBins(column: Float64Array, most: number): FeatureBins {
  const sorted = column.filter((value) => !Number.isNaN(value)).sort();
  const ends: number[] = [];
  let begin = 0;
  while (begin < sorted.length && ends.length < most - 1) {
    const wanted = Math.max(1, Math.round((sorted.length - begin) / (most - ends.length)));
    let end = begin + wanted;
    const last = sorted[end - 1];
    while (end < sorted.length && sorted[end] === last) end += 1;
    const next = sorted[end];
    if (last === undefined || next === undefined) break;
    ends.push(between(last, next));
    begin = end;
  }
  return { count: ends.length + 2, ends: Float64Array.from(ends) };
}

/** Halfway, so that values that were not seen fall to the nearer side. */
function between(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle >= low && middle < high ? middle : low;
}

/** The most frequent names have bins of their own; the others are as if they were not known. */
function nameBins(column: Float64Array, most: number): FeatureBins {
  const counts = new Map<number, number>();
  for (const value of column) if (!Number.isNaN(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  const names = [...counts]
    .sort(([one, often], [other, seldom]) => seldom - often || one - other)
    .slice(0, most)
    .map(([name]) => name);
  return { count: names.length + 1, ends: new Float64Array(0), names: Float64Array.from(names) };
}
