import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isAgentOSError } from "@agentos/core";
import { describe, expect, test } from "vitest";
import { definitions, type Files, indexOf, positionOf } from "./places.js";

/** Files, the file with the name, a piece of it with `|` before the name, and where the name is defined. */
type Case = readonly [name: string, files: Files, path: string, piece: string, expected: readonly string[]];

const one = (text: string, path = "a.ts"): Files => ({ [path]: text });

const TYPESCRIPT: readonly Case[] = [
  [
    "a parameter hides what is around",
    one("const x = 1;\nfunction f(x: number) {\n  return x + 1;\n}\n"),
    "a.ts",
    "|x + 1",
    ["a.ts:2"],
  ],
  ["a use before the definition", one("f();\nfunction f() {}\n"), "a.ts", "|f();", ["a.ts:2"]],
  [
    "a block's own name is not seen outside",
    one("{\n  const inner = 1;\n}\ninner;\n"),
    "a.ts",
    "\n|inner;",
    [],
  ],
  ["var belongs to the function", one("if (a) {\n  var x = 1;\n}\nx;\n"), "a.ts", "\n|x;", ["a.ts:2"]],
  [
    "types and values of one name are apart",
    one("interface Shape {}\nconst Shape = 1;\nlet a: Shape;\nShape;\n"),
    "a.ts",
    ": |Shape",
    ["a.ts:1"],
  ],
  [
    "a value is not taken for the type of its name",
    one("interface Shape {}\nconst Shape = 1;\nlet a: Shape;\nShape;\n"),
    "a.ts",
    "\n|Shape;",
    ["a.ts:2"],
  ],
  [
    "a member by the declared type",
    one("interface P { name: string }\nfunction f(p: P) {\n  return p.name;\n}\n"),
    "a.ts",
    "p.|name",
    ["a.ts:1"],
  ],
  [
    "a member of this, and one that is inherited",
    one("class A {\n  a = 1;\n}\nclass B extends A {\n  m() { return this.a; }\n}\n"),
    "a.ts",
    "this.|a",
    ["a.ts:2"],
  ],
  [
    "super goes past the own method",
    one("class A {\n  m() {}\n}\nclass B extends A {\n  m() { super.m(); }\n}\n"),
    "a.ts",
    "super.|m",
    ["a.ts:2"],
  ],
  [
    "what a call returns, through a promise",
    one(
      "class A { x = 1 }\nasync function make() { return new A(); }\nasync () => {\n  (await make()).x;\n};\n",
    ),
    "a.ts",
    ").|x",
    ["a.ts:1"],
  ],
  [
    "a promise has no member of its value",
    one("class A { x = 1 }\nasync function make() { return new A(); }\nmake().x;\n"),
    "a.ts",
    ").|x",
    [],
  ],
  [
    "type arguments reach members",
    one("interface Box<T> { held: T }\ninterface V { v: number }\nlet b: Box<V>;\nb.held.v;\n"),
    "a.ts",
    "held.|v",
    ["a.ts:2"],
  ],
  [
    "a callback's parameter is an element",
    one("interface V { v: number }\nconst all: V[] = [];\nall.map((each) => each.v);\n"),
    "a.ts",
    "each.|v",
    ["a.ts:1"],
  ],
  [
    "a callback's parameter is what the function says",
    one("interface V { v: number }\nfunction run(f: (v: V) => void) {}\nrun((each) => each.v);\n"),
    "a.ts",
    "each.|v",
    ["a.ts:1"],
  ],
  [
    "a destructured property",
    one("interface V { v: { w: number } }\nfunction f({ v: inner }: V) {\n  return inner.w;\n}\n"),
    "a.ts",
    "inner.|w",
    ["a.ts:1"],
  ],
  ["a member of an enum", one("enum E {\n  One,\n}\nE.One;\n"), "a.ts", "E.|One", ["a.ts:2"]],
  ["a label", one("out: for (;;) {\n  break out;\n}\n"), "a.ts", "break |out", ["a.ts:1"]],
  ["a type that is made of itself ends", one("type T = T | T[];\nlet t: T;\nt.x;\n"), "a.ts", "t.|x", []],
];

