import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { throwIfAborted } from "@agentos/core";
import { AgentOS } from "@agentos/sdk";
import { type Metric, quantile } from "../lib/metrics.js";
import type { PartResult } from "../lib/parts.js";
import { sample, seededRandom } from "../lib/random.js";
import type { McpBench } from "./context.js";
import { smallProject } from "./projects.js";
import { connect, timedCall } from "./server.js";

const STARTS = 20;
const MEMORIES = 10_000;
const RECALLS = 200;
/** Longer than anything waits ahead of its use, in milliseconds. */
const IDLE_MS = 40_000;

/** How soon a server answers, how fast it recalls, and what it takes when nothing is asked. */
export async function speedPart(bench: McpBench): Promise<PartResult> {
  return { metrics: [...(await starts(bench)), ...(await recalls(bench))], notes: [] };
}

async function starts({ folder, signal }: McpBench): Promise<readonly Metric[]> {
  const times: number[] = [];
  for (let round = 0; round < STARTS; round += 1) {
    throwIfAborted(signal);
    const { client, readyMs } = await connect(await smallProject(folder, `start-${round}`));
    times.push(readyMs);
    await client.close();
  }
  return [
    { name: "mcp.initialize_p50_ms", value: quantile(times, 0.5), unit: "ms" },
    { name: "mcp.initialize_p95_ms", value: quantile(times, 0.95), unit: "ms", target: { atMost: 500 } },
  ];
}

const SUBJECTS = [
  "invoice",
  "parser",
  "session",
  "cache",
  "queue",
  "index",
  "token",
  "router",
  "schema",
  "worker",
];
const VERBS = [
  "rounds",
  "retries",
  "drops",
  "sorts",
  "locks",
  "splits",
  "merges",
  "hashes",
  "counts",
  "escapes",
];
const OBJECTS = [
  "amounts",
  "headers",
  "rows",
  "paths",
  "dates",
  "keys",
  "batches",
  "names",
  "errors",
  "bytes",
];

async function recalls({ folder, signal }: McpBench): Promise<readonly Metric[]> {
  const random = seededRandom("agentos-mcp-1");
  const root = await smallProject(folder, "memories");
  const [one] = [(words: readonly string[]) => sample(words, 1, random)[0] ?? ""];
  const agentos = await AgentOS.open({ dir: join(root, ".agentos"), project: root });
  try {
    for (let number = 0; number < MEMORIES; number += 1) {
      throwIfAborted(signal);
      const content = `The ${one(SUBJECTS)} ${number} ${one(VERBS)} ${one(OBJECTS)} before the ${one(SUBJECTS)} ${one(VERBS)} them.`;
      await agentos.memory.remember({ content, scope: agentos.scope });
    }
  } finally {
    await agentos.close();
  }
  const { client, pid } = await connect(root);
  try {
    const query = () => ({ query: `which ${one(SUBJECTS)} ${one(VERBS)} the ${one(OBJECTS)}?` });
    const first = await timedCall(client, "recall", query());
    const times: number[] = [];
    for (let round = 0; round < RECALLS; round += 1) times.push(await timedCall(client, "recall", query()));
    await timedCall(client, "search_code", { query: "part7" });
    await delay(IDLE_MS, undefined, { signal });
    return [
      { name: "mcp.recall_10k_first_ms", value: first, unit: "ms" },
      { name: "mcp.recall_10k_p50_ms", value: quantile(times, 0.5), unit: "ms" },
      { name: "mcp.recall_10k_p95_ms", value: quantile(times, 0.95), unit: "ms", target: { atMost: 50 } },
      { name: "mcp.idle_rss_mb", value: await residentMb(pid), unit: "mb", target: { atMost: 150 } },
    ];
  } finally {
    await client.close();
  }
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1_024;
}
