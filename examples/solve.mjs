// Shows a whole solve: an agent proposes two candidates, AgentOS forecasts them, runs them in a sandbox and learns.
// Usage: node solve.mjs
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AgentOS } from "@agentos/sdk";

const testing = (check) => `import test from "node:test";
import assert from "node:assert/strict";
import { clamp } from "./solution.js";
test("clamp", () => assert.equal(${check}));`;
const tests = {
  visible: [{ path: "visible.test.js", content: testing("clamp(5, 0, 10), 5") }],
  hidden: [{ path: "hidden.test.js", content: testing("clamp(-5, 0, 10), 0") }],
};
const prompt = "Export clamp(value, low, high), which moves a number into a range.";
const task = { id: "clamp", prompt, language: "javascript", tests };
const candidate = (id, body) => ({
  id,
  files: { "solution.js": `export const clamp = (value, low, high) => ${body};\n` },
  proposer: { agent: "example" },
});

const dir = await mkdtemp(join(tmpdir(), "agentos-"));
const os = await AgentOS.open({ dir });
try {
  // A real agent would write these from the brief, and better ones from the feedback.
  const propose = async (_brief, feedback) =>
    feedback
      ? []
      : [
          candidate("wrong", "Math.min(value, high)"),
          candidate("right", "Math.max(low, Math.min(value, high))"),
        ];
  const solution = await os.solve(task, propose);
  console.log(`${solution.status}: ${solution.winner?.candidate.id} after ${solution.spent.tries} tries`);
} finally {
  await os.close();
  await rm(dir, { recursive: true });
}
