import { readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Store } from "../src/index.js";
import { canMount, smallDisk } from "./small-disk.js";

const MIB = 2 ** 20;

describe.skipIf(!canMount())("on a full disk", () => {
  test("a snapshot is refused, the one before stays, and there is one once there is room", async () => {
    const disk = await smallDisk(16);
    const store = await Store.open({ dir: join(disk, "store") });
    await store.write([store.collection("a").put("b", 1)], { durable: true });
    const snapshot = store.snapshot("index");
    await snapshot.write(1, new Map([["part", new Uint8Array(2 * MIB).fill(1)]]));
    const large = new Map([["part", new Uint8Array(32 * MIB).fill(2)]]);
    await expect(snapshot.write(1, large)).rejects.toMatchObject({ code: "STORE_FULL" });
    expect((await snapshot.read())?.parts.get("part")?.[0]).toBe(1);
    expect(await readdir(join(store.dir, "snapshots"))).toEqual(["index.snapshot"]);
    // What was written in part does not take the room of records.
    await store.write([store.collection("a").put("c", "x".repeat(3 * MIB))], { durable: true });
    await snapshot.write(1, new Map([["part", new Uint8Array(2 * MIB).fill(3)]]));
    expect((await snapshot.read())?.parts.get("part")?.[0]).toBe(3);
    await store.close();
    expect((await Store.check({ dir: join(disk, "store") })).findings).toEqual([]);
  });

  test("a compaction and a backup are refused, nothing is lost or left over, and both go through with room", async () => {
    const disk = await smallDisk(24);
    const dir = join(disk, "store");
    const ballast = join(disk, "ballast");
    const store = await Store.open({ dir });
    const items = store.collection<string>("items");
    for (let n = 0; n < 60; n++)
      await store.write([items.put(`${n}`, `${n} ${noise(100_000)}`)], { durable: true });
    const room = 3 * MIB;
    await writeFile(ballast, Buffer.alloc(24 * MIB - (await used(disk)) - room));
    await expect(store.compact()).rejects.toMatchObject({ code: "STORE_FULL" });
    await expect(store.backup({ dir: join(disk, "copy") })).rejects.toMatchObject({ code: "STORE_FULL" });
    expect((await readdir(disk)).sort()).toEqual(["ballast", "store"]);
    expect((await readdir(dir)).filter((name) => name.startsWith("level"))).toEqual(["level"]);
    const expectAll = async (from: Store): Promise<void> => {
      for (let n = 0; n < 60; n++)
        expect((await from.collection<string>("items").get(`${n}`))?.startsWith(`${n} `)).toBe(true);
    };
    await expectAll(store);
    await store.write([items.put("after", "x")], { durable: true });
    await rm(ballast);
    await store.compact();
    await expectAll(store);
    expect(await items.get("after")).toBe("x");
    await store.backup({ dir: join(disk, "copy") });
    await store.close();
    for (const folder of [dir, join(disk, "copy")])
      expect(await Store.check({ dir: folder })).toMatchObject({ sequence: 61, findings: [] });
    const again = await Store.open({ dir });
    await expectAll(again);
    await again.close();
  });
});

/** Text that cannot be packed. */
function noise(length: number): string {
  return Array.from({ length: length / 10 }, () => Math.random().toString(36).slice(2, 12)).join("");
}

/** Bytes of all files below a folder. */
async function used(dir: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}