const MODULES: readonly Case[] = [
  [
    "an import: its own place, then what is exported",
    { "a.ts": 'import { f as g } from "./b.js";\ng();\n', "b.ts": "export function f() {}\n" },
    "a.ts",
    "\n|g()",
    ["a.ts:1", "b.ts:1"],
  ],
  [
    "through two re-exports, one of all",
    {
      "a.ts": 'import { f } from "./index.js";\nf();\n',
      "index.ts": 'export * from "./middle.js";\n',
      "middle.ts": 'export { g as f } from "./b.js";\n',
      "b.ts": "\nexport const g = () => 1;\n",
    },
    "a.ts",
    "\n|f()",
    ["a.ts:1", "middle.ts:1", "b.ts:2"],
  ],
  [
    "a default export",
    { "a.ts": 'import Any from "./b";\nnew Any().m;\n', "b.ts": "export default class B {\n  m = 1;\n}\n" },
    "a.ts",
    "().|m",
    ["b.ts:2"],
  ],
  [
    "a namespace import",
    { "a.ts": 'import * as b from "./b.js";\nb.f();\n', "b.ts": "\n\nexport function f() {}\n" },
    "a.ts",
    "b.|f",
    ["b.ts:3"],
  ],
  [
    "what is not exported is not found",
    { "a.ts": 'import { f } from "./b.js";\n', "b.ts": "function f() {}\nexport const g = 1;\n" },
    "a.ts",
    "{ |f",
    [],
  ],
  [
    "two modules that import one another",
    {
      "a.ts": 'export { x } from "./b.js";\nimport { x } from "./b.js";\nx;\n',
      "b.ts": 'export { x } from "./a.js";\n',
    },
    "a.ts",
    "\n|x;",
    ["a.ts:2", "b.ts:1", "a.ts:1"],
  ],
  [
    "a name that is in none of two modules that show all of one another",
    {
      "a.ts": 'export * from "./b.js";\n',
      "b.ts": 'export * from "./a.js";\n',
      "c.ts": 'import { nope } from "./a.js";\nnope;\n',
    },
    "c.ts",
    "{ |nope",
    [],
  ],
  [
    "a name that is in none of thirty layers of modules that show all of two others",
    {
      "c.ts": 'import { nope } from "./a0.js";\n',
      ...Object.fromEntries(
        Array.from({ length: 30 }, (_, layer) =>
          ["a", "b"].map((side) => [
            `${side}${layer}.ts`,
            `export * from "./a${layer + 1}.js";\nexport * from "./b${layer + 1}.js";\n`,
          ]),
        ).flat(),
      ),
    },
    "c.ts",
    "{ |nope",
    [],
  ],
  [
    "an alias that begins with #",
    {
      "tsconfig.json": '{ "compilerOptions": { "paths": { "#lib/*": ["./lib/*"] } } }',
      "a.ts": 'import { f } from "#lib/b";\nf;\n',
      "lib/b.ts": "export const f = 1;\n",
    },
    "a.ts",
    "\n|f;",
    ["a.ts:1", "lib/b.ts:1"],
  ],
  [
    "paths of the nearest tsconfig, with comments and a comma at its end",
    {
      "tsconfig.json":
        '{ // paths\n  "compilerOptions": { "baseUrl": ".", "paths": { "@lib/*": ["lib/*"], } } }',
      "src/a.ts": 'import { f } from "@lib/b";\nf;\n',
      "lib/b.ts": "export const f = 1;\n",
    },
    "src/a.ts",
    "\n|f;",
    ["src/a.ts:1", "lib/b.ts:1"],
  ],
  [
    "a package of the same project, by its main",
    {
      "packages/b/package.json": '{ "name": "@x/b", "main": "./api.js" }',
      "packages/b/api.ts": "export const f = 1;\n",
      "packages/a/a.ts": 'import { f } from "@x/b";\nf;\n',
    },
    "packages/a/a.ts",
    "\n|f;",
    ["packages/a/a.ts:1", "packages/b/api.ts:1"],
  ],
  [
    "a package that is not of the project: the import alone",
    one('import { join } from "node:path";\njoin();\n'),
    "a.ts",
    "\n|join",
    ["a.ts:1"],
  ],
];

const JAVASCRIPT: readonly Case[] = [
  [
    "CommonJS",
    { "a.js": 'const { f } = require("./b");\nf();\n', "b.js": "exports.f = function () {};\n" },
    "a.js",
    "\n|f()",
    ["a.js:1", "b.js:1"],
  ],
  [
    "an assignment is another definition",
    one("let x = 1;\nx = 2;\nx;\n", "a.js"),
    "a.js",
    "\n|x;",
    ["a.js:1", "a.js:2"],
  ],
  [
    "a member that a constructor sets",
    one("class A {\n  constructor() {\n    this.held = 1;\n  }\n}\nnew A().held;\n", "a.js"),
    "a.js",
    ").|held",
    ["a.js:3"],
  ],
  [
    "a member that is put on an object",
    one("const a = {};\na.b = 1;\na.b;\na.c;\n", "a.js"),
    "a.js",
    "a.|b;",
    ["a.js:2"],
  ],
  ["a member that nobody put there", one("const a = {};\na.b = 1;\na.c;\n", "a.js"), "a.js", "a.|c", []],
];

