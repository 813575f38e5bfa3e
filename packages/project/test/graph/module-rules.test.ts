import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { FileRecord, ModuleRules } from "../../src/files/file-record.js";
import { ImportGraph } from "../../src/graph/import-graph.js";
import { pathPatterns } from "../../src/graph/path-patterns.js";
import { ProjectMap } from "../../src/graph/project-map.js";
import { javascriptModule } from "../../src/graph/resolve-javascript.js";
import { record } from "../map/record.js";

const config = (path: string, moduleRules: ModuleRules): FileRecord =>
  record(path, { dialect: undefined, moduleRules });
const importing = (path: string, specifiers: readonly string[]): FileRecord =>
  record(path, { imports: specifiers.map((specifier) => ({ specifier })) });

/** Scans all patterns, as TypeScript describes it. */
function scanned(
  specifier: string,
  patterns: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  let best: readonly string[] = [];
  let longest = -1;
  for (const [pattern, targets] of Object.entries(patterns)) {
    const [before = "", after] = pattern.split("*", 2);
    if (after === undefined) {
      if (pattern === specifier) return targets;
      continue;
    }
    const long = specifier.length >= pattern.length - 1;
    if (!long || !specifier.startsWith(before) || !specifier.endsWith(after) || before.length <= longest)
      continue;
    longest = before.length;
    const star = specifier.slice(before.length, specifier.length - after.length);
    best = targets.map((target) => target.replace("*", () => star));
  }
  return best;
}

test("the pattern that is found is the one that a scan of all finds", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "/"), maxLength: 4 });
  const pattern = fc.oneof(
    text,
    fc.tuple(text, text).map(([before, after]) => `${before}*${after}`),
  );
  const patterns = fc
    .uniqueArray(pattern, { maxLength: 20 })
    .map((all) => Object.fromEntries(all.map((each) => [each, [`to ${each.replace("*", "|")} *`]])));
  fc.assert(
    fc.property(patterns, fc.array(text, { maxLength: 20 }), (given, specifiers) => {
      const prepared = pathPatterns(given);
      for (const specifier of specifiers) {
        const plain = scanned(specifier, given);
        // A pattern without a star has nothing to fill in.
        const expected = specifier in given ? plain.map((target) => target.replace("*", "")) : plain;
        expect(prepared.targetsOf(specifier)).toEqual(expected);
      }
    }),
    { numRuns: 300 },
  );
});

test("a `$` in what the star stands for is a `$`", () => {
  expect(pathPatterns({ "#*": ["src/*.ts"] }).targetsOf("#$&")).toEqual(["src/$&.ts"]);
});

test("patterns are read once, however many imports there are", () => {
  let reads = 0;
  const patterns = Object.fromEntries(
    Array.from({ length: 3_000 }, (_, at) => [`@p${at}/*`, [`packages/p${at}/src/*`]]),
  );
  const paths = new Proxy(patterns, {
    get: (target, name) => {
      reads += 1;
      return Reflect.get(target, name);
    },
  });
  const files = Array.from({ length: 100 }, (_, file) =>
    importing(
      `src/f${file}.ts`,
      Array.from({ length: 100 }, (_, at) => `@p${(file * 100 + at) % 3_000}/index`),
    ),
  );
  const graph = new ImportGraph([
    config("tsconfig.json", { paths }),
    record("packages/p2999/src/index.ts"),
    ...files,
  ]);
  expect([...graph.importersOf("packages/p2999/src/index.ts")]).toEqual([
    "src/f29.ts",
    "src/f59.ts",
    "src/f89.ts",
  ]);
  expect(reads).toBe(3_000);
});

