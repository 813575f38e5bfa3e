import { mkdir, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isAgentOSError } from "@agentos/core";
import { Store } from "@agentos/store";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { ProjectIndex } from "../src/project-index.js";
import { TreeSitterParser } from "../src/tree-sitter-parser.js";
import { temporaryFolder, writeFiles } from "./temporary.js";

let parser: TreeSitterParser;
beforeAll(async () => {
  parser = await TreeSitterParser.open();
});
afterAll(() => parser.close());

async function openStore(): Promise<Store> {
  const store = await Store.open({ dir: join(await temporaryFolder(), "store") });
  onTestFinished(() => store.close());
  return store;
}

async function openIndex(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: Partial<Parameters<typeof ProjectIndex.open>[0]> = {},
): Promise<ProjectIndex> {
  const root = options.root ?? (await temporaryFolder(files));
  const index = await ProjectIndex.open({
    root,
    store: options.store ?? (await openStore()),
    parser,
    ...options,
  });
  onTestFinished(() => index.close());
  return index;
}

const thrown = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.unreachable("it should have thrown"),
    (error: unknown) => error,
  );
const code = (expected: string) => (error: unknown) => isAgentOSError(error, expected);

const PROJECT = {
  "package.json": '{ "name": "shop" }',
  "src/cart.ts": "/** Adds up the prices. */\nexport function total(items: number[]): number { return 0; }\n",
  "src/index.ts": 'export { total } from "./cart.js";\n',
  "test/cart.test.ts": 'import { total } from "../src/cart.js";\ntotal([]);\n',
  "test/shop.test.ts": 'import { total } from "../src/index.js";\ntotal([]);\n',
  "lib/stock.py": "class Stock:\n    def count(self):\n        return 0\n",
  "lib/test_stock.py": "from stock import Stock\n",
  "go.mod": "module example.org/shop\n\ngo 1.19\n",
  "pay/pay.go": "package pay\n\nfunc Charge() {}\n",
  "pay/pay_test.go": "package pay\n",
  "till/till.go": 'package till\n\nimport "example.org/shop/pay"\n\nfunc Open() { pay.Charge() }\n',
  "till/till_test.go": "package till\n",
  "README.md": "# Shop\n\nThe total is computed in the cart.\n",
};

