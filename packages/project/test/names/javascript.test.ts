// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts in here are JavaScript
import type { Language } from "@agentos/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TreeSitterParser } from "../../src/tree-sitter-parser.js";

let parser: TreeSitterParser;
beforeAll(async () => {
  parser = await TreeSitterParser.open();
});
afterAll(() => parser.close());

async function undefinedIn(language: Language, text: string): Promise<string[]> {
  const facts = await parser.facts(language, text);
  expect(facts.error).toBeUndefined();
  return facts.undefinedNames.map(({ name, line }) => `${name}:${line}`);
}

describe("names that something defines: JavaScript", () => {
  test.each([
    "const a = 1; a;",
    "const { a, b: c, d = a, ...e } = {}; c, d, e;",
    "const [a, , b = a, ...c] = []; b, c;",
    "const { a: { b: [c] } } = {}; c;",
    "function f(a, { b, c: d }, [e] = [], ...g) { return [a, b, d, e, g, arguments]; }",
    "const f = a => a, g = async b => b, h = (c, d = c) => d;",
    "try {} catch ({ message }) { message; } try {} catch (e) { e; } try {} catch {}",
    "for (const a of []) a; for (const b in {}) b; for (let i = 0, n = 3; i < n; i++) {}",
    "for (const [k, v] of new Map()) k, v;",
    "for (x of []) x;",
    "outer: for (;;) { break outer; }",
    "({ a: 1, b() {}, get c() { return 1; }, async *d() {} });",
    "import a, { b as c, default as d } from 'x'; a, c, d;",
    "import * as ns from 'x'; ns.y;",
    "export { a as b } from 'x'; export * as c from 'y';",
    "const a = 1; export { a as b };",
    "export default function () {}",
    "class A { #p = 1; static q = A; get t() { return this.#p; } [Symbol.iterator]() {} }",
    "class A { m() { return super.m(); } static { this.x = 1; } }",
    "let a, b; ({ a, b: b.c } = {}); [a, b] = [];",
    "implicit = 1; implicit;",
    "({ x } = {}); x;",
    "const f = function g() { return g; }; const h = class I { m() { return I; } };",
    "hoisted(); function hoisted() {}",
    "if (typeof maybe !== 'undefined') maybe();",
    "typeof (maybe) === 'function' && maybe();",
    "const t = `${1} ${t}`;",
    "import.meta.url; this;",
    "require('x'); module.exports = exports; __dirname; __filename;",
    "console.log(process, Buffer, setTimeout, structuredClone, fetch, URL);",
    "describe('a', () => { it('b', () => { expect(1).toBe(1); }); });",
    "window.App = {}; App.x; document.title; navigator;",
    "globalThis.shared = 1; shared;",
    "window.name; name;",
    "const a = <div className='x'><Foo.Bar {...p} /><svg:rect /></div>; const Foo = {}, p = {};",
    "/* global jQueryPlugin, other:writable */ jQueryPlugin(other);",
    "a?.b?.[0]; var a;",
    "switch (1) { case 1: { let a; a; } }",
    "with_: { break with_; }",
    "var undefined; NaN; Infinity;",
    "async function* f() { for await (const x of []) yield x; }",
    "const { [key]: value } = {}; var key; value;",
    "0 && (module.exports = { neverDefined });",
    "hasOwnProperty.call({}, 'a');",
    "lunr.Index = function () { return lunr.x; };",
    "x = y => z; var z; var y;",
  ])("%j", async (text) => {
    expect(await undefinedIn("javascript", text)).toEqual([]);
  });
});

describe("names that something defines: TypeScript", () => {
  test.each([
    "function f(this: Window, a?: Missing, ...b: Other[]): a is string { return b; }",
    "let x: typeof y.z; let v = <Missing>x; x as Missing; x satisfies Missing; x!;",
    "type A<T extends B = C> = { [K in keyof T]: T[K] } & ((x: number) => void) | [a: string];",
    "interface I<T> extends J, K.L { a: string; f(x: number): void; [key: string]: unknown; new (q: X): I<T>; }",
    "enum E { A, B = A, C = E.B | A }",
    "namespace N.M { export const x = 1; } N.M.x;",
    "declare global { var zz: number } zz;",
    "declare const a: string; declare function g(x: Y): void; a; g;",
    "import type { A } from 'a'; import { type B, C } from 'b'; C; export type { A, B };",
    "import D = require('d'); import E = D.F; E; export = D;",
    "class A<T> extends Map<T, B> implements C { constructor(private readonly x: Y) { super(); } }",
    "interface I {} export { I };",
    "type T = string; export { T };",
    "function over(a: string): void; function over(a: number): void; function over(a: unknown) { a; }",
    "const f = <T,>(x: T): x is string => true; f<Missing>(1);",
    "type X = A extends infer U ? U : never; type Y = `a${B}`; type Z = typeof import('x');",
    "abstract class Q { abstract x: Missing; protected abstract w(p: Missing): void; [k: string]: unknown }",
    "let fn: (a: string) => asserts a; let o = { m<T>(p: T): void {} };",
    "const x = 1 as const;",
    "const el = <Comp<string> a={b}>{c}</Comp>; var Comp, b, c;",
    "export as namespace Lib;",
    "let a: { b(c: Missing): Other }; a;",
    "const { a, b }: { a: string; b: Missing } = {} as never; a, b;",
    "type G = { get x(): string; set x(v) };",
  ])("%j", async (text) => {
    expect(await undefinedIn("typescript", text)).toEqual([]);
  });
});

