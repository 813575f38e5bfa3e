import { expect, test, vi } from "vitest";
import type { FileRecord } from "../../src/files/file-record.js";
import { ImportGraph } from "../../src/graph/import-graph.js";
import { csharpModule } from "../../src/graph/resolve-csharp.js";
import { record, symbol } from "../map/record.js";

interface Parts {
  readonly namespace?: string;
  readonly defines?: readonly string[];
  readonly imports?: readonly string[];
  readonly uses?: readonly string[];
}

function csharp(path: string, { namespace, defines = [], imports = [], uses = [] }: Parts): FileRecord {
  return record(path, {
    dialect: "csharp",
    symbols: defines.map((name) =>
      symbol(name, 1, { kind: "class", ...(namespace === undefined ? {} : { parent: namespace }) }),
    ),
    ...(namespace === undefined ? {} : { namespaces: [namespace] }),
    imports: imports.map((specifier) => ({ specifier })),
    uses: Object.fromEntries(uses.map((name) => [name, 1])),
  });
}

const importsOf = (records: readonly FileRecord[], path: string): readonly string[] =>
  [...new ImportGraph(records).importsOf(path)].sort();

test("a file builds on what defines its names in the namespaces that it sees", () => {
  const records = [
    csharp("Own.cs", { namespace: "Shop.Web", defines: ["Own"] }),
    csharp("Around.cs", { namespace: "Shop", defines: ["Around"] }),
    csharp("Imported.cs", { namespace: "Store.Data", defines: ["Imported", "MarkAttribute"] }),
    csharp("Within.cs", { namespace: "Shop.Parts", defines: ["Within"] }),
    csharp("ForAll.cs", { namespace: "Tools", defines: ["ForAll"] }),
    csharp("Plain.cs", { defines: ["Plain"] }),
    csharp("Hidden.cs", { namespace: "Elsewhere", defines: ["Own", "Hidden"] }),
    csharp("Usings.cs", { imports: ["global::Tools"] }),
    csharp("User.cs", {
      namespace: "Shop.Web",
      imports: ["Store.Data", "Parts"],
      uses: ["Own", "Around", "Imported", "Within", "ForAll", "Plain", "Hidden"],
    }),
    csharp("Marked.cs", { imports: ["Store.Data"], uses: ["Mark"] }),
  ];
  expect(importsOf(records, "User.cs")).toEqual([
    "Around.cs",
    "ForAll.cs",
    "Imported.cs",
    "Own.cs",
    "Plain.cs",
    "Within.cs",
  ]);
  expect(importsOf(records, "Marked.cs")).toEqual(["Imported.cs"]);
  const { map } = new ImportGraph(records);
  expect(csharpModule("User.cs", "global::", map, "ForAll")).toEqual(["ForAll.cs"]);
  expect(csharpModule("User.cs", "global::", map, "Hidden")).toEqual([]);
});

test("what a file costs does not grow with the namespaces that are imported for all", () => {
  const count = 3_000;
  const names = Array.from({ length: 40 }, (_, at) => `Type${at}`);
  const records = [
    csharp("Usings.cs", { imports: Array.from({ length: count }, (_, at) => `global::N${at}`) }),
    ...Array.from({ length: count }, (_, at) =>
      csharp(`F${at}.cs`, { namespace: `N${at}`, defines: [`Type${at}`], uses: names }),
    ),
  ];
  const before = performance.now();
  const graph = new ImportGraph(records);
  // 240 million steps if each file asked each namespace for each name.
  expect(performance.now() - before).toBeLessThan(2_000);
  expect(graph.importsOf("F2999.cs").size).toBe(40);
});

test("each name is looked for once in what is imported for all", () => {
  const { map } = new ImportGraph([
    csharp("Usings.cs", { imports: ["global::A", "global::B", "global::C"] }),
    csharp("A.cs", { namespace: "A", defines: ["Thing"] }),
    csharp("D.cs", { namespace: "D", defines: ["Thing"] }),
  ]);
  const homes = map.csharpNamespaces.homes("Thing");
  const asked = vi.spyOn(homes as Map<string, string[]>, "get");
  for (let at = 0; at < 100; at += 1)
    expect(csharpModule("X.cs", "global::", map, "Thing")).toEqual(["A.cs"]);
  expect(asked).toHaveBeenCalledTimes(1);
});

test("a name that hundreds of files define in what is seen says nothing of any", () => {
  const parts = (count: number): FileRecord[] =>
    Array.from({ length: count }, (_, at) => csharp(`P${at}.cs`, { namespace: "A", defines: ["Part"] }));
  const user = csharp("User.cs", { namespace: "A", uses: ["Part"] });
  expect(importsOf([...parts(256), user], "User.cs")).toHaveLength(256);
  expect(importsOf([...parts(257), user], "User.cs")).toEqual([]);
});

test("the namespaces of a file within which it imports others are few, its own are all there", () => {
  const many = Array.from({ length: 3_000 }, (_, at) => `I${at}`);
  const own = Array.from({ length: 3_000 }, (_, at) => `O${at}`);
  const user: FileRecord = {
    ...csharp("User.cs", { imports: many, uses: ["Last", "First"] }),
    namespaces: own,
  };
  const before = performance.now();
  const found = importsOf(
    [
      csharp("Last.cs", { namespace: "O2999", defines: ["Last"] }),
      csharp("First.cs", { namespace: "I2999", defines: ["First"] }),
      user,
    ],
    "User.cs",
  );
  expect(performance.now() - before).toBeLessThan(1_000);
  expect(found).toEqual(["First.cs", "Last.cs"]);
});