describe("indexing", () => {
  test("finds files, symbols and text", async () => {
    const index = await openIndex(PROJECT);
    const report = await index.index();
    expect(report).toMatchObject({ files: 13, parsed: 10, read: 3, unchanged: 0, removed: 0, skipped: [] });
    expect(await index.symbols("total")).toEqual([
      {
        name: "total",
        kind: "function",
        path: "src/cart.ts",
        line: 2,
        endLine: 2,
        signature: "export function total(items: number[]): number { return 0; }",
        visibility: "public",
        doc: "Adds up the prices.",
      },
    ]);
    expect(
      (await index.relevantSymbols("count what is in stock")).map(({ name }) => name).slice(0, 2),
    ).toEqual(expect.arrayContaining(["count", "Stock"]));
    expect((await index.outline("lib/stock.py")).map(({ name }) => name)).toEqual(["Stock", "count"]);
    expect(await index.stats()).toMatchObject({
      files: 13,
      symbols: 5,
      languages: { typescript: 4, python: 2, go: 4 },
      parsedSinceOpen: 10,
    });
  });

  test("opens warm: nothing is parsed again, and all is there before index()", async () => {
    const root = await temporaryFolder(PROJECT);
    const store = await openStore();
    const first = await openIndex({}, { root, store });
    await first.index();
    const symbols = await first.symbols("total");
    await first.close();
    const second = await openIndex({}, { root, store });
    expect(await second.stats()).toMatchObject({ files: 13, parsedSinceOpen: 0 });
    expect(await second.symbols("total")).toEqual(symbols);
    expect(await second.index()).toMatchObject({ files: 13, parsed: 0, unchanged: 13, removed: 0 });
    expect((await second.stats()).parsedSinceOpen).toBe(0);
  });

  test("an outline of another version is made anew", async () => {
    const root = await temporaryFolder(PROJECT);
    const store = await openStore();
    const first = await openIndex({}, { root, store });
    await first.index();
    const newer = { outlineVersion: parser.outlineVersion + 1, outline: parser.outline.bind(parser) };
    const second = await openIndex({}, { root, store, parser: newer });
    expect((await second.stats()).files).toBe(0);
    expect(await second.index()).toMatchObject({ parsed: 10 });
  });

  test("two projects in one store do not meet", async () => {
    const store = await openStore();
    const one = await openIndex({ "a.py": "def one(): pass\n" }, { store });
    const two = await openIndex({ "a.py": "def two(): pass\n" }, { store });
    await one.index();
    await two.index();
    expect((await one.symbols("one")).length).toBe(1);
    expect(await one.symbols("two")).toEqual([]);
    const again = await openIndex({}, { root: two.root, store });
    expect((await again.symbols("two")).length).toBe(1);
  });

  test("cancelled midway it keeps what it has, and goes on from there", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 40 }, (_, number) => [
        `f${String(number).padStart(2, "0")}.py`,
        `def f${number}(): pass\n`,
      ]),
    );
    const index = await openIndex(files);
    const controller = new AbortController();
    const error = await thrown(
      index.index({
        signal: controller.signal,
        onProgress: ({ done, total }) => {
          expect(total).toBe(40);
          if (done === 15) controller.abort();
        },
      }),
    );
    expect(error).toSatisfy(code("ABORTED"));
    expect(await index.stats()).toMatchObject({ files: 15, parsedSinceOpen: 15 });
    expect((await index.symbols("f3")).length).toBeGreaterThan(0);
    expect(await index.index()).toMatchObject({ files: 40, parsed: 25 });
  });

  test("calls queue up", async () => {
    const index = await openIndex(PROJECT);
    const reports = await Promise.all([index.index(), index.index(), index.index()]);
    expect(reports.map(({ parsed }) => parsed)).toEqual([10, 0, 0]);
  });

  test("reports progress and yields to the event loop between files", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 20 }, (_, number) => [`f${number}.py`, `x = ${number}\n`.repeat(200)]),
    );
    const index = await openIndex(files);
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 0);
    const seen: number[] = [];
    await index.index({ onProgress: ({ done }) => void seen.push(done) });
    clearInterval(timer);
    expect(seen).toEqual(Array.from({ length: 20 }, (_, number) => number + 1));
    expect(turns).toBeGreaterThan(5);
  });
});

