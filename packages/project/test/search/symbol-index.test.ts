import { expect, test } from "vitest";
import type { FileRecord } from "../../src/files/file-record.js";
import { SymbolIndex } from "../../src/search/symbol-index.js";
import { humps, queryTerms, terms } from "../../src/search/terms.js";
import type { OutlinedSymbol } from "../../src/source-parser.js";

const symbol = (name: string, more: Partial<OutlinedSymbol> = {}): OutlinedSymbol => ({
  name,
  kind: "function",
  line: 1,
  endLine: 2,
  signature: `function ${name}()`,
  ...more,
});
const record = (path: string, symbols: readonly OutlinedSymbol[]): FileRecord => ({
  path,
  size: 1,
  mtimeMs: 1,
  ctimeMs: 1,
  readAt: 1,
  hash: "x",
  dialect: "typescript",
  symbols,
  imports: [],
  uses: {},
});
const indexOf = (files: Readonly<Record<string, readonly OutlinedSymbol[]>>): SymbolIndex => {
  const index = new SymbolIndex();
  for (const [path, symbols] of Object.entries(files)) index.put(record(path, symbols));
  return index;
};
const all = { path: "", limit: 100 };
const names = (index: SymbolIndex, name: string, filter: object = {}): string[] =>
  index.named(name, { ...all, ...filter }).map(({ entry }) => entry.symbol.name);

test("splits identifiers as people read them", () => {
  expect(humps("parseHTTPResponse2_fast")).toEqual(["parse", "HTTP", "Response", "2", "fast"]);
  expect(terms("parses parsed parsing parse")).toEqual(["pars", "pars", "pars", "pars"]);
  expect(terms("class classes stop stopped entries entry")).toEqual([
    "clas",
    "clas",
    "stop",
    "stop",
    "entry",
    "entry",
  ]);
  expect(queryTerms("Please add a new function to the Parser for the XML files")).toEqual(["parser", "xml"]);
});

test("ranks by name: exact, case, prefix, initials, humps, part, letters in order", () => {
  const index = indexOf({
    "a.ts": ["xparseHttpx", "parseHttp", "ParseHTTP", "parseHttpResponse", "pXaXrXsXeXhXtXtXpX"].map((name) =>
      symbol(name),
    ),
  });
  expect(names(index, "parseHttp")).toEqual([
    "parseHttp",
    "ParseHTTP",
    "parseHttpResponse",
    "xparseHttpx",
    "pXaXrXsXeXhXtXtXpX",
  ]);
  expect(names(index, "phr")[0]).toBe("parseHttpResponse");
  expect(names(index, "parHtRe")).toEqual(["parseHttpResponse"]);
  expect(names(index, "pseresp")).toEqual(["parseHttpResponse"]);
  expect(names(index, "zzz")).toEqual([]);
});

test("filters by kind, path and owner, and puts tests last", () => {
  const index = indexOf({
    "src/a.ts": [symbol("run", { parent: "Task", kind: "method" }), symbol("run", { line: 5 })],
    "src/deep/b.ts": [symbol("run", { parent: "Job", kind: "method" })],
    "srcx/c.ts": [symbol("run")],
    "a.test.ts": [symbol("run")],
  });
  const sites = (name: string, filter: object = {}): string[] =>
    index.named(name, { ...all, ...filter }).map(({ entry }) => `${entry.symbol.path}:${entry.symbol.line}`);
  expect(sites("run")).toEqual(["src/a.ts:1", "src/a.ts:5", "src/deep/b.ts:1", "srcx/c.ts:1", "a.test.ts:1"]);
  expect(sites("run", { limit: 2 })).toEqual(["src/a.ts:1", "src/a.ts:5"]);
  expect(sites("run", { path: "src" })).toEqual(["src/a.ts:1", "src/a.ts:5", "src/deep/b.ts:1"]);
  expect(sites("run", { kind: "method" })).toEqual(["src/a.ts:1", "src/deep/b.ts:1"]);
  for (const query of ["Job.run", "job#run", "a::Job::run"])
    expect(sites(query)).toEqual(["src/deep/b.ts:1"]);
});

test("finds by words of names, paths and docs", () => {
  const index = indexOf({
    "src/http/retry.ts": [
      symbol("backOff", { doc: "Waits longer after each failed request." }),
      symbol("RetryPolicy", { kind: "class" }),
    ],
    "src/parser/json.ts": [symbol("parseJson"), symbol("stringify", { doc: "Writes a value as text." })],
    "test/retry.test.ts": [symbol("RetryPolicyHelper", { kind: "class" })],
  });
  const relevant = (text: string): string[] =>
    index.relevant(text, { path: "", limit: 10 }).map(({ entry }) => entry.symbol.name);
  expect(relevant("Why do failing requests wait so long?")[0]).toBe("backOff");
  expect(relevant("parsing of JSON")[0]).toBe("parseJson");
  expect(relevant("change the retries policy")[0]).toBe("RetryPolicy");
  expect(relevant("`stringify` breaks on parser input")[0]).toBe("stringify");
  expect(relevant("the of and")).toEqual([]);
  expect(relevant("")).toEqual([]);
  expect(relevant("quaternion")).toEqual([]);
});

test("a symbol that the text names outright comes before one whose words fit better", () => {
  const index = indexOf({
    "a.ts": [symbol("loadUser")],
    "user/load.ts": [symbol("load_user", { doc: "Load the user.", parent: "UserLoad" })],
  });
  expect(index.relevant("loadUser", { path: "", limit: 2 }).map(({ entry }) => entry.symbol.name)).toEqual([
    "loadUser",
    "load_user",
  ]);
  expect(index.relevant("load the user", { path: "", limit: 2 })[0]?.entry.symbol.name).toBe("load_user");
});

test("forgets a file without a trace", () => {
  const index = indexOf({ "a.ts": [symbol("gone"), symbol("gone")], "b.ts": [symbol("stays")] });
  index.delete("a.ts");
  index.put(record("b.ts", [symbol("renamed")]));
  expect(index.size).toBe(1);
  expect(names(index, "gone")).toEqual([]);
  expect(names(index, "stays")).toEqual([]);
  expect(
    index.relevant("gone stays renamed", { path: "", limit: 10 }).map(({ entry }) => entry.symbol.name),
  ).toEqual(["renamed"]);
});
