import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contentMatcher } from "../../src/search/content-matcher.js";
import { ContentTexts } from "../../src/search/content-texts.js";
import { inEitherLines, linesBeyondAscii } from "../../src/search/lines-beyond-ascii.js";
import { mayFit } from "../../src/search/text-need.js";
import { type TextTraits, TraitCollector } from "../../src/search/text-traits.js";
import { trigramSymbols } from "../../src/search/trigram-symbols.js";

const symbols = trigramSymbols();
const collector = new TraitCollector(symbols);
const kind = { ascii: false, lossy: false };

function traitsOf(text: string): TextTraits {
  collector.add(text, 0, text.length);
  return collector.finish();
}

/** Whether what is known of a text allows a match of an expression. */
function allows(text: string, expression: string, caseSensitive = false): boolean {
  const wanted = { text: expression, regex: true, caseSensitive, word: false };
  return mayFit(contentMatcher(wanted, symbols).need, traitsOf(text));
}

const atom = fc.constantFrom(
  "a",
  "b",
  "c",
  "ab",
  "abc",
  "cab",
  ".",
  "[ab]",
  "[b-d]",
  "[^a]",
  "\\w",
  "é",
  "\\b",
  "^",
  "$",
  "\\d",
  "[0-9]",
  "[0-9a-c]",
  "1",
  "A",
  "\\S",
  "[^\\s\\w]",
  "[A-Z]",
);
const times = fc.constantFrom("", "", "*", "+", "?", "{2}", "{3}", "{1,3}", "{2,}", "{5,}", "+?", "*?");
const expression = fc.letrec<{ whole: string; part: string }>((tie) => ({
  whole: fc
    .array(
      fc.array(tie("part"), { minLength: 1, maxLength: 4 }).map((parts) => parts.join("")),
      { minLength: 1, maxLength: 3 },
    )
    .map((choices) => choices.join("|")),
  part: fc.oneof(
    { maxDepth: 1, withCrossShrink: true },
    fc.tuple(atom, times).map(([one, count]) => (/^(\\b|\^|\$)$/.test(one) ? one : `(?:${one})${count}`)),
    fc.tuple(tie("whole"), times).map(([inner, count]) => `(${inner})${count}`),
  ),
})).whole;
const text = fc
  .array(fc.constantFrom("a", "b", "c", "d", "A", "é", "É", "1", "-", " ", "\n", "😀"), { maxLength: 9 })
  .map((parts) => parts.join(""));

