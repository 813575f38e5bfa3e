import { LANGUAGES, type Language } from "@agentos/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tokenize } from "../../src/text/tokens.js";

const texts = (language: Language, source: string): string =>
  tokenize(language, source)
    .map((token) => token.text)
    .join(" ");

describe("what does not count", () => {
  test("Python: comments, docstrings, blank lines, spaces inside a line, the width of an indent, quotes", () => {
    const plain = "def f(x):\n    if x:\n        return 'a'\n    return [1, 2]\n";
    const dressed = `# top\ndef f( x ):\n  """Says a."""\n\n  if x:  # why\n\n    return "a"\n  return [\n1,\n     2]`;
    expect(texts("python", dressed)).toBe(texts("python", plain));
  });
  test("JavaScript: comments, semicolons at line ends, line breaks in expressions", () => {
    const plain = "const f = (a) => {\n  const b = a.map(x);\n  return b;\n};\nf([1]);\n";
    const dressed = "/* f */ const f = (a) =>\n{ const b = a\n  .map(x) // map\nreturn b }\nf([1])";
    expect(texts("javascript", dressed)).toBe(texts("javascript", plain));
  });
  test("Go: comments and line layout", () => {
    const plain = "func f(a int) int {\n\tx := a\n\treturn x\n}\n";
    expect(texts("go", "// f\nfunc f(a int) int { x := a; return x }")).toBe(texts("go", plain));
  });
});

describe("what counts", () => {
  const dollar = "$";
  const different: readonly (readonly [Language, string, string, string])[] = [
    ["python", "a statement's block", "if a:\n    b()\n    c()\n", "if a:\n    b()\nc()\n"],
    ["python", "an operator", "return a < b", "return a <= b"],
    ["python", "white space in a string", "x = 'a b'", "x = 'ab'"],
    ["python", "a hash in a string", "x = 'a # b'", "x = 'a # c'"],
    ["python", "an assigned string", 'x = """a"""', 'x = """b"""'],
    ["javascript", "a line break after return", "return\nx", "return x"],
    ["javascript", "equality", "a == b", "a === b"],
    ["javascript", "a pattern", "a.replace(/[/]x/g, '')", "a.replace(/[/]y/g, '')"],
    ["javascript", "a comment's marks in a string", "f('// a')", "f('// b')"],
    ["typescript", "a template", `\`a ${dollar}{b} // c\``, `\`a ${dollar}{b} // d\``],
    ["go", "a rune", "x := 'a'", 'x := "a"'],
  ];
  for (const [language, what, left, right] of different) {
    test(`${language}: ${what}`, () => expect(texts(language, left)).not.toBe(texts(language, right)));
  }
});

test("division is not taken for a pattern", () => {
  expect(texts("javascript", "a / b // c\n/ d")).toBe("a / b / d");
});

test("any text at all is cut without throwing, and with nothing but comments and space left out", () => {
  const marks = fc.constantFrom(
    "'",
    '"',
    "`",
    '"""',
    "/*",
    "*/",
    "//",
    "#",
    "\\",
    "${",
    "}",
    "{",
    "(",
    ")",
    "\n",
    "  ",
    "a",
    "1.5",
    "/",
    ";",
    "é",
    "😀",
  );
  const source = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(marks, { maxLength: 60 }).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(fc.constantFrom(...LANGUAGES), source, (language, text) => {
      for (const token of tokenize(language, text)) expect(token.text.length).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});

test.each([
  "/*".repeat(50_000),
  '"'.repeat(100_000),
  "`${".repeat(30_000),
  "/[".repeat(50_000),
  "(".repeat(100_000),
  "    \n".repeat(30_000),
])(
  "a hostile text is cut in time that grows with its length (case %#)",
  (text) => {
    for (const language of LANGUAGES) tokenize(language, text);
  },
  10_000,
);
