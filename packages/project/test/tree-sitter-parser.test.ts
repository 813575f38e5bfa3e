import { setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Language } from "@agentos/core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openEngine } from "../src/drivers/tree-sitter/engine.js";
import { TreeSitterParser } from "../src/tree-sitter-parser.js";
import { caught, code, conforms } from "./parsers.js";

let parser: TreeSitterParser;
beforeAll(async () => {
  parser = await TreeSitterParser.open();
});
afterAll(() => parser.close());

conforms(() => parser);

describe("errors in a text", () => {
  test.each<[Language, string, number, number]>([
    ["python", "def f(:\n    pass\n", 1, 7],
    ["python", "x = 1\nif x\n    y = 2\n", 2, 5],
    ["python", "x = [1, 2\ny = 3\n", 1, 5],
    ["python", 'print "hello"\n', 1, 1],
    ["python", "x = 1\nexec code in space\n", 2, 1],
    ["python", "class A:\ndef f(): pass\n", 1, 9],
    ["python", "def f():\n    # later\nx = 1\n", 1, 9],
    ["javascript", "const a = ;\n", 1, 9],
    ["javascript", "function f() {\n  return 1;\n", 2, 12],
    ["javascript", "let = = 3\n", 1, 7],
    ["typescript", "const a: = 1;\n", 1, 10],
    ["go", "package p\nfunc f( {\n}\n", 2, 9],
    ["java", "class A {\n  int f() { return 1 }\n}\n", 2, 21],
  ])("%s %j breaks in line %i", async (language, text, line, _column) => {
    const facts = await parser.facts(language, text);
    expect(facts.ok).toBe(false);
    expect(facts.error?.line).toBe(line);
    const lineLength = text.split("\n")[line - 1]?.length ?? 0;
    expect(facts.error?.column).toBeGreaterThanOrEqual(1);
    expect(facts.error?.column).toBeLessThanOrEqual(lineLength + 1);
  });

  test.each<[Language, string]>([
    ["python", "print >>out, 'x'\n"],
    ["python", "print ('a'), ('b')\n"],
    ["python", "match = 1\ntype = 2\ncase = 3\nprint(match, type, case)\n"],
    ["javascript", "export { a as null };\nconst a = 1;\n"],
    ["javascript", "let a\n[a, b] = c\n"],
    ["javascript", "#!/usr/bin/env node\nawait 1;\n"],
    ["typescript", "const a = <div>{b}</div>;\n"],
    ["typescript", "interface A<in out T> { a: T }\n"],
    ["typescript", 'export type * from "./a.js";\n'],
    ["typescript", "const a = <T,>(b: T) => b;\nconst c = <string>d;\n"],
    ["java", 'void main() {\n  int yield = 1;\n  var record = """\n    a\n    """;\n}\n'],
  ])("%s %j does not break", async (language, text) => {
    expect((await parser.facts(language, text)).ok).toBe(true);
  });

  test("counts columns in UTF-16 units, whatever comes before", async () => {
    const facts = await parser.facts("javascript", "/* 😀ü */ const a = ;\n");
    expect(facts.error).toMatchObject({ line: 1, text: "/* 😀ü */ const a = ;" });
    expect(facts.error?.column).toBeGreaterThan(10);
  });
});

describe("bounds", () => {
  test("a text that is too long is refused", async () => {
    await using small = await TreeSitterParser.open({ maxTextLength: 10 });
    expect(await caught(small.facts("python", "x = 1 + 2 + 3"))).toSatisfy(code("PROJECT_PARSE_FAILED"));
    expect((await small.facts("python", "x = 1")).ok).toBe(true);
  });

  test("a tree that is too large is refused, and the next text is not", async () => {
    await using small = await TreeSitterParser.open({ maxNodes: 50 });
    expect(await caught(small.facts("python", "x = 1\n".repeat(50)))).toSatisfy(code("PROJECT_PARSE_FAILED"));
    expect((await small.facts("python", "x = 1")).ok).toBe(true);
  });

  test("a parse that takes too long is given up, and the next text is parsed from its start", async () => {
    await using hasty = await TreeSitterParser.open({ parseTimeoutMs: 1 });
    await hasty.facts("javascript", "1");
    const long = "a = [1, 2, { b: c }];\n".repeat(60_000);
    expect(await caught(hasty.facts("javascript", long))).toSatisfy(code("PROJECT_PARSE_FAILED"));
    const facts = await hasty.facts("javascript", "function whole() {}");
    expect(facts).toEqual({ ok: true, undefinedNames: [], definitions: ["whole"] });
  });

  test("deep nesting neither overflows the stack nor takes for ever", async () => {
    const depth = 20_000;
    for (const text of [
      `x = ${"(".repeat(depth)}1${")".repeat(depth)}`,
      `x = ${"1 + ".repeat(depth)}1`,
      `x = ${"[".repeat(depth)}`,
    ]) {
      for (const language of ["javascript", "python"] as const) {
        const result = await parser.facts(language, text).catch((error: unknown) => error);
        if (result instanceof Error) expect(result).toSatisfy(code("PROJECT_PARSE_FAILED"));
        else expect(result).toHaveProperty("definitions", []);
      }
    }
    expect((await parser.facts("javascript", "let a = 1;")).ok).toBe(true);
  });

  test("wrong options are refused by name", async () => {
    const error = await caught(TreeSitterParser.open({ timeout: 3 } as never));
    expect(error).toSatisfy(code("OPTIONS_INVALID"));
    expect(String(error)).toContain("unknown key timeout");
  });

  test("what is no text is refused", async () => {
    expect(await caught(parser.facts("python", 3 as never))).toSatisfy(code("INPUT_INVALID"));
  });

  test("once closed it says so, and closing again is nothing", async () => {
    const short = await TreeSitterParser.open();
    await short.facts("go", "package p");
    await short.close();
    await short.close();
    expect(await caught(short.facts("go", "package p"))).toSatisfy(code("CLOSED"));
  });
});

