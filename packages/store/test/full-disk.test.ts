import { randomBytes } from "node:crypto";
import { cp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isAgentOSError } from "@agentos/core";
import { describe, expect, test, vi } from "vitest";
import { Store } from "../src/index.js";
import { temporaryFolder } from "./folder.js";
import { canMount, smallDisk } from "./small-disk.js";

const MIB = 2 ** 20;

describe.skipIf(!canMount())("on a full disk", () => {
  test.each([
    ["small values, which fill the log", 2_000, false],
    ["small durable values", 2_000, true],
    ["large values, which fill tables and fail compactions", 150_000, false],
  ])(
    "with %s: acknowledged writes stay readable, and writing goes on once there is room",
    async (_name, size, durable) => {
      const disk = await smallDisk(14);
      const ballast = join(disk, "ballast");
      await writeFile(ballast, Buffer.alloc(6 * MIB, "x"));
      const dir = join(disk, "store");
      let store = await Store.open({ dir });
      const written = new Map<string, string>();
      const fill = async (): Promise<void> => {
        for (let n = written.size; ; n++) {
          const value = randomBytes(size / 2).toString("hex");
          try {
            await store.write([store.collection("items").put(`k${n}`, value)], { durable });
          } catch (error) {
            expect(isAgentOSError(error, "STORE_FULL"), String(error)).toBe(true);
            return;
          }
          written.set(`k${n}`, value);
        }
      };
      const expectAll = async (from: Store): Promise<void> => {
        for (const [key, value] of written) expect(await from.collection("items").get(key)).toBe(value);
        let entries = 0;
        for await (const _entry of from.collection("items").entries()) entries += 1;
        expect(entries).toBeGreaterThanOrEqual(written.size);
      };

      await fill();
      expect(written.size).toBeGreaterThan(10);
      await expectAll(store);
      // LevelDB is opened anew for it, and may find room in what it no longer needs.
      const refused = await store
        .write([store.collection("items").put("more", "x")])
        .catch((error: unknown) => error);
      if (typeof refused === "number") written.set("more", "x");
      else expect(isAgentOSError(refused, "STORE_FULL"), String(refused)).toBe(true);
      await expectAll(store);

      // What a process that is killed now would leave behind.
      const elsewhere = await temporaryFolder();
      await cp(dir, elsewhere, { recursive: true });
      const survivor = await Store.open({ dir: elsewhere });
      await expectAll(survivor);
      await survivor.close();

      const walk = store.collection<string>("items").entries()[Symbol.asyncIterator]();
      await walk.next();
      await rm(ballast);
      // A compaction that LevelDB takes up again can hold the new room for a moment.
      const sequence = await vi.waitFor(
        () => store.write([store.collection("items").put("after", "there is room")], { durable }),
        { timeout: 10_000, interval: 100 },
      );
      expect(store.sequence).toBe(sequence);
      let walked = 1;
      while (!(await walk.next()).done) walked += 1;
      expect(walked).toBeGreaterThanOrEqual(written.size);
      await expectAll(store);
      await fill();
      await expectAll(store);
      await store.close();

      // LevelDB may find room in what it no longer needs; then the store opens and holds everything.
      const opened = await fillUpAndOpen(disk, dir).catch((error: unknown) => error);
      if (opened instanceof Store) {
        await expectAll(opened);
        await opened.close();
      } else {
        expect(isAgentOSError(opened, "STORE_FULL"), String(opened)).toBe(true);
      }
      await rm(join(disk, "rest"));
      const other = await temporaryFolder();
      await cp(dir, other, { recursive: true });
      store = await Store.open({ dir: other });
      await expectAll(store);
      expect(await store.collection("items").get("after")).toBe("there is room");
      await store.close();
    },
    60_000,
  );

  test("a new store is refused and nothing is left half made", async () => {
    const disk = await smallDisk(2);
    const dir = join(disk, "store");
    await expect(fillUpAndOpen(disk, dir)).rejects.toMatchObject({ code: "STORE_FULL" });
    await rm(join(disk, "rest"));
    const store = await Store.open({ dir });
    await store.write([store.collection("a").put("b", 1)], { durable: true });
    await store.close();
  });
});

async function fillUpAndOpen(disk: string, dir: string): Promise<Store> {
  await writeFile(join(disk, "rest"), Buffer.alloc(32 * MIB)).catch(() => {});
  return Store.open({ dir });
}
