import { cp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isAgentOSError } from "@agentos/core";
import { Level } from "level";
import { expect, test } from "vitest";
import { findDamage } from "../src/drivers/level-integrity.js";
import { Store } from "../src/index.js";
import { contents } from "./contents.js";
import { temporaryFolder } from "./folder.js";

/**
 * Writes durably over several openings, so that tables, compactions and a live log come to be, and copies the folder
 * while the store is open: the files as a process leaves them that was killed.
 */
async function crashImage(
  dir: string,
  openings: number,
): Promise<{ image: string; data: Map<string, string> }> {
  const data = new Map<string, string>();
  const image = join(dir, "image");
  for (let opening = 0; opening < openings; opening++) {
    const store = await Store.open({ dir: join(dir, "live") });
    const items = store.collection<string>("items");
    for (let n = 0; n < 12; n++) {
      const batch = Array.from(
        { length: 5 },
        (_, i) => [`${(n * 37 + i * 11) % 60}`, `${opening}/${n} `.repeat(40 * (i + 1))] as const,
      );
      for (const [key, value] of batch) data.set(key, value);
      await store.write(
        batch.map(([key, value]) => items.put(key, value)),
        { durable: true },
      );
    }
    if (opening === openings - 1) await cp(store.dir, image, { recursive: true });
    await store.close();
  }
  return { image, data };
}

/** What classic-level has beyond the types of level. */
interface Compacting {
  compactRange(start: string, end: string): Promise<void>;
}

/** Opens a copy that was damaged: the outcome is STORE_CORRUPT, or everything that was acknowledged. */
async function openDamaged(dir: string, data: ReadonlyMap<string, string>): Promise<"corrupt" | "whole"> {
  let store: Store;
  try {
    store = await Store.open({ dir });
  } catch (error) {
    expect(isAgentOSError(error, "STORE_CORRUPT"), String(error)).toBe(true);
    return "corrupt";
  }
  try {
    const found = new Map<string, string>();
    for await (const [key, value] of store.collection<string>("items").entries()) found.set(key, value);
    expect(found).toEqual(new Map([...data].sort(([a], [b]) => (a < b ? -1 : 1))));
    for (const [key, value] of data) expect(await store.collection("items").get(key)).toBe(value);
    return "whole";
  } finally {
    await store.close();
  }
}

test("a flipped bit, a cut or a missing file is STORE_CORRUPT or does no harm", async () => {
  const dir = await temporaryFolder();
  const { image, data } = await crashImage(dir, 3);
  const files = (await readdir(image, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(image.length + 1));
  expect(files.filter((file) => file.endsWith(".ldb")).length).toBeGreaterThan(0);
  const counts = { corrupt: 0, whole: 0 };
  let seed = 3;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const damages: ((path: string, bytes: Buffer) => Promise<void>)[] = [
    (path) => rm(path),
    (path) => truncate(path, 0),
    ...Array.from(
      { length: 5 },
      () => (path: string, bytes: Buffer) => truncate(path, random(bytes.length + 1)),
    ),
    ...Array.from({ length: 9 }, () => async (path: string, bytes: Buffer) => {
      const at = random(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
      await writeFile(path, bytes);
    }),
  ];
  for (const file of files) {
    for (const damage of damages) {
      const copy = join(dir, "copy");
      await cp(image, copy, { recursive: true });
      await damage(join(copy, file), await readFile(join(copy, file)));
      counts[await openDamaged(copy, data)] += 1;
      await rm(copy, { recursive: true });
    }
  }
  expect(await openDamaged(image, data)).toBe("whole");
  // Logs of LevelDB for people, the lock and the owner's note may be damaged at will; the data may not.
  expect(counts.corrupt).toBeGreaterThan(
    files.filter((file) => /ldb$|MANIFEST|CURRENT|\d\.log$/.test(file)).length * 8,
  );
}, 120_000);

test("damage is found before anything is changed", async () => {
  const dir = await temporaryFolder();
  const { image, data } = await crashImage(dir, 2);
  const log = (await readdir(join(image, "level"))).find((name) => /^\d+\.log$/.test(name)) ?? "";
  const path = join(image, "level", log);
  const bytes = await readFile(path);
  const damaged = Buffer.from(bytes);
  damaged[40] = (damaged[40] ?? 0) ^ 4;
  await writeFile(path, damaged);
  const before = await contents(join(image, "level"));
  await expect(Store.open({ dir: image })).rejects.toMatchObject({
    code: "STORE_CORRUPT",
    message: expect.stringContaining(log),
    details: { file: log },
  });
  expect(await contents(join(image, "level"))).toEqual(before);
  await writeFile(path, bytes);
  expect(await openDamaged(image, data)).toBe("whole");
});

test("a manifest that was cut short anywhere is noticed, though it reads well", async () => {
  const dir = await temporaryFolder();
  const [live, image, copy] = [join(dir, "live"), join(dir, "image"), join(dir, "copy")];
  const level = new Level<string, string>(live, { writeBufferSize: 65_536 });
  await level.open();
  for (let n = 0; n < 200; n++) await level.put(`key ${n}`, String(Math.sin(n)).repeat(200));
  await level.close();
  await cp(live, image, { recursive: true });
  const manifest = (await readdir(image)).find((name) => name.startsWith("MANIFEST")) ?? "";
  const { length } = await readFile(join(image, manifest));
  let noticed = 0;
  for (let size = 0; size < length; size += 5) {
    await cp(image, copy, { recursive: true });
    await truncate(join(copy, manifest), size);
    if ((await findDamage(copy)) !== undefined) noticed += 1;
    else expect(await countEntries(copy), `cut to ${size} of ${length} bytes`).toBe(200);
    await rm(copy, { recursive: true });
  }
  expect(await findDamage(image)).toBeUndefined();
  expect(await countEntries(image)).toBe(200);
  expect(noticed).toBeGreaterThan(length / 10);
});

async function countEntries(location: string): Promise<number> {
  const level = new Level<string, string>(location);
  await level.open();
  const keys = await level.keys().all();
  await level.close();
  return keys.length;
}

test("finds no damage in large databases of every shape, compressed or not", async () => {
  const dir = await temporaryFolder();
  for (const compression of [true, false]) {
    const location = join(dir, String(compression));
    const options = { compression, writeBufferSize: 65_536, maxFileSize: 1 << 20 };
    for (let opening = 0; opening < 3; opening++) {
      const level = new Level<string, string>(location, options);
      await level.open();
      for (let n = 0; n < 60; n++) {
        const size = [10, 300, 5_000, 40_000][n % 4] ?? 0;
        const keys = Array.from({ length: 8 }, (_, i) => `key/${(n * 131 + i * 17) % 500}`);
        const value = (i: number): string =>
          Array.from({ length: size / 10 }, (_, at) => Math.sin(n * 8 + i + at)).join("");
        await level.batch(
          keys.map((key, i) => (i === 7 ? { type: "del", key } : { type: "put", key, value: value(i) })),
        );
      }
      await (level as unknown as Compacting).compactRange("a", "z");
      await level.put("last", "one");
      await level.close();
      expect(await findDamage(location)).toBeUndefined();
    }
    expect((await readdir(location)).filter((name) => name.endsWith(".ldb")).length).toBeGreaterThan(2);
  }
}, 60_000);
