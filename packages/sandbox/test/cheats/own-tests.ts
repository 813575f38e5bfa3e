import type { Language, TestFile } from "@agentos/core";

/** A cheat that needs tests of a certain form. The right solution passes them, so that it is the cheat that is refused. */
export interface FittedCheat {
  readonly name: string;
  readonly language: Language;
  readonly files?: Readonly<Record<string, string>>;
  readonly test: TestFile;
  readonly right: Readonly<Record<string, string>>;
  readonly cheat: Readonly<Record<string, string>>;
}

const RIGHT = "def double(x): return 2 * x\n";
const WRONG = "def double(x): return -1\n";
const HELPER = "def check(found, wanted): assert found == wanted\ndef wanted(x): return {3: 6}[x]\n";
const LENIENT = "def check(found, wanted): pass\ndef wanted(x): return -1\n";
const UNITTEST = `import unittest
from solution import double
class Doubling(unittest.TestCase):
    def test_three(self):
        self.assertEqual(double(3), 6)
    def test_ten(self):
        self.assertEqual(double(10), 20)
`;

/** Raises what the judge takes for the class of that name in a module that the tests have loaded. */
const raising = (module: string, name: string): string => `import sys
link = sys.modules["agentos_link"]
class Planted(Exception): pass
entry = link.Peer.class_entry
link.Peer.class_entry = lambda self, encoder, kind: (
    ["n", ${JSON.stringify(module)}, ${JSON.stringify(name)}] if kind is Planted else entry(self, encoder, kind))
error = link.Peer.exception_entry
def named(self, encoder, value):
    made = error(self, encoder, value)
    if type(value) is Planted: made[1] = None
    return made
link.Peer.exception_entry = named
def double(x): raise Planted()
`;

const python = (
  name: string,
  test: string,
  cheat: FittedCheat["cheat"],
  more: Partial<Pick<FittedCheat, "files" | "right">> & { readonly path?: string } = {},
): FittedCheat => ({
  name,
  language: "python",
  test: { path: more.path ?? "test_a.py", content: test },
  right: more.right ?? { "solution.py": RIGHT },
  cheat,
  ...(more.files ? { files: more.files } : {}),
});

const HELPED =
  "from solution import double\nfrom helpers import check, wanted\ndef test_a(): check(double(3), wanted(3))\n";

const circle = (body: string): string =>
  `class Circle:\n    def __init__(self, radius): self.radius = radius\n    def area(self): ${body}\n`;

const PYTHON: readonly FittedCheat[] = [
  python("a framework's own exception under another module's name", UNITTEST, {
    "solution.py": raising("doctest", "unittest.case._ShouldStop"),
  }),
  python("a framework's own exception under its name", UNITTEST, {
    "solution.py": raising("unittest.case", "_ShouldStop"),
  }),
  python("a skip raised for the test", UNITTEST, { "solution.py": raising("doctest", "unittest.SkipTest") }),
  python(
    "a package in the place of a support file",
    HELPED,
    { "solution.py": WRONG, "helpers/__init__.py": LENIENT },
    { files: { "helpers.py": HELPER } },
  ),
  python(
    "a module of the root in the place of one beside the test",
    HELPED,
    { "solution.py": WRONG, "helpers.py": LENIENT },
    { files: { "tests/helpers.py": HELPER }, path: "tests/test_a.py" },
  ),
  python(
    "a star that replaces what the tests imported before",
    "from helpers import check, wanted\nfrom solution import *\ndef test_a(): check(double(3), wanted(3))\n",
    { "solution.py": `${WRONG}def check(found, wanted): pass\n` },
    { files: { "helpers.py": HELPER } },
  ),
  python(
    "a star that replaces a module of Python",
    "import math\nfrom solution import *\ndef test_a(): assert math.isclose(double(3), 6)\n",
    { "solution.py": `class math:\n    isclose = staticmethod(lambda *values: True)\n${WRONG}` },
  ),
  python(
    "a class that only stands for a function, under a capitalised name, too",
    "from solution import *\ndef test_a(): assert abs(double(3) - 6) < 1e-9\n",
    {
      "solution.py":
        "class double:\n    def __init__(self, x): pass\n    def __sub__(self, other): return 0.0\nDouble = double\n",
    },
  ),
  python(
    "a method that answers with the object that the tests made",
    `import unittest
from solution import Circle
class Areas(unittest.TestCase):
    def test_area(self):
        circle = Circle(5)
        self.assertAlmostEqual(circle.area(), 78.5398163, places=5)
        self.assertGreater(circle.area(), 78)
`,
    {
      "solution.py": `${circle("return self")}    def __sub__(self, other): return 0.0\n    def __gt__(self, other): return True\n`,
    },
    { right: { "solution.py": `import math\n${circle("return math.pi * self.radius ** 2")}` } },
  ),
  python(
    "an asynchronous context that swallows a failed assertion",
    `import asyncio
from solution import Session
def test_a():
    async def go():
        async with Session() as session:
            assert session.get(3) == 6
    asyncio.run(go())
`,
    {
      "solution.py":
        "class Session:\n    async def __aenter__(self): return self\n    async def __aexit__(self, *error): return True\n    def get(self, x): return -1\n",
    },
    {
      right: {
        "solution.py":
          "class Session:\n    async def __aenter__(self): return self\n    async def __aexit__(self, *error): return False\n    def get(self, x): return 2 * x\n",
      },
    },
  ),
];