describe("texts that may make names by other means", () => {
  test.each([
    "with (obj) { x; } var obj;",
    "eval('var x = 1'); x;",
    "(function (root) { root.x = 1; })(globalThis); x;",
    "Object.assign(globalThis, { x: 1 }); x;",
    "var g = globalThis; g[name] = 1; x; var name;",
    "/// <reference types='x' />\nx;",
    "suite('x', function () { setup(function () { this.x = lib.make(); }); });",
  ])("%j has none", async (text) => {
    expect(await undefinedIn("javascript", text)).toEqual([]);
  });
});

describe("names that nothing defines", () => {
  test.each<[Language, string, string[]]>([
    ["javascript", "a;", ["a:1"]],
    ["javascript", "function f(a) {\n  return a + b;\n}", ["b:2"]],
    ["javascript", "const { a = b } = {};", ["b:1"]],
    ["javascript", "function f(a = b) {}", ["b:1"]],
    ["javascript", "({ a, b: c, [d]: 1 });", ["a:1", "c:1", "d:1"]],
    ["javascript", "a += 1;", ["a:1"]],
    ["javascript", "a++;", ["a:1"]],
    ["javascript", "a.b = 1; function f() { c.d = 1; }", ["c:1"]],
    ["javascript", "[...a];", ["a:1"]],
    ["javascript", "f(a, ...b); function f() {}", ["a:1", "b:1"]],
    ["javascript", "new Missing();", ["Missing:1"]],
    ["javascript", "class A extends Base {}", ["Base:1"]],
    ["javascript", "class A { x = y; [z]() {} static { w; } }", ["y:1", "z:1", "w:1"]],
    ["javascript", "for (const a of b) {}", ["b:1"]],
    ["javascript", "`${a}`; tag`x`;", ["a:1", "tag:1"]],
    ["javascript", "export { a, b as c };", ["a:1", "b:1"]],
    ["javascript", "export default thing;", ["thing:1"]],
    ["javascript", "const el = <Foo a={b} />;", ["Foo:1", "b:1"]],
    ["javascript", "const el = <Foo.Bar />;", ["Foo:1"]],
    ["javascript", "async () => { await a; };", ["a:1"]],
    ["javascript", "function* f() { yield a; }", ["a:1"]],
    ["javascript", "a ? b : c;", ["a:1", "b:1", "c:1"]],
    ["javascript", "if (a) {} else if (b) {}", ["a:1", "b:1"]],
    ["javascript", "a?.b; c?.[d]; e?.();", ["a:1", "c:1", "d:1", "e:1"]],
    ["javascript", "switch (a) { case b: }", ["a:1", "b:1"]],
    ["javascript", "throw a;", ["a:1"]],
    ["javascript", "delete a.b; void c; !d;", ["a:1", "c:1", "d:1"]],
    ["javascript", "@dec class A { @other x; }", ["dec:1", "other:1"]],
    ["javascript", "import { a as b } from 'x'; a;", ["a:1"]],
    ["javascript", "const _ = require('lodash'); math.sqrt(lenght);", ["math:1", "lenght:1"]],
    ["javascript", "function f() { return print(len([])); }", ["print:1", "len:1"]],
    ["javascript", "status; name; length;", ["status:1", "name:1", "length:1"]],
    ["javascript", "a;\na;\nb;", ["a:1", "b:3"]],
    ["javascript", "try { x(); } catch (e) { log(e); }", ["x:1", "log:1"]],
    ["javascript", "const f = async (a) => { for await (const b of c(a)) d(b); };", ["c:1", "d:1"]],
    ["typescript", "function f(a: number): number { return a + b; }", ["b:1"]],
    ["typescript", "class A extends Base<string> {}", ["Base:1"]],
    ["typescript", "const x = y as string; const z = <number>w;", ["y:1", "w:1"]],
    ["typescript", "enum E { A = Missing }", ["Missing:1"]],
    [
      "typescript",
      "@Dec({ a: b }) class A { constructor(@Inject(c) d) {} }",
      ["Dec:1", "b:1", "Inject:1", "c:1"],
    ],
    ["typescript", "let f = (a: (b: string) => void) => b;", ["b:1"]],
    ["typescript", "interface I { [key: string]: number } key;", ["key:1"]],
    ["typescript", "make<Missing>(1);", ["make:1"]],
    ["typescript", "x!.y; z satisfies T;", ["x:1", "z:1"]],
    ["typescript", "namespace N { export const a = b; }", ["b:1"]],
    ["typescript", "const el = <div>{missing}</div>;", ["missing:1"]],
  ])("%s %j", async (language, text, names) => {
    expect(await undefinedIn(language, text)).toEqual(names);
  });
});

test("Go and Java have none: their compilers say so themselves", async () => {
  const go = await parser.facts("go", "package p\nfunc f() int { return missing }\n");
  expect(go).toEqual({ ok: true, undefinedNames: [], definitions: ["f"] });
  const java = await parser.facts("java", "class A { int f() { return missing; } }\n");
  expect(java).toEqual({ ok: true, undefinedNames: [], definitions: ["A"] });
});