test("patterns of one beginning, places of one pattern and roots are few", () => {
  const many = (count: number, name: (at: number) => string): string[] =>
    Array.from({ length: count }, (_, at) => name(at));
  const endings = Object.fromEntries(many(10_000, (at) => `*.${at}`).map((pattern) => [pattern, ["*"]]));
  expect(pathPatterns(endings).targetsOf("a.63")).toEqual(["a"]);
  expect(pathPatterns(endings).targetsOf("a.64")).toEqual([]);
  expect(pathPatterns({ "*": many(10_000, (at) => `p${at}/*`) }).targetsOf("a")).toHaveLength(64);
  const map = new ProjectMap(
    [
      config("tsconfig.json", { rootDirs: many(10_000, (at) => `r${at}`) }),
      record("r63/b.ts"),
      record("r64/c.ts"),
    ],
    [],
  );
  expect(javascriptModule("r1/a.ts", "./b", map)).toBe("r63/b.ts");
  expect(javascriptModule("r1/a.ts", "./c", map)).toBeUndefined();
});

test("a chain of 20,000 configurations, one on the other, is followed to its end", () => {
  const count = 20_000;
  const chain = Array.from({ length: count }, (_, at) =>
    config(at === 0 ? "tsconfig.json" : `tsconfig.${at}.json`, {
      ...(at === count - 1 ? { paths: { "#*": ["src/*"] } } : { extends: [`./tsconfig.${at + 1}.json`] }),
    }),
  );
  const map = new ProjectMap([...chain, record("src/a.ts")], []);
  expect(javascriptModule("b.ts", "#a", map)).toBe("src/a.ts");
});

test("configurations that are built on one another in a circle have what each of them says", () => {
  const map = new ProjectMap(
    [
      config("tsconfig.json", { extends: ["./tsconfig.a.json", "./tsconfig.b.json"] }),
      config("tsconfig.a.json", { extends: ["./tsconfig.b.json", "./tsconfig.a.json"], baseUrl: "src" }),
      config("tsconfig.b.json", { extends: ["./tsconfig.json"], paths: { "#*": ["./lib/*"] } }),
      record("src/a.ts"),
      record("lib/b.ts"),
    ],
    [],
  );
  expect(javascriptModule("x.ts", "a", map)).toBe("src/a.ts");
  expect(javascriptModule("x.ts", "#b", map)).toBe("lib/b.ts");
});

test("of several that one is built on, the last one counts, and what it says itself before these", () => {
  const map = new ProjectMap(
    [
      config("p/tsconfig.json", { extends: ["../tsconfig.a", "../tsconfig.b"] }),
      config("tsconfig.a.json", { baseUrl: "a", paths: { "#*": ["*"] } }),
      config("tsconfig.b.json", { baseUrl: "b" }),
      ...["a/m.ts", "b/m.ts", "a/n.ts"].map((path) => record(path)),
    ],
    [],
  );
  expect(javascriptModule("p/x.ts", "m", map)).toBe("b/m.ts");
  expect(javascriptModule("p/x.ts", "#n", map)).toBe("a/n.ts");
});

test("the folders above a file are looked through once for all of its imports", () => {
  const folder = Array.from({ length: 200 }, (_, at) => `d${at}`).join("/");
  const map = new ProjectMap(
    [config("tsconfig.json", { paths: { "#*": ["src/*"] } }), record("src/a.ts")],
    [],
  );
  const asked = vi.spyOn(map.moduleRules as Map<string, ModuleRules>, "has");
  for (let at = 0; at < 1_000; at += 1)
    expect(javascriptModule(`${folder}/f${at}.ts`, "#a", map)).toBe("src/a.ts");
  // Each of the 200 folders and the root, by two names.
  expect(asked.mock.calls.length).toBeLessThanOrEqual(402);
});

test("what is longer than any path is no module", () => {
  const map = new ProjectMap(
    [config("tsconfig.json", { paths: { "*": ["src/*"] } }), record("src/a.ts")],
    [],
  );
  expect(javascriptModule("b.ts", `${"./".repeat(10_000)}src/a`, map)).toBeUndefined();
  expect(javascriptModule("b.ts", "./././src/a", map)).toBe("src/a.ts");
});
