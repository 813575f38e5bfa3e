import { cp, readdir, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Level } from "level";
import { beforeAll, expect, test } from "vitest";
import { type Change, type Collection, Store, type StoreReport, type WriteOperation } from "../src/index.js";
import { contents } from "./contents.js";
import { folderForAll, temporaryFolder } from "./folder.js";
import { flip, seeded } from "./random.js";

/** A store that was written over several openings, with tables and a live log, and what it holds. */
let image: string;
const model = new Map<string, string>();
const deleted = new Set<string>();

beforeAll(async () => {
  image = join(await folderForAll(), "image");
  const random = seeded(21);
  for (let opening = 0; opening < 4; opening++) {
    const store = await Store.open({ dir: image });
    const items = store.collection<string>("items");
    for (let n = 0; n < 60; n++) {
      const operations = Array.from({ length: 1 + random(6) }, () => {
        const key = `k${String(random(300)).padStart(3, "0")}`;
        if (random(5) === 0) {
          model.delete(key);
          deleted.add(key);
          return items.delete(key);
        }
        const value = `${opening}/${n} ${random(1e9)} `.repeat(1 + random(60));
        model.set(key, value);
        deleted.delete(key);
        return items.put(key, value);
      });
      await store.write(operations, { durable: random(3) === 0 });
    }
    await store.snapshot("index").write(store.sequence, new Map([["part", Buffer.from("x".repeat(500))]]));
    await store.close();
  }
  // LevelDB turns the log into tables when it is opened; so that there is a log to damage, it is not opened again.
  expect(
    (await readdir(join(image, "level"))).filter((name) => name.endsWith(".ldb")).length,
  ).toBeGreaterThan(1);
});

test("a sound store is read to the last byte, and nothing of it changes", async () => {
  const before = await contents(image);
  const progress: number[] = [];
  const report = await Store.check({ dir: image, onProgress: ({ bytes }) => progress.push(bytes) });
  expect(report).toEqual({
    dir: image,
    format: 2,
    sequence: 240,
    looked: {
      files: progress.length,
      bytes: progress.at(-1),
      collections: { items: model.size },
      batches: 240,
      snapshots: 1,
    },
    findings: [],
  });
  expect(await Store.check({ dir: image, repair: true })).toEqual(report);
  expect(await contents(image)).toEqual(before);
});

test("a bit flipped, a cut or a missing file is found, and repair brings back what can be read, and says what not", async () => {
  const random = seeded(4);
  const dir = join(await temporaryFolder(), "store");
  const names = (await readdir(join(image, "level"))).filter((name) =>
    /ldb$|log$|MANIFEST|CURRENT/.test(name),
  );
  const seen = { found: 0, harmless: 0, whole: 0, lost: 0, outdated: 0, doubtful: 0 };
  for (const name of names) {
    for (let round = 0; round < 10; round++) {
      await cp(image, dir, { recursive: true });
      const path = join(dir, "level", name);
      const bytes = await readFile(path);
      if (round === 0) await rm(path);
      else if (round < 4) await truncate(path, random(bytes.length));
      else await writeFile(path, flip(bytes, random(bytes.length), random(8)));
      const what = `${name}, round ${round}`;
      const damaged = await contents(join(dir, "level"));
      const report = await Store.check({ dir, repair: true });
      const records = report.repaired?.records;
      const opened = await Store.open({ dir });
      const found = new Map<string, string>();
      for await (const [key, value] of opened.collection<string>("items").entries()) found.set(key, value);
      await opened.close();
      if (records === undefined) {
        // What is not used may be damaged at will.
        expect(found, what).toEqual(sortedModel());
        seen.harmless += 1;
      } else {
        seen.found += 1;
        expectTold(found, records, what);
        if (records.lost.length + records.outdated.length + records.batches.length === 0) seen.whole += 1;
        seen.lost += records.lost.length;
        seen.outdated += records.outdated.length;
        seen.doubtful += records.doubtful.length;
        expect(records.records, what).toBe(found.size);
        expect(report.repaired?.snapshots, what).toEqual([join("snapshots", "index.snapshot")]);
        // The damaged database is kept as it was.
        const kept = await contents(records.kept);
        expect(kept, what).toEqual({ ...damaged, "/KEEP": kept["/KEEP"] });
        await rm(records.kept, { recursive: true });
      }
      expect(await Store.check({ dir }), what).toMatchObject({ findings: [] });
      await rm(dir, { recursive: true });
    }
  }
  // Otherwise the test would have looked at nothing.
  expect(seen.found).toBeGreaterThan(names.length * 5);
  expect(seen.lost).toBeGreaterThan(20);
  expect(seen.outdated).toBeGreaterThan(0);
  expect(seen.whole).toBeGreaterThan(0);
}, 120_000);

