import fc from "fast-check";
import { expect, test } from "vitest";
import { pageRank, weightedGraph } from "../../src/map/page-rank.js";

const graphOf = (size: number, edges: readonly (readonly [number, number, number])[]) => {
  const maps = Array.from({ length: size }, () => new Map<number, number>());
  for (const [from, to, weight] of edges) maps[from]?.set(to, weight);
  return weightedGraph(size, maps);
};

test("two pages that name each other, and one that names the first", () => {
  // By hand, damping ½ and restart ⅓ each: a = ⅙ + ½(b + c), b = ⅙ + ½a, c = ⅙: a = 4/9, b = 7/18, c = 1/6.
  const graph = graphOf(3, [
    [0, 1, 1],
    [1, 0, 5],
    [2, 0, 1],
  ]);
  const [a, b, c] = pageRank(graph, [1, 1, 1], { damping: 0.5, tolerance: 1e-12 });
  expect(a).toBeCloseTo(4 / 9, 9);
  expect(b).toBeCloseTo(7 / 18, 9);
  expect(c).toBeCloseTo(1 / 6, 9);
});

test("weights share what a page hands on; what leads nowhere starts anew by the personalisation", () => {
  // Restart at 0 alone: r0 = ½ + ½(r1 + r2), r1 = ½ · ¾ r0, r2 = ½ · ¼ r0, so r0 = ⅔, r1 = ¼, r2 = 1/12.
  const graph = graphOf(3, [
    [0, 1, 3],
    [0, 2, 1],
  ]);
  const [a, b, c] = pageRank(graph, [9, 0, 0], { damping: 0.5, tolerance: 1e-12 });
  expect(a).toBeCloseTo(2 / 3, 9);
  expect(b).toBeCloseTo(1 / 4, 9);
  expect(c).toBeCloseTo(1 / 12, 9);
});

test("an empty graph has no ranks", () => {
  expect([...pageRank(graphOf(0, []), [])]).toEqual([]);
});

test("ranks solve the equation of PageRank and add up to 1", () => {
  const size = 6;
  const edge = fc.tuple(fc.nat(size - 1), fc.nat(size - 1), fc.double({ min: 0.01, max: 9, noNaN: true }));
  const start = fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: size, maxLength: size });
  fc.assert(
    fc.property(fc.array(edge), start, (edges, given) => {
      const unique = [...new Map(edges.map((each) => [`${each[0]} ${each[1]}`, each])).values()];
      const rank = pageRank(graphOf(size, unique), given, { tolerance: 1e-13, maxIterations: 500 });
      const sum = given.reduce((total, each) => total + each, 0);
      const restart = given.map((each) => (sum > 0 ? each / sum : 1 / size));
      const out = (node: number): number =>
        unique.filter(([from]) => from === node).reduce((total, [, , weight]) => total + weight, 0);
      let lost = 0;
      for (let node = 0; node < size; node += 1) if (out(node) === 0) lost += rank[node] ?? 0;
      for (let node = 0; node < size; node += 1) {
        const came = unique
          .filter(([, to]) => to === node)
          .reduce((total, [from, , weight]) => total + ((rank[from] ?? 0) * weight) / out(from), 0);
        const expected = 0.85 * came + (0.15 + 0.85 * lost) * (restart[node] ?? 0);
        expect(rank[node]).toBeCloseTo(expected, 8);
      }
      expect(rank.reduce((total, each) => total + each, 0)).toBeCloseTo(1, 8);
    }),
  );
});
