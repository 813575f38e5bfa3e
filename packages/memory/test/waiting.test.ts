import { setTimeout as delay } from "node:timers/promises";
import { Store } from "@agentos/store";
import { expect, onTestFinished, test } from "vitest";
import { type Embedder, MemoryStore } from "../src/index.js";
import { KeyedMutex } from "../src/keyed-mutex.js";
import { openMemory, temporaryFolder } from "./fixture.js";

const USER = { level: "user" } as const;

/** An embedder that waits until it is let go, and honours no signal: the worst that a peer's may be. */
function slowEmbedder(): Embedder & { asked: Promise<void>; let: () => void } {
  let go = (): void => {};
  let wasAsked = (): void => {};
  const gone = new Promise<void>((resolve) => {
    go = resolve;
  });
  const asked = new Promise<void>((resolve) => {
    wasAsked = resolve;
  });
  return {
    name: "slow",
    dimensions: 2,
    asked,
    let: go,
    async embed(texts) {
      wasAsked();
      await gone;
      return texts.map(() => Float32Array.of(1, 0));
    },
  };
}

test("a quarantine that begins while a memory waits for its embedder holds it", async () => {
  const embedder = slowEmbedder();
  const { memory } = await openMemory({ embedder });
  const source = { repository: "evil" };
  const remembering = memory.remember({ content: "Run this.", scope: USER, source });
  await embedder.asked;
  const quarantining = memory.quarantine(source);
  await delay(20);
  embedder.let();
  const { id } = await remembering;
  const { quarantine } = await quarantining;
  expect((await memory.history(id)).at(-1)?.quarantine).toBe(quarantine.id);
  expect(await memory.recall("run this", { scopes: [USER] })).toEqual([]);
});

test("a quarantine that ends while a memory waits for its embedder lets it go", async () => {
  const embedder = slowEmbedder();
  const { memory } = await openMemory({ embedder });
  const source = { repository: "evil" };
  const { quarantine } = await memory.quarantine(source);
  await memory.remember({ content: "Held at first.", scope: USER, source });
  embedder.let();
  const remembering = memory.remember({ content: "Said meanwhile.", scope: USER, source });
  await Promise.all([remembering, memory.release(quarantine.id)]);
  const found = await memory.recall("said meanwhile held first", { scopes: [USER] });
  expect(found.map((one) => one.memory.content).sort()).toEqual(["Held at first.", "Said meanwhile."]);
});

test("remember and correct end at an aborted signal, and nothing is stored", async () => {
  const embedder = slowEmbedder();
  const { memory } = await openMemory({ embedder });
  const stop = new AbortController();
  const first = memory.remember({ content: "One.", scope: USER }, { signal: stop.signal });
  await embedder.asked;
  // Of the same words: it waits for the first.
  const second = memory.remember({ content: "One.", scope: USER }, { signal: AbortSignal.timeout(10) });
  await expect(second).rejects.toMatchObject({ code: "ABORTED" });
  stop.abort();
  embedder.let();
  await expect(first).rejects.toMatchObject({ code: "ABORTED" });
  expect((await memory.stats()).memories).toBe(0);
  const { id } = await memory.remember({ content: "Two.", scope: USER });
  const aborted = { signal: AbortSignal.abort() };
  await expect(memory.correct(id, { content: "Three." }, aborted)).rejects.toMatchObject({ code: "ABORTED" });
  await expect(memory.restore(id, aborted)).rejects.toMatchObject({ code: "ABORTED" });
  expect((await memory.get(id))?.content).toBe("Two.");
});

test("who gives up its turn lets nobody in before those that are at work", async () => {
  const mutex = new KeyedMutex();
  const order: string[] = [];
  let end = (): void => {};
  const atWork = new Promise<void>((resolve) => {
    end = resolve;
  });
  const first = mutex.run("key", async () => {
    await atWork;
    order.push("first");
  });
  const stop = new AbortController();
  const gaveUp = mutex.run("key", async () => order.push("gave up"), stop.signal);
  stop.abort();
  await expect(gaveUp).rejects.toMatchObject({ code: "ABORTED" });
  const third = mutex.run("key", async () => order.push("third"));
  await delay(5);
  end();
  await Promise.all([first, third]);
  expect(order).toEqual(["first", "third"]);
});

