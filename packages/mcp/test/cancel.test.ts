import { expect, test } from "vitest";
import { call, connect, ENDLESS, projectWith, SHOP } from "./client.js";
import { below, spinning } from "./processes.js";

test.skipIf(process.platform !== "linux")(
  "a cancelled verdict leaves nothing running, and the next call works",
  async () => {
    const root = await projectWith({ ...SHOP, "test/endless.test.js": ENDLESS });
    const { client, pid } = await connect(root);
    const controller = new AbortController();
    const verdict = call(
      client,
      "verify",
      { tests: ["test/endless.test.js"] },
      { signal: controller.signal },
    );
    verdict.catch(() => {});
    await expect.poll(() => spinning(pid).length, { timeout: 10_000 }).toBeGreaterThan(0);
    controller.abort();
    await expect(verdict).rejects.toThrow();
    // A run that nothing ends takes ten seconds.
    await expect.poll(() => spinning(pid), { timeout: 5_000 }).toEqual([]);
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
