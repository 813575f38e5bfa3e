import { isAgentOSError } from "@agentos/core";
import { expect, test } from "vitest";
import type { SymbolLink } from "../../src/graph/symbol-graph.js";
import { indexOf, positionOf } from "../resolution/places.js";

const SHAPES = {
  "src/shape.ts": `export interface Shape {
  area(): number;
}
export class Square implements Shape {
  constructor(readonly side: number) {
    check(side);
  }
  area(): number {
    return power(this.side);
  }
}
export class Tile extends Square {
  price(): number {
    return this.area() * 2;
  }
}
function check(side: number): void {
  if (side < 0) throw new RangeError("negative");
}
export function power(base: number): number {
  return base === 0 ? 0 : base * power(base - 1);
}
export function unused(): void {}
`,
  "src/shop.ts": `import { Tile, unused as never } from "./shape.js";
export function total(count: number): number {
  const tile = new Tile(3);
  return tile.price() * count;
}
export const first = total(1);
export type Kept = string;
`,
  "src/index.ts": `export { total } from "./shop.js";
export { Square } from "./shape.js";
`,
  "test/shop.test.ts": `import { total } from "../src/shop.js";
test("total", () => {
  total(2);
});
`,
  "test/other.test.ts": `import { power } from "../src/shape.js";
power(2);
`,
};

/** `depth path#Parent.name line,line` of each link. */
function shown(links: readonly SymbolLink[]): readonly string[] {
  return links.map(({ depth, path, symbol, uses }) => {
    const name = symbol === undefined ? "" : `#${symbol.parent ? `${symbol.parent}.` : ""}${symbol.name}`;
    return `${depth} ${path}${name} ${uses.map((use) => `${use.line}`).join(",")}`;
  });
}

test("callers, one step and more; who calls a constructor uses its class", async () => {
  const { graph } = await indexOf(SHAPES);
  const check = positionOf(SHAPES["src/shape.ts"], "function |check");
  expect(shown(await graph.callers("src/shape.ts", check))).toEqual(["1 src/shape.ts#Square 6"]);
  const area = positionOf(SHAPES["src/shape.ts"], "  |area(): number {");
  expect(shown(await graph.callers("src/shape.ts", area, { depth: 5 }))).toEqual([
    "1 src/shape.ts#Tile.price 14",
    "2 src/shop.ts#total 4",
    "3 src/shop.ts#first 6",
    "3 test/shop.test.ts 3",
  ]);
});

test("what calls itself is not its own caller", async () => {
  const { graph } = await indexOf(SHAPES);
  const power = positionOf(SHAPES["src/shape.ts"], "function |power");
  expect(shown(await graph.callers("src/shape.ts", power))).toEqual([
    "1 src/shape.ts#Square.area 9",
    "1 test/other.test.ts 2",
  ]);
});

test("callees, with what they call in turn", async () => {
  const { graph } = await indexOf(SHAPES);
  const total = positionOf(SHAPES["src/shop.ts"], "function |total");
  expect(shown(await graph.callees("src/shop.ts", total, { depth: 3 }))).toEqual([
    "1 src/shape.ts#Tile 3",
    "1 src/shape.ts#Tile.price 4",
    "2 src/shape.ts#Square.area 14",
    "3 src/shape.ts#power 9",
  ]);
});

test("what a line uses", async () => {
  const { graph } = await indexOf(SHAPES);
  const names = async (path: string, line: number, options = {}) =>
    (await graph.usedIn(path, line, options)).map(({ path: home, name }) => `${home}#${name}`);
  expect(await names("test/shop.test.ts", 3)).toEqual(["src/shop.ts#total"]);
  expect(await names("src/shop.ts", 3)).toEqual(["src/shape.ts#Tile"]);
  expect(await names("src/shape.ts", 21)).toEqual(["src/shape.ts#power"]);
  expect(await names("src/shop.ts", 99)).toEqual([]);
  await expect(graph.usedIn("src/shop.ts", 0)).rejects.toSatisfy((error) =>
    isAgentOSError(error, "OPTIONS_INVALID"),
  );
});

