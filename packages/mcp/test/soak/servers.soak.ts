import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { call, connect, projectWith, SHOP, SHOP_PATCH } from "../client.js";
import { atWork } from "../processes.js";

const MINUTES = Number(process.env["AGENTOS_SOAK_MINUTES"] ?? 10);
const SERVERS = 3;
const CLI = fileURLToPath(new URL("../../../cli/dist/bin.js", import.meta.url));
/** A test that takes its time and a whole processor. */
const BUSY = `import { test } from "node:test";
test("spins", () => { const until = Date.now() + 700; while (Date.now() < until); });
`;
const run = promisify(execFile);

test(`${SERVERS} servers and the command work on one project for ${MINUTES} minutes`, {
  timeout: (MINUTES + 3) * 60_000,
}, async () => {
  const root = await projectWith({ ...SHOP, "test/busy.test.js": BUSY });
  const servers = await Promise.all(Array.from({ length: SERVERS }, () => connect(root)));
  const until = Date.now() + MINUTES * 60_000;
  const counts: Record<string, number> = {};
  const did = (what: string): void => {
    counts[what] = (counts[what] ?? 0) + 1;
  };
  const errors: string[] = [];
  const work = async ({ client }: (typeof servers)[number], number: number): Promise<void> => {
    for (let round = 0; Date.now() < until && errors.length === 0; round += 1) {
      const content = `Server ${number} noted fact ${round}: rates of tax are shares.`;
      const input: Record<string, Record<string, unknown>> = {
        remember: { content },
        recall: { query: `fact ${round} noted by server ${number}` },
        search_code: { query: "withTax" },
        symbol: { name: "total" },
        impact: { what: "total" },
        forecast: { patch: SHOP_PATCH, task: `Task ${round % 5}` },
        verify: {
          patch: SHOP_PATCH,
          tests: ["test/price.test.js", "test/busy.test.js"],
          task: `Task ${round % 5}`,
        },
        record_outcome: { patch: SHOP_PATCH, task: `Task ${round % 5}`, passed: true, by: "ci" },
      };
      for (const [name, given] of Object.entries(input)) {
        const { isError, text } = await call(client, name, given, { timeout: 120_000 });
        if (isError) errors.push(`${name}: ${text}`);
        did(name);
      }
    }
  };
  const command = async (): Promise<void> => {
    while (Date.now() < until && errors.length === 0) {
      for (const args of [
        ["recall", "rates of tax"],
        ["search", "withTax"],
        ["verify", "src/price.js", "--tests", "test/busy.test.js"],
      ]) {
        await run(process.execPath, [CLI, ...args, "--project", root], { cwd: root }).catch((error: Error) =>
          errors.push(`agentos ${args[0]}: ${error.message}`),
        );
        did("command");
      }
    }
  };
  let most = 0;
  const watch = async (): Promise<void> => {
    while (Date.now() < until && errors.length === 0) {
      // The servers themselves work, too; sandboxes are below them.
      const pids = servers.map(({ pid }) => pid);
      most = Math.max(most, atWork(pids));
      await delay(50);
    }
  };
  await Promise.all([...servers.map(work), command(), watch()]);
  console.log(`${JSON.stringify(counts)}; at most ${most} sandboxes at work at once`);
  expect(errors).toEqual([]);
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(availableParallelism());
  for (const { errors: told } of servers) expect(told()).toBe("");
  // What waits ahead of its use ends, and so does the memory that it took.
  await delay(40_000);
  for (const { pid } of servers) {
    const resident =
      Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1_024;
    console.log(`server ${pid}: ${resident.toFixed(0)} MiB idle`);
    expect(resident).toBeLessThanOrEqual(150);
  }
});