test("a value that is no JSON and a record that nobody writes are named; the others stay", async () => {
  const dir = join(await temporaryFolder(), "store");
  await cp(image, dir, { recursive: true });
  const [key = ""] = model.keys();
  const level = new Level<string, string>(join(dir, "level"));
  await level.put(`c5:items${key}`, '{"cut');
  await level.put("c9:x", "1");
  await level.close();
  const report = await Store.check({ dir });
  expect(report.findings).toEqual([
    { severity: "error", what: "its value is not JSON", collection: "items", key },
    { severity: "error", what: 'the key "c9:x" is damaged' },
  ]);
  expect(report.repaired).toBeUndefined();
  const { repaired } = await Store.check({ dir, repair: true });
  expect(repaired?.records).toMatchObject({
    lost: [{ collection: "items", key }],
    outdated: [],
    doubtful: [],
    ranges: [],
    batches: [],
    records: model.size - 1,
  });
  const store = await Store.open({ dir });
  expect(await store.collection("items").get(key)).toBeUndefined();
  expect(store.sequence).toBe(240);
  await store.close();
});

test("a repair that was killed is finished by whoever opens the store, or has not happened", async () => {
  const dir = join(await temporaryFolder(), "store");
  await cp(image, dir, { recursive: true });
  const table = (await readdir(join(dir, "level"))).find((name) => name.endsWith(".ldb")) ?? "";
  await truncate(join(dir, "level", table), 3_000);
  const damaged = join(await temporaryFolder(), "damaged");
  await cp(dir, damaged, { recursive: true });
  const { repaired } = await Store.check({ dir, repair: true });
  const records = repaired?.records ?? expect.fail();
  // Killed behind the renaming of the new database: the old one still lies where it was.
  await rename(records.kept, join(dir, "level"));
  const store = await Store.open({ dir });
  let found = 0;
  for await (const _entry of store.collection("items").entries()) found += 1;
  expect(found).toBe(records.records);
  expect(await contents(records.kept)).toMatchObject({ "/KEEP": expect.any(String) });
  await store.close();
  // Killed before it: the new one is not finished, the old one is as damaged as it was, and is repaired again.
  await writeFile(join(damaged, "level", "KEEP"), "x");
  await cp(join(dir, "level-1"), join(damaged, "level-building"), { recursive: true });
  await expect(Store.open({ dir: damaged })).rejects.toMatchObject({ code: "STORE_CORRUPT" });
  const again = await Store.check({ dir: damaged, repair: true });
  expect(again.repaired?.records?.records).toBe(records.records);
  expect((await Store.check({ dir: damaged })).findings).toEqual([]);
});

test("snapshots of no use are removed, good ones stay, records are left alone", async () => {
  const dir = join(await temporaryFolder(), "store");
  await cp(image, dir, { recursive: true });
  const folder = join(dir, "snapshots");
  const whole = await readFile(join(folder, "index.snapshot"));
  await writeFile(join(folder, "torn.snapshot"), whole.subarray(0, 300));
  await writeFile(join(folder, "other.snapshot"), whole);
  const report = await Store.check({ dir });
  expect(report.findings.map(({ severity, file }) => [severity, file])).toEqual([
    ["warning", join("snapshots", "other.snapshot")],
    ["warning", join("snapshots", "torn.snapshot")],
  ]);
  expect((await readdir(folder)).length).toBe(3);
  const { repaired } = await Store.check({ dir, repair: true });
  expect(repaired).toEqual({
    snapshots: [join("snapshots", "other.snapshot"), join("snapshots", "torn.snapshot")],
  });
  expect(await readdir(folder)).toEqual(["index.snapshot"]);
  expect((await Store.check({ dir })).findings).toEqual([]);
});

test("batches that were durable and are gone are told, and their numbers are not given again", async () => {
  const dir = join(await temporaryFolder(), "store");
  const store = await Store.open({ dir });
  for (let n = 0; n < 20; n++) await store.write([store.collection("a").put(`${n}`, n)], { durable: true });
  const copy = join(await temporaryFolder(), "copy");
  await cp(dir, copy, { recursive: true });
  await store.close();
  const log = (await readdir(join(copy, "level"))).find((name) => name.endsWith(".log")) ?? "";
  await truncate(join(copy, "level", log), 500);
  await expect(Store.open({ dir: copy })).rejects.toMatchObject({ code: "STORE_CORRUPT" });
  const { repaired, sequence, findings } = await Store.check({ dir: copy, repair: true });
  expect(findings).toEqual([
    { severity: "error", what: `it ends at batch ${sequence}, but batch 20 had been written durably` },
  ]);
  expect(sequence).toBeGreaterThan(0);
  expect(repaired?.records).toMatchObject({ batches: [[sequence + 1, 20]], records: sequence, lost: [] });
  const opened = await Store.open({ dir: copy });
  expect(await opened.write([])).toBe(21);
  await opened.close();
});

