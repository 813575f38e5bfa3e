import fc from "fast-check";
import { expect, test } from "vitest";
import { readMultiPlE } from "../../datasets/index.js";
import { firstCodeBlock } from "../../datasets/multipl-e.js";
import { all, folderWith, lines } from "../fixtures.js";

const RECORD = {
  name: "Own_0_double",
  prompt: "// Twice n.\nfunction double(n){\n",
  tests: "const assert = require('node:assert');\nassert.equal(double(2), 4);",
  gpt_solution:
    "Here it is:\n\n```js\nfunction double(n) {\n  return n * 2;\n}\n```\n\nTry:\n\n```js\ndouble(1);\n```\n",
};

test("the first fenced block is the candidate, the tests are appended", async () => {
  const data = await folderWith({ "multipl-e/humaneval-js.jsonl": lines(RECORD) });
  const [problem] = await all(readMultiPlE("js", { data }));
  expect(problem?.task).toMatchObject({
    id: "Own_0_double.js",
    language: "javascript",
    entryFile: "solution.js",
  });
  expect(problem?.task.tests?.hidden?.[0]).toMatchObject({ mode: "append", content: `\n${RECORD.tests}\n` });
  expect(problem?.published.files).toEqual({ "solution.js": "function double(n) {\n  return n * 2;\n}\n" });
});

test("Go problems are test files, which is what their prompts are", async () => {
  const data = await folderWith({ "multipl-e/humaneval-go.jsonl": lines(RECORD) });
  const [problem] = await all(readMultiPlE("go", { data }));
  expect(problem?.task.entryFile).toBe("solution_test.go");
});

test("a language that is not judged is refused", async () => {
  await expect(all(readMultiPlE("rb" as "js", { data: "x" }))).rejects.toMatchObject({
    code: "OPTIONS_INVALID",
  });
});

test("a fenced block is found whatever its text and whatever surrounds it", () => {
  const prose = fc.string().map((text) => text.replaceAll("`", "'"));
  const code = fc
    .array(prose.map((text) => text.replaceAll("\n", " ")))
    .map((rows) => rows.map((row) => `${row}\n`).join(""));
  fc.assert(
    fc.property(prose, code, prose, fc.boolean(), (before, block, after, closed) => {
      const answer = `${before}\n\`\`\`go\n${block}${closed ? `\`\`\`\n${after}` : ""}`;
      expect(firstCodeBlock(answer)).toBe(block);
    }),
  );
  expect(firstCodeBlock("no fence at all")).toBe("no fence at all");
});
