import { describe, expect, test } from "vitest";
import { checkUses, outline, symbols, type Use } from "./grammar.js";

const SHOP = `import type { Thing } from "./thing.js";
import { make, Kind as Sort, type Labelled } from "./thing.js";
import shapes = require("./shapes.js");
export * from "./thing.js";

/** What is sold. */
export interface Stock<T extends Thing> extends Labelled {
  readonly things: T[];
  find(label: string): T | undefined;
}
export type Priced<T> = T & { price: number };
type Pick<K extends keyof Stock<Thing>> = Stock<Thing>[K];
export enum Size { Small = 1, Large = Small << 1 }
declare function outside(size: Size): void;
namespace Space {
  export const inside = 1;
  export function act(): Size { return Size.Large; }
}

// Sells.
export abstract class Shop<T extends Thing> implements Stock<T> {
  readonly things: T[] = [];
  private readonly sorts = new Map<string, Sort>();
  static made: Shop<Thing> | undefined;
  constructor(protected readonly owner: Owner, private size?: Size) {
    Shop.made = this;
  }
  find(label: string): T | undefined {
    return this.things.find((thing) => thing.label === label);
  }
  protected abstract open(): Promise<Priced<T>>;
  async sell(first: T): Promise<number> {
    const { price } = await this.open();
    const all = [first, ...this.things].map((each) => each.make());
    outside(Space.act());
    for (const { weight } of all) if (weight > price) return weight;
    return (this.find(first.label) as T)!.price + this.owner.till.sum;
  }
  get label() { return this.owner.name satisfies string; }
}

class Owner {
  name = "one";
  till = { sum: Space.inside, count(): number { return this.sum; } };
  greet(this: Owner, other: Owner): asserts other is Owner { other.greet(this); }
}
function isShop(value: unknown): value is Shop<Thing> { return value instanceof Shop; }
const made = make<Thing>(Sort.Big);
made.label;
let shape: shapes.Shape = { sides: 3 };
export const sides = (one: typeof shape): number => one.sides;
`;

const FILES = {
  "shop.ts": SHOP,
  "thing.ts": `export interface Labelled { label: string }
export class Thing implements Labelled {
  label = "a";
  price = 1;
  make(): { weight: number } { return { weight: 1 }; }
}
export enum Kind { Big, Little }
export function make<T>(kind: Kind): T { throw kind; }
`,
  "shapes.ts": "interface Shape { sides: number }\nexport = { } as { Shape: Shape };\n",
};

describe("TypeScript", () => {
  test("definitions", async () => {
    expect(await symbols("typescript", SHOP)).toEqual([
      "interface Stock 7-10 public # What is sold.",
      "method Stock.find 9-9 public",
      "type Priced 11-11 public",
      "type Pick 12-12 private",
      "enum Size 13-13 public",
      "function outside 14-14 private",
      "module Space 15-18 private",
      "variable Space.inside 16-16 public",
      "function Space.act 17-17 public",
      "class Shop 21-40 public # Sells.",
      "method Shop.constructor 25-27 public",
      "method Shop.find 28-30 public",
      "method Shop.open 31-31 protected",
      "method Shop.sell 32-38 public",
      "method Shop.label 39-39 public",
      "class Owner 42-46 private",
      "method Owner.greet 45-45 public",
      "function isShop 47-47 private",
      "variable made 48-48 private",
      "variable shape 50-50 private",
      "function sides 51-51 public",
    ]);
  });

  test("imports", async () => {
    expect((await outline("typescript", SHOP)).imports.map(({ specifier }) => specifier)).toEqual([
      "./thing.js",
      "./shapes.js",
    ]);
  });

  const USES: readonly Use[] = [
    ["type", "T extends |Thing> extends Labelled", "import type", "thing.ts > class Thing"],
    ["inherit", "> extends |Labelled", "import { make", "thing.ts > interface Labelled"],
    ["type", "things: |T[];", "interface Stock"],
    ["type", "= |T & {", "type Priced"],
    ["type", "keyof |Stock<", "interface Stock"],
    ["type", "[|K];", "type Pick"],
    ["read", "Large = |Small", "enum Size"],
    ["type", "outside(size: |Size)", "enum Size"],
    ["read", "return |Size.Large", "enum Size"],
    ["read", "Size.|Large;", "enum Size"],
    ["inherit", "implements |Stock<T>", "interface Stock"],
    ["type", "string, |Sort>", "import { make", "thing.ts > enum Kind"],
    ["type", "owner: |Owner,", "class Owner"],
    ["read", "    |Shop.made", "abstract class Shop"],
    ["write", "Shop.|made = this", "static made"],
    ["read", "=> thing.|label", "thing.ts > label ="],
    ["read", "label === |label", "find(label: string): T | undefined {"],
    ["type", "Promise<|Priced<T>>", "type Priced"],
    ["call", "this.|open();", "abstract open"],
    ["call", "each.|make()", "thing.ts > make(): {"],
    ["call", "    |outside(Space", "declare function outside"],
    ["call", "Space.|act()", "function act"],
    ["read", "of |all)", "const all"],
    ["read", "if (|weight", "for (const { weight }"],
    ["read", "> |price)", "const { price }"],
    ["call", "(this.|find(", "find(label: string): T | undefined {"],
    ["read", "as T)!.|price", "thing.ts > price ="],
    ["read", "this.|owner.till", "constructor(protected"],
    ["read", "owner.|till.sum", "till = {"],
    ["read", "till.|sum;", "till = {"],
    ["read", "this.owner.|name satisfies", 'name = "one"'],
    ["read", "sum: Space.|inside", "const inside"],
    ["read", "return this.|sum;", "till = {"],
    ["type", "other: |Owner)", "class Owner"],
    ["call", "other.|greet(this)", "greet(this: Owner"],
    ["type", "value is |Shop", "abstract class Shop"],
    ["read", "instanceof |Shop", "abstract class Shop"],
    ["call", "= |make<", "import { make", "thing.ts > function make"],
    ["read", "Sort.|Big", "thing.ts > enum Kind"],
    ["read", "\nmade.|label", "thing.ts > label ="],
    ["read", "typeof |shape)", "let shape"],
  ];

  test("uses, with their roles, and where they lead to", async () => {
    const { seen, expected } = await checkUses("typescript", FILES, "shop.ts", USES);
    expect(seen).toEqual(expected);
  });

  test("a text that is broken gives what is around", async () => {
    const text = "export function before(): void {}\nclass Broken { m(: }\nexport const after = before();\n";
    const { ok, symbols: found } = await outline("typescript", text);
    expect(ok).toBe(false);
    expect(found.map(({ name }) => name)).toContain("before");
    const { seen, expected } = await checkUses("typescript", { "a.ts": text }, "a.ts", [
      ["call", "= |before()", "function before"],
    ]);
    expect(seen).toEqual(expected);
  });
});
