import { RegExpParser } from "@eslint-community/regexpp";
import { expect, test } from "vitest";
import { lineExpression } from "../../src/search/content-expression.js";
import { patternCore } from "../../src/search/pattern-core.js";

const ASCII = { ascii: true, lossy: false };

function core(source: string): string | undefined {
  const pattern = patternCore(new RegExpParser().parsePattern(source, 0, source.length, { unicode: true }));
  return pattern && lineExpression(pattern, ASCII, false);
}

test.each([
  ["-?x+y", "xy"],
  ["\\bx{2,}y", "xxy"],
  ["(?:ab)*c|d?e", "c|e"],
  ["a?b*", undefined],
  ["a+|b?", undefined],
  ["ab*", undefined],
  ["x{2}y", undefined],
  ["^ *x", undefined],
  ["(a)?b\\1", undefined],
  ["(?<a>a)?b\\k<a>", undefined],
])("the core of %s is %s", (source, expected) => {
  expect(core(source)).toBe(expected);
});