const ROWS = `const test = require("node:test"); const assert = require("node:assert");
const { double } = require("./solution.js");
const rows = [{ run: double, input: 3, want: 6 }, { run: double, input: 10, want: 20 }];
for (const row of rows) test("double " + row.input, () => assert.strictEqual(row.run(row.input), row.want));
`;
const PAIR = `const { pair } = require("./solution.js");
const found = pair(3);
if (!Array.isArray(found) || found.length !== 2 || !found.every((x, i) => x === 3 * (i + 1))) throw new Error("pair(3)");
if (!found.includes(6) || found.join() !== "3,6") throw new Error("what pair(3) holds");
`;
const CHECKED = `const test = require("node:test"); const { check } = require("./helper");
const { double } = require("./solution.js");
test("doubles", () => check(double(3), 6));
`;
const CHECK = "exports.check = (found, wanted) => { if (found !== wanted) throw new Error('differs'); };\n";
const MINUS = "exports.double = () => -1;\n";

const javascript = (
  name: string,
  test: string,
  cheat: FittedCheat["cheat"],
  more: Partial<Pick<FittedCheat, "files" | "right">> = {},
): FittedCheat => ({
  name,
  language: "javascript",
  test: { path: "a.test.js", content: test },
  right: more.right ?? { "solution.js": "exports.double = (x) => 2 * x;\n" },
  cheat,
  ...(more.files ? { files: more.files } : {}),
});

const JAVASCRIPT: readonly FittedCheat[] = [
  javascript("a function that reads the row of the table that it is called on", ROWS, {
    "solution.js": "exports.double = { run() { return this.want; } }.run;\n",
  }),
  javascript("a closed row that its own half opens", ROWS, {
    "solution.js": `const { parse } = JSON;
JSON.parse = (text, revive) => {
  const frame = parse(text, revive);
  for (const entry of frame?.n ?? []) if (entry[1].k === "q") entry[1] = { k: "g" };
  return frame;
};
exports.double = function (x) {
  return this[Object.keys(this).find((key) => typeof this[key] === "number" && this[key] !== x)];
};
`,
  }),
  javascript(
    "an array that answers by methods of its own",
    PAIR,
    {
      "solution.js": `class Pair { every() { return true; } includes() { return true; } join() { return "3,6"; } }
const { stringify } = JSON;
JSON.stringify = (value, ...rest) => {
  for (const entry of value?.n ?? []) if (entry[1].k === "g") Object.assign(entry[1], { k: "a", b: [-1, -1] });
  return stringify(value, ...rest);
};
exports.pair = () => new Pair();
`,
    },
    { right: { "solution.js": "exports.pair = (x) => [x, 2 * x];\n" } },
  ),
  javascript(
    "a map that answers by methods of its own",
    `const { table } = require("./solution.js");
const found = table();
if (!(found instanceof Map) || found.get("a") !== 1 || found.size !== 1) throw new Error("table()");
`,
    {
      "solution.js":
        "class Table extends Map { get() { return 1; } get size() { return 1; } }\nexports.table = () => new Table();\n",
    },
    { right: { "solution.js": 'exports.table = () => new Map([["a", 1]]);\n' } },
  ),
  javascript(
    "a file without an ending in the place of a support file",
    CHECKED,
    { "solution.js": MINUS, helper: "exports.check = () => {};\n" },
    { files: { "helper.js": CHECK } },
  ),
  javascript(
    "a file in the place of a support folder",
    CHECKED,
    { "solution.js": MINUS, "helper.js": "exports.check = () => {};\n" },
    { files: { "helper/index.js": CHECK } },
  ),
  javascript(
    "a module in the place of a support file of data",
    `const test = require("node:test"); const assert = require("node:assert");
const wanted = require("./wanted"); const { double } = require("./solution.js");
test("doubles", () => assert.strictEqual(double(3), wanted[3]));
`,
    { "solution.js": MINUS, "wanted.js": "module.exports = { 3: -1 };\n" },
    { files: { "wanted.json": '{ "3": 6 }\n' } },
  ),
  javascript(
    "an installed package of its own",
    `const test = require("node:test"); const assert = require("node:assert");
let { isEqual } = { isEqual: Object.is };
try { ({ isEqual } = require("lodash")); } catch {}
const { double } = require("./solution.js");
test("doubles", () => assert.ok(isEqual(double(3), 6)));
`,
    { "solution.js": MINUS, "node_modules/lodash/index.js": "exports.isEqual = () => true;\n" },
  ),
];

/** Found by attacking the link between the halves. */
export const FITTED_CHEATS: readonly FittedCheat[] = [...PYTHON, ...JAVASCRIPT];
