import { isAgentOSError } from "@agentos/core";
import { expect, test } from "vitest";
import type { FileRecord } from "../../src/files/file-record.js";
import { type LinkAccess, type LinkQuery, used, users } from "../../src/graph/symbol-graph.js";
import type { Use } from "../../src/resolution/find-references.js";
import type { Reference } from "../../src/resolution/locations.js";
import type { NameQueries } from "../../src/resolution/name-queries.js";
import { record, symbol } from "../map/record.js";

const QUERY: LinkQuery = { roles: new Set(["call"]), depth: 1, limit: 10, guesses: false, signal: undefined };

const call = (path: string, line: number, column = 0): Reference => ({
  path,
  line,
  column,
  name: "run",
  role: "call",
  confidence: "import",
});

/** Links over files that are given, which write down what they are asked. */
class Links {
  readonly asked: string[] = [];
  readonly placed: string[] = [];
  readonly access: LinkAccess;

  constructor(files: readonly FileRecord[], answer: (path: string) => readonly Reference[]) {
    const byPath = new Map(files.map((file) => [file.path, file]));
    const names = {
      references: async (path: string) => {
        this.asked.push(path);
        return answer(path);
      },
      placeOf: async ({ path, line }: { readonly path: string; readonly line: number }) => {
        this.placed.push(path);
        return { line, column: 0 };
      },
      usesWithin: async (path: string): Promise<readonly Use[]> => {
        this.asked.push(path);
        return answer(path).map((use) => ({
          use: { ...use, path },
          definitions: [
            {
              path: use.path,
              line: use.line,
              column: 0,
              name: "run",
              kind: "function",
              confidence: "import",
            },
          ],
        }));
      },
    };
    this.access = { names: names as unknown as NameQueries, record: (path) => byPath.get(path) };
  }
}

const file = (path: string): FileRecord => record(path, { symbols: [symbol("run", 1, { endLine: 9 })] });
const numbered = (count: number): FileRecord[] => Array.from({ length: count }, (_, at) => file(`f${at}.ts`));

test("of those that are found last no place is looked up", async () => {
  const links = new Links([file("a.ts"), ...numbered(5)], () => numbered(5).map(({ path }) => call(path, 2)));
  const found = await users([{ path: "a.ts", at: { line: 1, column: 0 } }], links.access, QUERY);
  expect(found.map(({ path }) => path)).toEqual(["f0.ts", "f1.ts", "f2.ts", "f3.ts", "f4.ts"]);
  expect(links.placed).toEqual([]);
  await users([{ path: "a.ts", at: { line: 1, column: 0 } }], links.access, { ...QUERY, depth: 2 });
  expect(links.placed).toHaveLength(5);
});

test("once there are as many as were asked for, nothing further is asked", async () => {
  const links = new Links([file("a.ts"), ...numbered(100)], (path) =>
    path === "a.ts" ? numbered(100).map((each) => call(each.path, 2)) : [],
  );
  const start = [{ path: "a.ts", at: { line: 1, column: 0 } }];
  const found = await users(start, links.access, { ...QUERY, depth: 3 });
  expect(found).toHaveLength(10);
  expect(links.asked).toEqual(["a.ts"]);
  // Of the last one nobody needs the place.
  expect(links.placed).toHaveLength(9);
});

test("of many places none is asked beyond those that fill the answer", async () => {
  const links = new Links(numbered(1_000), (path) => [call(`f${Number(path.slice(1, -3)) + 500}.ts`, 2)]);
  const start = numbered(500).map(({ path }) => ({ path, at: { line: 1, column: 0 } }));
  const found = await users(start, links.access, QUERY);
  expect(found.map(({ path }) => path)).toEqual(Array.from({ length: 10 }, (_, at) => `f${at + 500}.ts`));
  expect(links.asked).toHaveLength(10);
});

test("what is cut has the nearest, each with all of its uses that were found", async () => {
  const links = new Links([file("a.ts"), file("b.ts"), file("c.ts")], () => [
    call("b.ts", 2),
    call("c.ts", 2),
    call("b.ts", 3),
    call("b.ts", 3),
  ]);
  const found = await users([{ path: "a.ts", at: { line: 1, column: 0 } }], links.access, {
    ...QUERY,
    limit: 1,
  });
  expect(found.map(({ path, uses }) => [path, uses.map(({ line }) => line)])).toEqual([["b.ts", [2, 3]]]);
});

test("100,000 uses in a file of 20,000 symbols, and in one symbol", { timeout: 20_000 }, async () => {
  const many = record("b.ts", {
    symbols: Array.from({ length: 20_000 }, (_, at) => symbol(`f${at}`, 5 * at + 1, { endLine: 5 * at + 5 })),
  });
  const one = record("c.ts", { symbols: [symbol("one", 1, { endLine: 200_000 })] });
  for (const [target, expected] of [
    [many, 10_000],
    [one, 1],
  ] as const) {
    const uses = Array.from({ length: 100_000 }, (_, at) => call(target.path, at + 1));
    const links = new Links([file("a.ts"), target], () => [...uses, ...uses]);
    const before = performance.now();
    const found = await users([{ path: "a.ts", at: { line: 1, column: 0 } }], links.access, {
      ...QUERY,
      limit: 10_000,
    });
    // Billions of steps if each use looked at each symbol, or at each use before it.
    expect(performance.now() - before).toBeLessThan(3_000);
    expect(found).toHaveLength(expected);
    expect(found.at(-1)?.uses).toHaveLength(expected === 1 ? 100_000 : 5);
  }
});

test("what is used is found by the same ways", async () => {
  const links = new Links([file("a.ts"), ...numbered(20)], (path) =>
    path === "a.ts" ? numbered(20).map((each) => call(each.path, 2)) : [],
  );
  const found = await used([{ path: "a.ts", at: { line: 1, column: 0 } }], links.access, {
    ...QUERY,
    depth: 2,
  });
  expect(found).toHaveLength(10);
  expect(links.asked).toEqual(["a.ts"]);
});

test("an end is heard between two places and between two symbols", async () => {
  for (const stage of ["references", "placeOf"] as const) {
    const ender = new AbortController();
    const links = new Links([file("a.ts"), ...numbered(50)], (path) => {
      if (stage === "references" && path !== "a.ts") ender.abort();
      return path === "a.ts" ? numbered(50).map((each) => call(each.path, 2)) : [];
    });
    if (stage === "placeOf") {
      const { names } = links.access;
      const placeOf = names.placeOf.bind(names);
      names.placeOf = (one, signal) => {
        if (links.placed.length === 2) ender.abort();
        return placeOf(one, signal);
      };
    }
    const query = { ...QUERY, limit: 200, depth: 3, signal: ender.signal };
    await expect(
      users([{ path: "a.ts", at: { line: 1, column: 0 } }], links.access, query),
    ).rejects.toSatisfy((error) => isAgentOSError(error, "ABORTED"));
    expect(links.asked.length).toBeLessThanOrEqual(2);
    expect(links.placed.length).toBeLessThanOrEqual(stage === "placeOf" ? 3 : 50);
  }
});
