import { afterAll, beforeAll, expect, test } from "vitest";
import type { Dialect } from "../../src/source-parser.js";
import { TreeSitterParser } from "../../src/tree-sitter-parser.js";

let parser: TreeSitterParser;
beforeAll(async () => {
  parser = await TreeSitterParser.open();
});
afterAll(() => parser.close());

/** `kind parent.name first-last signature # doc` of each symbol. */
async function outline(dialect: Dialect, text: string): Promise<string[]> {
  const { symbols } = await parser.outline(dialect, text);
  return symbols.map((symbol) =>
    [
      symbol.kind,
      symbol.parent === undefined ? symbol.name : `${symbol.parent}.${symbol.name}`,
      `${symbol.line}-${symbol.endLine}`,
      symbol.signature,
      ...(symbol.doc === undefined ? [] : [`# ${symbol.doc}`]),
    ].join(" | "),
  );
}

test("TypeScript", async () => {
  const text = `import { a } from "./a.js";

/**
 * Parses a thing.
 * @param text the thing
 */
export function parse<T>(text: string): T {
  function inner() {}
  const local = 1;
  return JSON.parse(text);
}

export interface Shape {
  area(): number;
  name: string;
}
type Alias = string;
export enum Colour { Red, Green }
// One.
// Two.
@dec
export abstract class Circle<T> extends Base implements Shape {
  static #count = 0;
  readonly handler = (event: Event) => event;
  constructor(private readonly radius: number) { super(); }
  /** The area. */
  area(): number { return 1; }
  get size() { return 2; }
  abstract draw(): void;
}
export const LIMIT = 10, OTHER = 11;
export const make = async (a: number) => a;
const table = { build() {}, nested: { deep() {} } } as const;
declare function ambient(): void;
namespace Space { export const inside = 1; export function act() {} }
export default class {}
let { destructured } = a;
for (const loop of []) {}
`;
  expect(await outline("typescript", text)).toEqual([
    "function | parse | 7-11 | export function parse<T>(text: string): T { | # Parses a thing.",
    "function | parse.inner | 8-8 | function inner() {}",
    "interface | Shape | 13-16 | export interface Shape {",
    "method | Shape.area | 14-14 | area(): number;",
    "type | Alias | 17-17 | type Alias = string;",
    "enum | Colour | 18-18 | export enum Colour { Red, Green }",
    "class | Circle | 22-30 | export abstract class Circle<T> extends Base implements Shape { | # One.",
    "method | Circle.handler | 24-24 | readonly handler = (event: Event) => event;",
    "method | Circle.constructor | 25-25 | constructor(private readonly radius: number) { super(); }",
    "method | Circle.area | 27-27 | area(): number { return 1; } | # The area.",
    "method | Circle.size | 28-28 | get size() { return 2; }",
    "method | Circle.draw | 29-29 | abstract draw(): void;",
    "variable | LIMIT | 31-31 | export const LIMIT = 10, OTHER = 11;",
    "variable | OTHER | 31-31 | export const LIMIT = 10, OTHER = 11;",
    "function | make | 32-32 | export const make = async (a: number) => a;",
    "variable | table | 33-33 | const table = { build() {}, nested: { deep() {} } } as const;",
    "method | table.build | 33-33 | const table = { build() {}, nested: { deep() {} } } as const;",
    "function | ambient | 34-34 | declare function ambient(): void;",
    "module | Space | 35-35 | namespace Space { export const inside = 1; export function act() {} }",
    "variable | Space.inside | 35-35 | namespace Space { export const inside = 1; export function act() {} }",
    "function | Space.act | 35-35 | namespace Space { export const inside = 1; export function act() {} }",
    "class | default | 36-36 | export default class {}",
  ]);
});

test("TSX", async () => {
  expect(
    await outline(
      "tsx",
      "export const View = ({ a }: Props) => <div>{a}</div>;\nfunction App() { return <View />; }\n",
    ),
  ).toEqual([
    "function | View | 1-1 | export const View = ({ a }: Props) => <div>{a}</div>;",
    "function | App | 2-2 | function App() { return <View />; }",
  ]);
});

