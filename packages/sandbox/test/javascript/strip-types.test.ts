import { describe, expect, test } from "vitest";
import { stripTypes } from "../../src/javascript/strip-types.js";

function code(source: string): string {
  const result = stripTypes(source, "a.ts");
  if (!result.ok) throw new Error(result.message);
  return result.code;
}

describe("stripTypes", () => {
  test("types become blanks, so that lines and columns stay", () => {
    const source =
      "interface A { b: string }\nexport function f<T>(x: T, y?: number): T {\n  return x as T;\n}\n";
    const stripped = code(source);
    expect(stripped.length).toBe(source.length);
    expect(stripped.split("\n").map((line) => line.length)).toEqual(
      source.split("\n").map((line) => line.length),
    );
    expect(stripped.indexOf("return")).toBe(source.indexOf("return"));
    expect(stripped).not.toContain("interface");
  });

  test("what blanks cannot do is rewritten", () => {
    const stripped = code(
      "enum Colour { Red, Green }\nnamespace Box { export const size = 2 }\nclass P { constructor(private x: number) {} get() { return this.x } }\nglobalThis.out = [Colour.Green, Box.size, new P(5).get()];",
    );
    const scope: { out?: unknown } = {};
    new Function("globalThis", stripped)(scope);
    expect(scope.out).toEqual([1, 2, 5]);
  });

  test("an import of a type alone goes away, values stay", () => {
    expect(code('import { T } from "./t.js";\nexport const a: T = 1;')).not.toContain("./t.js");
    expect(code('import { T, v } from "./t.js";\nexport const a: T = v;')).toMatch(/import \{ v \}/);
    const plain = 'import { v } from "./t.js";\nexport const a: number = v;';
    expect(code(plain).length).toBe(plain.length);
  });

  test("what does not parse is said with its line", () => {
    expect(stripTypes("const a = 1;\nconst b: = 2;\n", "b.ts")).toMatchObject({ ok: false, line: 2 });
    expect(stripTypes("enum A { B }\nlet x = ;", "c.ts")).toMatchObject({ ok: false });
  });

  test("an empty file and plain JavaScript pass through", () => {
    expect(code("")).toBe("");
    expect(code("const { a, ...b } = c ?? {};")).toBe("const { a, ...b } = c ?? {};");
  });
});
