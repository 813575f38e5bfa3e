import { randomBytes } from "node:crypto";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { silentLogger, systemClock } from "@agentos/core";
import { expect, test } from "vitest";
import { Store } from "../../src/index.js";
import type { LocalEngine } from "../../src/local-engine.js";
import { openFolder } from "../../src/open-folder.js";
import { Services } from "../../src/services.js";
import { RequestHandler } from "../../src/sharing/request-handler.js";
import { temporaryFolder } from "../folder.js";
import { startSharer } from "./processes.js";

const FORMAT_1 = fileURLToPath(new URL("../fixtures/format-1", import.meta.url));

test("snapshots are the owner's: a client is told so, and has them when it takes over", async () => {
  const dir = await temporaryFolder();
  const owner = await startSharer(dir);
  const store = await Store.open({ dir, shared: true });
  const items = store.collection<number>("items");
  await store.write([items.put("a", 1)]);
  await owner.ask("snapshot", { name: "index", text: "of one" });
  await store.write([items.put("b", 2), store.collection("others").put("c", 3)]);
  const snapshot = store.snapshot("index");
  const refused = { code: "STORE_NOT_OWNER", details: { dir, pid: owner.pid } };
  await expect(snapshot.read()).rejects.toMatchObject(refused);
  await expect(snapshot.write(2, new Map())).rejects.toMatchObject(refused);
  await expect(snapshot.delete()).rejects.toMatchObject(refused);
  for (const [after, names] of [
    [0, ["items"]],
    [1, ["items", "others"]],
    [2, ["items"]],
    [3, []],
  ] as const) {
    expect(await store.changes(after, names)).toEqual(
      (await owner.ask("touched", { after, collections: names })) ?? undefined,
    );
  }
  expect(await store.changes(1, ["items"])).toEqual([{ collection: "items", key: "b" }]);
  expect(await store.changes(3, ["items"])).toBeUndefined();

  await owner.kill();
  await store.write([items.delete("a")]);
  await until(() => store.role === "owner");
  const kept = await snapshot.read();
  expect(kept?.sequence).toBe(1);
  expect(Buffer.from(kept?.parts.get("part") ?? []).toString()).toBe("of one");
  expect(keysOf(await store.changes(1, ["items"]))).toEqual(["a", "b"]);
  await snapshot.write(3, new Map([["part", Buffer.from("new")]]));
  expect((await snapshot.read())?.sequence).toBe(3);
  await snapshot.delete();
  expect(await snapshot.read()).toBeUndefined();
  await store.close();
});

test("an owner that is killed while it writes a snapshot leaves the old one or the new one, and nothing in part", async () => {
  const dir = await temporaryFolder();
  for (let round = 0; round < 6; round++) {
    const owner = await startSharer(dir);
    const heir = await Store.open({ dir, shared: true });
    owner.ask("snapshots", { name: "index", bytes: 24 << 20 }).catch(() => {});
    const first = await owner.heard(({ written }) => written !== undefined);
    await owner.heard(({ begins }) => begins !== undefined && begins > (first.written ?? 0));
    await pause(round * 6);
    await owner.kill();
    await until(() => heir.role === "owner");
    const kept = await heir.snapshot("index").read();
    expect(kept?.sequence).toBeGreaterThanOrEqual(first.written ?? Number.NaN);
    const part = kept?.parts.get("part") ?? new Uint8Array();
    const [expected, length] = [(kept?.sequence ?? 0) % 251, 24 << 20];
    expect(Buffer.compare(part, Buffer.alloc(length, expected))).toBe(0);
    // What changed behind it is told, whichever it was.
    const changes = await heir.changes(kept?.sequence ?? 0, ["rounds"]);
    expect(changes).toHaveLength(heir.sequence - (kept?.sequence ?? 0));
    expect(await readdir(join(dir, "snapshots"))).toEqual(["index.snapshot"]);
    await heir.close();
    expect(await Store.check({ dir })).toMatchObject({ findings: [] });
  }
});

