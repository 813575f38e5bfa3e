import { cp, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { silentLogger } from "@agentos/core";
import { expect, test } from "vitest";
import { Store } from "../src/index.js";
import { temporaryFolder } from "./folder.js";
import { flip, seeded } from "./random.js";

const PARTS: ReadonlyMap<string, Uint8Array> = new Map([
  ["numbers", new Uint8Array(Float64Array.from({ length: 301 }, (_, n) => Math.sqrt(n)).buffer)],
  ["", Buffer.from("a text whose length is no multiple of eight")],
  ["empty", new Uint8Array()],
]);

test("gives back what was written, in buffers that numbers of eight bytes fit on", async () => {
  const dir = await temporaryFolder();
  let store = await openAt(dir, 3);
  // One that lies somewhere in a larger buffer is taken as what it is.
  const within = new TextEncoder().encode("before the middle behind").subarray(7, 17);
  await store.snapshot("index").write(2, new Map([...PARTS, ["within", within]]));
  for (let opening = 0; opening < 2; opening++) {
    const content = await store.snapshot("index").read();
    expect(content?.sequence).toBe(2);
    expect([...(content?.parts.keys() ?? [])]).toEqual([...PARTS.keys(), "within"]);
    for (const [name, part] of PARTS) {
      const read = content?.parts.get(name) ?? new Uint8Array(1);
      expect(Buffer.compare(read, part), name).toBe(0);
      expect(read.byteOffset % 8).toBe(0);
    }
    expect(Buffer.from(content?.parts.get("within") ?? []).toString()).toBe("the middle");
    const numbers = content?.parts.get("numbers") ?? new Uint8Array();
    expect(new Float64Array(numbers.buffer, numbers.byteOffset, 301)[300]).toBe(Math.sqrt(300));
    await store.close();
    store = await Store.open({ dir });
  }
  await store.snapshot("index").delete();
  await store.snapshot("index").delete();
  expect(await store.snapshot("index").read()).toBeUndefined();
  await store.close();
});

test("names of any form are apart, also where file systems do not tell capital letters", async () => {
  const store = await openAt(await temporaryFolder(), 1);
  const names = ["a", "A", ".", "..", "a/b", "a%2fb", "../a", "ü", "con", "a.snapshot", " "];
  for (const [index, name] of names.entries())
    await store.snapshot(name).write(1, new Map([["n", Uint8Array.of(index)]]));
  for (const [index, name] of names.entries())
    expect((await store.snapshot(name).read())?.parts.get("n")).toEqual(Uint8Array.of(index));
  const files = await readdir(join(store.dir, "snapshots"));
  expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(names.length);
  expect((await readdir(store.dir)).sort()).toEqual(["durable", "level", "owner.json", "snapshots"]);
  expect(() => store.snapshot("")).toThrow(expect.objectContaining({ code: "STORE_KEY_INVALID" }));
  await expect(store.snapshot("x".repeat(181)).read()).rejects.toMatchObject({ code: "STORE_KEY_INVALID" });
  await store.close();
});

test("a bit flipped anywhere, a cut anywhere and more at the end read as nothing, and the file goes", async () => {
  const dir = await temporaryFolder();
  const store = await openAt(dir, 1);
  const small = new Map([
    ["a", Buffer.from("eleven char")],
    ["b", Uint8Array.of(1)],
  ]);
  await store.snapshot("s").write(1, small);
  const path = join(dir, "snapshots", "s.snapshot");
  const whole = await readFile(path);
  const damages: Buffer[] = [];
  const random = seeded(5);
  // Every byte of this small file, which is header for the most part.
  for (let at = 0; at < whole.length; at++) damages.push(flip(whole, at, random(8)));
  for (let size = 0; size < whole.length; size++) damages.push(whole.subarray(0, size));
  damages.push(Buffer.concat([whole, Buffer.alloc(8)]), Buffer.alloc(whole.length), Buffer.from("{}"));
  for (const [index, bytes] of damages.entries()) {
    await writeFile(path, bytes);
    expect(await store.snapshot("s").read(), `damage ${index}`).toBeUndefined();
    expect(await readdir(join(dir, "snapshots")), `damage ${index}`).toEqual([]);
  }
  await writeFile(path, whole);
  expect((await store.snapshot("s").read())?.parts.get("b")).toEqual(Uint8Array.of(1));
  await store.close();
});

test("large snapshots damaged at random places read as nothing, and never as something else", async () => {
  const dir = await temporaryFolder();
  const store = await openAt(dir, 1);
  const random = seeded(11);
  const large = Uint8Array.from({ length: 9 * 2 ** 20 + 3 }, () => random(256));
  await store.snapshot("s").write(1, new Map([["large", large]]));
  const path = join(dir, "snapshots", "s.snapshot");
  const whole = await readFile(path);
  for (let round = 0; round < 12; round++) {
    await writeFile(path, flip(whole, random(whole.length), random(8)));
    expect(await store.snapshot("s").read()).toBeUndefined();
    await writeFile(path, whole);
    await truncate(path, random(whole.length));
    expect(await store.snapshot("s").read()).toBeUndefined();
  }
  await writeFile(path, whole);
  expect(Buffer.compare((await store.snapshot("s").read())?.parts.get("large") ?? large, large)).toBe(0);
  await store.close();
});

test("one of another store, under another name, or ahead of the store is never used, and is told", async () => {
  const dir = await temporaryFolder();
  const other = await temporaryFolder();
  let store = await openAt(dir, 5);
  const foreign = await openAt(other, 5);
  await store.snapshot("mine").write(5, PARTS);
  await foreign.snapshot("theirs").write(5, PARTS);
  await foreign.close();
  const folder = join(dir, "snapshots");
  await cp(join(other, "snapshots", "theirs.snapshot"), join(folder, "theirs.snapshot"));
  await cp(join(folder, "mine.snapshot"), join(folder, "copy.snapshot"));
  expect(await store.snapshot("theirs").read()).toBeUndefined();
  expect(await store.snapshot("copy").read()).toBeUndefined();
  expect(await readdir(folder)).toEqual(["mine.snapshot"]);
  await expect(store.snapshot("mine").write(6, PARTS)).rejects.toMatchObject({ code: "INPUT_INVALID" });
  expect((await store.snapshot("mine").read())?.sequence).toBe(5);

  // A power cut can take batches away that were not durable. Their numbers will be given to others.
  const image = join(await temporaryFolder(), "image");
  await cp(dir, image, { recursive: true });
  await store.write([]);
  await store.snapshot("mine").write(6, PARTS);
  await cp(folder, join(image, "snapshots"), { recursive: true });
  await store.close();
  const warnings: unknown[] = [];
  const logger = { ...silentLogger, warn: (details: unknown) => void warnings.push(details) };
  store = await Store.open({ dir: image, logger });
  expect(store.sequence).toBe(5);
  const reason = "it stands for batch 6, but the store ends at 5";
  expect(warnings).toEqual([{ file: "mine.snapshot", reason }]);
  expect(await readdir(join(image, "snapshots"))).toEqual([]);
  await store.write([]);
  expect(await store.snapshot("mine").read()).toBeUndefined();
  await store.close();
});

test("unfinished files go when the store is opened, and a write that was given up leaves what was there", async () => {
  const dir = await temporaryFolder();
  let store = await openAt(dir, 2);
  await store.snapshot("s").write(1, PARTS);
  const ended = new AbortController();
  const large = new Uint8Array(64 * 2 ** 20);
  const write = store.snapshot("s").write(2, new Map([["large", large]]), { signal: ended.signal });
  ended.abort();
  await expect(write).rejects.toMatchObject({ code: "ABORTED" });
  expect(await readdir(join(dir, "snapshots"))).toEqual(["s.snapshot"]);
  expect((await store.snapshot("s").read())?.sequence).toBe(1);
  await store.close();
  await writeFile(join(dir, "snapshots", "s.snapshot.1.unfinished"), "x");
  store = await Store.open({ dir });
  expect(await readdir(join(dir, "snapshots"))).toEqual(["s.snapshot"]);
  await expect(store.snapshot("s").write(1, new Map([["a", "b"]]) as never)).rejects.toMatchObject({
    code: "INPUT_INVALID",
  });
  await expect(store.snapshot("s").read({ what: 1 } as never)).rejects.toMatchObject({
    code: "OPTIONS_INVALID",
  });
  await store.close();
  await expect(store.snapshot("s").read()).rejects.toMatchObject({ code: "CLOSED" });
});

test("hundreds of megabytes are written and read without a second copy in memory", async () => {
  const dir = await temporaryFolder();
  const store = await openAt(dir, 1);
  const size = 256 * 2 ** 20;
  const part = new Uint8Array(size);
  for (let at = 0; at < size; at += 4096) part[at] = at >> 12;
  const before = process.memoryUsage().rss;
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 5);
  await store.snapshot("s").write(1, new Map([["large", part]]));
  expect(peak - before).toBeLessThan(size / 4);
  expect(peak).toBeGreaterThan(0);
  const content = await store.snapshot("s").read();
  clearInterval(watch);
  expect(peak - before).toBeLessThan(size * 1.25);
  expect(Buffer.compare(content?.parts.get("large") ?? new Uint8Array(), part)).toBe(0);
  await store.close();
}, 60_000);

/** A store that has done so many writes. */
async function openAt(dir: string, sequence: number): Promise<Store> {
  const store = await Store.open({ dir });
  while (store.sequence < sequence) await store.write([store.collection("a").put("b", store.sequence)]);
  return store;
}