describe("files that change", () => {
  test("a span is never stale: the file is read again before it is returned", async () => {
    const index = await openIndex({ "a.py": "def moved(): pass\n", "b.py": "def other(): pass\n" });
    await index.index();
    await writeFile(join(index.root, "a.py"), "\n\n\ndef moved(): pass\n");
    expect((await index.symbols("moved"))[0]).toMatchObject({ line: 4 });
    await writeFile(join(index.root, "a.py"), "def renamed(): pass\n");
    expect(await index.symbols("moved")).toEqual([]);
    expect((await index.symbols("renamed")).length).toBe(1);
    await rm(join(index.root, "b.py"));
    expect(await index.relevantSymbols("other")).toEqual([]);
    expect(await thrown(index.outline("b.py"))).toSatisfy(code("PROJECT_FILE_UNKNOWN"));
  });

  test("a change of the same size with the old times is seen", async () => {
    const index = await openIndex({ "a.py": "def aa(): pass\n" });
    const times = new Date(1_600_000_000_000);
    await utimes(join(index.root, "a.py"), times, times);
    await index.index();
    await writeFile(join(index.root, "a.py"), "def bb(): pass\n");
    await utimes(join(index.root, "a.py"), times, times);
    expect(await index.index()).toMatchObject({ parsed: 1 });
    expect((await index.symbols("bb")).length).toBe(1);
  });

  test("a touched file is not parsed again", async () => {
    const index = await openIndex({ "a.py": "def aa(): pass\n" });
    await index.index();
    await utimes(join(index.root, "a.py"), 1, 1);
    expect(await index.index()).toMatchObject({ parsed: 0, unchanged: 1 });
  });

  test("what becomes ignored leaves", async () => {
    const index = await openIndex({ "a.py": "def aa(): pass\n", "gen/b.py": "def bb(): pass\n" });
    await index.index();
    await writeFile(join(index.root, ".gitignore"), "gen/\n");
    expect(await index.index()).toMatchObject({ removed: 1 });
    expect(await index.symbols("bb")).toEqual([]);
  });

  test("random edits, renames and deletes, then index(): as if built anew (100 runs)", async () => {
    const name = fc.constantFrom("a.py", "b.ts", "c.go", "d/a.py", "d/e.js", "f.txt", "d/g/h.tsx");
    const content = fc.constantFrom(
      "def f(): pass\n",
      "class A:\n    def m(self): pass\n",
      "export const a = () => 1;\n",
      "package p\nfunc F() {}\n",
      "",
      "((((",
      "\0binary",
    );
    const step = fc.oneof(
      fc.record({ type: fc.constant("write" as const), name, content }),
      fc.record({ type: fc.constant("delete" as const), name }),
      fc.record({ type: fc.constant("rename" as const), name, to: name }),
      fc.record({ type: fc.constant("ignore" as const), rule: fc.constantFrom("d/", "*.py", "!a.py", "") }),
      fc.record({ type: fc.constant("index" as const) }),
      fc.record({ type: fc.constant("query" as const) }),
      fc.record({ type: fc.constant("reopen" as const) }),
    );
    const store = await openStore();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const root = await temporaryFolder();
        let index = await ProjectIndex.open({ root, store, parser });
        for (const now of steps) {
          if (now.type === "write") await writeFiles(root, { [now.name]: now.content });
          else if (now.type === "delete") await rm(join(root, now.name), { force: true });
          else if (now.type === "rename") {
            await mkdir(join(root, "d/g"), { recursive: true });
            await rename(join(root, now.name), join(root, now.to)).catch(() => {});
          } else if (now.type === "ignore") await writeFile(join(root, ".gitignore"), now.rule);
          else if (now.type === "index") await index.index();
          else if (now.type === "query") await index.relevantSymbols("f A m a F");
          else {
            await index.close();
            index = await ProjectIndex.open({ root, store, parser });
          }
        }
        await index.index();
        const clean = await ProjectIndex.open({ root, store: await openStore(), parser });
        await clean.index();
        expect(await contents(index)).toEqual(await contents(clean));
        // And so it opens next time.
        await index.close();
        const warm = await ProjectIndex.open({ root, store, parser });
        expect(await contents(warm)).toEqual(await contents(clean));
        await warm.close();
        await clean.close();
        await rm(root, { recursive: true });
      }),
      { numRuns: 100 },
    );
  }, 120_000);
});

/** All that an index answers, but for times. */
async function contents(index: ProjectIndex): Promise<unknown> {
  const { parsedSinceOpen: _parsed, indexedAt: _at, ...stats } = await index.stats();
  return {
    stats,
    named: await index.symbols("a", { limit: 1_000 }),
    relevant: await index.relevantSymbols("f A m a F d e g h", { limit: 1_000 }),
    lines: await index.searchText("f", { limit: 1_000 }),
    tests: await index.affectedTests(["a.py", "b.ts"]),
  };
}

