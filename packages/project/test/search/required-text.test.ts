import { RegExpParser } from "@eslint-community/regexpp";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isBeyondAscii } from "../../src/search/beyond-ascii.js";
import { requiredTexts } from "../../src/search/required-text.js";

function parsed(source: string) {
  return new RegExpParser().parsePattern(source, 0, source.length, { unicode: true });
}

function required(source: string): readonly (readonly string[])[] {
  return requiredTexts(parsed(source)).map((strings) => [...strings].sort());
}

test.each([
  ["\\w+Exception", [["Exception"]]],
  ["\\p{L}+ñ", [["ñ"]]],
  [".return.*;.*//", [["return"], ["//"], [";"]]],
  // It is found by what it begins with.
  ["return.*;.*//", []],
  ["return.*", []],
  ["\\breturn\\s", [["return"]]],
  ["foo|bar", []],
  ["\\da(?:bc|de)f", [["abcf", "adef"]]],
  ["(?:foo|ba[rz])\\d", [["ba", "foo"]]],
  ["\\d(?:ab|cd)+e", [["ab", "cd"], ["e"]]],
  ["\\sa?bx|c!", [["bx", "c!"]]],
  ["a?|c", []],
  ["(?=foo).", []],
  // A hyphen is in too many lines to look for it.
  ["\\d{2}-\\d{2}", []],
  ["\\w=\\w\\?", [["?"], ["="]]],
  ["\\b(?:foo|bar)\\b", [["bar", "foo"]]],
] as const)("%s holds %j", (source, strings) => {
  expect(required(source)).toEqual(strings);
});

/** Expressions over few characters, with the means that matter here. */
const expressions = fc.letrec<{ one: string; many: string }>((tie) => ({
  one: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom("a", "b", "c", "é", "-", "\\d", ".", "[ab]", "[é-ü]", "\\b", "^", "$"),
    tie("many").map((inner) => `(?:${inner})`),
    tie("many").map((inner) => `(?:${inner})?`),
    tie("many").map((inner) => `(${inner})+`),
  ),
  many: fc
    .array(fc.array(tie("one"), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 })
    .map((choices) => choices.map((parts) => parts.join("")).join("|")),
})).many;
const texts = fc
  .array(fc.constantFrom("a", "b", "c", "é", "-", "1"), { maxLength: 12 })
  .map((characters) => characters.join(""));

test("every match of any expression holds one of each, and more than ASCII where that is said", () => {
  fc.assert(
    fc.property(expressions, texts, (source, text) => {
      const sets = required(source);
      const beyond = isBeyondAscii(parsed(source), "gv");
      for (const [match] of text.matchAll(new RegExp(source, "gu"))) {
        for (const strings of sets) expect(strings.some((string) => match.includes(string))).toBe(true);
        if (beyond) expect(match).toMatch(/[^\0-\x7f]/);
      }
    }),
    { numRuns: 3_000 },
  );
});

test.each([
  ["é", "gv", true],
  ["[à-ÿ]{2}", "gv", true],
  ["\\p{Script=Greek}+", "gv", true],
  ["(?:é|ü)x", "gv", true],
  ["é?x", "gv", false],
  ["é|x", "gv", false],
  ["\\p{L}", "gv", false],
  ["\u212a", "gv", true],
  // The sign for kelvin is a k but for its case.
  ["\u212a", "giv", false],
] as const)("%s with %s is beyond ASCII: %s", (source, flags, expected) => {
  expect(isBeyondAscii(parsed(source), flags)).toBe(expected);
});
