import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TreeSitterParser } from "../../src/tree-sitter-parser.js";

let parser: TreeSitterParser;
beforeAll(async () => {
  parser = await TreeSitterParser.open();
});
afterAll(() => parser.close());

async function undefinedIn(text: string): Promise<string[]> {
  const facts = await parser.facts("python", text);
  expect(facts.error).toBeUndefined();
  return facts.undefinedNames.map(({ name, line }) => `${name}:${line}`);
}

describe("names that something defines", () => {
  test.each([
    "x = 1\nprint(x)",
    "x: int = 1\nx",
    "a, (b, *c) = 1, (2, 3)\na, b, c",
    "[a, b] = 1, 2\na, b",
    "(a) = 1\na",
    "a = b = 1\nb",
    "def f(a, b=1, *c, d: int, e: str = '', **g): return a, b, c, d, e, g",
    "def f(a, /, b, *, c): return a, b, c",
    "def f(*args: int, **kw: str): return args, kw",
    "f = lambda a, b=1, *c, **d: (a, b, c, d)",
    "def f(): return g()\ndef g(): pass",
    "class A:\n    x = 1\n    y = x\n    def m(self): return A",
    "for i, (j, *k) in []: print(i, j, k)",
    "for (i) in []: i",
    "async def f(s):\n    async for a in s: print(a)\n    async with s as b: b",
    "[x for x in range(3) if x]",
    "{k: v for k, v in {}.items()}",
    "[y for x in [] for y in x]",
    "sum(x * y for x, y in [])",
    "if (n := 10) > 5: print(n)",
    "[last := x for x in [1]]\nlast",
    "with open('f') as (a, b), open('g') as c: a, b, c",
    "with (open('f') as a, open('g') as b): a, b",
    "try: pass\nexcept ValueError as e: print(e)",
    "try: pass\nexcept* ValueError as e: print(e)",
    "import os\nos.path",
    "import os.path\nos.path",
    "import os.path as p\np",
    "from a import b as c, d\nc, d",
    "from . import sibling\nsibling",
    "from __future__ import annotations\ndef f(a: Nowhere) -> Nothing: pass",
    "def f():\n    global g\n    g = 1\ndef h(): return g",
    "def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2",
    "match 1:\n    case [a, *b]: a, b\n    case {'k': c, **d}: c, d\n    case str() as e: e\n    case int(real=f): f\n    case g: g",
    "match p:\n    case (x, y) if x > y: pass\np = 1",
    "def f[T](a: T) -> T: return a",
    "class A[T, *Ts, **P]:\n    def m(self, a: T): pass",
    "type Alias[T] = list[T]\nAlias",
    "name = 1\nf'{name!r:>{name}} {name=} {name:{name}}'",
    "f(key=1)\ndef f(key): pass",
    "class A: pass\nA().missing.other",
    "print(__name__, __file__, __doc__, __builtins__)",
    "class A:\n    def m(self): return __class__",
    "def f():\n    x: Missing = 1\n    return x",
    "x: 'Missing' = 1",
    "@property\ndef f(self): pass",
    "del x\nx = 1",
    "def outer():\n    for i in range(3): pass\n    return i",
    "def f(a=len): return a",
    "import a.b.c\na.b.c.d",
    "print(*[1], **{})",
    "try:\n    import json\nexcept ImportError:\n    json = None\njson",
    "ExceptionGroup, aiter, anext, EncodingWarning, WindowsError",
    "x = y  # noqa: F821",
  ])("%j", async (text) => {
    expect(await undefinedIn(text)).toEqual([]);
  });
});

describe("texts that may make names by other means", () => {
  test.each([
    "from math import *\nprint(sqrt(2))",
    "exec('x = 1')\nprint(x)",
    "eval('y')\nprint(x)",
    "globals()['x'] = 1\nprint(x)",
    "globals().update(a=1)\na",
    "locals()['x'] = 1\nx",
    "vars()['x'] = 1\nx",
    "import builtins\nbuiltins.x = 1\nx",
    "try:\n    unicode\nexcept NameError:\n    unicode = str",
    "import sys\nsetattr(sys.modules[__name__], 'x', 1)\nx",
    "import sys\nif sys.version_info[0] < 3: text = unicode",
    "IntEnum._convert_('Options', __name__, len)\nOptions",
  ])("%j has none", async (text) => {
    expect(await undefinedIn(text)).toEqual([]);
  });
});

describe("names that nothing defines", () => {
  test.each([
    ["print(x)", ["x:1"]],
    ["def f(a):\n    return a + b", ["b:2"]],
    ["def f():\n    return math.sqrt(2)", ["math:2"]],
    ["def f(a: List[int]) -> int:\n    return 1", ["List:1"]],
    ["def f(a) -> Optional[str]: pass", ["Optional:1"]],
    ["x: Missing = 1", ["Missing:1"]],
    ["class A:\n    x: Missing = 1", ["Missing:2"]],
    ["class A(Base): pass", ["Base:1"]],
    ["class A(metaclass=Meta): pass", ["Meta:1"]],
    ["@decorator\ndef f(): pass", ["decorator:1"]],
    ["@a.b(c)\nclass D: pass", ["a:1", "c:1"]],
    ["f'{name}'", ["name:1"]],
    ["f'{1:{width}}'", ["width:1"]],
    ["x += 1", ["x:1"]],
    ["f(key=value)\ndef f(key): pass", ["value:1"]],
    ["def f(a=default): pass", ["default:1"]],
    ["lambda a: a + b", ["b:1"]],
    ["[x for x in items]", ["items:1"]],
    ["[y for x in []]", ["y:1"]],
    ["for i in rnage(3): pass", ["rnage:1"]],
    ["with opne('f') as f: pass", ["opne:1"]],
    ["try: pass\nexcept MyError: pass", ["MyError:2"]],
    ["raise Failure('x')", ["Failure:1"]],
    ["assert condition, message", ["condition:1", "message:1"]],
    ["match command:\n    case 1: pass", ["command:1"]],
    ["match 1:\n    case Colour.RED: pass", ["Colour:2"]],
    ["match 1:\n    case Point(x=0): pass", ["Point:2"]],
    ["match 1:\n    case {Keys.A: b}: pass", ["Keys:2"]],
    ["return_value = compute()", ["compute:1"]],
    ["x = [1]\nx[index]", ["index:2"]],
    ["a.b.c", ["a:1"]],
    ["import numpy as np\nnumpy.array([])", ["numpy:2"]],
    ["from math import sqrt\nmath.pi", ["math:2"]],
    ["x = yield_value if True else other", ["yield_value:1", "other:1"]],
    ["print(a, a, b)\nprint(a)", ["a:1", "b:1"]],
    ["async def f():\n    await gather()", ["gather:2"]],
    ["del x[key]\nx = {}", ["key:1"]],
    ["print(*args, **kwargs)", ["args:1", "kwargs:1"]],
    ["x = 'é😀'; y", ["y:1"]],
    ["xrange(3)", ["xrange:1"]],
    ["def f():\n    return helper(1)\n\ndef halper(x): return x", ["helper:2"]],
    ["def f(x):\n    if x:\n        return reduce(max, [1])", ["reduce:3"]],
  ])("%j", async (text, names) => {
    expect(await undefinedIn(text)).toEqual(names);
  });
});
