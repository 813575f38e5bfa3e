import { randomBytes } from "node:crypto";
import { cp, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { readTable } from "../src/drivers/level-table.js";
import { Store } from "../src/index.js";
import { startChild } from "./children.js";
import { temporaryFolder } from "./folder.js";
import { seeded } from "./random.js";

test("no byte of what was deleted or overwritten is left in the folder, in keys and values alike", async () => {
  const random = seeded(1);
  for (let round = 0; round < 4; round++) {
    const dir = await temporaryFolder();
    let store = await Store.open({ dir });
    const markers: { readonly text: string; readonly kept: boolean }[] = [];
    const marker = (kept: boolean): string => {
      const text = `mark${randomBytes(9).toString("hex")}`;
      markers.push({ text, kept });
      return text;
    };
    const filling = (bytes: number): string => randomBytes(bytes).toString("base64");
    for (let step = 0; step < 60; step++) {
      const items = store.collection<unknown>(`items ${step % 3}`);
      const key = `key ${random(1_000)}`;
      const [overwritten, kept, gone, goneKey, goneName] = [
        marker(false),
        marker(true),
        marker(false),
        marker(false),
        marker(false),
      ];
      const named = store.collection<unknown>(`collection ${goneName}`);
      await store.write([
        items.put(`overwritten ${step}`, `${filling(random(30_000))} ${overwritten}`),
        items.put(`gone ${step}`, gone),
        named.put(`gone ${goneKey}`, 1),
        items.put(key, filling(random(60_000))),
      ]);
      // Some in the same table, some far apart, some in another opening, some when all lies in lower levels.
      if (step % 7 === 3) {
        await store.close();
        store = await Store.open({ dir });
      }
      if (step === 30) await store.compact();
      const again = store.collection<unknown>(`items ${step % 3}`);
      await store.write(
        [
          again.put(`overwritten ${step}`, kept),
          again.delete(`gone ${step}`),
          store.collection(`collection ${goneName}`).delete(`gone ${goneKey}`),
        ],
        { durable: step % 5 === 0 },
      );
      if (step % 20 === 10) {
        const parts = new Map([["part", Buffer.from(`${gone} ${goneKey}`)]]);
        await store.snapshot("index").write(store.sequence, parts);
      }
    }
    const found = await bytesBelow(dir);
    // Otherwise the scan would prove nothing.
    expect(markers.filter(({ text, kept }) => !kept && found.includes(text)).length).toBeGreaterThan(30);

    // A walk that is open holds what it sees, and LevelDB holds it too until the walk is over.
    const walk = store.collection("items 0").entries()[Symbol.asyncIterator]();
    await walk.next();
    const { sequence } = store;
    await store.compact();
    const after = await bytesBelow(dir);
    for (const { text, kept } of markers) {
      expect(after.includes(text), `${text} ${kept ? "is gone" : "is still there"}`).toBe(kept);
    }
    expect(store.sequence).toBe(sequence);
    let walked = 1;
    while (!(await walk.next()).done) walked += 1;
    expect(walked).toBeGreaterThan(20);
    await store.write([store.collection("items 0").put("after", 1)]);
    await store.close();
    const files = await readdir(dir);
    expect(files.filter((name) => name.startsWith("level"))).toHaveLength(1);
    expect(await Store.check({ dir })).toMatchObject({ sequence: sequence + 1, findings: [] });
    store = await Store.open({ dir });
    for (let step = 0; step < 60; step++) {
      const items = store.collection<string>(`items ${step % 3}`);
      expect(await items.get(`overwritten ${step}`)).toBe(markers[step * 5 + 1]?.text);
      expect(await items.get(`gone ${step}`)).toBeUndefined();
    }
    await store.close();
  }
}, 120_000);

test("what is written and read meanwhile is as if there were no compaction", async () => {
  const dir = await temporaryFolder();
  let store = await Store.open({ dir });
  const items = store.collection<string>("items");
  const model = new Map<string, string>();
  /** Every value that a key ever had, and how many of them are certainly written. */
  const values = new Map<string, { readonly all: (string | undefined)[]; written: number }>();
  const valuesOf = (key: string): { readonly all: (string | undefined)[]; written: number } => {
    const known = values.get(key) ?? { all: [undefined], written: 1 };
    values.set(key, known);
    return known;
  };
  const random = seeded(9);
  const change = async (): Promise<void> => {
    const key = `${random(2_000)}`;
    const value = random(4) === 0 ? undefined : `${random(1e9)} ${"v".repeat(random(2_000))}`;
    if (value === undefined) model.delete(key);
    else model.set(key, value);
    const known = valuesOf(key);
    const count = known.all.push(value);
    await store.write([value === undefined ? items.delete(key) : items.put(key, value)]);
    known.written = count;
  };
  for (let n = 0; n < 4_000; n++) await change();
  for (let round = 0; round < 4; round++) {
    let busy = true;
    let [changes, reads] = [0, 0];
    const writing = (async () => {
      for (; busy; changes++) await change();
    })();
    const reading = (async () => {
      for (; busy; reads++) {
        const key = `${random(2_000)}`;
        const known = valuesOf(key);
        const from = known.written - 1;
        const read = await items.get(key);
        expect(known.all.slice(from)).toContain(read);
      }
    })();
    await store.compact();
    busy = false;
    await Promise.all([writing, reading]);
    expect(changes).toBeGreaterThan(10);
    expect(reads).toBeGreaterThan(10);
  }
  const { sequence } = store;
  for (let opening = 0; opening < 2; opening++) {
    const found = new Map<string, string>();
    for await (const [key, value] of store.collection<string>("items").entries()) found.set(key, value);
    expect(found).toEqual(new Map([...model].sort(([a], [b]) => (a < b ? -1 : 1))));
    await store.close();
    store = await Store.open({ dir });
    expect(store.sequence).toBe(sequence);
  }
  await store.close();
}, 60_000);

test("snapshots of an earlier sequence go, those of this one stay, and late ones are not kept", async () => {
  const store = await Store.open({ dir: await temporaryFolder() });
  await store.write([store.collection("a").put("b", 1)]);
  await store.snapshot("old").write(1, new Map());
  await store.write([store.collection("a").put("c", 1)]);
  await store.snapshot("new").write(2, new Map());
  const late = store.snapshot("late").write(1, new Map([["large", new Uint8Array(64 * 2 ** 20)]]));
  await store.compact();
  await late;
  await store.snapshot("later").write(1, new Map());
  expect(await readdir(join(store.dir, "snapshots"))).toEqual(["new.snapshot"]);
  expect((await store.snapshot("new").read())?.sequence).toBe(2);
  expect(await store.changes(2, ["a"])).toEqual([]);
  expect(await store.changes(1, ["a"])).toBeUndefined();
  await store.close();
});

test("one that is given up changes nothing", async () => {
  const dir = await temporaryFolder();
  const store = await Store.open({ dir });
  await store.write([store.collection("a").put("b", 1)]);
  await expect(store.compact({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "ABORTED" });
  expect((await readdir(dir)).filter((name) => name.startsWith("level"))).toEqual(["level"]);
  await store.write([store.collection("a").put("c", 1)]);
  expect(await store.changes(0, ["a"])).toHaveLength(2);
  await store.close();
  await expect(store.compact()).rejects.toMatchObject({ code: "CLOSED" });
});

test("no other process gets the store while its databases change places", async () => {
  const dir = await temporaryFolder();
  const store = await Store.open({ dir });
  const items = store.collection<number>("items");
  for (let n = 0; n < 200; n++) await store.write([items.put(`${n}`, n)]);
  let compactions = 0;
  const tries: string[] = [];
  const others = Array.from({ length: 2 }, async () => {
    const { child, output } = startChild("opener.mjs", [dir, "150"]);
    await new Promise((resolve) => child.once("close", resolve));
    tries.push(...output().trim().split("\n"));
  });
  const done = Promise.all(others).then(() => true);
  while (!(await Promise.race([done, pause(1, false)]))) {
    await store.compact();
    compactions += 1;
    await store.write([items.put("compactions", compactions)]);
  }
  expect(tries).toHaveLength(300);
  expect(new Set(tries)).toEqual(new Set(["STORE_LOCKED"]));
  expect(compactions).toBeGreaterThan(2);
  await store.close();
  const again = await Store.open({ dir });
  expect(again.sequence).toBe(200 + compactions);
  expect(await again.collection("items").get("compactions")).toBe(compactions);
  await again.close();
}, 60_000);

test("whatever a crash leaves of the old and of the new database opens as one of the two", async () => {
  const dir = await temporaryFolder();
  const store = await Store.open({ dir });
  await store.write([store.collection("a").put("b", "first")], { durable: true });
  const old = await temporaryFolder();
  await cp(join(dir, "level"), join(old, "level"), { recursive: true });
  await store.compact();
  await store.write([store.collection("a").put("b", "second")], { durable: true });
  await store.close();
  // The old one is still there; an unfinished one lies beside it.
  await cp(join(old, "level"), join(dir, "level"), { recursive: true });
  await cp(join(old, "level"), join(dir, "level-building"), { recursive: true });
  const again = await Store.open({ dir });
  expect(await again.collection("a").get("b")).toBe("second");
  expect((await readdir(dir)).filter((name) => name.startsWith("level"))).toEqual(["level-1"]);
  await again.close();
  // The new one had not yet got its name.
  await cp(join(dir, "level-1"), join(old, "level-building"), { recursive: true });
  await rm(join(old, "level-building", "CURRENT"));
  const before = await Store.open({ dir: old });
  expect(await before.collection("a").get("b")).toBe("first");
  expect((await readdir(old)).filter((name) => name.startsWith("level"))).toEqual(["level"]);
  await before.close();
});

/** All bytes of all files as they lie there, and what LevelDB's tables, which it packs, unpack to. */
async function bytesBelow(dir: string): Promise<string> {
  const texts: string[] = [];
  for (const { parentPath, name } of await readdir(dir, { recursive: true, withFileTypes: true })) {
    const path = join(parentPath, name);
    // Never LOCK: to close it would release the lock of the store that is open.
    if (name === "LOCK" || !(await stat(path)).isFile()) continue;
    const bytes = await readFile(path);
    texts.push(name, bytes.toString("latin1"));
    if (!name.endsWith(".ldb")) continue;
    const entries = readTable(bytes, ({ what }) => expect.fail(what));
    for (const entry of entries) texts.push(...entry.map((part) => Buffer.from(part).toString("latin1")));
  }
  return texts.join("\n");
}
