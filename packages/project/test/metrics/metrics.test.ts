import { isAgentOSError } from "@agentos/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Dialect } from "../../src/source-parser.js";
import { TreeSitterParser } from "../../src/tree-sitter-parser.js";
import { indexOf } from "../resolution/places.js";
import { temporaryFolder, writeFiles } from "../temporary.js";
import { measure } from "./measure.js";
import { DIALECTS, expectedOf, programs, write } from "./programs.js";

test("one program measures the same in every language", async () => {
  await using parser = await TreeSitterParser.open();
  await fc.assert(
    fc.asyncProperty(programs, async (program) => {
      const expected = expectedOf(program);
      for (const dialect of DIALECTS) {
        const text = write(program, dialect);
        const one = (await parser.metrics(dialect, text)).find(({ name }) => name === "subject");
        const { cyclomatic, cognitive, nesting } = one ?? {};
        expect({ dialect, text, cyclomatic, cognitive, nesting }).toEqual({ dialect, text, ...expected });
      }
    }),
    { numRuns: 40 },
  );
});

test("what a file has is what its functions have", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(programs, { maxLength: 4 }), async (all) => {
      await using parser = await TreeSitterParser.open();
      const text = all.map((program) => write(program, "javascript")).join("\n");
      const [file, ...functions] = await parser.metrics("javascript", text);
      const sum = (of: (one: (typeof functions)[number]) => number): number =>
        functions.reduce((total, one) => total + of(one), 0);
      expect(functions).toHaveLength(all.length);
      expect(file).toMatchObject({
        cyclomatic: 1 + sum((one) => one.cyclomatic),
        cognitive: sum((one) => one.cognitive),
        codeLines: sum((one) => one.codeLines),
      });
      expect(file?.halstead).toMatchObject({
        operators: sum((one) => one.halstead.operators),
        operands: sum((one) => one.halstead.operands),
      });
    }),
    { numRuns: 20 },
  );
});

describe("texts that are made to harm", () => {
  const DEEP = 20_000;

  test("functions within functions", async () => {
    const all = await measure(
      "javascript",
      `${"function f() { if (a) { ".repeat(DEEP)}${"} }".repeat(DEEP)}`,
    );
    expect(all).toHaveLength(DEEP + 1);
    // Each `if` stands below those around it and below the functions but for the outermost: 1, 3, 5, …
    expect(all[0]).toMatchObject({ cyclomatic: 2 * DEEP + 1, cognitive: DEEP * DEEP, nesting: 2 * DEEP - 1 });
    expect(all[1]).toMatchObject({ cyclomatic: 2, cognitive: DEEP * DEEP, nesting: 2 * DEEP - 1 });
    expect(all.at(-1)).toMatchObject({ cyclomatic: 2, cognitive: 1, nesting: 1 });
  });

  test.each<[Dialect, string, string, string, number]>([
    ["javascript", "a && (", "b", ")", DEEP + 1],
    ["javascript", "`${", "a", "}`", 1],
    ["javascript", "a ? b : ", "c", "", DEEP + 1],
    ["python", "not (a and ", "b", ")", DEEP + 1],
    ["ruby", "[1].each { |a| ", "b", "}", 1],
    ["go", "package p\nvar a = ", `${"func() {".repeat(DEEP)}${"}".repeat(DEEP)}`, "", 1],
  ])("%s %j", async (dialect, open, middle, close, cyclomatic) => {
    const times = open.startsWith("package") ? 1 : DEEP;
    const [file] = await measure(dialect, `${open.repeat(times)}${middle}${close.repeat(times)}`);
    expect(file?.cyclomatic).toBe(cyclomatic + (open.startsWith("package") ? 1 : 0));
  });

  test("else if after else if", async () => {
    const text = `function f() { if (a) {} ${"else if (b) {} ".repeat(DEEP)} }`;
    const [, one] = await measure("javascript", text);
    expect(one).toMatchObject({ cyclomatic: DEEP + 2, cognitive: DEEP + 1, nesting: 1 });
  });
});

test("a text with an error is measured as far as it can be read", async () => {
  const all = await measure("python", "def before():\n    if a: pass\n\ndef broken(:\n    pass\n");
  expect(all.find(({ name }) => name === "before")).toMatchObject({ cyclomatic: 2, line: 1, endLine: 2 });
});

test("an aborted signal ends the wait", async () => {
  await using parser = await TreeSitterParser.open();
  await expect(parser.metrics("go", "package p", { signal: AbortSignal.abort() })).rejects.toSatisfy(
    (error: unknown) => isAgentOSError(error, "ABORTED"),
  );
});

test("an index measures a file as it is now", async () => {
  const index = await indexOf({ "a.py": "def f(): pass\n", "b.txt": "text\n" });
  expect((await index.metrics("a.py")).map(({ name }) => name)).toEqual(["", "f"]);
  await writeFiles(index.root, { "a.py": "def f(a):\n    return a or f(1)\n" });
  expect((await index.metrics("a.py"))[1]).toMatchObject({
    name: "f",
    endLine: 2,
    cyclomatic: 2,
    cognitive: 2,
    parameters: 1,
  });
  expect(await index.metrics("b.txt")).toEqual([]);
  const code = (expected: string) => (error: unknown) => isAgentOSError(error, expected);
  await expect(index.metrics("c.py")).rejects.toSatisfy(code("PROJECT_FILE_UNKNOWN"));
  await expect(index.metrics(await temporaryFolder())).rejects.toSatisfy(code("PROJECT_PATH_OUTSIDE"));
  await expect(index.metrics("a.py", { signal: AbortSignal.abort() })).rejects.toSatisfy(code("ABORTED"));
});