test("inheritance, upwards and downwards", async () => {
  const { graph } = await indexOf(SHAPES);
  const shape = positionOf(SHAPES["src/shape.ts"], "interface |Shape");
  const tile = positionOf(SHAPES["src/shape.ts"], "class |Tile");
  expect(shown(await graph.subtypes("src/shape.ts", shape, { depth: 4 }))).toEqual([
    "1 src/shape.ts#Square 4",
    "2 src/shape.ts#Tile 12",
  ]);
  expect(shown(await graph.supertypes("src/shape.ts", tile, { depth: 4 }))).toEqual([
    "1 src/shape.ts#Square 12",
    "2 src/shape.ts#Shape 4",
  ]);
});

test("impact: dependents, their files, and the tests that use what changes before those that only import it", async () => {
  const { graph } = await indexOf(SHAPES);
  const price = positionOf(SHAPES["src/shape.ts"], "|price()");
  const impact = await graph.impact("src/shape.ts", price);
  expect(shown(impact.dependents)).toEqual([
    "1 src/shop.ts#total 4",
    "2 src/shop.ts#first 6",
    "2 test/shop.test.ts 3",
  ]);
  expect(impact.files).toEqual(["src/shop.ts", "test/shop.test.ts"]);
  expect(impact.tests).toEqual(["test/shop.test.ts", "test/other.test.ts"]);
  expect(impact.isCut).toBe(false);
});

test("impact of a whole file, cut at a limit", async () => {
  const { graph } = await indexOf(SHAPES);
  const whole = await graph.impact("src/shape.ts");
  expect(whole.files).toEqual(
    expect.arrayContaining(["src/shop.ts", "test/other.test.ts", "test/shop.test.ts"]),
  );
  expect((await graph.impact("src/shape.ts", undefined, { limit: 1 })).isCut).toBe(true);
});

test("dead exports: what no other file uses, an import being a use; not what an entry shows", async () => {
  const index = await indexOf({ ...SHAPES, "package.json": '{"name":"shapes","main":"src/index.ts"}' });
  const dead = await index.graph.deadExports();
  expect(dead.map(({ path, name }) => `${path} ${name}`)).toEqual([
    "src/shape.ts Shape",
    "src/shop.ts first",
    "src/shop.ts Kept",
  ]);
  const entries = ["src/shop.ts"];
  expect((await index.graph.deadExports({ entries })).map(({ name }) => name)).toEqual(["Shape"]);
});

test("dead exports of Python, Go and Java", async () => {
  const index = await indexOf({
    "a/lib.py": "def used(): pass\ndef unused(): pass\ndef _own(): pass\n",
    "a/__init__.py": "",
    "b.py": "from a.lib import used\nused()\n",
    "go.mod": "module m\n",
    "p/p.go": "package p\n\nfunc Used() {}\nfunc Unused() {}\nfunc own() {}\n",
    "main.go": 'package main\n\nimport "m/p"\n\nfunc main() { p.Used() }\n',
    "j/Used.java": "package j;\npublic class Used {}\n",
    "j/Unused.java": "package j;\npublic class Unused { Used used; }\n",
  });
  const dead = await index.graph.deadExports();
  expect(dead.map(({ path, name }) => `${path} ${name}`)).toEqual([
    "a/lib.py unused",
    "j/Unused.java Unused",
    "p/p.go Unused",
  ]);
});

test("circles of imports", async () => {
  const { graph } = await indexOf({
    "a.ts": 'import "./b.js";\n',
    "b.ts": 'import "./c.js";\nimport "./d.js";\n',
    "c.ts": 'import "./a.js";\n',
    "d.ts": "",
  });
  expect(await graph.cycles()).toEqual([
    { files: ["a.ts", "b.ts", "c.ts"], circle: ["a.ts", "b.ts", "c.ts"] },
  ]);
});

