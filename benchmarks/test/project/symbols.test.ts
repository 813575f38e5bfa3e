import { expect, test } from "vitest";
import { isExact, isHit, type SymbolAnswer, symbolMetrics } from "../../project/symbol-scores.js";
import { symbolsPart } from "../../project/symbols.js";
import { folderWith, lines } from "../fixtures.js";

function answer(
  expected: readonly number[],
  found: readonly number[],
  elsewhere: readonly number[] = [],
): SymbolAnswer {
  return { expected: new Set(expected), found: new Set(found), elsewhere: new Set(elsewhere) };
}

test("an answer is a hit with one of the lines, exact with all and no other", () => {
  expect([answer([1, 2], [2, 3]), answer([1], [2]), answer([], []), answer([], [1])].map(isHit)).toEqual([
    true,
    false,
    true,
    false,
  ]);
  expect(
    [answer([1, 2], [2, 1]), answer([1], [1, 2]), answer([1, 2], [1]), answer([], [])].map(isExact),
  ).toEqual([true, false, false, true]);
});

test("metrics are shares of what they are about; what a set cannot give is absent", () => {
  const answers = [
    answer([1, 9], [1, 9], [9]),
    answer([2, 9], [2], [9]),
    answer([3], [3, 4]),
    answer([4], []),
    answer([], []),
    answer([], [1]),
  ];
  const values = symbolMetrics("python", answers).map(({ name, value }) => [name, value]);
  expect(values).toEqual([
    ["symbols.python.any_hit_pct", 75],
    ["symbols.python.exact_pct", 25],
    ["symbols.python.cross_file_pct", 50],
    ["symbols.python.negatives_kept_pct", 50],
    ["symbols.python.candidates_mean", 1.25],
  ]);
  expect(symbolMetrics("java", [answer([], [])]).map(({ name }) => name)).toEqual([
    "symbols.java.negatives_kept_pct",
  ]);
  expect(symbolMetrics("java", [])).toEqual([]);
});

test("each language is asked, and what misses is shown", async () => {
  const files = {
    python: "x = 1\nprint(x)\nprint(nowhere)\n",
    typescript: "const x = 1;\nx;\n",
    java: "class A { int x; int get() {\n return x; } }\n",
    javascript: "let x = 1;\nx;\n",
  };
  const column = { python: 6, typescript: 0, java: 8, javascript: 0 };
  const endings = { python: "py", typescript: "ts", java: "java", javascript: "js" };
  const data = await folderWith(
    Object.fromEntries(
      (["python", "typescript", "java", "javascript"] as const).flatMap((language) => {
        const name = `one.${endings[language]}`;
        const assertions = [{ line: 2, col: column[language], expect: [language === "javascript" ? 2 : 1] }];
        return [
          [`symbols/gold-${language}.jsonl`, lines({ test: name, assertions })],
          [`symbols/${language}/${name}`, files[language]],
        ];
      }),
    ),
  );
  const folder = await folderWith({});
  const { metrics, notes } = await symbolsPart({
    data,
    folder,
    show: true,
    signal: new AbortController().signal,
    progress: { write: () => {} },
  });
  const exact = metrics.filter(({ name }) => name.endsWith("exact_pct"));
  expect(exact.map(({ name, value }) => [name, value])).toEqual([
    ["symbols.python.exact_pct", 100],
    ["symbols.typescript.exact_pct", 100],
    ["symbols.java.exact_pct", 100],
    ["symbols.javascript.exact_pct", 0],
  ]);
  expect(notes.filter((note) => !note.startsWith("symbols."))).toEqual([
    "missed: javascript/one.js:2:0 (one.js) expected 2, found 1: »x;",
  ]);
});
