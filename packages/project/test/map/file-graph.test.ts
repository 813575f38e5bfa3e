import fc from "fast-check";
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

/** What a use of a name adds to the edge to each file that defines it, found by asking all definitions: the specification. */
function plainEdges(records: readonly FileRecord[]): ReadonlyMap<string, number> {
  const imports = new ImportGraph(records);
  const sees = (user: FileRecord, other: FileRecord): boolean =>
    user.dialect === "java" && other.dialect === "java" && user.javaPackage === other.javaPackage;
  const weightOf = (file: FileRecord, name: string): { weight: number; internal: boolean } | undefined => {
    const found = file.symbols.find((each) => each.name === name);
    if (found === undefined) return undefined;
    return { weight: found.visibility === "private" ? 0 : 1, internal: found.visibility === "internal" };
  };
  const edges = new Map<string, number>();
  for (const user of records) {
    const reached = new Map<string, number>();
    let front = [user.path];
    for (const reach of [1, 0.6, 0.4]) {
      front = [...new Set(front.flatMap((path) => [...imports.importsOf(path)]))].filter(
        (path) => path !== user.path && !reached.has(path),
      );
      for (const path of front) reached.set(path, reach);
    }
    const add = (to: string, amount: number): void => {
      const key = `${user.path} ${to}`;
      if (amount > 0) edges.set(key, (edges.get(key) ?? 0) + amount);
    };
    for (const path of imports.importsOf(user.path)) add(path, 0.5);
    for (const [name, count] of Object.entries(user.uses)) {
      const all = records.filter((file) => weightOf(file, name) !== undefined);
      if (all.length === 0) continue;
      const rarity = Math.log(1 + records.length / all.length) / Math.log(1 + records.length);
      const own = weightOf(user, name) === undefined ? 1 : 0.1;
      const meant = all.filter(
        (file) => file !== user && (!weightOf(file, name)?.internal || sees(user, file)),
      );
      const near = meant.filter((file) => sees(user, file) || reached.has(file.path));
      const share = near.length > 0 ? 1 / near.length : all.length > 5 ? 0 : 0.1 / all.length;
      for (const file of near.length > 0 ? near : meant) {
        const reach = near.length === 0 || sees(user, file) ? 1 : (reached.get(file.path) ?? 0);
        add(file.path, Math.sqrt(count) * rarity * own * (weightOf(file, name)?.weight ?? 0) * reach * share);
      }
    }
  }
  return edges;
}

test("edges are those of the formula, by whichever way definitions are found", () => {
  const names = ["alpha", "beta", "gamma"];
  const file = fc.record({
    java: fc.boolean(),
    package: fc.constantFrom("p", "q"),
    defines: fc.uniqueArray(
      fc.tuple(fc.constantFrom(...names), fc.constantFrom(undefined, "private", "internal")),
      {
        selector: ([name]) => name,
      },
    ),
    uses: fc.uniqueArray(fc.tuple(fc.constantFrom(...names), fc.integer({ min: 1, max: 9 })), {
      selector: ([name]) => name,
    }),
    imports: fc.array(fc.nat(11), { maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(file, { minLength: 2, maxLength: 12 }), (files) => {
      const records = files.map(({ java, package: name, defines, uses, imports: numbers }, at) =>
        record(java ? `${name}/F${at}.java` : `f${at}.ts`, {
          ...(java
            ? { dialect: "java" as const, javaPackage: name }
            : imports(...numbers.map((to) => `./f${to}.js`))),
          symbols: defines.map(([each, visibility]) =>
            symbol(each, 1, visibility === undefined ? {} : { visibility: visibility as "private" }),
          ),
          uses: Object.fromEntries(uses),
        }),
      );
      const expected = plainEdges(records);
      const found = edgesOf(records);
      expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
      for (const [key, weight] of expected) expect(found.get(key)).toBeCloseTo(weight, 12);
    }),
    { numRuns: 300 },
  );
});

test("a name that each of 20,000 files defines and uses costs no more than what a file sees", () => {
  const records = Array.from({ length: 20_000 }, (_, at) =>
    record(`f${at}.ts`, {
      ...imports(`./f${at + 1}.js`),
      symbols: [symbol("main", 1)],
      uses: { main: 1 },
    }),
  );
  const before = performance.now();
  const { uses } = fileGraph(records, new ImportGraph(records));
  // 400 million steps if each file asked each definition.
  expect(performance.now() - before).toBeLessThan(2_500);
  // Three files before it reach it.
  expect(uses[10_000]?.map(({ user }) => user)).toEqual([9_997, 9_998, 9_999]);
});

test("in a package whose thousands of files all define a name it says nothing, and other names still do", () => {
  const records = Array.from({ length: 4_000 }, (_, at) =>
    record(`p/F${at}.java`, {
      dialect: "java",
      javaPackage: "p",
      symbols: [symbol("main", 1), symbol(`own${at}`, 2)],
      uses: { main: 1, [`own${(at + 1) % 4_000}`]: 1 },
    }),
  );
  const before = performance.now();
  const { uses } = fileGraph(records, new ImportGraph(records));
  // 16 million edges otherwise.
  expect(performance.now() - before).toBeLessThan(2_500);
  expect(uses[1]).toEqual([{ name: "own1", user: 0, weight: expect.closeTo(1, 9) }]);
});

test("what a package still tells apart, it does up to 300 definitions", () => {
  const graphOf = (count: number) => {
    const records = Array.from({ length: count }, (_, at) =>
      record(`p/F${at}.java`, { dialect: "java", javaPackage: "p", symbols: [symbol("main", 1)] }),
    );
    const user = record("p/User.java", { dialect: "java", javaPackage: "p", uses: { main: 1 } });
    const all = [...records, user];
    return fileGraph(all, new ImportGraph(all));
  };
  expect(graphOf(300).edges.target.length).toBe(300);
  expect(graphOf(301).edges.target.length).toBe(0);
});

test("one file is linked to so many definitions and no more", () => {
  const names = Array.from({ length: 200 }, (_, at) => `name${at}`);
  const records = Array.from({ length: 300 }, (_, at) =>
    record(`p/F${at}.java`, {
      dialect: "java",
      javaPackage: "p",
      symbols: names.map((name) => symbol(name, 1)),
    }),
  );
  const user = record("p/User.java", {
    dialect: "java",
    javaPackage: "p",
    uses: Object.fromEntries(names.map((name) => [name, 1])),
  });
  const all = [...records, user];
  const { uses } = fileGraph(all, new ImportGraph(all));
  const links = uses.reduce((sum, each) => sum + each.length, 0);
  expect(links).toBeGreaterThan(20_000);
  expect(links).toBeLessThanOrEqual(20_400);
});
