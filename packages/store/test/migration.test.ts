import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Level } from "level";
import { expect, test } from "vitest";
import { STORE_FORMAT, Store, StoreJournal } from "../src/index.js";
import { temporaryFolder } from "./folder.js";

const FIXTURES = fileURLToPath(new URL("./fixtures", import.meta.url));

test("there is a store of every older format", async () => {
  const names = (await readdir(FIXTURES)).filter((name) => name.startsWith("format-")).sort();
  expect(names).toEqual(Array.from({ length: STORE_FORMAT - 1 }, (_, n) => `format-${n + 1}`));
});

test.each(Array.from({ length: STORE_FORMAT - 1 }, (_, n) => n + 1))(
  "a store of format %i opens with all that it held, and is of the newest format then",
  async (format) => {
    const dir = await oldStore(format);
    const report = await Store.check({ dir });
    expect(report).toMatchObject({ format, findings: [] });
    const sequence = 108;
    expect(report.sequence).toBe(sequence);

    const store = await Store.open({ dir });
    expect(store.sequence).toBe(sequence);
    const notes = new Map<string, unknown>();
    for await (const [key, note] of store.collection("notes").entries()) notes.set(key, note);
    expect(notes).toEqual(expectedNotes());
    expect(await new StoreJournal(store).read("s")).toHaveLength(3);

    // It knows nothing of what was written before, and everything of what is written from now on.
    expect(await store.changes(sequence - 1, ["notes"])).toBeUndefined();
    expect(await store.changes(sequence, ["notes"])).toEqual([]);
    await store.write([store.collection("notes").put("new", 1)], { durable: true });
    expect(await store.changes(sequence, ["notes"])).toEqual([{ collection: "notes", key: "new" }]);
    await store.snapshot("index").write(sequence, new Map([["part", Buffer.from("x")]]));
    await store.close();

    const again = await Store.open({ dir });
    expect(again.sequence).toBe(sequence + 1);
    expect((await again.snapshot("index").read())?.sequence).toBe(sequence);
    await again.close();
    expect(await Store.check({ dir })).toMatchObject({ format: STORE_FORMAT, findings: [] });
  },
);

test("a backup of an older format is restored as it is and migrated when it is opened", async () => {
  const from = await oldStore(1);
  const dir = join(await temporaryFolder(), "restored");
  expect(await Store.restore({ from, dir })).toMatchObject({ format: 1, findings: [] });
  const store = await Store.open({ dir });
  expect(await store.collection("notes").get("n39")).toEqual(expectedNotes().get("n39"));
  await store.close();
  expect((await Store.check({ dir })).format).toBe(STORE_FORMAT);
});

test("a migration that was cut off before its batch reached the disk begins again", async () => {
  // The step is one batch, so the states that a crash can leave are the two sides of it.
  const dir = await oldStore(1);
  const before = join(await temporaryFolder(), "before");
  await cp(dir, before, { recursive: true });
  await (await Store.open({ dir })).close();
  const ids = [await record(dir, "m:id"), await record(before, "m:id")];
  expect(ids).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), undefined]);
  await (await Store.open({ dir })).close();
  expect(await record(dir, "m:id")).toBe(ids[0]);
  await (await Store.open({ dir: before })).close();
  expect(await record(before, "m:format")).toBe(String(STORE_FORMAT));
});

async function oldStore(format: number): Promise<string> {
  const dir = join(await temporaryFolder(), "store");
  await cp(join(FIXTURES, `format-${format}`), dir, { recursive: true });
  return dir;
}

/** What scripts/make-fixture.mjs leaves in the end. */
function expectedNotes(): Map<string, unknown> {
  const notes = new Map<string, unknown>();
  for (let n = 0; n < 40; n++) {
    if (n % 5 === 0) continue;
    notes.set(`n${n}`, { text: `ü note ${n} of opening ${Math.min(2, Math.floor(n / 5))}` });
  }
  return new Map([...notes].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function record(dir: string, key: string): Promise<string | undefined> {
  const level = new Level<string, string>(join(dir, "level"));
  const value = await level.get(key);
  await level.close();
  return value;
}
