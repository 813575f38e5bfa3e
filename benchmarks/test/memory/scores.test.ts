import { expect, test } from "vitest";
import { PlainBm25 } from "../../memory/bm25.js";
import { hit, mean, ndcg, recall, reciprocalRank } from "../../memory/scores.js";

test("scores by their formulas, on an example counted by hand", () => {
  const ranked = ["x", "a", "y", "b"];
  const wanted = new Set(["a", "b", "c"]);
  expect(hit(ranked, wanted, 1)).toBe(0);
  expect(hit(ranked, wanted, 2)).toBe(1);
  expect(recall(ranked, wanted, 4)).toBeCloseTo(2 / 3);
  expect(reciprocalRank(ranked, wanted)).toBe(0.5);
  expect(reciprocalRank(["x"], wanted)).toBe(0);
  const [second, third, fourth] = [1 / Math.log2(3), 1 / 2, 1 / Math.log2(5)];
  expect(ndcg(ranked, wanted, 5)).toBeCloseTo((second + fourth) / (1 + second + third));
  expect(ndcg([], new Set(), 5)).toBe(0);
  expect(mean([])).toBe(0);
});

test("plain BM25 ranks the rarer word higher, and leaves out what has none", () => {
  const index = new PlainBm25(["the cat sat", "the dog sat", "a bird"]);
  expect(index.rank("the cat")).toEqual([0, 1]);
  expect(index.rank("Bird")).toEqual([2]);
  expect(index.rank("fish")).toEqual([]);
});
