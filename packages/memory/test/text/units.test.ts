import fc from "fast-check";
import { expect, test } from "vitest";
import { unitsOf } from "../../src/text/units.js";

const textsOf = (text: string): readonly string[] =>
  unitsOf(text).map(({ start, end }) => text.slice(start, end));

test("prose is cut into lines, and long lines between sentences", () => {
  expect(textsOf("One line.\n\n---\nAnother: with more.")).toEqual(["One line.", "Another: with more."]);
  const sentence = "This sentence has a good number of words in it, and it ends here. ";
  const parts = textsOf(sentence.repeat(20).trim());
  expect(parts.length).toBeGreaterThan(2);
  for (const part of parts) expect(part.length).toBeLessThanOrEqual(400);
  expect(parts.join("")).toBe(sentence.repeat(20).trim());
  expect(textsOf("word ".repeat(200))).toHaveLength(1);
});

test("dialogue and lists are prose; code is one part, and long code a few", () => {
  expect(textsOf("Ann: did it pass?\nBen: yes (at last).\nAnn: fine.")).toHaveLength(3);
  expect(textsOf("To do:\n  - call `open()`\n  - close it\n  - write a test")).toHaveLength(4);
  const code = "def double(x):\n    y = 2 * x\n    return y";
  expect(textsOf(code)).toEqual([code]);
  expect(textsOf("function f(a) {\n  return a;\n}\n")).toHaveLength(1);
  const many = textsOf(`${code}\n\n`.repeat(200));
  expect(many.length).toBeGreaterThan(2);
  for (const part of many) expect(part).toMatch(/^def double/);
});

test("parts lie in order within the text, and miss no word of it", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a", "b1", " ", "\n", ".", "{", "  ", "é", "。"), maxLength: 900 }),
      (text) => {
        const units = unitsOf(text);
        let last = 0;
        for (const { start, end } of units) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThanOrEqual(start);
          last = end;
        }
        expect(last).toBeLessThanOrEqual(text.length);
        const letters = (value: string): string => value.replaceAll(/[^\p{L}\p{N}]/gu, "");
        expect(letters(units.map(({ start, end }) => text.slice(start, end)).join(""))).toBe(letters(text));
      },
    ),
  );
});