describe("a crash in WebAssembly", () => {
  test("costs the text that caused it, not the ones after it", async () => {
    const opened: number[] = [];
    await using frail = await TreeSitterParser.open({}, async (generation) => {
      opened.push(generation);
      const engine = await openEngine(generation);
      return {
        parse: async (dialect, text, bounds) => {
          if (text === "crash") throw new Error("memory access out of bounds");
          return engine.parse(dialect, text, bounds);
        },
        parseOnly: (dialect, text, bounds) => engine.parseOnly(dialect, text, bounds),
        close: () => engine.close(),
        abandon: () => engine.abandon(),
      };
    });
    expect((await frail.facts("python", "a = 1")).ok).toBe(true);
    expect(await caught(frail.facts("python", "crash"))).toSatisfy(code("PROJECT_PARSE_FAILED"));
    expect(await frail.facts("python", "def f(): pass")).toEqual({
      ok: true,
      undefinedNames: [],
      definitions: ["f"],
    });
    expect(opened).toEqual([0, 1]);
  });

  /** Some 60,000 levels of types, which the grammar takes a stack for that WebAssembly has not. */
  const DEADLY = "a<".repeat(60_000);

  test("costs no text that waits behind it", async () => {
    await using frail = await TreeSitterParser.open({ parseTimeoutMs: 30_000 });
    const [crashed, ...others] = await Promise.allSettled([
      frail.parseOnly("java", DEADLY),
      frail.facts("java", "class A {}"),
      frail.facts("python", "def f(): pass"),
    ]);
    expect(crashed.status).toBe("rejected");
    expect(others.map((one) => one.status === "fulfilled" && one.value.definitions)).toEqual([["A"], ["f"]]);
  }, 60_000);

  test("costs no other parser of the thread a text", async () => {
    await using frail = await TreeSitterParser.open({ parseTimeoutMs: 30_000 });
    await using other = await TreeSitterParser.open();
    const text = "class A { int f() { return 1; } }";
    const before = await other.outline("java", text);
    expect(String(await caught(frail.parseOnly("java", DEADLY)))).toContain("crashed");
    expect(await other.outline("java", text)).toEqual(before);
    await using later = await TreeSitterParser.open();
    expect(await later.outline("java", text)).toEqual(before);
  }, 60_000);

  test("does not end the process when what is left of it is collected", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const uncaught: unknown[] = [];
    const listen = (error: unknown): void => void uncaught.push(error);
    process.on("uncaughtException", listen);
    onTestFinished(() => void process.off("uncaughtException", listen));
    await using frail = await TreeSitterParser.open({ parseTimeoutMs: 30_000 });
    expect(String(await caught(frail.parseOnly("java", DEADLY)))).toContain("crashed");
    for (let round = 0; round < 3; round += 1) {
      collect();
      await setTimeout(20);
    }
    expect(uncaught).toEqual([]);
  }, 60_000);
});

test("1,000 parses do not grow memory", async () => {
  const text = "export function f(a, b) {\n  return [a, b, { c: a + b }].map((d) => d);\n}\n".repeat(40);
  const parse = async (times: number): Promise<number> => {
    for (let count = 0; count < times; count += 1) await parser.facts("javascript", text);
    globalThis.gc?.();
    return process.memoryUsage().rss;
  };
  // The heap of JavaScript takes its time until it is as large as it will be.
  const before = await parse(1_000);
  const after = await parse(1_000);
  // Each tree takes over 150 KB in WebAssembly: keeping them would add 150 MB.
  expect((after - before) / 2 ** 20).toBeLessThan(80);
}, 60_000);