test("what a client purged is gone from every file when it has compacted, and its writes are still known", async () => {
  const dir = await temporaryFolder();
  const owner = await startSharer(dir);
  const other = await startSharer(dir);
  const store = await Store.open({ dir, shared: true });
  const gone: string[] = [];
  const kept: string[] = [];
  const marker = (list: string[]): string => {
    const text = randomBytes(18).toString("base64url");
    list.push(text);
    return text;
  };
  for (let step = 0; step < 40; step++) {
    const [value, key, name, old] = [marker(gone), marker(gone), marker(gone), marker(gone)];
    const items = store.collection<string>("items");
    const named = store.collection<string>(name);
    const filling = randomBytes(20_000).toString("base64");
    await store.write([items.put(`${step}`, `${old} ${filling}`), named.put(key, value)]);
    await other.ask("put", { collection: "items", key: `${step}`, value: marker(kept) });
    if (step === 20) await owner.ask("snapshot", { name: "index", text: value });
    await store.write([named.delete(key)], { durable: step % 5 === 0 });
  }
  const before = await bytesBelow(dir);
  expect(gone.filter((text) => before.includes(text)).length).toBeGreaterThan(80);
  const { sequence } = store;
  await store.compact();
  const check = async (): Promise<void> => {
    const after = await bytesBelow(dir);
    // Tables are compressed: a part of the text stands there even where all of it does not.
    const parts = gone.flatMap((text) => [text, text.slice(0, 8), text.slice(8, 16), text.slice(16)]);
    expect(parts.filter((part) => after.includes(part))).toEqual([]);
    // The scan would find them, but for those that compression happens to cut.
    expect(kept.filter((text) => after.includes(text)).length).toBeGreaterThan(15);
  };
  await check();
  expect(store.sequence).toBe(sequence);
  expect(await store.changes(sequence - 1, ["items"])).toBeUndefined();
  expect(await store.changes(sequence, ["items"])).toEqual([]);
  await owner.kill();
  expect(await store.write([store.collection("items").put("after", 1)])).toBe(sequence + 1);
  await check();
  await other.close();
  await store.close();
  await check();
  expect(await Store.check({ dir })).toMatchObject({ sequence: sequence + 1, findings: [] });
});

test("a write that is asked for again after a compaction, by this owner or the next, is applied once", async () => {
  const dir = await temporaryFolder();
  const open = (): Promise<LocalEngine> =>
    openFolder(
      dir,
      { dir, logger: silentLogger, clock: systemClock, services: new Services(dir) },
      { shared: true, takeOver: false, tell: () => {} },
    );
  const ask = (engine: LocalEngine, request: string): Promise<unknown> =>
    new RequestHandler({ engine, writes: new Map() }).handle(
      {
        t: "write",
        n: 1,
        request,
        operations: [{ type: "put", collection: "a", key: request, json: "1" }],
        durable: false,
      },
      () => {},
    );
  let engine = await open();
  expect([await ask(engine, "c:1"), await ask(engine, "c:2")]).toEqual([1, 2]);
  await engine.compact(undefined);
  expect([await ask(engine, "c:1"), await ask(engine, "c:2"), await ask(engine, "c:3")]).toEqual([1, 2, 3]);
  await engine.compact(undefined);
  await engine.close();
  engine = await open();
  expect([await ask(engine, "c:3"), await ask(engine, "c:1"), await ask(engine, "c:4")]).toEqual([3, 1, 4]);
  await engine.close();
  expect(await Store.check({ dir, repair: true })).toMatchObject({ sequence: 4, findings: [] });
});

