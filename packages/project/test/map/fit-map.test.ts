import fc from "fast-check";
import { expect, test } from "vitest";
import { fitMap, type RankedFile } from "../../src/map/fit-map.js";
import type { OutlinedSymbol } from "../../src/source-parser.js";
import { symbol } from "./record.js";

const characters = (text: string): number => text.length;
const file = (path: string, score: number, symbols: readonly OutlinedSymbol[]): RankedFile => ({
  path,
  score,
  symbols,
  best: symbols,
});

test("all is shown where it fits, members below their class", () => {
  const symbols = [
    symbol("Cart", 1, { kind: "class", endLine: 9, signature: "export class Cart {" }),
    symbol("add", 2, { kind: "method", parent: "Cart", signature: "add(item: Item): void {" }),
    symbol("total", 10, { signature: "export const total = 1;" }),
  ];
  expect(fitMap([file("cart.ts", 1, symbols), file("empty.ts", 0.5, [])], 1_000, characters)).toEqual({
    text: "cart.ts:\n  export class Cart\n    add(item: Item): void\n  export const total = 1;\n\nempty.ts\n",
    tokens: 91,
    files: [
      { path: "cart.ts", symbols, shown: new Set(symbols) },
      { path: "empty.ts", symbols: [], shown: new Set() },
    ],
  });
});

test("what is left out between others is marked, and a member brings its class", () => {
  const symbols = [
    symbol("Cart", 1, { kind: "class", endLine: 9, signature: "class Cart" }),
    symbol("add", 2, { kind: "method", parent: "Cart", signature: "add()" }),
    symbol("take", 3, { kind: "method", parent: "Cart", signature: "take()" }),
  ];
  const best = [symbols[2], symbols[1], symbols[0]].filter((each) => each !== undefined);
  const { text } = fitMap([{ ...file("a.ts", 1, symbols), best }], 37, characters);
  expect(text).toBe("a.ts:\n  class Cart\n    ⋮\n    take()\n");
});

test("lines are given out by D'Hondt's rule", () => {
  const symbols = (names: string): OutlinedSymbol[] =>
    [...names].map((name, at) => symbol(name, at + 1, { signature: name }));
  // Votes 4 and 2: in turn 4, 4/2 and 2/1 (a tie: the first file), 4/3.
  const map = fitMap([file("x", 16, symbols("abcd")), file("y", 4, symbols("efgh"))], 4, (text) => {
    return text.split("\n").filter((line) => /^ {2}\w/.test(line)).length;
  });
  expect(map.text).toBe("x:\n  a\n  b\n  c\n\ny:\n  e\n");
});

test("no name or signature leaves its line", () => {
  const hostile = symbol("a", 1, { signature: "a\u2028b\r\u001b[31m" });
  const { text } = fitMap([file("evil\nname.ts", 1, [hostile])], 1_000, characters);
  expect(text).toBe("evil\uFFFDname.ts:\n  a\uFFFDb\uFFFD\uFFFD[31m\n");
});

test("the budget is kept whatever counts it, and used up to the shortest line that is left out", () => {
  const symbols = fc
    .array(fc.string({ minLength: 1, maxLength: 40 }), { maxLength: 12 })
    .map((names) => names.map((signature, at) => symbol(`s${at}`, at + 1, { signature })));
  const files = fc.array(fc.tuple(fc.double({ min: 0.001, max: 1, noNaN: true }), symbols), { maxLength: 8 });
  const tokenizers = [characters, (text: string) => text.split(/\s+/).length, () => 7];
  fc.assert(
    fc.property(files, fc.integer({ min: 1, max: 400 }), fc.nat(2), (given, tokens, which) => {
      const tokenizer = tokenizers[which] ?? characters;
      const ranked = given
        .map(([score, all], at) => file(`f${at}.ts`, score, all))
        .sort((one, other) => other.score - one.score);
      const map = fitMap(ranked, tokens, tokenizer);
      expect(map.tokens).toBe(map.text === "" ? 0 : tokenizer(map.text));
      expect(map.tokens).toBeLessThanOrEqual(tokens);
      const whole = fitMap(ranked, 1_000_000, characters).text;
      if (which === 0 && whole.length > tokens && whole.length > 0 && tokens > 60) {
        // No line is longer than path, mark and signature together.
        expect(map.tokens).toBeGreaterThan(tokens - 60);
      }
    }),
  );
});
