import fc from "fast-check";
import { expect, test } from "vitest";
import { chunksOf } from "../../src/search/code-chunks.js";

function symbol(name: string, line: number, endLine: number) {
  return { name, kind: "function", line, endLine, signature: name } as const;
}

test("one piece for each definition that holds no other, and pieces between them", () => {
  const lines = ["import x", "", "class A {", "  a() {", "  }", "", "  b() {}", "}", "end()"];
  const symbols = [symbol("A", 3, 8), symbol("a", 4, 5), symbol("b", 7, 7)];
  expect(
    chunksOf({ symbols }, lines).map(({ line, endLine, symbol: of }) => [line, endLine, of?.name]),
  ).toEqual([
    [1, 3, undefined],
    [4, 5, "a"],
    [7, 7, "b"],
    [8, 9, undefined],
  ]);
});

test("every line that is not blank is in exactly one piece, of at most 80 lines, whatever the symbols", () => {
  const spans = fc.array(fc.tuple(fc.integer({ min: 1, max: 320 }), fc.nat(200)), { maxLength: 12 });
  fc.assert(
    fc.property(spans, fc.array(fc.constantFrom("x", ""), { maxLength: 300 }), (given, lines) => {
      const symbols = given.map(([line, length], number) => symbol(`s${number}`, line, line + length));
      const chunks = chunksOf({ symbols }, lines);
      const covered = chunks.flatMap(({ line, endLine }) =>
        Array.from({ length: endLine - line + 1 }, (_, offset) => line + offset),
      );
      expect(covered).toEqual([...new Set(covered)].sort((left, right) => left - right));
      for (const { line, endLine } of chunks) {
        expect(endLine - line).toBeLessThan(80);
        expect(endLine).toBeLessThanOrEqual(lines.length);
      }
      for (const [index, text] of lines.entries()) if (text !== "") expect(covered).toContain(index + 1);
    }),
    { numRuns: 300 },
  );
});