describe("traits", () => {
  test("what is equal but for case has one symbol, in all of Unicode", () => {
    const cased = Array.from({ length: 65_536 }, (_, unit) => String.fromCharCode(unit)).filter((character) =>
      /[\p{Changes_When_Casefolded}\p{Changes_When_Uppercased}\p{Changes_When_Lowercased}]/u.test(character),
    );
    const all = cased.join("");
    expect(cased.length).toBeGreaterThan(2_000);
    // All whose upper case is several characters, and a share of the others: each expression takes a millisecond to build.
    const asked = cased.filter(
      (character, number) => character.toUpperCase().length > 1 || number % 12 === 0,
    );
    for (const character of asked) {
      for (const [equal] of all.matchAll(new RegExp(character, "giv")))
        expect(symbols[equal.charCodeAt(0)], `${equal} and ${character}`).toBe(
          symbols[character.charCodeAt(0)],
        );
    }
  });

  test("never deny a text that holds a match (1,000 runs)", () => {
    fc.assert(
      fc.property(expression, text, fc.boolean(), (asked, content, caseSensitive) => {
        const { find } = contentMatcher({ text: asked, regex: true, caseSensitive, word: false }, symbols);
        if (find(kind)(content, 0) !== undefined) expect(allows(content, asked, caseSensitive)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test("mind case where the search does", () => {
    expect(allows("sesame state of use", "useState")).toBe(false);
    expect(allows("seSt useS eStat tate", "useState", true)).toBe(false);
    expect(allows("sest uses estat tate", "useState", true)).toBe(false);
    expect(allows("useState", "useState", true)).toBe(true);
    expect(allows("USESTATE", "usestate")).toBe(true);
  });

  test.each([
    ["hello", "a halo", false],
    ["hel+o", "hello", true],
    ["hel+o", "heo hlo", false],
    ["(foo|bar)baz", "foobar", false],
    ["(foo|bar)baz", "xbarbazx", true],
    ["[ab]cd", "xcd ab", false],
    ["a.*needle", "a needl", false],
    ["(abc)?def", "def", true],
    ["q{3}", "qq", false],
    ["a\\nb", "a\nb", false],
    ["x{2,4}y", "xy x", false],
    ["x{2,4}y", "xxxy", true],
    ["^end$", "the end", false],
    ["^end$", "the\nend", true],
    ["^^end$$", "end\nthe", true],
    ["(,|^)end", "the end", false],
    ["[0-9]{12}", "12345678901 2", false],
    ["[0-9]{12}", "a123456789012", true],
    ["(\\d|\\d\\d){3}\\d+", "123", false],
    ["(\\d|\\d\\d){3}\\d+", "1234", true],
    ["\\S{5} ?\\S{5}", "abcdefghij", true],
    ["\\S{5} ?\\S{5}", "abcd efgh", false],
    [".{5}", "abcd\nefgh", false],
    ["\\w\\?", "a=b", false],
    ["\\d+\\s*px", "p x 1", false],
    ["v1\\.\\d", "v1.x", false],
    ["v1\\.\\d", "v1.2", true],
    ["v1\\.\\d", "v1.٣", true],
    ["v1\\.\\d", "v1.𝟙", true],
    ["[0-9a-f]-[0-9]", "f-1", true],
    ["[0-9a-f]-[0-9]", "f-x 1", false],
    ["[—–]", "a – b", true],
    ["[—–]", "é", false],
  ])("%s in %j: %s", (asked, content, expected) => {
    expect(allows(content, asked)).toBe(expected);
  });

  test("take less than 60 % of the text, and a slice at a time makes no difference", () => {
    const folder = fileURLToPath(new URL("../../src/search", import.meta.url));
    let bytes = 0;
    let units = 0;
    for (const name of readdirSync(folder)) {
      const content = readFileSync(join(folder, name), "utf8");
      const traits = traitsOf(content);
      const sliced = new TraitCollector(symbols);
      for (let start = 0; start < content.length; start += 100) sliced.add(content, start, start + 100);
      expect(sliced.finish()).toEqual(traits);
      bytes += traits.filter.byteLength;
      units += content.length;
    }
    expect(bytes / units).toBeLessThan(0.6);
  });
});

test("lines of ASCII and others together are found where they are when all are taken for others (500 runs)", () => {
  fc.assert(
    fc.property(expression, text, fc.boolean(), fc.nat(12), (asked, content, word, place) => {
      const { find } = contentMatcher({ text: asked, regex: true, caseSensitive: false, word }, symbols);
      const from = content.lastIndexOf("\n", place) + 1;
      const either = inEitherLines(
        linesBeyondAscii(content),
        find({ ascii: true, lossy: false }),
        find(kind),
      );
      const found = either(content, from);
      const whole = from < content.length ? find(kind)(content, from) : undefined;
      const isLine = whole !== undefined && whole.start < content.length;
      if (isLine || (found !== undefined && found.start < content.length)) expect(found).toEqual(whole);
    }),
    { numRuns: 500 },
  );
});

test("the steady way finds matches where the fast one does (500 runs)", () => {
  fc.assert(
    fc.property(expression, text, fc.boolean(), fc.boolean(), (asked, content, caseSensitive, word) => {
      const matcher = contentMatcher({ text: asked, regex: true, caseSensitive, word }, symbols);
      const steady = matcher.findSteadily(kind)?.(content, 0);
      const fast = matcher.find(kind)(content, 0);
      // Behind the last line feed there is no line for either to be taken.
      const isLine = fast !== undefined && fast.start < content.length;
      if (isLine || steady !== undefined) expect(steady?.start).toBe(fast?.start);
    }),
    { numRuns: 500 },
  );
});

test("texts are kept within the budget, those last used longest", () => {
  const texts = new ContentTexts(10);
  texts.put("a", "aaaa", true, false);
  texts.put("b", "bb", false, false);
  expect(texts.bytes).toBe(8);
  texts.put("c", "cccc", true, false);
  expect([texts.get("c"), texts.bytes]).toEqual([undefined, 8]);
  expect(texts.get("a")).toBe("aaaa");
  texts.put("c", "cccc", true, true);
  expect([texts.get("a"), texts.get("b"), texts.get("c"), texts.bytes]).toEqual([
    "aaaa",
    undefined,
    "cccc",
    8,
  ]);
  texts.put("d", "ddddddddddd", true, true);
  expect([texts.get("d"), texts.bytes]).toEqual([undefined, 8]);
  texts.delete("a");
  expect(texts.bytes).toBe(4);
});
