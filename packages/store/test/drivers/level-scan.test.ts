import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Level } from "level";
import { expect, test } from "vitest";
import { findDamage } from "../../src/drivers/level-integrity.js";
import { LevelScan } from "../../src/drivers/level-scan.js";
import { readTable } from "../../src/drivers/level-table.js";
import { temporaryFolder } from "../folder.js";
import { flip, seeded } from "../random.js";

test.each([true, false])(
  "reads what LevelDB reads, whatever the shape (packed: %s)",
  async (compression) => {
    const random = seeded(31);
    for (let round = 0; round < 4; round++) {
      const location = join(await temporaryFolder(), "level");
      for (let opening = 0; opening < 3; opening++) {
        const level = new Level<string, string>(location, {
          compression,
          writeBufferSize: 65_536,
          blockSize: [200, 4_096, 70_000][random(3)],
          blockRestartInterval: [1, 16][random(2)],
          maxFileSize: 1 << 20,
        });
        await level.open();
        for (let n = 0; n < 200; n++) {
          await level.batch(
            Array.from({ length: 1 + random(9) }, () => {
              const key = `${"k".repeat(random(4))}${random(400)}ü`;
              return random(4) === 0
                ? { type: "del" as const, key }
                : { type: "put" as const, key, value: `${random(1e9)} `.repeat(random(400)) };
            }),
          );
        }
        await level.close();
      }
      const damage = await findDamage(location);
      expect(damage).toBeUndefined();
      const found = await scanned(location);
      expect(found.size).toBeGreaterThan(300);
      expect(found).toEqual(await read(location));
    }
  },
  60_000,
);

test("a table whose index is damaged gives every entry that its blocks hold, and nothing else", async () => {
  const location = join(await temporaryFolder(), "level");
  const level = new Level<string, string>(location, { blockSize: 1_000 });
  await level.open();
  const random = seeded(5);
  for (let n = 0; n < 3_000; n++)
    await level.put(`c5:items${random(2_000)}`, JSON.stringify({ n, x: random(1e6) }));
  await level.close();
  // Opened again, LevelDB turns the log into tables.
  const held = await read(location);
  const tables = (await readdir(location)).filter((name) => name.endsWith(".ldb"));
  expect(tables.length).toBeGreaterThan(0);
  let recovered = 0;
  for (const name of tables) {
    const bytes = await readFile(join(location, name));
    const all = entries(bytes);
    // In the index, and in the footer that leads to it.
    for (const at of [bytes.length - 100, bytes.length - 45, bytes.length - 3]) {
      const damages: string[] = [];
      const found = entries(flip(bytes, at, 3), (what) => damages.push(what));
      expect(damages).toHaveLength(1);
      expect(found).toEqual(all);
      recovered += found.length;
    }
  }
  expect(recovered).toBeGreaterThanOrEqual(3 * held.size);
});

test("of a damaged block only its own entries are lost, and its bounds enclose them", async () => {
  const location = join(await temporaryFolder(), "level");
  const level = new Level<string, string>(location, { blockSize: 1_000 });
  await level.open();
  for (let n = 0; n < 3_000; n++) await level.put(`key ${String(n).padStart(5, "0")}`, `value ${n}`);
  await level.close();
  const held = await read(location);
  const [name = ""] = (await readdir(location)).filter((file) => file.endsWith(".ldb"));
  const path = join(location, name);
  const whole = await readFile(path);
  const random = seeded(77);
  for (let round = 0; round < 20; round++) {
    await writeFile(path, flip(whole, random(Math.floor(whole.length * 0.8)), random(8)));
    const scan = await LevelScan.run(location, undefined, {});
    expect(scan.unreadable).toHaveLength(1);
    const { file, after, upTo } = scan.unreadable[0] ?? expect.fail();
    expect(file).toBe(name);
    const missing = [...held.keys()].filter((key) => !scan.newest.has(key));
    expect(missing.length).toBeGreaterThan(0);
    expect(missing.length).toBeLessThan(200);
    for (const key of missing) {
      expect(Buffer.compare(Buffer.from(key), after ?? expect.fail())).toBe(1);
      expect(Buffer.compare(Buffer.from(key), upTo ?? expect.fail())).not.toBe(1);
    }
  }
});

async function scanned(location: string): Promise<ReadonlyMap<string, string>> {
  const found: [string, string][] = [];
  const scan = await LevelScan.run(location, undefined, {});
  for await (const { key, value } of scan.entries()) found.push([key.toString(), value.toString()]);
  expect(scan.unreadable).toEqual([]);
  return new Map(found.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
}

async function read(location: string): Promise<ReadonlyMap<string, string>> {
  const level = new Level<string, string>(location);
  const all = await level.iterator().all();
  await level.close();
  return new Map(all);
}

function entries(bytes: Buffer, lost: (what: string) => void = () => expect.fail()): string[] {
  const found = [...readTable(bytes, ({ what }) => lost(what))];
  return found.map(([key, value]) => `${Buffer.from(key).toString("hex")} ${Buffer.from(value).toString()}`);
}
