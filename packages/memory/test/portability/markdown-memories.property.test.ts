import fc from "fast-check";
import { expect, test } from "vitest";
import { markdownMemories } from "../../src/index.js";

/** Blocks are drawn with `#` for each word; each then becomes one that stands nowhere else. */
const inline = fc.constantFrom(
  "#",
  "**#**",
  "_# #_",
  "`#`",
  "[#](#.md)",
  "![#](x)",
  "#, #",
  "~~#~~",
  "\\*#",
  "&amp; #",
);
const line = fc.array(inline, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(" "));
const paragraph = fc.array(line, { minLength: 1, maxLength: 3 }).map((lines) => lines.join("\n"));
const fence = line.map((text) => `\`\`\`sh\n${text}\n\n${text}\n\`\`\``);
const items = fc
  .array(fc.tuple(line, fc.nat(3), fc.constantFrom("-", "*", "1.")), { minLength: 1, maxLength: 6 })
  .map((list) => list.map(([text, depth, marker]) => `${"   ".repeat(depth)}${marker} ${text}`).join("\n"));
const table = fc
  .array(fc.tuple(inline, inline), { minLength: 1, maxLength: 3 })
  .map((rows) => `| a | b |\n| --- | --- |\n${rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}`);
const quote = fc.oneof(paragraph, items).map((text) =>
  text
    .split("\n")
    .map((each) => `> ${each}`)
    .join("\n"),
);
const introduced = fc
  .tuple(line, fc.oneof(items, table, fence))
  .map(([text, after]) => `${text}:\n\n${after}`);
const block = fc.oneof(paragraph, fence, items, table, quote, introduced);
const markdown = fc
  .tuple(
    fc.array(
      fc.tuple(block, fc.option(fc.constantFrom("# T", "## U", "### V")), fc.constantFrom("\n\n", "\n\n\n")),
      {
        minLength: 1,
        maxLength: 8,
      },
    ),
    fc.constantFrom("\n", "\r\n"),
    fc.boolean(),
  )
  .map(([blocks, end, front]) => {
    let word = 0;
    const body = blocks
      .map(([text, heading, gap]) => {
        const said = text.replaceAll("#", () => `w${++word}w`);
        return `${heading === null ? "" : `${heading}\n\n`}${said}${gap}`;
      })
      .join("");
    return `${front ? "---\ntags: x\n---\n" : ""}${body}`.replaceAll("\n", end);
  });

const wordsOf = (text: string): readonly string[] => text.match(/w\d+w/g) ?? [];

test("the lines of a source hold the words of its memory, and every word is in a memory", () => {
  fc.assert(
    fc.property(markdown, (text) => {
      const lines = text.split(/\r?\n/);
      const memories = markdownMemories(text, { path: "a.md" });
      for (const { content, source } of memories) {
        const [first, last] = source.lines;
        expect(first).toBeGreaterThan(0);
        expect(last).toBeGreaterThanOrEqual(first);
        const there = new Set(wordsOf(lines.slice(first - 1, last).join("\n")));
        // The first line is the context when there is one; its words stand above.
        const context = content.slice(0, content.indexOf("\n") + 1);
        const above = new Set([...there, ...wordsOf(lines.slice(0, last).join("\n"))]);
        for (const word of wordsOf(content.slice(context.length))) expect(there.has(word), word).toBe(true);
        for (const word of wordsOf(context)) expect(above.has(word), word).toBe(true);
        expect(wordsOf(content).length).toBeGreaterThan(0);
      }
      const told = new Set(memories.flatMap(({ content }) => wordsOf(content)));
      for (const word of wordsOf(text)) expect(told.has(word), word).toBe(true);
    }),
    { numRuns: 500, seed: 20260302 },
  );
});

test("whatever the text, reading it ends, and gives valid memories in its order", () => {
  const piece = fc.constantFrom(
    ..."#>-*_`[]()|!<&@:\\~=+1. \t\n\n\r".split(""),
    "a",
    "---\n",
    "<!--",
    "-->",
    "```",
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 120 }).map((parts) => parts.join("")),
      (text) => {
        const lines = text.split(/\r\n|\n|\r/).length;
        for (const { content, source } of markdownMemories(text, { path: "a.md", maxCharacters: 200 })) {
          expect(content.trim()).not.toBe("");
          const [first, last] = source.lines;
          expect(first).toBeGreaterThanOrEqual(1);
          expect(last).toBeGreaterThanOrEqual(first);
          expect(last).toBeLessThanOrEqual(lines);
        }
      },
    ),
    { numRuns: 2_000, seed: 20260302 },
  );
});
