import type { Language } from "@agentos/core";
import { describe, expect, test } from "vitest";
import { type Sketch, sketchCandidate } from "../../src/text/sketch.js";
import { candidateOf } from "../support/outcomes.js";

const sketch = (language: Language, prompt: string, code: string): Sketch =>
  sketchCandidate({ language, prompt }, candidateOf(code, { language }));

const renamings: readonly (readonly [Language, string, string, string])[] = [
  [
    "python",
    "Write second_largest(numbers)",
    "def second_largest(numbers):\n    best, other = 0, 0\n    for n in numbers:\n        if n > best:\n            best, other = n, best\n    return other\n",
    "def second_largest(xs):\n    top, runner = 0, 0\n    for item in xs:\n        if item > top:\n            top, runner = item, top\n    return runner\n",
  ],
  [
    "javascript",
    "Write chunk(list, size)",
    "function chunk(list, size) {\n  const out = [];\n  for (let i = 0; i < list.length; i += size) out.push(list.slice(i, i + size));\n  return out;\n}",
    "function chunk(items, n) {\n  const parts = []\n  for (let at = 0; at < items.length; at += n) parts.push(items.slice(at, at + n))\n  return parts\n}",
  ],
  [
    "typescript",
    "Write clamp(value, low, high)",
    "export const clamp = (value: number, low: number, high: number): number => value < low ? low : high;",
    "export const clamp = (v: number, min: number, max: number): number => v < min ? min : max;",
  ],
  [
    "go",
    "Write func Sum(values []int) int",
    "func Sum(values []int) int {\n\ttotal := 0\n\tfor _, value := range values {\n\t\ttotal += value\n\t}\n\treturn total\n}\n",
    "func Sum(numbers []int) int {\n\tacc := 0\n\tfor _, number := range numbers {\n\t\tacc += number\n\t}\n\treturn acc\n}\n",
  ],
];

describe("a text under other names", () => {
  for (const [language, prompt, left, right] of renamings) {
    test(`${language}: has another exact fingerprint and the same renamed one`, () => {
      const [a, b] = [sketch(language, prompt, left), sketch(language, prompt, right)];
      expect(a.exact).not.toBe(b.exact);
      expect(a.renamed).toBe(b.renamed);
    });
  }
});

describe("a change that matters is not taken for a renaming", () => {
  const changes: readonly (readonly [Language, string, string, string])[] = [
    ["python", "the function asked for", "def total(a):\n    return a\n", "def sum_up(a):\n    return a\n"],
    [
      "python",
      "two names swapped",
      "def total(a, b):\n    return a - b\n",
      "def total(a, b):\n    return b - a\n",
    ],
    ["python", "a bound", "def total(a):\n    return a[1:]\n", "def total(a):\n    return a[2:]\n"],
    ["python", "a method", "def total(a):\n    return a.pop()\n", "def total(a):\n    return a.push()\n"],
    [
      "python",
      "a built-in function",
      "def total(a):\n    return max(a)\n",
      "def total(a):\n    return min(a)\n",
    ],
    [
      "javascript",
      "a key",
      "const total = (a) => { return { low: a } }",
      "const total = (a) => { return { high: a } }",
    ],
    ["go", "a type", "func total(a int) int { return a }", "func total(a int64) int64 { return a }"],
    ["go", "an exported name", "func Total(a int) int { return a }", "func Sum(a int) int { return a }"],
  ];
  for (const [language, what, left, right] of changes) {
    test(`${language}: ${what}`, () => {
      const prompt = "Write the function total.";
      expect(sketch(language, prompt, left).renamed).not.toBe(sketch(language, prompt, right).renamed);
    });
  }
});

test("files count by path, whatever their order, and a deleted file is not an empty one", () => {
  const of = (files: Record<string, string | null>): string =>
    sketchCandidate({ language: "python", prompt: "p" }, { id: "c", files }).exact;
  expect(of({ "a.py": "x = 1", "b.py": "y = 2" })).toBe(of({ "b.py": "y = 2", "a.py": "x = 1" }));
  expect(of({ "a.py": "x = 1" })).not.toBe(of({ "b.py": "x = 1" }));
  expect(of({ "a.py": null })).not.toBe(of({ "a.py": "" }));
  expect(of({ "a.py": "", "b.py": "x" })).not.toBe(of({ "a.py": "x", "b.py": "" }));
});