test("a client backs the store up: with progress, where it says, and not over what lies there", async () => {
  const dir = await temporaryFolder();
  const owner = await startSharer(dir);
  const store = await Store.open({ dir, shared: true });
  await fill(store, 20);
  const to = join(await temporaryFolder(), "backup");
  const progress: number[] = [];
  const dirOfBackup = relative(process.cwd(), to);
  expect(await store.backup({ dir: dirOfBackup, onProgress: ({ entries }) => progress.push(entries) })).toBe(
    20,
  );
  expect(progress.length).toBeGreaterThan(3);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(progress.at(-1)).toBeGreaterThanOrEqual(4_000);
  expect(await Store.check({ dir: to })).toMatchObject({ sequence: 20, findings: [] });
  await expect(store.backup({ dir: to })).rejects.toMatchObject({ code: "STORE_NOT_EMPTY" });
  // Cancelled in the middle: the folder is empty when it says so.
  const other = await temporaryFolder();
  const stop = new AbortController();
  const backup = store.backup({ dir: other, signal: stop.signal, onProgress: () => stop.abort() });
  await expect(backup).rejects.toMatchObject({ code: "ABORTED" });
  expect(await readdir(other)).toEqual([]);
  // A listener that throws ends it.
  const thrower = store.backup({
    dir: other,
    onProgress: () => {
      throw new TypeError("of the listener");
    },
  });
  await expect(thrower).rejects.toThrow("of the listener");
  await until(async () => (await readdir(other)).length === 0);
  const opened = await Store.open({ dir: to });
  expect(await opened.collection("items").get("19/199")).toMatchObject({ step: 19 });
  await opened.close();
  await store.close();
  await owner.close();
});

test.each(["kill", "close"] as const)(
  "an owner that ends (%s) during a backup leaves it to the next one; what was there before stays",
  async (end) => {
    const dir = await temporaryFolder();
    const owner = await startSharer(dir);
    const heir = await startSharer(dir);
    const store = await Store.open({ dir, shared: true });
    await fill(store, 60);
    const to = await temporaryFolder();
    let ended: Promise<void> | undefined;
    const sequence = await store.backup({
      dir: to,
      onProgress: () => {
        ended ??= owner[end]();
      },
    });
    await ended;
    expect(sequence).toBe(60);
    expect((await readdir(to)).sort()).toEqual(["durable", "level"]);
    expect(await Store.check({ dir: to })).toMatchObject({ sequence: 60, findings: [] });
    const full = await temporaryFolder();
    await mkdir(join(full, "level"));
    await writeFile(join(full, "level", "mine"), "x");
    await expect(store.backup({ dir: full })).rejects.toMatchObject({ code: "STORE_NOT_EMPTY" });
    expect(await readdir(join(full, "level"))).toEqual(["mine"]);
    await heir.close();
    await store.close();
  },
);

test("a compaction is cancelled by its caller, and goes on with the next owner when its own ends", async () => {
  const dir = await temporaryFolder();
  const owner = await startSharer(dir);
  const store = await Store.open({ dir, shared: true });
  await fill(store, 60);
  const secret = randomBytes(18).toString("base64url");
  await store.write([store.collection("items").put("secret", secret)]);
  await store.write([store.collection("items").delete("secret")]);
  const stop = new AbortController();
  const cancelled = store.compact({ signal: stop.signal });
  await until(async () => (await readdir(dir)).includes("level-building"));
  stop.abort();
  await expect(cancelled).rejects.toMatchObject({ code: "ABORTED" });
  expect((await readdir(dir)).filter((name) => name.startsWith("level"))).toHaveLength(1);
  expect((await bytesBelow(dir)).includes(secret)).toBe(true);
  const compaction = store.compact();
  await until(async () => (await readdir(dir)).includes("level-building"));
  await owner.kill();
  await compaction;
  expect(store.role).toBe("owner");
  expect((await bytesBelow(dir)).includes(secret)).toBe(false);
  expect((await readdir(dir)).filter((name) => name.startsWith("level"))).toHaveLength(1);
  await store.close();
  expect(await Store.check({ dir })).toMatchObject({ sequence: 62, findings: [] });
});

