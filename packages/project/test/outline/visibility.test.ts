import { afterAll, beforeAll, expect, test } from "vitest";
import type { Dialect } from "../../src/source-parser.js";
import { TreeSitterParser } from "../../src/tree-sitter-parser.js";

let parser: TreeSitterParser;
beforeAll(async () => {
  parser = await TreeSitterParser.open();
});
afterAll(() => parser.close());

/** `parent.name visibility` of each symbol. */
async function visibility(dialect: Dialect, text: string): Promise<readonly string[]> {
  const { symbols } = await parser.outline(dialect, text);
  return symbols.map((symbol) => {
    const name = symbol.parent === undefined ? symbol.name : `${symbol.parent}.${symbol.name}`;
    return `${name} ${symbol.visibility ?? "unknown"}`;
  });
}

test("TypeScript: what is exported, and what members say", async () => {
  const text = `export function shown() { function inner() {} }
function hidden() {}
function later() {}
class Late {}
export { later, Late as Other };
export { hidden } from "./other.js";
export declare const ambient: number;
const a = 1, b = 2;
export default b;
export abstract class A {
  private one() {}
  protected two = () => 1;
  #three() {}
  public four() {}
  abstract five(): void;
  constructor() {}
}
interface I { six(): void }
namespace N { export const seen = 1; const unseen = 2; }
declare module "x" { function deep(): void; namespace M { const deeper: number } }
export const table = { build() {} };
export default class {}
`;
  expect(await visibility("typescript", text)).toEqual([
    "shown public",
    "shown.inner private",
    "hidden private",
    "later public",
    "Late public",
    "ambient public",
    "a private",
    "b public",
    "A public",
    "A.one private",
    "A.two protected",
    "A.#three private",
    "A.four public",
    "A.five public",
    "A.constructor public",
    "I private",
    "I.six public",
    "N private",
    "N.seen public",
    "N.unseen private",
    "x public",
    "x.deep public",
    "x.M public",
    "M.deeper public",
    "table public",
    "table.build public",
    "default public",
  ]);
});

test("CommonJS: what is put on exports", async () => {
  const text = `function one() {}
function two() {}
function three() {}
function Four() {}
Four.prototype.run = function () {};
exports.five = function () {};
exports.other = three;
module.exports = { one, renamed: two, made() {} };
`;
  expect(await visibility("javascript", text)).toEqual([
    "one public",
    "two public",
    "three public",
    "Four private",
    "Four.run public",
    "five public",
    "other public",
  ]);
});

test("a script that neither imports nor exports may be seen by any other", async () => {
  expect(await visibility("javascript", "function one() { function two() {} }\nvar three;\n")).toEqual([
    "one unknown",
    "one.two private",
    "three unknown",
  ]);
  expect(await visibility("tsx", 'import "./a.js";\nfunction one() {}\n')).toEqual(["one private"]);
});

test("Python: underscores", async () => {
  const text = `_one = two = 1
def __getattr__(name): pass
class _Hidden:
    def __init__(self):
        def inner(): pass
    def __mangled(self): pass
    def _guarded(self): pass
    def shown(self): pass
type _Alias = int
__ = 1
`;
  expect(await visibility("python", text)).toEqual([
    "_one private",
    "two public",
    "__getattr__ public",
    "_Hidden private",
    "_Hidden.__init__ public",
    "__init__.inner private",
    "_Hidden.__mangled private",
    "_Hidden._guarded private",
    "_Hidden.shown public",
    "_Alias private",
    "__ private",
  ]);
});

test("Go: capitals, of every alphabet", async () => {
  const text = `package p
func Shown() {}
func hidden() {}
func (t tree) Walk() {}
func (t tree) walk() {}
type tree struct{}
type Reader interface { Read(); close() }
const Ärger, _, x = 1, 2, 3
`;
  expect(await visibility("go", text)).toEqual([
    "Shown public",
    "hidden internal",
    "tree.Walk public",
    "tree.walk internal",
    "tree internal",
    "Reader public",
    "Reader.Read public",
    "Reader.close internal",
    "Ärger public",
    "x internal",
  ]);
});

test("Java: modifiers, and what stands without one", async () => {
  const text = `public class A {
  private void one() {}
  @Override protected final void two() {}
  void three() { class Local { void four() {} } }
  public A() {}
  private static class Inner { }
  interface I { void five(); private void six() {} class In {} }
}
enum E { X; E() {} void seven() {} }
@interface M { String value(); }
record R(int x) { R { } }
`;
  expect(await visibility("java", text)).toEqual([
    "A public",
    "A.one private",
    "A.two protected",
    "A.three internal",
    "three.Local private",
    "Local.four internal",
    "A.A public",
    "A.Inner private",
    "A.I internal",
    "I.five public",
    "I.six private",
    "I.In public",
    "E internal",
    "E.E private",
    "E.seven internal",
    "M internal",
    "M.value public",
    "R internal",
    "R.R internal",
  ]);
});