test("JavaScript of old", async () => {
  const text = `"use strict";
var fs = require("fs");
function Stack() { this.items = []; }
Stack.prototype.push = function (item) { this.items.push(item); };
exports.Stack = Stack;
module.exports.create = function () { return new Stack(); };
(function () { function hidden() {} var x = 1; })();
class Queue { take() {} }
function* walk() {}
export default function () {}
`;
  expect(await outline("javascript", text)).toEqual([
    'variable | fs | 2-2 | var fs = require("fs");',
    "function | Stack | 3-3 | function Stack() { this.items = []; }",
    "method | Stack.push | 4-4 | Stack.prototype.push = function (item) { this.items.push(item); };",
    "variable | Stack | 5-5 | exports.Stack = Stack;",
    "function | create | 6-6 | module.exports.create = function () { return new Stack(); };",
    "function | hidden | 7-7 | (function () { function hidden() {} var x = 1; })();",
    "class | Queue | 8-8 | class Queue { take() {} }",
    "method | Queue.take | 8-8 | class Queue { take() {} }",
    "function | walk | 9-9 | function* walk() {}",
    "function | default | 10-10 | export default function () {}",
  ]);
});

test("Python", async () => {
  const text = `"""Module."""
import os

LIMIT: int = 3
a, b = 1, 2
c = d = 4

@decorator
def parse(text):
    """Parse it.

    At length.
    """
    local = 1
    def inner(): pass
    return text

class Shape(Base):
    sides = 4

    def area(self) -> float:
        'The area.'
        return 1.0

    class Inner:
        async def go(self): pass

if True:
    def conditional(): pass
    FLAG = True
try:
    import json
except ImportError:
    json = None
type Alias = list[int]
obj.attr = 1
for item in []: late = 2
`;
  expect(await outline("python", text)).toEqual([
    "variable | LIMIT | 4-4 | LIMIT: int = 3",
    "variable | a | 5-5 | a, b = 1, 2",
    "variable | b | 5-5 | a, b = 1, 2",
    "variable | c | 6-6 | c = d = 4",
    "variable | d | 6-6 | c = d = 4",
    "function | parse | 9-16 | def parse(text): | # Parse it.",
    "function | parse.inner | 15-15 | def inner(): pass",
    "class | Shape | 18-26 | class Shape(Base):",
    "method | Shape.area | 21-23 | def area(self) -> float: | # The area.",
    "class | Shape.Inner | 25-26 | class Inner:",
    "method | Inner.go | 26-26 | async def go(self): pass",
    "function | conditional | 29-29 | def conditional(): pass",
    "variable | FLAG | 30-30 | FLAG = True",
    "variable | json | 34-34 | json = None",
    "type | Alias | 35-35 | type Alias = list[int]",
    "variable | late | 37-37 | for item in []: late = 2",
  ]);
});

test("Go", async () => {
  const text = `// Package p does things.
package p

import "fmt"

// Foo does it.
// And more.
func Foo(a int) (b string) { return }

func (s *Stack[T]) Push(item T) {
	fmt.Println(item)
}
func (Stack) Len() int { return 0 }

// Stack holds.
type Stack[T any] struct {
	items []T
}
type Reader interface {
	// Read reads.
	Read(p []byte) (int, error)
	fmt.Stringer
}
type Alias = int
type (
	ID   int
	Func func(a int)
)

const X, Y = 1, 2
const (
	P = iota // first
	Q
)
var (
	V, _ = f()
)
var Z int
func main() { var local int; _ = local }
`;
  expect(await outline("go", text)).toEqual([
    "function | Foo | 8-8 | func Foo(a int) (b string) { return } | # Foo does it.",
    "method | Stack.Push | 10-12 | func (s *Stack[T]) Push(item T) {",
    "method | Stack.Len | 13-13 | func (Stack) Len() int { return 0 }",
    "class | Stack | 16-18 | type Stack[T any] struct { | # Stack holds.",
    "interface | Reader | 19-23 | type Reader interface {",
    "method | Reader.Read | 21-21 | Read(p []byte) (int, error) | # Read reads.",
    "type | Alias | 24-24 | type Alias = int",
    "type | ID | 26-26 | ID   int",
    "type | Func | 27-27 | Func func(a int)",
    "variable | X | 30-30 | const X, Y = 1, 2",
    "variable | Y | 30-30 | const X, Y = 1, 2",
    "variable | P | 32-32 | P = iota // first",
    "variable | Q | 33-33 | Q",
    "variable | V | 36-36 | V, _ = f()",
    "variable | Z | 38-38 | var Z int",
    "function | main | 39-39 | func main() { var local int; _ = local }",
  ]);
});

