import { expect, it } from "vitest";
import { summaryLine } from "../src/index.js";

it.each([
  ["its first line", "ReferenceError: x is not defined\n    at y.js:1:1", "ReferenceError: x is not defined"],
  [
    "what an announcement is followed by, without the stack",
    "AssertionError: Expected values to be strictly equal:\n+ actual - expected\n\n+ 'a'\n- 'b'\n    at f (y.js:1:1)\n    at z.js:2:2",
    "AssertionError: Expected values to be strictly equal: + actual - expected + 'a' - 'b'",
  ],
  [
    "the error of a traceback",
    'Traceback (most recent call last):\n  File "a.py", line 1\n    def f(:\nSyntaxError: invalid syntax\n',
    "SyntaxError: invalid syntax",
  ],
  [
    "the error of a file that does not parse",
    'File "syn.py", line 1\n    def (:\n        ^\nSyntaxError: invalid syntax',
    "SyntaxError: invalid syntax",
  ],
  [
    "what a compiler says below the package",
    "# solution\n./a.go:3:1: undefined: x",
    "./a.go:3:1: undefined: x",
  ],
  ["nothing of nothing", " \n", ""],
])("a summary is %s", (_, text, line) => {
  expect(summaryLine(text)).toBe(line);
});

it("a summary is cut at the limit", () => {
  expect(summaryLine("x".repeat(20), 10)).toBe(`${"x".repeat(9)}…`);
  expect(summaryLine(`a:\n${"y\n".repeat(1000)}`)).toHaveLength(300);
});
