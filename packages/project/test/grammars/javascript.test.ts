import { describe, expect, test } from "vitest";
import { checkUses, outline, symbols, type Use } from "./grammar.js";

const SHOP = `import defaults, { tax as rate, Cart } from "./cart.js";
import * as prices from "./prices.js";
const path = require("node:path");
const { round } = require("./math.cjs");

/** Greatest number of things. */
export const MOST = 8;
let count = 0, other;

/**
 * Adds up.
 * @param items what to add
 */
export function total(items, scale = rate) {
  const sum = items.reduce((before, item) => before + item.price, 0);
  count += 1;
  return round(sum * scale);
}

class Shop extends Cart {
  static made = [];
  #open = true;
  constructor(name) {
    super(name);
    this.name = name;
    this.clerk = new Clerk(this);
    Shop.made.push(this);
  }
  get isOpen() {
    return this.#open;
  }
  // Sells.
  sell(thing) {
    if (this.#open && this.isOpen) this.clerk.greet();
    this.add(thing);
    const { label, ...rest } = thing;
    outer: for (const [key, value] of Object.entries(rest)) {
      if (key === label) continue outer;
      prices.look(value, path.sep);
    }
    return total([thing]) > MOST ? defaults : this.name;
  }
}

function Clerk(shop) {
  this.shop = shop;
}
Clerk.prototype.greet = function () {
  return this.shop;
};

export default Shop;
export { count, Clerk as Seller };
const table = { open() {}, close: () => table.open() };
try { other = typeof missing; } catch (error) { table.close(error); }
async function* later(...all) { for await (const one of all) yield one?.price; }
`;

const FILES = {
  "shop.js": SHOP,
  "cart.js": `export const tax = 1.2;
export class Cart {
  constructor(name) {
    this.things = [];
  }
  add(thing) {
    this.things.push(thing);
  }
}
export default { currency: "none" };
`,
  "prices.js": "function look() {}\nexport { look };\n",
  "math.cjs": "exports.round = function (value) { return value; };\n",
};

describe("JavaScript", () => {
  test("definitions", async () => {
    expect(await symbols("javascript", SHOP)).toEqual([
      "variable path 3-3 private",
      "variable MOST 7-7 public # Greatest number of things.",
      "variable count 8-8 public",
      "variable other 8-8 private",
      "function total 14-18 public # Adds up.",
      "class Shop 20-43 public",
      "method Shop.constructor 23-28 public",
      "method Shop.isOpen 29-31 public",
      "method Shop.sell 33-42 public # Sells.",
      "function Clerk 45-47 public",
      "method Clerk.greet 48-50 public",
      "variable table 54-54 private",
      "method table.open 54-54 public",
      "function later 56-56 private",
    ]);
  });

  test("imports", async () => {
    expect((await outline("javascript", SHOP)).imports.map(({ specifier }) => specifier)).toEqual([
      "./cart.js",
      "./prices.js",
      "node:path",
      "./math.cjs",
    ]);
  });

  const USES: readonly Use[] = [
    ["read", "scale = |rate)", "import defaults", "cart.js > const tax"],
    ["read", "= |items.reduce", "function total"],
    ["read", "=> |before +", "const sum"],
    ["read", "+ |item.price", "const sum"],
    ["write", "  |count += 1", "let count", "count += 1"],
    ["call", "return |round(", "const { round }", "math.cjs > exports.round"],
    ["read", "round(|sum *", "const sum"],
    ["read", "* |scale)", "function total", "import defaults", "cart.js > const tax"],
    ["inherit", "extends |Cart", "import defaults", "cart.js > class Cart"],
    ["read", "super(|name)", "constructor(name)"],
    ["call", "new |Clerk(this)", "function Clerk"],
    ["read", "    |Shop.made", "class Shop"],
    ["read", "Shop.|made.push", "static made"],
    ["read", "return this.|#open", "#open = true"],
    ["read", "&& this.|isOpen", "get isOpen", "#open = true"],
    ["read", "this.|clerk.greet", "this.clerk = new"],
    ["call", "this.|add(thing)", "cart.js > add(thing)"],
    ["read", "} = |thing;", "sell(thing)"],
    ["read", "entries(|rest)", "const { label"],
    ["read", "if (|key ===", "outer: for"],
    ["read", "continue |outer", "outer: for"],
    ["read", "    |prices.look", "import * as prices"],
    ["call", "prices.|look(", "prices.js > export { look", "prices.js > function look"],
    ["call", "return |total([", "export function total"],
    ["read", "> |MOST ?", "const MOST"],
    ["read", "? |defaults :", "import defaults", "cart.js > export default"],
    ["read", ": this.|name;", "this.name = name", "constructor(name)"],
    ["read", "this.shop = |shop", "function Clerk"],
    ["read", "export default |Shop", "class Shop"],
    ["call", "=> table.|open()", "const table"],
    ["write", "{ |other = typeof", "let count", "try { other"],
    ["read", "typeof |missing"],
    ["read", "close(|error)", "try {"],
    ["read", "of |all)", "function* later"],
    ["read", "yield |one?.", "function* later"],
  ];

  test("uses, with their roles, and where they lead to", async () => {
    const { seen, expected } = await checkUses("javascript", FILES, "shop.js", USES);
    expect(seen).toEqual(expected);
  });

  test("a text that is broken gives what is around", async () => {
    const { ok, symbols: found } = await outline(
      "javascript",
      "export function before() {}\nfunction broken( {\nexport function after() {}\n",
    );
    expect(ok).toBe(false);
    expect(found.map(({ name }) => name)).toContain("before");
    const { seen, expected } = await checkUses(
      "javascript",
      { "a.js": "const a = 1;\nfunction f() { return a; }\nconst = ;\n" },
      "a.js",
      [["read", "return |a;", "const a"]],
    );
    expect(seen).toEqual(expected);
  });
});