test("names that agree where nothing more is known are guesses, when they are asked for", async () => {
  const files = {
    "lib.ts": "export class Box {\n  openWide() {}\n}\n",
    "use.ts": "export function use(box) {\n  box.openWide();\n}\n",
  };
  const index = await indexOf(files);
  const at = positionOf(files["lib.ts"], "|openWide");
  const use = positionOf(files["use.ts"], ".|openWide");
  expect(await index.references("lib.ts", at)).toEqual([]);
  expect(await index.references("lib.ts", at, { guesses: true })).toEqual([
    { path: "use.ts", line: 2, column: 6, name: "openWide", role: "call", confidence: "guess" },
  ]);
  expect(await index.definition("use.ts", use)).toEqual([]);
  expect(await index.definition("use.ts", use, { guesses: true })).toEqual([
    { path: "lib.ts", line: 2, column: 2, name: "openWide", kind: "method", confidence: "guess" },
  ]);
  expect(shown(await index.graph.callers("lib.ts", at, { guesses: true }))).toEqual(["1 use.ts#use 2"]);
});

test("wrong input is told, and an end is heard", async () => {
  const { graph } = await indexOf(SHAPES);
  const at = { line: 1, column: 0 };
  await expect(graph.callers("src/none.ts", at)).rejects.toSatisfy((error) =>
    isAgentOSError(error, "PROJECT_FILE_UNKNOWN"),
  );
  await expect(graph.callers("../x.ts", at)).rejects.toSatisfy((error) =>
    isAgentOSError(error, "PROJECT_PATH_OUTSIDE"),
  );
  await expect(graph.callers("src/shape.ts", at, { depth: 0 })).rejects.toSatisfy((error) =>
    isAgentOSError(error, "OPTIONS_INVALID"),
  );
  const signal = AbortSignal.abort();
  await expect(graph.impact("src/shape.ts", undefined, { signal })).rejects.toSatisfy((error) =>
    isAgentOSError(error, "ABORTED"),
  );
  await expect(graph.deadExports({ signal })).rejects.toSatisfy((error) => isAgentOSError(error, "ABORTED"));
});

test("what a file sees without naming it makes no cycle of imports, and counts for the tests that a change affects", async () => {
  const index = await indexOf({
    "go.mod": "module example.com/shop\n",
    "cart/cart.go": "package cart\n\nfunc Total() int { return 1 }\n",
    "cart/cart_test.go": "package cart\n\nfunc TestTotal() { Total(); help() }\n",
    "cart/help_test.go": "package cart\n\nfunc help() { Total() }\n",
    "java/shop/Cart.java": "package shop;\n\nclass Cart {}\n",
    "java/shop/CartTest.java": "package shop;\n\nclass CartTest { Cart cart = Shelf.cart(); }\n",
    "java/shop/ShelfTest.java": "package shop;\n\nclass ShelfTest { CartTest test; }\n",
    // The source of one header includes the other header.
    "c/shape.h": '#include "paint.h"\nint area(void);\n',
    "c/paint.h": "int colour(void);\n",
    "c/paint.c": '#include "paint.h"\n#include "shape.h"\nint colour(void) { return area(); }\n',
    "c/shape.c": '#include "shape.h"\nint area(void) { return colour(); }\n',
    "c/one.h": '#include "two.h"\n',
    "c/two.h": '#include "one.h"\n',
  });
  expect(await index.graph.cycles()).toEqual([
    { files: ["c/one.h", "c/two.h"], circle: ["c/one.h", "c/two.h"] },
  ]);
  expect(await index.affectedTests(["cart/cart.go"])).toEqual(["cart/cart_test.go", "cart/help_test.go"]);
  expect(await index.affectedTests(["java/shop/Cart.java"])).toEqual([
    "java/shop/CartTest.java",
    "java/shop/ShelfTest.java",
  ]);
});