describe("search in text", () => {
  test("gives path, line, column and the line, in order", async () => {
    const index = await openIndex(PROJECT);
    await index.index();
    expect(await index.searchText("TOTAL", { path: "src" })).toEqual([
      {
        path: "src/cart.ts",
        line: 2,
        column: 16,
        endColumn: 21,
        text: "export function total(items: number[]): number { return 0; }",
      },
      {
        path: "src/index.ts",
        line: 1,
        column: 9,
        endColumn: 14,
        text: 'export { total } from "./cart.js";',
      },
    ]);
    expect(await index.searchText("TOTAL", { caseSensitive: true })).toEqual([]);
    expect((await index.searchText("total", { limit: 1 })).length).toBe(1);
    expect(await index.searchText("to..l \\w+ computed", { regex: true })).toEqual([
      { path: "README.md", line: 3, column: 4, endColumn: 21, text: "The total is computed in the cart." },
    ]);
    expect(await index.searchText("to..l")).toEqual([]);
  });

  test("agrees with a plain scan on random texts", async () => {
    const index = await openIndex({ "a.txt": "" });
    await index.index();
    const text = fc
      .array(fc.constantFrom("a", "B", "b", " ", "\n", "\r\n", "é", "😀"), { maxLength: 40 })
      .map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom("a", "ab", "b ", "é", "😀", "bB"), async (content, query) => {
        await writeFile(join(index.root, "a.txt"), content);
        const expected = content
          .split(/\r?\n/)
          .flatMap((line, number) => (line.toLowerCase().includes(query.toLowerCase()) ? [number + 1] : []));
        expect((await index.searchText(query, { limit: 1_000 })).map(({ line }) => line)).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });

  test("an expression that is wrong, or never ends, is refused", async () => {
    const index = await openIndex({ "a.txt": `${"a".repeat(60)}b` });
    await index.index();
    expect(await thrown(index.searchText("(", { regex: true }))).toSatisfy(code("PROJECT_PATTERN_INVALID"));
    const started = performance.now();
    expect(await thrown(index.searchText("^(a+)+\\1$", { regex: true }))).toSatisfy(
      code("PROJECT_PATTERN_INVALID"),
    );
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});

describe("affected tests", () => {
  test("TypeScript, Python and Go: nearest first", async () => {
    const index = await openIndex(PROJECT);
    await index.index();
    expect(await index.affectedTests(["src/cart.ts"])).toEqual(["test/cart.test.ts", "test/shop.test.ts"]);
    expect(await index.affectedTests(["src/index.ts"])).toEqual(["test/shop.test.ts"]);
    expect(await index.affectedTests(["lib/stock.py"])).toEqual(["lib/test_stock.py"]);
    expect(await index.affectedTests(["pay/pay.go"])).toEqual(["pay/pay_test.go", "till/till_test.go"]);
    expect(await index.affectedTests(["pay/new.go"])).toEqual(["pay/pay_test.go", "till/till_test.go"]);
    expect(await index.affectedTests(["README.md"])).toEqual([]);
    // The letters of a path are no paths.
    await expect(index.affectedTests("src/cart.ts" as never)).rejects.toSatisfy((error) =>
      isAgentOSError(error, "OPTIONS_INVALID"),
    );
    expect(await index.affectedTests(["test/shop.test.ts", "src/cart.ts"])).toEqual([
      "test/shop.test.ts",
      "test/cart.test.ts",
    ]);
    expect(await index.affectedTests(["src/cart.ts"], { limit: 1 })).toEqual(["test/cart.test.ts"]);
    expect(await index.affectedTests([join(index.root, "src", "cart.ts"), "./src/../src/cart.ts"])).toEqual([
      "test/cart.test.ts",
      "test/shop.test.ts",
    ]);
  });

  test("resolves extensions, index files, packages of the project, and Python modules of all forms", async () => {
    const index = await openIndex({
      "packages/a/package.json": '{ "name": "@x/a" }',
      "packages/a/src/index.ts": 'export * from "./deep/index.js"; export * from "./view.jsx";\n',
      "packages/a/src/deep/index.ts": "export const deep = 1;\n",
      "packages/a/src/view.tsx": "export const view = 1;\n",
      "packages/a/src/errors.ts": "",
      "packages/b/package.json": '{ "name": "@x/b" }',
      "packages/b/test/b.test.ts": 'import { deep } from "@x/a"; import data from "./data.json";\n',
      "packages/b/test/errors.test.ts": "",
      "packages/b/test/data.json": "{}",
      "old/lib.js": 'const x = require("./dir"); module.exports = x;\n',
      "old/dir/index.js": "module.exports = 1;\n",
      "old/lib.test.js": 'const lib = require("./lib");\n',
      "app/core/__init__.py": "from .models import User\n",
      "app/core/models.py": "class User: pass\n",
      "app/core/views.py":
        "from . import models\nfrom ..core.models import User\nimport app.core.extra.tools\n",
      "app/core/extra/tools.py": "",
      "src/inner/mod.py": "",
      "tests/conftest.py": "import app.core.extra.tools\n",
      "tests/test_models.py": "from app.core import models\n",
      "tests/test_inner.py": "import inner.mod as m\n",
    });
    await index.index();
    expect(await index.affectedTests(["packages/a/src/deep/index.ts"])).toEqual([
      "packages/b/test/b.test.ts",
    ]);
    expect(await index.affectedTests(["packages/a/src/view.tsx"])).toEqual(["packages/b/test/b.test.ts"]);
    expect(await index.affectedTests(["packages/b/test/data.json"])).toEqual(["packages/b/test/b.test.ts"]);
    expect(await index.affectedTests(["packages/a/src/errors.ts"])).toEqual([]);
    expect(await index.affectedTests(["old/dir/index.js"])).toEqual(["old/lib.test.js"]);
    expect(await index.affectedTests(["app/core/models.py"])).toEqual([
      "tests/test_models.py",
      "tests/test_inner.py",
    ]);
    expect(await index.affectedTests(["app/core/extra/tools.py"])).toEqual([
      "tests/test_inner.py",
      "tests/test_models.py",
    ]);
    expect(await index.affectedTests(["src/inner/mod.py"])).toEqual(["tests/test_inner.py"]);
  });

  test("import cycles end", async () => {
    const index = await openIndex({
      "a.js": 'import "./b.js";\n',
      "b.js": 'import "./a.js"; import "./b.js";\n',
      "a.test.js": 'import "./b.js";\n',
    });
    await index.index();
    expect(await index.affectedTests(["a.js"])).toEqual(["a.test.js"]);
  });
});

describe("bad input", () => {
  test("a root that is missing, or a file", async () => {
    const root = await temporaryFolder({ file: "" });
    const store = await openStore();
    for (const wrong of [join(root, "none"), join(root, "file")]) {
      expect(await thrown(ProjectIndex.open({ root: wrong, store }))).toSatisfy(code("PROJECT_ROOT_MISSING"));
    }
  });

  test("a root that goes away takes nothing out of the index", async () => {
    const index = await openIndex({ "a.py": "def kept(): pass\n" });
    await index.index();
    await rename(index.root, `${index.root}.away`);
    expect(await thrown(index.index())).toSatisfy(code("PROJECT_ROOT_MISSING"));
    expect((await index.stats()).files).toBe(1);
    await rename(`${index.root}.away`, index.root);
    expect((await index.symbols("kept")).length).toBe(1);
  });

  test("binary, large, wrongly encoded and broken files cost themselves only", async () => {
    const index = await openIndex(
      {
        "binary.py": new Uint8Array([0, 1, 2, 3]),
        "large.py": "x = 1\n".repeat(1_000),
        "latin.py": Buffer.from("def caf\xe9(): pass\ndef plain(): pass\n", "latin1"),
        "wide.py": Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("def wide(): pass\n", "utf16le")]),
        "marked.py": "\uFEFFdef marked(): pass\n",
        "broken.py": "def fine(): pass\n((((\n",
        "empty.py": "",
        "line.js": `var first = 1;${"x;".repeat(2_000)}`,
      },
      { maxFileBytes: 5_000 },
    );
    const report = await index.index();
    expect(report.skipped).toEqual([
      { path: "binary.py", reason: "binary" },
      { path: "large.py", reason: "large" },
    ]);
    for (const name of ["plain", "wide", "marked", "fine", "first"])
      expect((await index.symbols(name)).length).toBe(1);
    expect(await index.searchText("x = 1")).toEqual([]);
  });

  test("a parser that fails on a file costs that file's symbols; its text is still found", async () => {
    const failing = {
      outlineVersion: 1,
      outline: async (...args: Parameters<TreeSitterParser["outline"]>) => {
        if (args[1].includes("bad")) throw new Error("crashed");
        return parser.outline(...args);
      },
    };
    const index = await openIndex(
      { "a.py": "def bad(): pass\n", "b.py": "def good(): pass\n" },
      { parser: failing },
    );
    expect((await index.index()).skipped).toEqual([{ path: "a.py", reason: "unparsed" }]);
    expect((await index.symbols("good")).length).toBe(1);
    expect((await index.searchText("def bad")).length).toBe(1);
  });

  test("a file that vanishes during the walk is not there", async () => {
    const index = await openIndex({ "a.py": "def a(): pass\n", "b.py": "def b(): pass\n" });
    const report = await index.index({
      onProgress: ({ path }) => {
        if (path === "a.py") void rm(join(index.root, "b.py"));
      },
    });
    expect(report.files).toBeLessThanOrEqual(2);
    await index.index();
    expect((await index.stats()).files).toBe(1);
  });

  test("links that take a file's or folder's place are not followed", async () => {
    const outside = await temporaryFolder({
      "a.py": "def secret(): pass\n",
      "deep/b.py": "def secret2(): pass\n",
    });
    const index = await openIndex({ "a.py": "def a(): pass\n", "deep/b.py": "def b(): pass\n" });
    await index.index();
    await rm(join(index.root, "a.py"));
    await symlink(join(outside, "a.py"), join(index.root, "a.py"));
    await rm(join(index.root, "deep"), { recursive: true });
    await symlink(join(outside, "deep"), join(index.root, "deep"));
    expect(await index.searchText("secret")).toEqual([]);
    expect(await index.symbols("b")).toEqual([]);
    expect(await index.symbols("secret")).toEqual([]);
    await index.index();
    expect((await index.stats()).files).toBe(0);
  });

  test("paths out of the root are refused everywhere", async () => {
    const index = await openIndex({ "a.py": "" });
    await index.index();
    for (const path of ["../x", "/etc/passwd", "a/../../x"]) {
      for (const call of [
        () => index.outline(path),
        () => index.affectedTests([path]),
        () => index.symbols("a", { path }),
        () => index.searchText("a", { path }),
      ]) {
        expect(await thrown(call())).toSatisfy(code("PROJECT_PATH_OUTSIDE"));
      }
    }
  });

  test("wrong options are refused by name", async () => {
    const index = await openIndex({ "a.py": "" });
    const store = await openStore();
    const calls: [() => Promise<unknown>, string][] = [
      [() => ProjectIndex.open({ root: index.root, store, maxBytes: 1 } as never), "unknown key maxBytes"],
      [() => ProjectIndex.open({ root: index.root } as never), "store"],
      [() => index.symbols(""), "value"],
      [() => index.symbols("a", { kind: "macro" as never }), "kind"],
      [() => index.searchText("a", { limit: 0 }), "limit"],
      [() => index.index({ progress: 1 } as never), "unknown key progress"],
      [() => index.relevantSymbols(3 as never), "value"],
    ];
    for (const [call, text] of calls) {
      const error = await thrown(call());
      expect(error).toSatisfy(code("OPTIONS_INVALID"));
      expect(String(error)).toContain(text);
    }
  });

  test("once closed it says so", async () => {
    const index = await openIndex({ "a.py": "" });
    await index.close();
    await index.close();
    expect(await thrown(index.index())).toSatisfy(code("CLOSED"));
    expect(await thrown(index.symbols("a"))).toSatisfy(code("CLOSED"));
  });

  test("a store that takes nothing ends the call; the next one saves what is left", async () => {
    const root = await temporaryFolder({ "a.py": "def a(): pass\n", "b.py": "def b(): pass\n" });
    const store = await openStore();
    let failures = 1;
    const failing = new Proxy(store, {
      get(target, key) {
        if (key === "write" && failures-- > 0) {
          return async () => {
            throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
          };
        }
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const index = await openIndex({}, { root, store: failing });
    failures = 1;
    expect(String(await thrown(index.index()))).toContain("no space left");
    expect((await index.symbols("a")).length).toBe(1);
    expect(await index.index()).toMatchObject({ parsed: 0, files: 2 });
    const warm = await openIndex({}, { root, store });
    expect(await warm.index()).toMatchObject({ parsed: 0, files: 2 });
  });
});

test("a real repository: this one", async () => {
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  const index = await openIndex({}, { root });
  const report = await index.index();
  expect(report.parsed).toBeGreaterThan(50);
  const [found] = await index.symbols("ProjectIndex", { kind: "class" });
  expect(found).toMatchObject({ path: "packages/project/src/project-index.ts", name: "ProjectIndex" });
  expect((await index.symbols("AgentOSError"))[0]?.path).toBe("packages/core/src/errors.ts");
  expect(
    (await index.relevantSymbols("which tests are affected by a changed file")).map(({ name }) => name),
  ).toContain("affectedTests");
  const tests = await index.affectedTests(["packages/project/src/graph/test-files.ts"]);
  expect(tests[0]).toBe("packages/project/test/graph/test-files.test.ts");
  expect(tests).toContain("packages/project/test/project-index.test.ts");
  expect((await index.searchText("export class ProjectIndex"))[0]?.path).toBe(
    "packages/project/src/project-index.ts",
  );
}, 60_000);
