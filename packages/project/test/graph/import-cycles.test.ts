import fc from "fast-check";
import { expect, test } from "vitest";
import { importCycles } from "../../src/graph/import-cycles.js";

/** Who imports whom, as pairs of numbers below `size`. */
const graphs = fc
  .integer({ min: 1, max: 9 })
  .chain((size) =>
    fc
      .array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 24 })
      .map((imports) => ({ size, imports })),
  );

function reaches(from: number, imports: readonly (readonly [number, number])[]): Set<number> {
  const found = new Set<number>();
  const pending = [from];
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    for (const [importer, imported] of imports) {
      if (importer !== file || found.has(imported)) continue;
      found.add(imported);
      pending.push(imported);
    }
  }
  return found;
}

test("files are in one circle exactly if they reach one another, and the circle is one", () => {
  fc.assert(
    fc.property(graphs, ({ size, imports }) => {
      const paths = Array.from({ length: size }, (_, number) => String(number));
      const cycles = importCycles(paths, (path) =>
        imports.filter(([from, to]) => String(to) === path && from !== to).map(([from]) => String(from)),
      );
      const reached = paths.map((_, number) => reaches(number, imports));
      for (const one of paths.keys()) {
        const expected = paths.filter(
          (_, other) => other !== one && reached[one]?.has(other) && reached[other]?.has(one),
        );
        const found = cycles.find(({ files }) => files.includes(String(one)));
        expect(found?.files.filter((file) => file !== String(one)) ?? []).toEqual(expected);
      }
      for (const { circle, files } of cycles) {
        expect(files).toEqual(expect.arrayContaining([...circle]));
        expect(new Set(circle).size).toBe(circle.length);
        for (const [index, file] of circle.entries()) {
          const next = circle[(index + 1) % circle.length];
          expect(imports.some(([from, to]) => String(from) === file && String(to) === next)).toBe(true);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("a chain of 50,000 imports that ends where it began", () => {
  const size = 50_000;
  const paths = Array.from({ length: size }, (_, number) => String(number));
  const [cycle] = importCycles(paths, (path) => [String((Number(path) + 1) % size)]);
  expect(cycle?.files).toHaveLength(size);
  expect(cycle?.circle).toHaveLength(size);
});
