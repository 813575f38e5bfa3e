import { expect, test } from "vitest";
import type { Dialect } from "../../src/source-parser.js";
import { measure } from "./measure.js";

/** Distinct operators, distinct operands, operators, operands of the whole text. */
async function counts(dialect: Dialect, text: string): Promise<readonly number[]> {
  const [file] = await measure(dialect, text);
  const { distinctOperators, distinctOperands, operators, operands } = file?.halstead ?? {};
  return [distinctOperators ?? -1, distinctOperands ?? -1, operators ?? -1, operands ?? -1];
}

test.each<[Dialect, string, readonly number[]]>([
  // const = + ; | a b 1: each once.
  ["javascript", "const a = b + 1;", [4, 3, 4, 3]],
  // The string is one operand, what is within it is b; = ${ ; are operators, } belongs to ${.
  ["javascript", `a = \`x \${b} y\`;`, [3, 3, 3, 3]],
  // ( is the same however it is used, ) belongs to it; ?. is one sign.
  ["javascript", "f(a?.b, (a));", [4, 3, 5, 4]],
  // let : number = as any ; | a 1 a.
  ["typescript", "let a: number = a as any;", [7, 1, 7, 2]],
  // < > { </ > ; | p a p.
  ["tsx", "<p>{a}</p>;", [5, 2, 6, 3]],
  // def ( : return not is | f self self None. The comment is nothing.
  ["python", "def f(self): # here\n  return not self is None\n", [6, 3, 6, 4]],
  // = { | x, the text, b.
  ["python", 'x = f"a{b}c"\n', [2, 3, 2, 3]],
  // package func ( { return && == | p f a b a.
  ["go", "package p\nfunc f() { return a && b == a }\n", [7, 4, 7, 5]],
  // class { int ( { return instanceof ; | A f this B: only { twice.
  ["java", "class A { int f() { return this instanceof B; } }", [7, 4, 8, 4]],
  // int ( void { return ; | end is a name like any other: f end.
  ["c", "int f(void) { return end; }", [6, 2, 6, 2]],
  // auto = new :: ( ; | x A B true.
  ["cpp", "auto x = new A::B(true);", [6, 4, 6, 4]],
  // var = { ; | x, the text, b.
  ["csharp", 'var x = $"a{b}c";', [4, 3, 4, 3]],
  // = -> ( ; | $a $a b 'q'. What is outside of the marks is nothing.
  ["php", "<?php $a = $a->b('q'); ?>\ntext", [4, 3, 4, 4]],
  // = [ #{ , | x, the text, b, :s.
  ["ruby", 'x = ["a#{b}c", :s]\n', [4, 4, 4, 4]],
  // fn ( { let mut = ! ( , ; | f x g 'a' true: only ( twice.
  ["rust", "fn f() { let mut x = g!('a', true); }", [9, 5, 10, 5]],
  // = if [ -n $ ; then ; | a b, the text, a echo a.
  ["bash", 'a=b\nif [ -n "x $a" ]; then echo a; fi\n', [7, 4, 8, 6]],
])("%s %j", async (dialect, text, expected) => {
  expect(await counts(dialect, text)).toEqual(expected);
});

test("the measures follow from the counts", async () => {
  const [, one] = await measure("javascript", "function f(a) { return a + a; }");
  // function ( { return + ;: 6 operators of 6 kinds; f a a a: 4 operands of 2.
  expect(one?.halstead).toEqual({
    distinctOperators: 6,
    distinctOperands: 2,
    operators: 6,
    operands: 4,
    vocabulary: 8,
    length: 10,
    // 10 · log2 8, 6 / 2 · 4 / 2, 6 · 30.
    volume: 30,
    difficulty: 6,
    effort: 180,
  });
});

test("nothing is 0, not a quotient of nothing", async () => {
  const [file] = await measure("python", "# Only this.\n\n");
  expect(file).toEqual({
    kind: "file",
    name: "",
    line: 1,
    endLine: 2,
    cyclomatic: 1,
    cognitive: 0,
    lines: 2,
    codeLines: 0,
    nesting: 0,
    parameters: 0,
    halstead: {
      distinctOperators: 0,
      distinctOperands: 0,
      operators: 0,
      operands: 0,
      vocabulary: 0,
      length: 0,
      volume: 0,
      difficulty: 0,
      effort: 0,
    },
  });
});

test("a nested function's tokens are its own, and the file has all", async () => {
  const [file, outer, inner] = await measure("javascript", "function f() { function g() { a(); } b(); }");
  // function ( { ( ;: f b.
  expect(outer?.halstead).toMatchObject({ operators: 5, operands: 2 });
  // function ( { ( ;: g a.
  expect(inner?.halstead).toMatchObject({ operators: 5, operands: 2 });
  expect(file?.halstead).toMatchObject({
    operators: 10,
    operands: 4,
    distinctOperators: 4,
    distinctOperands: 4,
  });
});