const OTHERS: readonly Case[] = [
  [
    "Python: a class of another module, and its inherited method",
    {
      "main.py": "from pkg.models import Dog\n\nDog().name()\n",
      "pkg/models.py": "from .base import Animal\n\nclass Dog(Animal):\n    pass\n",
      "pkg/base.py": "class Animal:\n    def name(self):\n        return 1\n",
    },
    "main.py",
    "().|name",
    ["pkg/base.py:2"],
  ],
  [
    "Python: an attribute that a method sets",
    {
      "a.py":
        "class A:\n    def __init__(self):\n        self.x = 1\n\n    def m(self):\n        return self.x\n",
    },
    "a.py",
    "return self.|x",
    ["a.py:3"],
  ],
  [
    "Go: a method in another file of the package, and a function of another package",
    {
      "go.mod": "module example.org/m\n",
      "main.go": 'package main\n\nimport "example.org/m/shop"\n\nfunc main() {\n\tshop.Open().Sell()\n}\n',
      "shop/shop.go": "package shop\n\ntype Shop struct{}\n\nfunc Open() *Shop { return &Shop{} }\n",
      "shop/sell.go": "package shop\n\nfunc (s *Shop) Sell() {}\n",
    },
    "main.go",
    ").|Sell",
    ["shop/sell.go:3"],
  ],
  [
    "Python: modules that import all of one another",
    { "pkg/__init__.py": "from .core import *\n", "pkg/core.py": "from pkg import *\n\nnope\n" },
    "pkg/core.py",
    "\n\n|nope",
    [],
  ],
  [
    "Java: a class of the same package, and an imported one",
    {
      "a/Main.java":
        "package a;\n\nimport b.Tool;\n\nclass Main {\n  void run(Tool tool) { tool.use(); new Other(); }\n}\n",
      "a/Other.java": "package a;\n\nclass Other {}\n",
      "b/Tool.java": "package b;\n\npublic class Tool {\n  public void use() {}\n}\n",
    },
    "a/Main.java",
    "tool.|use",
    ["b/Tool.java:4"],
  ],
  [
    "Java: an inherited method without an owner, and another file's imports are not the package's",
    {
      "a/Base.java": "package a;\n\nimport b.Hidden;\n\nclass Base {\n  void help() {}\n}\n",
      "a/Main.java": "package a;\n\nclass Main extends Base {\n  void run() { help(); Hidden.go(); }\n}\n",
    },
    "a/Main.java",
    "{ |help",
    ["a/Base.java:6"],
  ],
  [
    "Go: a method of an embedded struct, and one of a generic type",
    {
      "go.mod": "module example.org/m\n",
      "a.go":
        "package m\n\ntype Item struct{}\n\nfunc (i Item) Print() {}\n\ntype Stack[T any] struct{}\n\nfunc (s *Stack[T]) Pop() T { return nil }\n\ntype App struct{ Stack[Item] }\n",
      "b.go": "package m\n\nfunc run(app App) {\n\tapp.Pop().Print()\n}\n",
    },
    "b.go",
    "app.|Pop",
    ["a.go:9"],
  ],
];

const BY_RULES: readonly Case[] = [
  [
    "rootDirs count as one folder",
    {
      "tsconfig.json": '{ "compilerOptions": { "rootDirs": ["src/core", "src/util"] } }',
      "src/core/a.ts": 'import { f } from "./b";\nf;\n',
      "src/util/b.ts": "export const f = 1;\n",
    },
    "src/core/a.ts",
    "\n|f;",
    ["src/core/a.ts:1", "src/util/b.ts:1"],
  ],
  [
    "a configuration that another is built on, and the longest pattern of its paths",
    {
      "tsconfig.base.json":
        '{ "compilerOptions": { "baseUrl": "src", "paths": { "*": ["any/*"], "lib/*": ["lib/*"] } } }',
      "tsconfig.json": '{ "extends": "./tsconfig.base.json" }',
      "a.ts": 'import { f } from "lib/b";\nf;\n',
      "src/lib/b.ts": "export const f = 1;\n",
      "src/any/lib/b.ts": "export const f = 2;\n",
    },
    "a.ts",
    "\n|f;",
    ["a.ts:1", "src/lib/b.ts:1"],
  ],
  [
    "a configuration that is no JSON says nothing",
    {
      "tsconfig.json": "{{{{",
      "a.ts": 'import { f } from "./b";\nf;\n',
      "b.ts": "export const f = 1;\n",
    },
    "a.ts",
    "\n|f;",
    ["a.ts:1", "b.ts:1"],
  ],
];

