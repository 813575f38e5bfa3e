import { RegExpParser } from "@eslint-community/regexpp";
import fc from "fast-check";
import { expect, test } from "vitest";
import { runHint } from "../../src/search/line-hints.js";
import { requiredRun } from "../../src/search/required-run.js";

const digits = Array.from({ length: 128 }, (_, unit) => unit >= 48 && unit <= 57);

test("a run is found where an expression finds it (1,000 runs)", () => {
  const text = fc
    .array(fc.constantFrom("1", "22", "333", "a", "\n", "é"), { maxLength: 30 })
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 7 }), fc.nat(10), (content, count, from) => {
      const expression = new RegExp(`[0-9é]{${count}}`, "g");
      expression.lastIndex = from;
      expect(runHint(digits, count)(content, from)).toBe(expression.exec(content)?.index ?? -1);
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  ["\\d{12}", 12],
  ["a[0-9]{8}b\\d{9,}", 9],
  ["\\d{7}", undefined],
  ["\\d{8}|a", undefined],
  ["(\\d{8})?", undefined],
  ["\\d{0,9}", undefined],
  ["-{40}", undefined],
])("the longest run of %s has %s characters", (source, count) => {
  const pattern = new RegExpParser().parsePattern(source, 0, source.length, { unicode: true });
  const run = requiredRun(pattern, "gv");
  expect(run?.count).toBe(count);
  if (run !== undefined) expect(run.members).toEqual(digits);
});
