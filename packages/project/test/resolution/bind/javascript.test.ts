import { describe, expect, test } from "vitest";
import { definitions, type Files, indexOf, positionOf, uses } from "../places.js";

/** Files, the file with the name, a piece of it with `|` before the name, and where the name is defined. */
type Case = readonly [name: string, files: Files, path: string, piece: string, expected: readonly string[]];

const one = (text: string, path = "a.js"): Files => ({ [path]: text });

const CLERK =
  "function Clerk(name) {\n  this.name = name;\n}\nClerk.prototype.greet = function () {\n  return this.name;\n};\n";

const MADE: readonly Case[] = [
  ["a method of a prototype", one(`${CLERK}new Clerk().greet();\n`), "a.js", ").|greet", ["a.js:4"]],
  [
    "what a function puts on this",
    one(`${CLERK}const c = new Clerk();\nc.name;\n`),
    "a.js",
    "c.|name",
    ["a.js:2", "a.js:1"],
  ],
  ["this in a method of a prototype", one(CLERK), "a.js", "return this.|name", ["a.js:2", "a.js:1"]],
  [
    "this in an arrow function within such a method",
    one(`${CLERK}Clerk.prototype.later = function () {\n  return () => this.greet();\n};\n`),
    "a.js",
    "this.|greet",
    ["a.js:4"],
  ],
  [
    "this in another function within such a method is something else",
    one(`${CLERK}Clerk.prototype.later = function () {\n  return function () { this.greet(); };\n};\n`),
    "a.js",
    "this.|greet",
    [],
  ],
  [
    "what such a method puts on this",
    one(`${CLERK}Clerk.prototype.hire = function () {\n  this.hired = 1;\n};\nnew Clerk().hired;\n`),
    "a.js",
    ").|hired",
    ["a.js:8"],
  ],
  [
    "a prototype that is an object",
    one("function A() {}\nA.prototype = {\n  greet() {},\n};\nconst a = new A();\na.greet();\n"),
    "a.js",
    "a.|greet",
    ["a.js:3"],
  ],
  [
    "a prototype that is made by another",
    one(`${CLERK}function Chief() {}\nChief.prototype = new Clerk();\nnew Chief().greet();\n`),
    "a.js",
    ").|greet",
    ["a.js:4"],
  ],
  [
    "a prototype that is made by itself ends",
    one("function A() {}\nA.prototype = new A();\nnew A().none;\n"),
    "a.js",
    ").|none",
    [],
  ],
  [
    "a method that is put on the prototype of a class",
    one("class A {}\nA.prototype.greet = function () {};\nnew A().greet();\n"),
    "a.js",
    ").|greet",
    ["a.js:2"],
  ],
  [
    "a method of a prototype in another file",
    {
      "a.js": 'const { Clerk } = require("./b");\nnew Clerk().greet();\n',
      "b.js": `${CLERK}exports.Clerk = Clerk;\n`,
    },
    "a.js",
    ").|greet",
    ["b.js:4"],
  ],
  [
    "a method through the prototype itself",
    one(`${CLERK}Clerk.prototype.greet.call({});\n`),
    "a.js",
    "|greet.call",
    ["a.js:4"],
  ],
  ["a call without new makes nothing", one(`${CLERK}Clerk().name;\n`), "a.js", ").|name", []],
  [
    "what another function puts on its this",
    one("function A() {\n  this.a = 1;\n}\nfunction B() {}\nnew B().a;\n"),
    "a.js",
    ").|a",
    [],
  ],
];

const EXPORTS: readonly Case[] = [
  [
    "what is put on exports, in its own file",
    one("exports.f = () => 1;\nexports.f();\n"),
    "a.js",
    "\nexports.|f",
    ["a.js:1"],
  ],
  ["another name of exports", one("exports.f = () => 1;\nexports.g();\n"), "a.js", "exports.|g", []],
  [
    "a module that is another one",
    {
      "a.js": 'const b = require("./b");\nb;\n',
      "b.js": 'module.exports = require("./c");\n',
      "c.js": "module.exports = 1;\n",
    },
    "a.js",
    "\n|b;",
    ["a.js:1", "b.js:1", "c.js:1"],
  ],
  [
    "exports of one file are not those of another",
    { "a.js": "exports.f();\n", "b.js": "exports.f = () => 1;\n" },
    "a.js",
    "exports.|f",
    [],
  ],
];

const SEQUENCES: readonly Case[] = [
  [
    "elements that are spread",
    one("interface V { v: number }\ndeclare const all: V[];\nfor (const each of [...all]) each.v;\n", "a.ts"),
    "a.ts",
    "each.|v",
    ["a.ts:1"],
  ],
  [
    "elements of a set that is made with its type",
    one("interface V { v: number }\nconst all = new Set<V>();\nfor (const each of all) each.v;\n", "a.ts"),
    "a.ts",
    "each.|v",
    ["a.ts:1"],
  ],
  [
    "values of a map that is made with its types",
    one("interface V { v: number }\nconst all = new Map<string, V>();\nall.get('a')?.v;\n", "a.ts"),
    "a.ts",
    "?.|v",
    ["a.ts:1"],
  ],
  [
    "a set of the project's own",
    one("class Set<T> {\n  own = 1;\n}\nnew Set<string>().own;\n", "a.ts"),
    "a.ts",
    ").|own",
    ["a.ts:2"],
  ],
  [
    "both parameters of what sort is given",
    one("interface V { v: number }\ndeclare const all: V[];\nall.sort((a, b) => b.v - 1);\n", "a.ts"),
    "a.ts",
    "b.|v",
    ["a.ts:1"],
  ],
];

const KEYS: readonly Case[] = [
  [
    "a computed key of a type",
    one("const MARK = Symbol();\ntype T = { [MARK]?: number };\n", "a.ts"),
    "a.ts",
    "[|MARK",
    ["a.ts:1"],
  ],
  [
    "a computed key of a method",
    one("const MARK = Symbol();\nclass A {\n  [MARK]() {}\n}\n", "a.ts"),
    "a.ts",
    "[|MARK",
    ["a.ts:1"],
  ],
];

for (const [title, cases] of Object.entries({ MADE, EXPORTS, SEQUENCES, KEYS })) {
  describe(title.toLowerCase(), () => {
    test.each(cases)("%s", async (_name, files, path, piece, expected) => {
      expect(await definitions(files, path, piece)).toEqual(expected);
    });
  });
}

describe("modules of CommonJS", () => {
  const files = {
    "a.js": 'const { f: g } = require("./b");\ng();\n',
    "b.js": "exports.f = function () {};\n",
  };

  test("what is required is imported, and what is exported is defined", async () => {
    const index = await indexOf(files);
    expect(await index.definition("a.js", positionOf(files["a.js"], "\n|g()"))).toMatchObject([
      { path: "a.js", line: 1, kind: "import" },
      { path: "b.js", line: 1, kind: "function" },
    ]);
  });

  test("uses under another name", async () => {
    expect(await uses(files, "b.js", "|f")).toEqual(["a.js:1:8 read", "a.js:2:0 call", "b.js:1:8 write"]);
  });
});