for (const [title, cases] of Object.entries({ TYPESCRIPT, MODULES, JAVASCRIPT, OTHERS, BY_RULES })) {
  describe(title.toLowerCase(), () => {
    test.each(cases)("%s", async (_name, files, path, piece, expected) => {
      expect(await definitions(files, path, piece)).toEqual(expected);
    });
  });
}

describe("asking", () => {
  const files = { "a.ts": 'import { f } from "./b.js";\nf();\n', "b.ts": "export function f() {}\n" };

  test("an answer is of the files as they are now", async () => {
    const index = await indexOf(files);
    const at = positionOf(files["a.ts"], "\n|f()");
    expect((await index.definition("a.ts", at)).map(({ line }) => line)).toEqual([1, 1]);
    await writeFile(join(index.root, "b.ts"), "\n\nexport function f() {}\n");
    expect(await index.definition("a.ts", at)).toMatchObject([
      { path: "a.ts", line: 1, column: 9, name: "f", kind: "import", confidence: "exact" },
      { path: "b.ts", line: 3, column: 16, name: "f", kind: "function", confidence: "import" },
    ]);
  });

  test("a place without a name, and one behind the end, have no definition", async () => {
    const index = await indexOf(files);
    expect(await index.definition("a.ts", { line: 2, column: 2 })).toEqual([]);
    expect(await index.definition("a.ts", { line: 99, column: 0 })).toEqual([]);
    expect(await index.definition("a.ts", { line: 1, column: 9_999 })).toEqual([]);
  });

  test("a definition's own place is its definition", async () => {
    const index = await indexOf(files);
    expect(await index.definition("b.ts", { line: 1, column: 17 })).toMatchObject([
      { path: "b.ts", line: 1 },
    ]);
  });

  test("wrong input is refused by name", async () => {
    const index = await indexOf(files);
    const refused = (code: string) => (error: unknown) => isAgentOSError(error, code);
    const attempts: readonly (readonly [() => Promise<unknown>, string])[] = [
      [() => index.definition("c.ts", { line: 1, column: 0 }), "PROJECT_FILE_UNKNOWN"],
      [() => index.definition("../c.ts", { line: 1, column: 0 }), "PROJECT_PATH_OUTSIDE"],
      [() => index.definition("a.ts", { line: 0, column: 0 }), "OPTIONS_INVALID"],
      [() => index.references("a.ts", { line: 1, column: -1 }), "OPTIONS_INVALID"],
      [() => index.references("a.ts", { line: 1, column: 0 }, { limit: 0 }), "OPTIONS_INVALID"],
    ];
    for (const [attempt, code] of attempts) await expect(attempt()).rejects.toSatisfy(refused(code));
  });

  test.each([
    ["tsconfig.json", "[".repeat(100_000)],
    ["package.json", `{"exports":${'{"import":'.repeat(5_000)}1${"}".repeat(5_000)}}`],
    ["tsconfig.json", JSON.stringify({ extends: Array(200).fill("./tsconfig.json") })],
    ["go.mod", "\n".repeat(900_000)],
    ["A.java", "\n".repeat(900_000)],
  ])("a %s that is made to harm costs nothing", async (path, text) => {
    const index = await indexOf({ ...files, [path]: text });
    expect(await index.definition("a.ts", positionOf(files["a.ts"], "\n|f()"))).toHaveLength(2);
  });

  test.each([
    ["a.ts", `${"(".repeat(5_000)}x${")".repeat(5_000)};\n`],
    ["a.ts", `x${".y".repeat(5_000)};\n`],
    ["a.js", `${"f(".repeat(3_000)}${")".repeat(3_000)};\n`],
    ["a.js", "x = 1;\n".repeat(20_000)],
    ["a.js", "x=x;".repeat(10_000)],
    ["a.js", `${"(".repeat(5_000)}x${")".repeat(5_000)} = 1;\n`],
    ["a.ts", `export const ${"[".repeat(3_000)}a${"]".repeat(3_000)} = y;\n`],
    ["a.ts", `namespace A${".A".repeat(3_000)} {}\n`],
    ["a.js", "a.b=1;c.b=1;".repeat(3_000)],
    ["a.ts", `let a = ${"[".repeat(3_000)}${"]".repeat(3_000)};\n`],
  ])("deep nesting, and one name many times, in %s cost neither stack nor time", async (path, text) => {
    const index = await indexOf({ [path]: `const x = 1;\nx;\n${text}` });
    const [first] = await index.definition(path, { line: 2, column: 0 });
    expect(first).toMatchObject({ line: 1 });
  });
});
