import { describe, expect, test } from "vitest";
import { checkUses, outline, symbols, type Use } from "./grammar.js";

const SHOP = `package org.shop;

import org.prices.Amount;
import static org.prices.Amount.of;
import java.util.*;

/** Sells. */
@Deprecated
public abstract class Shop<T extends Thing> extends Base implements Named {
  protected static final int MOST = 8;
  private final List<T> things = new ArrayList<>();
  Till till;

  /** Makes one. */
  public Shop(Till till) {
    super(MOST);
    this.till = till;
  }

  @Override
  public String name() {
    return till.owner().name;
  }

  <U extends Thing> Amount sell(T first, U other) throws Closed {
    int count = things.size();
    if (count > MOST && first.price > other.price) throw new Closed(name());
    search:
    for (T each : things) {
      if (each == first) continue search;
      each.show();
    }
    Runnable job = () -> till.add(of(count));
    Named anonymous = new Named() {
      public String name() { return String.valueOf(count); }
    };
    switch (till.kind) {
      case OPEN: job.run(); break;
      default: greet(anonymous);
    }
    Object thing = first;
    if (thing instanceof Point(int x, var y) && x > 1) return of(x);
    try (var in = till.open()) {
      in.close();
    } catch (Closed | RuntimeException error) {
      throw error;
    }
    return this.till.sum.twice().twice();
  }

  abstract void open();

  static class Till {
    Amount sum = Amount.of(1);
    Kind kind = Kind.OPEN;
    Owner owner() { return new Owner("a"); }
    void add(Amount amount) { sum = amount; }
    Door open() { return null; }
  }
}

class Base {
  Base(int size) {}
  protected void greet(Named named) { named.name(); }
}
interface Named { String name(); default int length() { return name().length(); } }
record Point(int x, int y) { int sum() { return x + y(); } }
enum Kind { OPEN, SHUT { void turn() {} }; void turn() {} }
class Owner {
  final String name;
  Owner(String name) { this.name = name; }
}
class Closed extends Exception { Closed(String text) {} }
class Thing { int price; void show() {} }
`;

const FILES = {
  "src/main/java/org/shop/Shop.java": SHOP,
  "src/main/java/org/shop/Door.java":
    "package org.shop;\n\npublic interface Door extends AutoCloseable {\n  void close();\n}\n",
  "src/main/java/org/prices/Amount.java":
    "package org.prices;\n\npublic class Amount {\n  public static Amount of(int value) { return null; }\n  public Amount twice() { return this; }\n}\n",
};
const AMOUNT = "src/main/java/org/prices/Amount.java";

describe("Java", () => {
  test("definitions", async () => {
    expect(await symbols("java", SHOP)).toEqual([
      "class Shop 9-60 public # Sells.",
      "method Shop.Shop 15-18 public # Makes one.",
      "method Shop.name 21-23 public",
      "method Shop.sell 25-49 internal",
      "method Shop.open 51-51 internal",
      "class Shop.Till 53-59 internal",
      "method Till.owner 56-56 internal",
      "method Till.add 57-57 internal",
      "method Till.open 58-58 internal",
      "class Base 62-65 internal",
      "method Base.Base 63-63 internal",
      "method Base.greet 64-64 protected",
      "interface Named 66-66 internal",
      "method Named.name 66-66 public",
      "method Named.length 66-66 public",
      "class Point 67-67 internal",
      "method Point.sum 67-67 internal",
      "enum Kind 68-68 internal",
      "method Kind.turn 68-68 internal",
      "class Owner 69-72 internal",
      "method Owner.Owner 71-71 internal",
      "class Closed 73-73 internal",
      "method Closed.Closed 73-73 internal",
      "class Thing 74-74 internal",
      "method Thing.show 74-74 internal",
    ]);
  });

  test("imports", async () => {
    expect((await outline("java", SHOP)).imports).toEqual([
      { specifier: "org.prices.Amount" },
      { specifier: "org.prices.Amount.of" },
      { specifier: "java.util", names: ["*"] },
    ]);
  });

  const USES: readonly Use[] = [
    ["type", "extends |Thing> extends", "class Thing"],
    ["inherit", "> extends |Base", "class Base"],
    ["inherit", "implements |Named", "interface Named"],
    ["type", "List<|T> things", "class Shop<"],
    ["type", "  |Till till;", "class Till"],
    ["read", "super(|MOST)", "MOST ="],
    ["write", "this.|till = till", "Till till;"],
    ["read", "this.till = |till", "Shop(Till till)"],
    ["call", "till.|owner().name", "Owner owner()"],
    ["read", "owner().|name;", "final String name"],
    ["type", "> |Amount sell", "import org.prices.Amount;", `${AMOUNT} > class Amount`],
    ["type", "throws |Closed", "class Closed"],
    ["read", "= |things.size", "List<T> things"],
    ["read", "if (|count", "int count"],
    ["read", "first.|price", "int price"],
    ["read", "other.|price", "int price"],
    ["call", "new |Closed(", "class Closed"],
    ["call", "Closed(|name()", "public String name() {\n    return till"],
    ["read", "continue |search", "search:"],
    ["call", "each.|show()", "void show"],
    ["call", "till.|add(of", "void add"],
    ["call", "add(|of(count", "import static", `${AMOUNT} > Amount of(`],
    ["read", "valueOf(|count", "int count"],
    ["read", "(till.|kind)", "Kind kind"],
    ["read", "case |OPEN:", "enum Kind"],
    ["read", "OPEN: |job.run", "Runnable job"],
    ["call", "default: |greet(", "void greet"],
    ["type", "instanceof |Point(", "record Point"],
    ["read", "&& |x > 1", "instanceof Point"],
    ["call", "till.|open())", "Door open()"],
    ["call", "in.|close()", "src/main/java/org/shop/Door.java > void close"],
    ["type", "catch (|Closed", "class Closed"],
    ["read", "throw |error", "catch (Closed"],
    ["read", "this.till.|sum", "Amount sum"],
    ["call", "twice().|twice()", `${AMOUNT} > Amount twice`],
    ["read", "= |Kind.OPEN", "enum Kind"],
    ["type", "  |Door open()", "src/main/java/org/shop/Door.java > interface Door"],
    ["write", "{ |sum = amount", "Amount sum"],
    ["read", "sum = |amount", "void add"],
    ["call", "named.|name()", "interface Named"],
    ["call", "return |name().length", "interface Named"],
    ["call", "+ |y();", "record Point"],
    ["read", "this.name = |name", "Owner(String"],
  ];

  test("uses, with their roles, and where they lead to", async () => {
    const { seen, expected } = await checkUses("java", FILES, "src/main/java/org/shop/Shop.java", USES);
    expect(seen).toEqual(expected);
  });

  test("a text that is broken gives what is around", async () => {
    const text = "class A {\n  void before() {}\n  void broken( { }\n  void after() { before(); }\n}\n";
    const { ok, symbols: found } = await outline("java", text);
    expect(ok).toBe(false);
    expect(found.map(({ name }) => name)).toContain("before");
    const { seen, expected } = await checkUses("java", { "A.java": text }, "A.java", [
      ["call", "{ |before()", "void before"],
    ]);
    expect(seen).toEqual(expected);
  });
});
