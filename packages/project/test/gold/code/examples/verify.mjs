// Shows how one candidate is judged, test by test, and what was enforced while it ran.
// Usage: node verify.mjs
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AgentOS } from "@agentos/sdk";

const tests = `import test from "node:test";
import assert from "node:assert/strict";
import { slug } from "./solution.js";
test("lower case", () => assert.equal(slug("Hello"), "hello"));
test("dashes", () => assert.equal(slug("a  b"), "a-b"));`;
const task = {
  id: "slug",
  prompt: "Export slug(text), which makes a title fit for a URL.",
  language: "javascript",
  tests: { visible: [{ path: "slug.test.js", content: tests }] },
};
const candidate = {
  id: "first",
  files: { "solution.js": 'export const slug = (text) => text.toLowerCase().replace(" ", "-");\n' },
};

const dir = await mkdtemp(join(tmpdir(), "agentos-"));
const os = await AgentOS.open({ dir });
try {
  const verdict = await os.verify(task, candidate);
  console.log(`${verdict.passed ? "passed" : "failed"}: ${verdict.reason}`);
  for (const { name, status } of verdict.tests) console.log(`  ${status} ${name}`);
  for (const run of verdict.runs) console.log(`  ran on ${run.driver}: ${run.guarantees.join(", ")}`);
} finally {
  await os.close();
  await rm(dir, { recursive: true });
}
