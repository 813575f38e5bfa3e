import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { Store, type StoreProgress } from "../src/index.js";
import { contents } from "./contents.js";
import { temporaryFolder } from "./folder.js";
import { flip, seeded } from "./random.js";

const ACCOUNTS = 200;

test("a backup taken while writes go on is the store as it was at one sequence", async () => {
  const store = await Store.open({ dir: await temporaryFolder() });
  const [accounts, history] = [store.collection<number>("accounts"), store.collection<string>("history")];
  const pad = "x".repeat(2_000);
  await store.write(Array.from({ length: ACCOUNTS }, (_, n) => accounts.put(`${n}`, 100)));
  for (let n = 0; n < 5_000; n++) await store.write([history.put(`old ${n}`, pad)]);
  // Every write moves money, so that any mixture of two moments has another sum or another history.
  const random = seeded(7);
  const balance = Array.from({ length: ACCOUNTS }, () => 100);
  let writing = true;
  const writer = (async () => {
    while (writing) {
      const [from, to, amount] = [random(ACCOUNTS), random(ACCOUNTS), random(50)];
      balance[from] = (balance[from] ?? 0) - amount;
      balance[to] = (balance[to] ?? 0) + amount;
      const sequence = store.sequence + 1;
      const operations = [from, to].map((n) => accounts.put(`${n}`, balance[n] ?? 0));
      expect(
        await store.write([...operations, history.put(`at ${sequence}`, `${from} ${to} ${amount}`)]),
      ).toBe(sequence);
    }
  })();
  const moved = store.sequence;
  const sequences: number[] = [];
  for (let round = 0; round < 3; round++) {
    const dir = join(await temporaryFolder(), "deeper", "copy");
    let told = 0;
    const onProgress = ({ entries }: StoreProgress): void => {
      told = entries;
    };
    const sequence = await store.backup({ dir, onProgress });
    sequences.push(sequence);
    expect(told).toBeGreaterThan(5_000);
    expect(await Store.check({ dir })).toMatchObject({ sequence, findings: [] });
    const copy = await Store.open({ dir });
    expect(copy.sequence).toBe(sequence);
    const expected = Array.from({ length: ACCOUNTS }, () => 100);
    for (let at = moved + 1; at <= sequence; at++) {
      const text = (await copy.collection<string>("history").get(`at ${at}`)) ?? "";
      const [from = 0, to = 0, amount = 0] = text.split(" ").map(Number);
      expected[from] = (expected[from] ?? 0) - amount;
      expected[to] = (expected[to] ?? 0) + amount;
    }
    for (let n = 0; n < ACCOUNTS; n++)
      expect(await copy.collection("accounts").get(`${n}`)).toBe(expected[n]);
    expect(await copy.collection("history").get(`at ${sequence + 1}`)).toBeUndefined();
    // It goes on like any store.
    expect(await copy.write([copy.collection("a").put("b", 1)])).toBe(sequence + 1);
    await copy.close();
  }
  writing = false;
  await writer;
  expect(sequences[2]).toBeGreaterThan(sequences[0] ?? 0);
  await store.close();
}, 60_000);

test("a backup that was given up leaves the folder as it was, and one that was killed is no store", async () => {
  const store = await filled(await temporaryFolder());
  const parent = await temporaryFolder();
  const ended = new AbortController();
  const backup = store.backup({
    dir: join(parent, "new"),
    signal: ended.signal,
    onProgress: () => ended.abort(),
  });
  await expect(backup).rejects.toMatchObject({ code: "ABORTED" });
  expect(await readdir(parent)).toEqual([]);
  await store.close();
  await expect(Store.restore({ from: parent, dir: join(parent, "to") })).rejects.toMatchObject({
    code: "STORE_UNOPENABLE",
  });
  expect(await readdir(parent)).toEqual([]);
});

test("a restored store holds what the backup held, and both stay usable", async () => {
  const store = await filled(await temporaryFolder());
  const [from, dir] = [join(await temporaryFolder(), "from"), join(await temporaryFolder(), "to")];
  const sequence = await store.backup({ dir: from });
  await store.snapshot("index").write(1, new Map());
  await store.close();
  const before = await contents(from);
  expect(await Store.restore({ from, dir })).toMatchObject({ sequence, findings: [] });
  expect(await contents(from)).toEqual(before);
  for (const folder of [dir, from]) {
    const opened = await Store.open({ dir: folder });
    expect(opened.sequence).toBe(sequence);
    expect(await opened.collection("items").get("499")).toBe(`499 ${"y".repeat(1_000)}`);
    // A snapshot of the store that was copied is one of another store from here on.
    await cp(join(store.dir, "snapshots"), join(folder, "snapshots"), { recursive: true });
    expect(await opened.snapshot("index").read()).toBeUndefined();
    await opened.close();
  }
});

test("nothing but an empty folder is filled, and a damaged backup is refused before anything changes", async () => {
  const store = await filled(await temporaryFolder());
  const from = join(await temporaryFolder(), "from");
  const taken = await temporaryFolder();
  await writeFile(join(taken, "mine.txt"), "mine");
  await expect(store.backup({ dir: taken })).rejects.toMatchObject({ code: "STORE_NOT_EMPTY" });
  await expect(store.backup({ dir: join(taken, "mine.txt") })).rejects.toMatchObject({
    code: "STORE_UNOPENABLE",
  });
  await expect(store.backup({ dir: from, what: 1 } as never)).rejects.toMatchObject({
    code: "OPTIONS_INVALID",
  });
  await store.backup({ dir: from });
  await expect(Store.restore({ from, dir: taken })).rejects.toMatchObject({ code: "STORE_NOT_EMPTY" });
  await expect(Store.restore({ from: store.dir, dir: join(taken, "to") })).rejects.toMatchObject({
    code: "STORE_LOCKED",
  });
  await store.close();
  const random = seeded(3);
  const tables = (await readdir(join(from, "level"))).filter((name) => /\.(ldb|log)$/.test(name));
  expect(tables.length).toBeGreaterThan(0);
  let refused = 0;
  for (const name of tables) {
    const path = join(from, "level", name);
    const whole = await readFile(path);
    if (whole.length === 0) continue;
    const damaged = flip(whole, random(Math.floor(whole.length / 2)), random(8));
    await writeFile(path, damaged);
    await expect(Store.restore({ from, dir: join(taken, "to") })).rejects.toMatchObject({
      code: "STORE_CORRUPT",
      details: {
        findings: expect.arrayContaining([
          expect.objectContaining({ severity: "error", file: join("level", name) }),
        ]),
      },
    });
    refused += 1;
    await writeFile(path, whole);
  }
  expect(refused).toBeGreaterThan(0);
  expect(await readdir(taken)).toEqual(["mine.txt"]);
});

test("close waits for a backup, and a backup for a compaction", async () => {
  const store = await filled(await temporaryFolder());
  const dir = join(await temporaryFolder(), "copy");
  const compaction = store.compact();
  const backup = store.backup({ dir });
  await pause(1);
  await store.close();
  await compaction;
  expect(await Store.check({ dir })).toMatchObject({ sequence: await backup, findings: [] });
  await rm(dir, { recursive: true });
});

async function filled(dir: string): Promise<Store> {
  const store = await Store.open({ dir });
  const items = store.collection<string>("items");
  for (let n = 0; n < 500; n++) await store.write([items.put(`${n}`, `${n} ${"y".repeat(1_000)}`)]);
  for (let n = 0; n < 3_000; n++) await store.write([items.put(`small ${n}`, `${n}`)]);
  return store;
}
