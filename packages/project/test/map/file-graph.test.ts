import { expect, test } from "vitest";
import type { FileRecord } from "../../src/files/file-record.js";
import { ImportGraph } from "../../src/graph/import-graph.js";
import { fileGraph } from "../../src/map/file-graph.js";
import { record, symbol } from "./record.js";

/** The weight of each edge, by `from to`. */
function edgesOf(records: readonly FileRecord[]): ReadonlyMap<string, number> {
  const { edges, records: nodes } = fileGraph(records, new ImportGraph(records));
  const found = new Map<string, number>();
  for (let node = 0; node < edges.size; node += 1) {
    for (let edge = edges.start[node] ?? 0; edge < (edges.start[node + 1] ?? 0); edge += 1) {
      const target = nodes[edges.target[edge] ?? 0]?.path ?? "";
      found.set(`${nodes[node]?.path} ${target}`, edges.weight[edge] ?? 0);
    }
  }
  return found;
}

const DEFINES = { symbols: [symbol("total", 1)] };
const imports = (...specifiers: string[]): Pick<FileRecord, "imports"> => ({
  imports: specifiers.map((specifier) => ({ specifier })),
});

test("an edge goes from the user to the definer that it imports, and to no other of that name", () => {
  const edges = edgesOf([
    record("a.ts", DEFINES),
    record("b.ts", DEFINES),
    record("user.ts", { ...imports("./a.js"), uses: { total: 4 } }),
  ]);
  // An import counts ½; √4 uses of a name that 2 of 3 files define.
  const rarity = Math.log(1 + 3 / 2) / Math.log(1 + 3);
  expect([...edges]).toEqual([["user.ts a.ts", 0.5 + 2 * rarity]]);
});

test("a name is found through a file that hands it on", () => {
  const edges = edgesOf([
    record("a.ts", DEFINES),
    record("b.ts", DEFINES),
    record("index.ts", imports("./a.js")),
    record("user.ts", { ...imports("./index.js"), uses: { total: 1 } }),
  ]);
  expect(edges.get("user.ts a.ts")).toBeGreaterThan(0);
  expect(edges.get("user.ts b.ts")).toBeUndefined();
});

test("a name that only agrees counts little, and nothing where many define it", () => {
  const definers = (count: number): FileRecord[] =>
    Array.from({ length: count }, (_, at) => record(`d${at}.ts`, DEFINES));
  const user = record("user.ts", { uses: { total: 1 } });
  const near = edgesOf([...definers(1), record("near.ts", { ...imports("./d0.js"), uses: { total: 1 } })]);
  const few = edgesOf([...definers(1), user]);
  expect(few.get("user.ts d0.ts")).toBeCloseTo(((near.get("near.ts d0.ts") ?? 0) - 0.5) / 10, 9);
  expect(edgesOf([...definers(5), user]).size).toBe(5);
  expect(edgesOf([...definers(6), user]).size).toBe(0);
});

test("what is private is nobody else's, what is internal is the package's", () => {
  const hidden = (visibility: "private" | "internal"): FileRecord =>
    record("p/a.go", { dialect: "go", symbols: [symbol("total", 1, { visibility })] });
  const same = record("p/b.go", { dialect: "go", uses: { total: 1 } });
  const other = record("q/c.go", { dialect: "go", uses: { total: 1 } });
  expect([...edgesOf([hidden("private"), same, other]).keys()]).toEqual([]);
  expect([...edgesOf([hidden("internal"), same, other]).keys()]).toEqual(["p/b.go p/a.go"]);
});

test("files that are not parsed are none of the graph", () => {
  const graph = fileGraph([record("README.md", { dialect: undefined })], new ImportGraph([]));
  expect(graph.records).toEqual([]);
});
