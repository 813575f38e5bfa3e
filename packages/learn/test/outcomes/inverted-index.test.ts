import fc from "fast-check";
import { expect, test } from "vitest";
import { InvertedIndex } from "../../src/outcomes/inverted-index.js";
import { shingles } from "../../src/text/shingles.js";

const sets = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 15 });

test("similarities are those of the definition", () => {
  fc.assert(
    fc.property(fc.array(sets, { maxLength: 12 }), sets, (documents, query) => {
      const index = new InvertedIndex();
      for (const document of documents) index.add(Uint32Array.from(document));
      const expected = documents.map((document) => {
        const shared = document.filter((element) => query.includes(element)).length;
        return shared === 0 ? 0 : shared / new Set([...document, ...query]).size;
      });
      expect([...index.similarities(Uint32Array.from(query))]).toEqual(expected);
    }),
  );
});

test("the Jaccard similarity of shingles is the weighted one of the bags", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(3), { minLength: 1 }),
      fc.array(fc.nat(3), { minLength: 1 }),
      (left, right) => {
        const index = new InvertedIndex();
        index.add(shingles(left, 1, 1));
        const count = (list: number[], value: number): number => list.filter((item) => item === value).length;
        const values = [0, 1, 2, 3];
        const least = values.reduce(
          (sum, value) => sum + Math.min(count(left, value), count(right, value)),
          0,
        );
        const most = values.reduce(
          (sum, value) => sum + Math.max(count(left, value), count(right, value)),
          0,
        );
        expect(index.similarities(shingles(right, 1, 1))[0]).toBeCloseTo(least / most, 12);
      },
    ),
  );
});
