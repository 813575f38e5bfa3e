import { describe, expect, test } from "vitest";
import { markdownMemories } from "../../src/index.js";

const read = (text: string, options = {}): ReturnType<typeof markdownMemories> =>
  markdownMemories(text, { path: "x.md", ...options });
const KB100 = 100_000;

describe("hostile texts", () => {
  test.each([
    ["lists in lists on one line", `${"- ".repeat(5_000)}deepest`],
    ["quotes in quotes", `${">".repeat(20_000)} deepest`],
    [
      "lists by indentation",
      Array.from({ length: 400 }, (_, n) => `${"  ".repeat(n)}- level${n}`).join("\n"),
    ],
    ["lists and quotes in turn", `${"> - ".repeat(3_000)}deepest`],
  ])("%s: what lies too deep is kept as it stands", (_name, text) => {
    const all = read(text)
      .map(({ content }) => content)
      .join("\n");
    expect(all).toContain(text.includes("deepest") ? "deepest" : "level399");
  });

  test.each([
    ["brackets", "[".repeat(KB100)],
    ["images", "![".repeat(KB100 / 2)],
    ["emphasis", "*a_ ".repeat(KB100 / 4)],
    ["links", "[a](".repeat(KB100 / 4)],
    ["backticks", Array.from({ length: 440 }, (_, n) => "`".repeat(n)).join(" ")],
    ["comments that never close", "a <!-- ".repeat(KB100 / 7)],
    ["tags that never close", `<div>\n${"<".repeat(KB100)}`],
    ["entities", "&a".repeat(KB100 / 2)],
    ["imports", "@a.md ".repeat(KB100 / 6)],
    ["a table of many columns", `${"|a".repeat(20_000)}|\n${"|-".repeat(20_000)}|\n${"|b".repeat(20_000)}|`],
    ["references", `${"[a]\n".repeat(KB100 / 5)}\n[a]: /x`],
    ["dashes", "---\n".repeat(KB100 / 4)],
    ["YAML in YAML", `---\ntags: ${"[".repeat(50_000)}\n---\ntext`],
    [
      "aliases of aliases",
      `---\na: &a [x,x,x,x,x,x,x,x,x]\n${[..."bcdefgh"].map((key, at) => `${key}: &${key} [${Array(9).fill(`*${"abcdefg"[at]}`)}]`).join("\n")}\ntags: *h\n---\ntext`,
    ],
  ])("%s take no time that grows by itself", (_name, text) => {
    const started = performance.now();
    read(text);
    // Measured at up to a third of a second; a parser that squares takes minutes.
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test("five megabytes are refused, and read when that is asked for", () => {
    const text = "- a rule with `code` and [a link](http://x.example)\n".repeat(100_000);
    expect(() => read(text)).toThrow(/raise maxBytes/);
    const memories = read(text, { maxBytes: 6_000_000 });
    expect(memories).toHaveLength(100_000);
    expect(memories.at(-1)?.source).toBe("x.md:100000-100000");
  }, 60_000);

  test("half characters, NUL and names of prototypes are text like any other", () => {
    const text =
      "---\n__proto__: x\nconstructor: y\n---\n# __proto__\n\n\uD800 half\0nul\n\n[constructor]: /x\n";
    const [memory] = read(text);
    expect(memory?.content).toContain("half");
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });
});