test("a store of format 1 is brought up to date by whoever of many opens it first, and is shared", async () => {
  const dir = await temporaryFolder();
  await cp(FORMAT_1, dir, { recursive: true });
  const stores = await Promise.all([1, 2, 3].map(() => Store.open({ dir, shared: true })));
  const other = await startSharer(dir);
  expect(stores.filter(({ role }) => role === "owner")).toHaveLength(1);
  for (const store of stores) {
    expect(store.sequence).toBe(108);
    let notes = 0;
    for await (const _ of store.collection("notes").entries()) notes += 1;
    expect(notes).toBeGreaterThan(30);
    expect(await store.changes(107, ["notes"])).toBeUndefined();
  }
  expect(await other.ask("put", { collection: "notes", key: "new", value: 1 })).toBe(109);
  for (const store of stores)
    expect(await store.changes(108, ["notes"])).toEqual([{ collection: "notes", key: "new" }]);
  await Promise.all(stores.map((store) => store.close()));
  await other.close();
  expect(await Store.check({ dir })).toMatchObject({ format: 2, sequence: 109, findings: [] });
});

test("a store whose processes were all killed is sound, and is repaired and shared again when it is damaged then", async () => {
  const dir = await temporaryFolder();
  for (let round = 0; round < 3; round++) {
    const [owner, client] = [await startSharer(dir), await startSharer(dir)];
    await expect(Store.check({ dir, repair: true })).rejects.toMatchObject({
      code: "STORE_LOCKED",
      details: { pid: owner.pid },
    });
    owner.ask("snapshots", { name: "index", bytes: 1 << 20 }).catch(() => {});
    for (let n = 0; n < 40; n++)
      await client.ask("put", {
        collection: "items",
        key: `${round}/${n}`,
        value: randomBytes(500).toString("hex"),
      });
    const dying = Promise.allSettled([
      client.ask("compact"),
      client.ask("put", { collection: "items", key: "last", value: round }),
    ]);
    await pause(round * 15);
    await Promise.all([client.kill(), owner.kill()]);
    await dying;
    const { findings, looked } = await Store.check({ dir });
    expect(findings).toEqual([]);
    expect(looked.collections["items"]).toBeGreaterThanOrEqual((round + 1) * 40);
  }
  const last = await Store.open({ dir });
  for (let n = 0; n < 20; n++) await last.write([last.collection("items").put(`last ${n}`, n)]);
  await last.close();
  // The file with those last writes is damaged in the middle.
  const level = (await readdir(dir)).find((name) => name.startsWith("level")) ?? "";
  const [log = ""] = (await readdir(join(dir, level))).filter((name) => name.endsWith(".log"));
  const bytes = await readFile(join(dir, level, log));
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  await writeFile(join(dir, level, log), bytes);
  await expect(Store.open({ dir, shared: true })).rejects.toMatchObject({ code: "STORE_CORRUPT" });
  const { findings, repaired } = await Store.check({ dir, repair: true });
  expect(findings.some(({ severity }) => severity === "error")).toBe(true);
  expect(repaired?.records?.records).toBeGreaterThan(0);
  const [owner, client] = [await startSharer(dir), await startSharer(dir)];
  const sequence = await client.ask("put", { collection: "items", key: "after", value: 1 });
  expect(await owner.ask("state")).toEqual({ role: "owner", sequence });
  expect(await owner.ask("readSnapshot", { name: "index" })).toBeUndefined();
  await client.close();
  await owner.close();
  expect((await Store.check({ dir })).findings).toEqual([]);
});

async function fill(store: Store, batches: number): Promise<void> {
  const items = store.collection("items");
  for (let step = 0; step < batches; step++) {
    const text = randomBytes(750).toString("base64");
    await store.write(Array.from({ length: 200 }, (_, n) => items.put(`${step}/${n}`, { step, text })));
  }
}

/** All bytes of all files below a folder. */
async function bytesBelow(dir: string): Promise<Buffer> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Buffer.concat(
    await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name)))),
  );
}

function keysOf(changes: readonly { readonly key: string }[] | undefined): readonly string[] | undefined {
  return changes?.map(({ key }) => key).sort();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function until(fits: () => boolean | Promise<boolean>): Promise<void> {
  const started = performance.now();
  while (!(await fits())) {
    if (performance.now() - started > 10_000) throw new Error("it did not come about in 10 s");
    await pause(1);
  }
}