test("what was deleted does not come back from a table that a crash left over, as it does with LevelDB's own repair", async () => {
  const dir = join(await temporaryFolder(), "store");
  const location = join(dir, "level");
  const change = async (work: (items: Collection<string>) => WriteOperation): Promise<void> => {
    const store = await Store.open({ dir });
    await store.write([work(store.collection("items"))], { durable: true });
    await store.close();
  };
  await change((items) => items.put("secret", "told"));
  await compactLevel(location);
  const [old = ""] = (await readdir(location)).filter((name) => name.endsWith(".ldb"));
  const table = await readFile(join(location, old));
  await change((items) => items.delete("secret"));
  // The second one takes what the first one put at the lowest level.
  await compactLevel(location);
  await compactLevel(location);
  expect(await readdir(location)).not.toContain(old);
  await writeFile(join(location, old), table);
  expect((await Store.check({ dir })).findings).toEqual([]);
  await rm(join(location, "CURRENT"));
  const copy = join(await temporaryFolder(), "copy");
  await cp(location, copy, { recursive: true });

  const { repaired } = await Store.check({ dir, repair: true });
  expect(repaired?.records).toMatchObject({ lost: [], outdated: [], doubtful: [], batches: [], records: 0 });
  const store = await Store.open({ dir });
  expect(await store.collection("items").get("secret")).toBeUndefined();
  await store.close();

  await (Level as unknown as { repair(location: string): Promise<void> }).repair(copy);
  const level = new Level<string, string>(copy);
  expect(await level.get("c5:itemssecret")).toBe('"told"');
  await level.close();
});

test("only a closed store is checked, and only a store", async () => {
  const dir = await temporaryFolder();
  await expect(Store.check({ dir })).rejects.toMatchObject({ code: "STORE_UNOPENABLE" });
  await expect(Store.check({ dir: join(dir, "none") })).rejects.toMatchObject({ code: "STORE_UNOPENABLE" });
  expect(await readdir(dir)).toEqual([]);
  const store = await Store.open({ dir });
  await expect(Store.check({ dir })).rejects.toMatchObject({ code: "STORE_LOCKED" });
  await store.write([store.collection("a").put("b", 1)]);
  await store.close();
  await expect(Store.check({ dir, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "ABORTED" });
  await expect(Store.check({ dir, fix: true } as never)).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
  expect((await Store.check({ dir })).findings).toEqual([]);
});

async function compactLevel(location: string): Promise<void> {
  const level = new Level<string, string>(location);
  await level.open();
  await (level as unknown as { compactRange(start: string, end: string): Promise<void> }).compactRange(
    "",
    "~",
  );
  await level.close();
}

type Records = NonNullable<NonNullable<StoreReport["repaired"]>["records"]>;

/** Whatever differs from the model must be told; what the log knows of must be told exactly. */
function expectTold(found: ReadonlyMap<string, string>, records: Records, what: string): void {
  const names = (changes: readonly Change[]): ReadonlySet<string> => new Set(changes.map(({ key }) => key));
  const [lost, outdated, doubtful] = [names(records.lost), names(records.outdated), names(records.doubtful)];
  // A gap in the log means that for those batches only the numbers are known.
  const complete = records.batches.length === 0;
  for (const [key, value] of model) {
    const read = found.get(key);
    if (read === value) {
      if (complete) expect(lost.has(key) || outdated.has(key), `${what}: ${key} is there`).toBe(false);
    } else if (complete) {
      expect(read === undefined ? lost.has(key) : outdated.has(key), `${what}: ${key} is not told`).toBe(
        true,
      );
    } else {
      const told = lost.has(key) || outdated.has(key) || doubtful.has(key);
      expect(told || records.batches.length > 0, `${what}: ${key}`).toBe(true);
    }
  }
  if (complete) for (const key of deleted) expect(found.has(key), `${what}: ${key} came back`).toBe(false);
}

function sortedModel(): Map<string, string> {
  return new Map([...model].sort(([a], [b]) => (a < b ? -1 : 1)));
}