test("purging holds what was merged into a memory: what is restored at the same moment is whole or gone", async () => {
  const { memory } = await openMemory();
  const { id } = await memory.remember({ content: "Deploys need approval from two people.", scope: USER });
  const merged = await memory.remember({ content: "Deploys need approval from 2 people.", scope: USER });
  expect(merged.id).toBe(id);
  const all: string[] = [];
  for await (const one of memory.list({ forgotten: true })) all.push(one.id);
  const aside = all.find((one) => one !== id) as string;
  const [receipt] = await Promise.all([memory.purge(id), memory.restore(aside)]);
  expect(receipt?.memoryId).toBe(id);
  expect(await memory.get(id)).toBeUndefined();
  const left = await memory.get(aside, { forgotten: true });
  // Never half of it: an entry without a record, or a record that recall does not know.
  const versions = await memory.history(aside);
  expect(versions.length > 0).toBe(left !== undefined);
  const found = await memory.recall("deploys approval", { scopes: [USER] });
  expect(found.map((one) => one.memory.id)).toEqual(left === undefined ? [] : [aside]);
});

test("no link leads to a memory that is purged at the same moment", async () => {
  const { memory } = await openMemory();
  const { id: from } = await memory.remember({ content: "The cause.", scope: USER });
  const { id: to } = await memory.remember({ content: "What it led to.", scope: USER });
  const purging = memory.purge(to);
  await memory.link({ from, type: "causes", to }).catch(() => {});
  await purging;
  expect(await memory.links(from)).toEqual([]);
});

test("an import that fails leaves no alias and no quarantine in force", async () => {
  const { memory } = await openMemory();
  const { id } = await memory.remember({
    content: "Builds run on main.",
    scope: { level: "project", id: "old" },
    source: { repository: "ours" },
  });
  const lines: string[] = [];
  const { memory: other } = await openMemory();
  await other.alias({ level: "project", id: "old" }, { level: "project", id: "new" });
  await other.quarantine({ repository: "ours" });
  for await (const line of other.export()) lines.push(line);
  await expect(memory.import([...lines, "no JSON\n"])).rejects.toMatchObject({
    code: "MEMORY_IMPORT_INVALID",
  });
  const scopes = [{ level: "project", id: "new" }] as const;
  expect(await memory.recall("builds main", { scopes })).toEqual([]);
  expect(await memory.quarantines()).toEqual([]);
  const said = await memory.remember({
    content: "Tests run on main.",
    scope: { level: "project", id: "old" },
    source: { repository: "ours" },
  });
  expect(said.scope).toEqual({ level: "project", id: "old" });
  expect((await memory.history(said.id)).at(-1)?.quarantine).toBeUndefined();
  expect(await memory.get(id)).toBeDefined();
});

test("an import does not change a quarantine that holds", async () => {
  const { memory } = await openMemory();
  const { quarantine } = await memory.quarantine({ repository: "evil" });
  const { memory: other } = await openMemory();
  await other.quarantine({ repository: "harmless" });
  const lines: string[] = [];
  for await (const line of other.export()) {
    const value = JSON.parse(line) as { type: string; quarantine?: object };
    lines.push(
      value.quarantine === undefined
        ? line
        : `${JSON.stringify({ ...value, quarantine: { ...value.quarantine, id: quarantine.id } })}\n`,
    );
  }
  await expect(memory.import(lines)).rejects.toMatchObject({ code: "MEMORY_IMPORT_INVALID" });
  await memory.import(lines, { existing: "keep" });
  expect(await memory.quarantines()).toEqual([quarantine]);
});

test("a client hears of the progress of a cleanup, lists by aliases as they are, and closes while it waits", async () => {
  const dir = await temporaryFolder();
  const embedder = slowEmbedder();
  const stores = [await Store.open({ dir, shared: true })];
  const [owner] = [await MemoryStore.open({ store: stores[0] as Store })];
  for (let at = 0; at < 5; at++)
    await owner.remember({
      content: `Fact ${at} of five: ${"x".repeat(at)}.`,
      scope: { level: "project", id: "old" },
    });
  await owner.close();
  const first = await MemoryStore.open({ store: stores[0] as Store, embedder });
  stores.push(await Store.open({ dir, shared: true }));
  const client = await MemoryStore.open({ store: stores[1] as Store, embedder });
  onTestFinished(async () => {
    embedder.let();
    for (const each of [client, first]) await each.close();
    for (const store of stores.reverse()) await store.close();
  });
  expect(stores.map((store) => store.role)).toEqual(["owner", "client"]);
  const told: { readonly done: number; readonly total: number }[] = [];
  const done = await client.cleanup({ records: 2 }, { onProgress: (progress) => told.push(progress) });
  expect(done).toHaveLength(3);
  expect(told).toEqual([1, 2, 3].map((count) => ({ done: count, total: 3 })));
  await first.alias({ level: "project", id: "old" }, { level: "project", id: "new" });
  const listed: string[] = [];
  for await (const { content } of client.list({ scopes: [{ level: "project", id: "new" }] }))
    listed.push(content);
  expect(listed).toHaveLength(5);
  const waiting = client.reembedded();
  await delay(20);
  await client.close();
  await expect(waiting).rejects.toMatchObject({ code: "CLOSED" });
});
