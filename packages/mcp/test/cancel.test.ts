import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { call, connect, projectWith, SHOP } from "./client.js";

/** Processes below one, by /proc. */
function below(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // It has ended meanwhile.
    }
  }
  const found = new Set([pid]);
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (const [child, parent] of parents) if (found.has(parent)) found.add(child);
  }
  found.delete(pid);
  return [...found];
}

/** Whether a process runs for work, and is none that waits ahead. */
function spins(pid: number): boolean {
  const ticks = () => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      return stat
        .slice(stat.lastIndexOf(")") + 2)
        .split(" ")
        .slice(11, 13)
        .map(Number)
        .reduce((a, b) => a + b, 0);
    } catch {
      return 0;
    }
  };
  const before = ticks();
  const until = performance.now() + 300;
  while (performance.now() < until);
  return ticks() - before > 10;
}

test.skipIf(process.platform !== "linux")(
  "a cancelled verdict leaves nothing running, and the next call works",
  async () => {
    const endless = 'import { test } from "node:test";\ntest("never ends", () => { for (;;); });\n';
    const root = await projectWith({ ...SHOP, "test/endless.test.js": endless });
    const { client, pid } = await connect(root);
    const controller = new AbortController();
    const verdict = call(
      client,
      "verify",
      { tests: ["test/endless.test.js"] },
      { signal: controller.signal },
    );
    verdict.catch(() => {});
    let spinning: number[] = [];
    for (let tries = 0; tries < 100 && spinning.length === 0; tries += 1) {
      await delay(100);
      spinning = below(pid).filter(spins);
    }
    expect(spinning.length).toBeGreaterThan(0);
    controller.abort();
    await expect(verdict).rejects.toThrow();
    await expect.poll(() => below(pid).filter(spins), { timeout: 10_000 }).toEqual([]);
    expect((await call(client, "verify", { tests: ["test/price.test.js"] })).data).toMatchObject({
      passing: 1,
    });
  },
);

test.skipIf(process.platform !== "linux")("a client that goes takes its server along", async () => {
  const { client, pid } = await connect(await projectWith(SHOP));
  await call(client, "search_code", { query: "total" });
  expect(() => process.kill(pid, 0)).not.toThrow();
  await client.close();
  await expect.poll(() => below(process.pid).includes(pid), { timeout: 10_000 }).toBe(false);
});
