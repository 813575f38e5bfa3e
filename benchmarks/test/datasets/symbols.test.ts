import { expect, test } from "vitest";
import { readSymbolTests, wholeLine } from "../../datasets/index.js";
import { folderWith, lines } from "../fixtures.js";

const SHOP = `# left out
#------ path: shop/cart.py ------#
# ------ global: ROOT_PATH=shop -----#

def total():
    pass

# --- path: main.py ---
from shop.cart import total

total()
missing
`;

const SHOP_GOLD = {
  test: "imports/shop.py",
  fragments: ["main.py", "shop/cart.py"],
  assertions: [
    { line: 11, col: 0, file: "main.py", kind: "defined", expect: [9, 5], expectFiles: [] },
    { line: 12, col: 0, file: "main.py", kind: "defined", expect: [], expectFiles: [] },
  ],
};

test("symbols: a test is split at its headers, and lines are those of its files", async () => {
  const data = await folderWith({
    "symbols/gold-python.jsonl": lines(SHOP_GOLD),
    "symbols/python/imports/shop.py": SHOP,
  });
  const [shop] = await readSymbolTests(data, "python");
  if (shop === undefined) throw new Error("no test");
  expect(shop.name).toBe("imports/shop.py");
  expect(shop.fragments).toEqual([
    { path: "shop/cart.py", text: "def total():\n    pass\n", firstLine: 5 },
    { path: "main.py", text: "from shop.cart import total\n\ntotal()\nmissing\n", firstLine: 9 },
  ]);
  expect(shop.assertions).toEqual([
    {
      path: "main.py",
      line: 3,
      column: 0,
      expected: [
        { path: "main.py", line: 1 },
        { path: "shop/cart.py", line: 1 },
      ],
    },
    { path: "main.py", line: 4, column: 0, expected: [] },
  ]);
  expect(wholeLine(shop, { path: "shop/cart.py", line: 2 })).toBe(6);
  expect(wholeLine(shop, { path: "other.py", line: 2 })).toBeUndefined();
});

test("symbols: block comments are headers too; what follows the first of several is no part of a file", async () => {
  const text = `/*--- path: A.java ---*/
class A {}

/* --- path: conf/package.json --- */
/* --- global: FILE_PATH=package.json --- */
/* --- global: PROJECT_NAME=conf --- */
{ "name": "a" }
/* --- global: LATE=1 --- */
`;
  const data = await folderWith({
    "symbols/gold-java.jsonl": lines({ test: "A.java", assertions: [] }),
    "symbols/java/A.java": text,
  });
  const [found] = await readSymbolTests(data, "java");
  expect(found?.fragments).toEqual([
    { path: "A.java", text: "class A {}\n", firstLine: 2 },
    { path: "conf/package.json", text: '{ "name": "a" }\n\n', firstLine: 7 },
  ]);
});

test("symbols: a test without headers is one file, as it is", async () => {
  const data = await folderWith({
    "symbols/gold-javascript.jsonl": lines({
      test: "deep/one.js",
      assertions: [{ line: 3, col: 2, expect: [2] }],
    }),
    "symbols/javascript/deep/one.js": "\nlet x;\n  x;\n",
  });
  const [one] = await readSymbolTests(data, "javascript");
  expect(one?.fragments).toEqual([{ path: "one.js", text: "\nlet x;\n  x;\n", firstLine: 1 }]);
  expect(one?.assertions).toEqual([
    { path: "one.js", line: 3, column: 2, expected: [{ path: "one.js", line: 2 }] },
  ]);
});

test("symbols: what is missing, broken or leads elsewhere is refused", async () => {
  const record = { test: "a.ts", assertions: [] };
  const empty = await folderWith({ "symbols/gold-typescript.jsonl": lines(record) });
  await expect(readSymbolTests(empty, "java")).rejects.toMatchObject({ code: "DATASET_MISSING" });
  await expect(readSymbolTests(empty, "typescript")).rejects.toMatchObject({
    code: "DATASET_MISSING",
    message: expect.stringContaining("stack-graphs"),
  });
  await expect(readSymbolTests(empty, "typescript", AbortSignal.abort())).rejects.toMatchObject({
    code: "ABORTED",
  });
  const broken = [
    { ...record, test: "../a.ts" },
    { ...record, test: "out.ts" },
    { ...record, assertions: [{ line: 99, col: 0, expect: [] }] },
    { ...record, assertions: [{ line: 1, col: 0, expect: ["1"] }] },
    { ...record, assertions: [1] },
    { ...record, assertions: undefined },
  ];
  for (const each of broken) {
    const data = await folderWith({
      "symbols/gold-typescript.jsonl": lines(each),
      "symbols/typescript/a.ts": "let a;\n",
      "symbols/typescript/out.ts": "/* --- path: ../../out.ts --- */\nlet a;\n",
    });
    await expect(readSymbolTests(data, "typescript")).rejects.toMatchObject({ code: "DATASET_LINE_BROKEN" });
  }
});
