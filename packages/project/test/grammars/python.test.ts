import { describe, expect, test } from "vitest";
import { checkUses, outline, symbols, type Use } from "./grammar.js";

const SHOP = `"""Sells things."""
import os.path
from . import prices
from .cart import Cart, TAX as RATE
from .errors import *

MOST: int = 8
_count, other = 0, None
type Label = str


@decorate(MOST)
def total(items, *rest, scale=RATE, **options):
    """Adds up.

    At length.
    """
    global _count
    _count += 1
    amount = sum(item.price for item in items if item)
    return round(amount * scale, MOST)


class Shop(Cart):
    """A shop."""

    made = []

    def __init__(self, name: Label):
        super().__init__(name)
        self.name = name
        self._clerk = Clerk(self)
        Shop.made.append(self)

    @property
    def is_open(self) -> bool:
        return self.__open()

    def __open(self):
        return True

    @staticmethod
    async def sell(shop: "Shop", thing) -> "Clerk":
        shop.add(thing)
        shop._clerk.greet()
        with open(os.path.join(shop.name)) as file:
            file.write(thing)
        match thing:
            case Shop(name=found) if found:
                return found
            case [first, *others]:
                return first
        try:
            prices.look(other)
        except NoPrice as error:
            raise error
        return shop._clerk


class Clerk:
    def __init__(self, shop: Shop):
        self.shop: Shop = shop

    def greet(self):
        key = lambda one: one.made
        if (size := len(self.shop.made)) > MOST:
            del key
        def inner():
            nonlocal size
            return size
        return inner()
`;

const FILES = {
  "shop/__init__.py": "",
  "shop/main.py": SHOP,
  "shop/cart.py":
    "TAX = 1.2\n\n\nclass Cart:\n    def __init__(self, name):\n        self.things = []\n\n    def add(self, thing):\n        self.things.append(thing)\n",
  "shop/prices.py": "def look(thing):\n    return thing\n",
  "shop/errors.py": "class NoPrice(Exception):\n    pass\n",
};

describe("Python", () => {
  test("definitions", async () => {
    expect(await symbols("python", SHOP)).toEqual([
      "variable MOST 7-7 public",
      "variable _count 8-8 private",
      "variable other 8-8 public",
      "type Label 9-9 public",
      "function total 13-21 public # Adds up.",
      "class Shop 24-57 public # A shop.",
      "method Shop.__init__ 29-33 public",
      "method Shop.is_open 36-37 public",
      "method Shop.__open 39-40 private",
      "method Shop.sell 43-57 public",
      "class Clerk 60-71 public",
      "method Clerk.__init__ 61-62 public",
      "method Clerk.greet 64-71 public",
      "function greet.inner 68-70 private",
    ]);
  });

  test("imports", async () => {
    expect((await outline("python", SHOP)).imports).toEqual([
      { specifier: "os.path" },
      { specifier: ".", names: ["prices"] },
      { specifier: ".cart", names: ["Cart", "TAX"] },
      { specifier: ".errors", names: ["*"] },
    ]);
  });

  const USES: readonly Use[] = [
    ["read", "@decorate(|MOST)", "MOST: int"],
    ["read", "scale=|RATE", "from .cart", "shop/cart.py > TAX"],
    ["write", "    |_count += 1", "_count, other"],
    ["read", "sum(|item.price", "amount = sum"],
    ["read", "in |items if", "def total"],
    ["read", "if |item)", "amount = sum"],
    ["read", "round(|amount", "amount = sum"],
    ["read", "* |scale,", "def total", "from .cart", "shop/cart.py > TAX"],
    ["inherit", "class Shop(|Cart)", "from .cart", "shop/cart.py > class Cart"],
    ["type", "name: |Label", "type Label"],
    ["call", "super().|__init__(name)", "shop/cart.py > def __init__"],
    ["read", "self.name = |name", "def __init__(self, name"],
    ["call", "= |Clerk(self)", "class Clerk"],
    ["read", "        |Shop.made", "class Shop"],
    ["read", "Shop.|made.append", "made = []"],
    ["call", "self.|__open()", "def __open"],
    ["type", 'shop: "|Shop"', "class Shop"],
    ["type", '-> "|Clerk"', "class Clerk"],
    ["call", "shop.|add(thing)", "shop/cart.py > def add"],
    ["read", "        shop.|_clerk.greet", "self._clerk ="],
    ["call", "_clerk.|greet()", "def greet"],
    ["read", "open(|os.path", "import os.path"],
    ["read", "join(shop.|name)", "self.name =", "def __init__(self, name"],
    ["read", "            |file.write", "with open"],
    ["read", "match |thing", "async def sell"],
    ["read", "if |found:", "case Shop(name", "self.name =", "def __init__(self, name"],
    ["read", "return |first", "case [first"],
    ["read", "            |prices.look", "from . import prices", "shop/prices.py > def look"],
    ["call", "prices.|look(", "shop/prices.py > def look"],
    ["read", "look(|other)", "_count, other"],
    ["read", "except |NoPrice", "shop/errors.py > class NoPrice"],
    ["read", "raise |error", "except NoPrice"],
    ["type", "self.shop: |Shop", "class Shop"],
    ["read", ": one.|made"],
    ["read", "lambda one: |one", "key = lambda"],
    ["read", "self.shop.|made", "made = []"],
    ["read", "> |MOST:", "MOST: int"],
    ["read", "return |size", "(size :="],
    ["call", "return |inner()", "def inner"],
  ];

  test("uses, with their roles, and where they lead to", async () => {
    const { seen, expected } = await checkUses("python", FILES, "shop/main.py", USES);
    expect(seen).toEqual(expected);
  });

  test("a text that is broken gives what is around", async () => {
    const text = "def before(): pass\n\ndef broken(:\n    pass\n\ndef after():\n    return before()\n";
    const { ok, symbols: found } = await outline("python", text);
    expect(ok).toBe(false);
    expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(["before", "after"]));
    const { seen, expected } = await checkUses("python", { "a.py": text }, "a.py", [
      ["call", "return |before()", "def before"],
    ]);
    expect(seen).toEqual(expected);
  });
});