test("Java", async () => {
  const text = `/** Package p does things. */
package p;

import java.util.List;

/**
 * Shop sells.
 *
 * @param <T> what
 */
@Deprecated
@SuppressWarnings("all")
public final class Shop<T> extends Base implements Named {
  /** Not listed. */
  private static final int LIMIT = 3;

  /** Makes one. */
  public Shop(int size) {}

  // Not Javadoc.
  @Override public <U> List<U> find(
      U thing) {
    class Local { void inner() {} }
    Runnable job = new Runnable() {
      @Override public void run() { class Hidden {} }
    };
    return null;
  }

  /** Inner does. */
  static class Inner {
    int size();
  }
}

interface Named { /** Gives it. */ String name(); int MAX = 1; }
@interface Mark {
  /** What it says. */
  String value() default "";
}
enum Color {
  RED { int code() { return 1; } }, GREEN;
  int code() { return 0; }
}
/** Point is where. */
record Point(int x, int y) {
  Point {
    x = 1;
  }
  int sum() { return x + y; }
}
void main() {}
`;
  expect(await outline("java", text)).toEqual([
    "class | Shop | 13-34 | public final class Shop<T> extends Base implements Named { | # Shop sells.",
    "method | Shop.Shop | 18-18 | public Shop(int size) {} | # Makes one.",
    "method | Shop.find | 21-28 | @Override public <U> List<U> find(",
    "class | find.Local | 23-23 | class Local { void inner() {} }",
    "method | Local.inner | 23-23 | class Local { void inner() {} }",
    "class | run.Hidden | 25-25 | @Override public void run() { class Hidden {} }",
    "class | Shop.Inner | 31-33 | static class Inner { | # Inner does.",
    "method | Inner.size | 32-32 | int size();",
    "interface | Named | 36-36 | interface Named { /** Gives it. */ String name(); int MAX = 1; }",
    "method | Named.name | 36-36 | interface Named { /** Gives it. */ String name(); int MAX = 1; } | # Gives it.",
    "interface | Mark | 37-40 | @interface Mark {",
    'method | Mark.value | 39-39 | String value() default ""; | # What it says.',
    "enum | Color | 41-44 | enum Color {",
    "method | Color.code | 43-43 | int code() { return 0; }",
    "class | Point | 46-51 | record Point(int x, int y) { | # Point is where.",
    "method | Point.Point | 47-49 | Point {",
    "method | Point.sum | 50-50 | int sum() { return x + y; }",
    "function | main | 52-52 | void main() {}",
  ]);
});

test.each<[Dialect, string, unknown[]]>([
  [
    "typescript",
    `import a, { b } from "./a.js"; import "./side"; export * from "../c"; export { d } from './d';
     const e = require("e"), f = await import("./f"); import g = require("./g"); import type { H } from "./h";
     vi.mock("./mocked.js"); require(dynamic); notrequire("./no");`,
    ["./a.js", "./side", "../c", "./d", "e", "./f", "./g", "./h", "./mocked.js"].map((specifier) => ({
      specifier,
    })),
  ],
  [
    "python",
    "import os, a.b.c as d\nfrom . import x as y, z\nfrom ..p.q import *\nfrom . import w\ndef f():\n    from late import l\n",
    [
      { specifier: "os" },
      { specifier: "a.b.c" },
      { specifier: ".", names: ["x", "z", "w"] },
      { specifier: "..p.q", names: ["*"] },
      { specifier: "late", names: ["l"] },
    ],
  ],
  [
    "go",
    'package p\nimport (\n\t"fmt"\n\tm "a.b/c"\n\t. "d"\n)\nimport "e"\n',
    ["fmt", "a.b/c", "d", "e"].map((specifier) => ({ specifier })),
  ],
  [
    "java",
    "package p;\nimport a.b.C;\nimport static a.b.C.d;\nimport e.f.*;\nimport static a. /* it */ b\n  .C.*;\nimport G;\n",
    [
      { specifier: "a.b.C", names: ["*"] },
      { specifier: "a.b.C.d" },
      { specifier: "e.f", names: ["*"] },
      { specifier: "G" },
    ],
  ],
])("imports of %s", async (dialect, text, imports) => {
  expect((await parser.outline(dialect, text)).imports).toEqual(imports);
});

test("a text with an error still gives what is around it", async () => {
  const { ok, symbols } = await parser.outline(
    "python",
    "def before(): pass\n\ndef broken(:\n    pass\n\ndef after(): pass\n",
  );
  expect(ok).toBe(false);
  expect(symbols.map(({ name }) => name)).toEqual(expect.arrayContaining(["before", "after"]));
});

test("a very long line gives short signatures", async () => {
  const text = `${"var a0=1;".repeat(20_000)}function last(){}`;
  const { symbols } = await parser.outline("javascript", text);
  expect(symbols.at(-1)?.name).toBe("last");
  expect(Math.max(...symbols.map(({ signature }) => signature.length))).toBeLessThanOrEqual(200);
});
