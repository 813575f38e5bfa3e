import { describe, expect, test } from "vitest";
import { exportNamesOf, standInModule } from "../../src/javascript/export-names.js";
import { JobFiles } from "../../src/javascript/job-files.js";
import { BUILTIN_NAMES } from "../../src/javascript/names.js";
import { createBuiltins } from "../../src/javascript/realm/builtins.js";
import { runsSomething } from "../../src/javascript/runs-something.js";

const files = new JobFiles(
  new Map<string, string | Uint8Array>([
    ["main.js", ""],
    ["lib/a.ts", ""],
    ["lib/index.js", ""],
    ["lib/data.json", "{}"],
    ["esm/package.json", '{"type":"module"}'],
    ["esm/deep/b.js", ""],
    ["bad/package.json", "{"],
    ["bad/c.js", new TextEncoder().encode("é")],
  ]),
  new Map(),
);

describe("resolving", () => {
  test.each([
    ["./lib/a.ts", "main.js", "lib/a.ts"],
    ["./lib/a", "main.js", "lib/a.ts"],
    ["./lib/a.js", "main.js", "lib/a.ts"],
    ["./lib", "main.js", "lib/index.js"],
    ["./data.json", "lib/a.ts", "lib/data.json"],
    ["../main", "lib/a.ts", "main.js"],
    ["..", "lib/deep/x.js", "lib/index.js"],
    ["/main.js", "lib/a.ts", "main.js"],
    ["file:///main.js", "lib/a.ts", "main.js"],
    ["node:test", "main.js", "builtin:test"],
    ["assert/strict", "main.js", "builtin:assert/strict"],
  ])("%s from %s is %s", (specifier, referrer, expected) => {
    expect(files.resolve(specifier, referrer)).toBe(expected);
  });

  test.each([
    "test",
    "net",
    "node:net",
    "child_process",
    "left-pad",
    "./none",
    "../../etc/passwd",
    "data:text/javascript,1",
    "http://a/b.js",
  ])("%s means nothing", (specifier) =>
    expect(files.resolve(specifier, "main.js")).toMatch(/^!Cannot find module/),
  );

  test("module systems", () => {
    expect(files.declaredFormat("esm/deep/b.js")).toBe("module");
    expect(files.declaredFormat("main.js")).toBe(undefined);
    expect(files.declaredFormat("bad/c.js")).toBe(undefined);
    expect(files.declaredFormat("x.mts")).toBe("module");
    expect(files.declaredFormat("x.cjs")).toBe("commonjs");
    expect(files.text("bad/c.js")).toBe("é");
  });
});

test("the names that resolve are those that the realm has", () => {
  const part = {};
  const built = createBuiltins({
    test: part,
    process: part,
    console: part,
    timers: part,
    timersPromises: part,
    performance: part,
    fileSystem: part,
  });
  expect([...built.keys()].sort()).toEqual([...BUILTIN_NAMES].sort());
});

test("export names are read as Node reads them", () => {
  expect(
    exportNamesOf("exports.a = 1; module.exports.b = 2; exports['c'] = 3; if (exports.d == 1) {}"),
  ).toEqual(["a", "b", "c"]);
  expect(exportNamesOf("module.exports = { a, b, c: 1, d };")).toEqual(["a", "b", "c"]);
  expect(
    exportNamesOf("Object.defineProperty(exports, '__esModule', { value: true }); exports.default = 1"),
  ).toEqual(["__esModule"]);
  expect(exportNamesOf("const x = 1")).toEqual([]);
});

test("a stand-in exports only what can be a name", () => {
  const text = standInModule('a"b', ["ok", "not ok", "default", "x-y"], "value");
  expect(text).toContain('value("a\\"b")');
  expect(text.match(/export \{/g)).toHaveLength(1);
});

test.each([
  ["export const a = 1;", false],
  ["import x from 'y';\nfunction f() { assert(1) }", false],
  ["const { a } = require('./a');", false],
  ["const f = (x) => x(1);", false],
  ["assert.equal(f(1), 2);", true],
  ["// assert(1)\n/* f() */ const s = 'f()';", false],
  ["if (f() !== 1) throw new Error();", true],
  ["(async () => { await f() })();", true],
])("%s runs something: %s", (source, expected) => {
  expect(runsSomething(source)).toBe(expected);
});
