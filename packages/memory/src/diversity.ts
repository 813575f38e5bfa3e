import { gramsOf } from "./text/grams.js";

/**
 * Maximal marginal relevance (J. Carbonell and J. Goldstein, "The Use of MMR", 1998): takes one after another, the next being
 * the one whose score, less its likeness to those that were taken, is greatest. Likeness is that of 4-grams (Jaccard).
 */
export function diverse<Item extends { readonly score: number }>(
  items: readonly Item[],
  options: { readonly diversity: number; readonly limit: number; readonly textOf: (item: Item) => string },
): readonly Item[] {
  const { diversity, limit, textOf } = options;
  const left = items.map((item) => ({ item, grams: new Set(gramsOf(textOf(item))), likeness: 0 }));
  const taken: Item[] = [];
  while (taken.length < limit && left.length > 0) {
    let best = 0;
    left.forEach((one, at) => {
      if (worth(one, diversity) > worth(left[best] ?? one, diversity)) best = at;
    });
    const [next] = left.splice(best, 1);
    if (next === undefined) break;
    taken.push(next.item);
    for (const one of left) one.likeness = Math.max(one.likeness, jaccard(one.grams, next.grams));
  }
  return taken;
}

function worth(
  one: { readonly item: { readonly score: number }; readonly likeness: number },
  diversity: number,
): number {
  return (1 - diversity) * one.item.score - diversity * one.likeness;
}

function jaccard(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  let both = 0;
  for (const gram of a) if (b.has(gram)) both += 1;
  return both / (a.size + b.size - both || 1);
}
