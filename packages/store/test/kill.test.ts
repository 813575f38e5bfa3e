import { expect, test } from "vitest";
import { Store } from "../src/index.js";
import { killChild, startChild } from "./children.js";
import { temporaryFolder } from "./folder.js";

test("every batch that was acknowledged survives SIGKILL, and none is there in part", async () => {
  const dir = await temporaryFolder();
  for (let round = 0; round < 8; round++) {
    const acknowledged = await writeAndKill(dir, 30 + 40 * round);
    const store = await Store.open({ dir });
    try {
      expect(store.sequence).toBeGreaterThanOrEqual(acknowledged);
      const items = store.collection<{ batch: number }>("items");
      let entries = 0;
      for await (const [key, { batch }] of items.entries()) {
        expect(key.startsWith(`${batch}/`)).toBe(true);
        entries += 1;
      }
      let wanted = 0;
      for (let batch = 1; batch <= store.sequence; batch++) wanted += 1 + (batch % 7);
      expect(entries).toBe(wanted);
    } finally {
      await store.close();
    }
  }
}, 60_000);

test("another process is told which one holds the store, and gets it when that one was killed", async () => {
  const dir = await temporaryFolder();
  const { child, says } = startChild("writer.mjs", [dir]);
  try {
    await says("ready");
    await expect(Store.open({ dir })).rejects.toMatchObject({
      code: "STORE_LOCKED",
      message: expect.stringContaining(`pid ${child.pid}`),
      details: { pid: child.pid },
    });
  } finally {
    await killChild(child);
  }
  const store = await Store.open({ dir });
  await store.close();
});

/** Lets the child write for a while once it is ready; resolves to the last batch that it saw acknowledged. */
async function writeAndKill(dir: string, ms: number): Promise<number> {
  const { child, says, output } = startChild("writer.mjs", [dir]);
  await says("ready");
  await new Promise((resolve) => setTimeout(resolve, ms));
  await killChild(child);
  // The last line may be cut in half by the kill.
  const lines = output().split("\n").slice(0, -1);
  return Math.max(0, ...lines.map(Number).filter(Number.isInteger));
}
