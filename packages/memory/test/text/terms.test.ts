import fc from "fast-check";
import { expect, test } from "vitest";
import { termsOf } from "../../src/index.js";
import { stem } from "../../src/text/stem.js";

test.each([
  ["parseHTTPRequest", ["pars", "http", "request", "parsehttprequest"]],
  ["max_token_count", ["max", "token", "count", "max_token_count"]],
  ["src/loop/solveTask.ts", ["src", "loop", "solv", "task", "solvetask", "ts"]],
  ["__init__", ["init"]],
  ["utf8", ["utf8"]],
  ["Menú MENÚ menu\u0301", ["menu", "menu", "menu"]],
  ["the cat and a dog", ["cat", "dog"]],
  ["メモリ検索", ["メモ", "モリ", "リ検", "検索"]],
  ["한국어", ["한국", "국어"]],
  ["if (x !== null) for", ["if", "x", "null", "for"]],
  ["$el _x", ["el", "x"]],
  ["!?…", []],
])("terms of %s", (text, wanted) => {
  expect(termsOf(text)).toEqual(wanted);
});

test.each([
  ["retry", "retries", "retried", "retrying"],
  ["cache", "caches", "cached", "caching"],
  ["stop", "stops", "stopped", "stopping"],
  ["class", "classes"],
  ["box", "boxes"],
  ["index", "indexes", "indexed", "indexing"],
  ["call", "calls", "called", "calling"],
  ["use", "uses"],
])("%s has one stem in all its forms", (...forms) => {
  expect(new Set(forms.map(stem)).size).toBe(1);
});

test.each([
  ["string", "str"],
  ["status", "state"],
  ["thing", "th"],
  ["bus", "bu"],
  ["red", "r"],
])("%s does not become %s", (word, other) => {
  expect(stem(word)).not.toBe(stem(other));
});

test("any text has terms without spaces, and case does not matter within words", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
      for (const term of termsOf(text)) expect(term).toMatch(/^\S+$/u);
    }),
  );
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{1,12}( [a-z]{1,12}){0,5}$/), (text) => {
      expect(termsOf(text.toUpperCase())).toEqual(termsOf(text));
    }),
  );
});
