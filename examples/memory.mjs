// Shows what an agent remembers between two runs, and how it gets into the brief of a later task.
// Usage: node memory.mjs
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AgentOS } from "@agentos/sdk";

const dir = await mkdtemp(join(tmpdir(), "agentos-"));
try {
  const first = await AgentOS.open({ dir });
  await first.memory.remember({
    content: "Dates in the invoice export are in UTC, never in local time.",
    kind: "lesson",
    scope: { level: "user" },
    tags: ["dates"],
  });
  await first.close();

  const later = await AgentOS.open({ dir });
  const [found] = await later.memory.recall("time zone of invoice dates");
  console.log(`recalled: ${found?.memory.content}`);
  const brief = await later.brief({
    id: "invoice-month",
    prompt: "Group invoices by the month of their dates.",
    language: "python",
  });
  console.log(`brief (${brief.tokens} tokens):\n${brief.text}`);
  await later.close();
} finally {
  await rm(dir, { recursive: true });
}
