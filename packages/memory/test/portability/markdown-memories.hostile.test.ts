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
    ["dots behind an @", `@${".".repeat(KB100)}x`],
    ["a long heading over many items", `# ${"h".repeat(KB100)}\n\n${"- a\n".repeat(10_000)}`],
    ["a long sentence over many items", `${"s ".repeat(KB100)}:\n\n${"- a\n".repeat(10_000)}`],
    ["a long item over many items", `- ${"s ".repeat(KB100)}:\n${"  - a\n".repeat(10_000)}`],
    ["a long head over many rows", `|${"h".repeat(KB100)}|\n|-|\n${"|x|\n".repeat(10_000)}`],
    ["dashes", "---\n".repeat(KB100 / 4)],
    ["YAML in YAML", `---\ntags: ${"[".repeat(50_000)}\n---\ntext`],
    [
      "aliases of aliases",
      `---\na: &a [x,x,x,x,x,x,x,x,x]\n${[..."bcdefgh"].map((key, at) => `${key}: &${key} [${Array(9).fill(`*${"abcdefg"[at]}`)}]`).join("\n")}\ntags: *h\n---\ntext`,
    ],
  ])(
    "%s take no time that grows by itself",
    (_name, text) => {
      const before = process.cpuUsage();
      read(text);
      const { user, system } = process.cpuUsage(before);
      // Measured at up to half a second of the processor; a parser that squares takes minutes.
      expect((user + system) / 1000).toBeLessThan(10_000);
    },
    60_000,
  );

  test("what stands above many is kept short in each of them", () => {
    const long = "h".repeat(10_000);
    const texts = [`# ${long}\n\n- a`, `${long}:\n\n- a`, `- ${long}:\n  - a`, `|${long}|\n|-|\n|a|`];
    for (const text of texts) expect(read(text).at(-1)?.content.length).toBeLessThan(200);
  });

  test("five megabytes are refused, and read when that is asked for", () => {
    const text = "- a rule with `code` and [a link](http://x.example)\n".repeat(100_000);
    expect(() => read(text)).toThrow(/raise maxBytes/);
    const memories = read(text, { maxBytes: 6_000_000 });
    expect(memories).toHaveLength(100_000);
    expect(memories.at(-1)?.source).toEqual({ path: "x.md", lines: [100_000, 100_000] });
  }, 60_000);

  test("half characters, NUL and names of prototypes are text like any other", () => {
    const text =
      "---\n__proto__: x\nconstructor: y\n---\n# __proto__\n\n\uD800 half\0nul\n\n[constructor]: /x\n";
    const [memory] = read(text);
    expect(memory?.content).toContain("half");
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });
});
