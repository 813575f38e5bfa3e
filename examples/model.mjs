// Shows a real model at work on a task, through any OpenAI-compatible endpoint (hosted, Ollama, llama.cpp).
// Usage: node model.mjs http://localhost:11434/v1 MODEL [KEY]
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AgentOS, openAICompatible } from "@agentos/sdk";

const [baseUrl, name, apiKey] = process.argv.slice(2);
if (!baseUrl || !name) {
  console.error("Usage: node model.mjs BASE_URL MODEL [KEY]");
  process.exit(2);
}
const content = `import test from "node:test";
import assert from "node:assert/strict";
import { median } from "./solution.js";
test("odd", () => assert.equal(median([3, 1, 2]), 2));
test("even", () => assert.equal(median([4, 1, 3, 2]), 2.5));`;
const task = {
  id: "median",
  prompt: "Export median(numbers). Do not change the array.",
  language: "javascript",
  tests: { visible: [{ path: "median.test.js", content }] },
};

const dir = await mkdtemp(join(tmpdir(), "agentos-"));
const os = await AgentOS.open({ dir });
try {
  const model = openAICompatible({ baseUrl, model: name, ...(apiKey && { apiKey }) });
  model.events.on("text", ({ text }) => process.stderr.write(text));
  os.events.on("verdict", ({ verdict }) => console.log(`verdict: ${verdict.reason}`));
  const solution = await os.solve(task, model.propose(task), { budget: { tries: 3 } });
  console.log(`${solution.status} after ${solution.spent.tries} tries, ${solution.spent.tokens} tokens`);
} finally {
  await os.close();
  await rm(dir, { recursive: true });
}
