import type { Task } from "@agentos/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { extractCode } from "../../src/index.js";

const loose: Task = { id: "t", prompt: "p", language: "typescript" };
const project: Task = { ...loose, project: "/project" };

describe("one file", () => {
  it.each([
    ["marked with the language", "```typescript\nlet a = 1;\n```"],
    ["marked with its short name", "Sure!\n\n```ts\nlet a = 1;\n```\nDone."],
    ["not marked", "```\nlet a = 1;\n```"],
    ["in tildes", "~~~ts\nlet a = 1;\n~~~"],
    ["indented in a list", "1. First\n\n   ```ts\n   let a = 1;\n   ```"],
    ["with Windows line ends", "```ts\r\nlet a = 1;\r\n```\r\n"],
    ["cut off", "```ts\nlet a = 1;"],
    ["after thinking aloud", "<think>\n```ts\nwrong\nwrong\nwrong\n```\n</think>\n```ts\nlet a = 1;\n```"],
    ["beside a shorter example of use", "```ts\nlet a = 1;\n```\nRun it:\n```ts\na;\n```"],
    ["beside another language", "```bash\nnpm install and-so-on\n```\n```ts\nlet a = 1;\n```"],
    ["under its own name", "```ts solution.ts\nlet a = 1;\n```"],
    ["under another name", "```ts main.ts\nlet a = 1;\n```"],
  ])("%s is the entry file", (_name, reply) => {
    expect(extractCode(reply, loose).files).toEqual({ "solution.ts": "let a = 1;\n" });
  });

  it("is the later one of two as long", () => {
    expect(extractCode("```ts\na;\n```\nNo:\n```ts\nb;\n```", loose).files).toEqual({
      "solution.ts": "b;\n",
    });
  });

  it("goes by the task's entry file", () => {
    const named = { ...loose, entryFile: "lib/x.ts" };
    expect(extractCode("```ts\na;\n```", named).files).toEqual({ "lib/x.ts": "a;\n" });
  });

  it("may hold fences inside a longer fence", () => {
    const reply = "````ts\nconst doc = `\n```js\nx\n```\n`;\n````";
    expect(extractCode(reply, loose).files).toEqual({ "solution.ts": "const doc = `\n```js\nx\n```\n`;\n" });
  });

  it("survives any content, whatever the length of its fence", () => {
    const line = fc.stringMatching(/^[ -~]{0,30}$/);
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), (lines) => {
        const content = `x${lines.join("\n")}`;
        fc.pre(!/^\s*(?:\/\/|#|--|\/\*|<!--)/.test(content));
        const longest = Math.max(2, ...(content.match(/[`]+/g) ?? []).map((run) => run.length));
        const fence = "`".repeat(longest + 1);
        const { files } = extractCode(`Text\n\n${fence}ts\n${content}\n${fence}\nmore`, loose);
        expect(files).toEqual({ "solution.ts": `${content}\n` });
      }),
    );
  });
});

describe("several files", () => {
  it.each([
    ["after the language", "```ts src/a.ts\na\n```\n```ts src/b.ts\nb\n```"],
    ["joined to the language", "```ts:src/a.ts\na\n```\n```ts:src/b.ts\nb\n```"],
    ["as an attribute", '```ts title="src/a.ts"\na\n```\n```ts path=src/b.ts\nb\n```'],
    ["instead of the language", "```src/a.ts\na\n```\n```./src/b.ts\nb\n```"],
    ["in headings", "### src/a.ts\n\n```ts\na\n```\n**`src/b.ts`**:\n```ts\nb\n```"],
    ["in headings of another form", "`src/a.ts`:\n\n```ts\na\n```\n\n## File: src/b.ts\n```ts\nb\n```"],
  ])("are told apart by paths %s", (_name, reply) => {
    expect(extractCode(reply, project).files).toEqual({ "src/a.ts": "a\n", "src/b.ts": "b\n" });
  });

  it("are told apart by comments on their first lines, which stay", () => {
    const reply = "```ts\n// src/a.ts\na\n```\n```py\n# path: tool/b.py\nb\n```";
    expect(extractCode(reply, project).files).toEqual({
      "src/a.ts": "// src/a.ts\na\n",
      "tool/b.py": "# path: tool/b.py\nb\n",
    });
  });

  it("an ordinary comment or sentence is no path", () => {
    expect(
      extractCode("Use it like e.g. this.\n```ts\n// adds numbers, e.g. 1.5\na\n```", loose).files,
    ).toEqual({
      "solution.ts": "// adds numbers, e.g. 1.5\na\n",
    });
  });

  it("beside an unnamed entry file are kept", () => {
    expect(extractCode("```ts\nmain\n```\n```ts util.ts\nu\n```", loose).files).toEqual({
      "solution.ts": "main\n",
      "util.ts": "u\n",
    });
  });
});

describe("nothing usable", () => {
  it.each([
    ["", loose, "empty"],
    ["I would rather not.", loose, "no fenced code block"],
    ["```ts\n\n```", loose, "no fenced code block"],
    ["<think>```ts\na\n```", loose, "no fenced code block"],
    ["```python\nprint(1)\n```", loose, "no code block was in typescript"],
    ["```ts\na\n```", project, "which file of the project"],
    ["```ts ../../etc/passwd.txt\na\n```", project, "not a path inside the workspace"],
    ["```ts /etc/cron.d/x.conf\na\n```", project, "not a path inside the workspace"],
    ["```ts C:\\temp\\x.ts\na\n```", project, "not a path inside the workspace"],
  ])("%j says why", (reply, task, reason) => {
    expect(extractCode(reply, task)).toMatchObject({ reason: expect.stringContaining(reason) });
  });

  it("a path outside never comes through, whatever its form", () => {
    const part = fc.constantFrom("..", ".", "a", "b.ts", "", "C:", "~");
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 5 }),
        fc.constantFrom("/", "\\"),
        (parts, slash) => {
          const { files } = extractCode(`\`\`\`ts ${parts.join(slash)}/x.ts\ncode\n\`\`\``, project);
          for (const path of Object.keys(files ?? {})) {
            expect(path).not.toMatch(/^\/|\\|^[A-Z]:/);
            expect(path.split("/")).not.toContain("..");
          }
        },
      ),
    );
  });

  it("is quick on a reply made to be slow", () => {
    const started = performance.now();
    for (const evil of [
      "`".repeat(50_000),
      "a/".repeat(50_000),
      `# ${" ".repeat(50_000)}x`,
      "**a".repeat(20_000),
    ]) {
      extractCode(`${evil}\n\`\`\`ts ${evil}\n// ${evil}\n\`\`\``, loose);
    }
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
