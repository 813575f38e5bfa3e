/** Whether the first answer is right: 1 or 0. */
export function hit(ranked: readonly unknown[], wanted: ReadonlySet<unknown>, within: number): number {
  return ranked.slice(0, within).some((answer) => wanted.has(answer)) ? 1 : 0;
}

/** Normalised discounted cumulative gain with gains of 0 and 1 (K. Järvelin and J. Kekäläinen, 2002). */
export function ndcg(ranked: readonly unknown[], wanted: ReadonlySet<unknown>, within: number): number {
  let gained = 0;
  let ideal = 0;
  for (let place = 0; place < within; place++) {
    const gain = 1 / Math.log2(place + 2);
    if (place < ranked.length && wanted.has(ranked[place])) gained += gain;
    if (place < wanted.size) ideal += gain;
  }
  return ideal === 0 ? 0 : gained / ideal;
}

/** The share of what is wanted that is among the first. */
export function recall(ranked: readonly unknown[], wanted: ReadonlySet<unknown>, within: number): number {
  return new Set(ranked.slice(0, within).filter((answer) => wanted.has(answer))).size / wanted.size;
}

/** One divided by the place of the first right answer; 0 when there is none. */
export function reciprocalRank(ranked: readonly unknown[], wanted: ReadonlySet<unknown>): number {
  const place = ranked.findIndex((answer) => wanted.has(answer));
  return place < 0 ? 0 : 1 / (place + 1);
}

/** The mean; 0 of none. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
