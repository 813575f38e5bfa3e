import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Store } from "@agentos/store";
import { expect, onTestFinished, test } from "vitest";
import { requirement } from "../../../test/require.js";
import { MemoryStore } from "../src/index.js";
import { temporaryFolder } from "./fixture.js";

const memoryEntry = fileURLToPath(new URL("../dist/index.js", import.meta.url));
const storeEntry = fileURLToPath(new URL("../../store/dist/index.js", import.meta.url));
const built = requirement(
  "build",
  existsSync(memoryEntry) && existsSync(storeEntry),
  "packages/memory/dist or packages/store/dist is missing; run pnpm build",
);
const KILLS = Number(process.env["AGENTOS_MEMORY_KILLS"] ?? 4);
const USER = { level: "user" } as const;

/** A process with a memory of its own over a shared store, which remembers without end and says what it was told. */
const CHILD = `
const { Store } = await import(${JSON.stringify(pathToFileURL(storeEntry).href)});
const { MemoryStore } = await import(${JSON.stringify(pathToFileURL(memoryEntry).href)});
const [dir, name] = process.argv.slice(2);
const store = await Store.open({ dir, shared: true });
const memory = await MemoryStore.open({ store, nearDuplicates: "keep" });
process.send({ role: store.role });
store.onRole((role) => process.send({ role }));
for (let n = 0; ; n++) {
  const began = performance.now();
  const { id } = await memory.remember({ content: "said " + name + " " + n, scope: { level: "user" } });
  const found = await memory.recall("said " + name + " " + n, { limit: 3 });
  process.send({ id, content: "said " + name + " " + n, ms: performance.now() - began, found: found.some((one) => one.memory.id === id) });
}
`;

interface Told {
  readonly role?: string;
  readonly id?: string;
  readonly content?: string;
  readonly ms?: number;
  readonly found?: boolean;
}

interface Child {
  readonly process: ChildProcess;
  owns: boolean;
}

test.skipIf(!built)(
  "processes share a memory while its owner is killed: nothing is lost, nothing twice, and all find what they said",
  { timeout: 180_000 + KILLS * 5_000 },
  async () => {
    const folder = await temporaryFolder();
    const dir = join(folder, "store");
    const script = join(folder, "child.mjs");
    await writeFile(script, CHILD);
    const said = new Map<string, string>();
    const children: Child[] = [];
    let unfound = 0;
    let slowest = 0;
    let answers = 0;
    const start = (name: string): void => {
      const child: Child = { process: fork(script, [dir, name], { stdio: "inherit" }), owns: false };
      child.process.on("message", (told: Told) => {
        if (told.role !== undefined) child.owns = told.role === "owner";
        if (told.id === undefined) return;
        answers += 1;
        said.set(told.id, told.content ?? "");
        slowest = Math.max(slowest, told.ms ?? 0);
        if (!told.found) unfound += 1;
      });
      children.push(child);
    };
    onTestFinished(() => {
      for (const child of children) child.process.kill("SIGKILL");
    });
    for (let at = 0; at < 3; at++) start(`p${at}`);
    const until = async (what: () => boolean): Promise<void> => {
      for (let wait = 0; !what(); wait++) {
        if (wait > 3000) throw new Error("nothing happens");
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    for (let kill = 0; kill < KILLS; kill++) {
      const before = answers;
      await until(() => answers > before + 60 && children.some(({ owns }) => owns));
      const at = children.findIndex(({ owns }) => owns);
      const [owner] = children.splice(at, 1);
      const gone = new Promise((resolve) => owner?.process.once("exit", resolve));
      owner?.process.kill("SIGKILL");
      await gone;
      await until(() => children.some(({ owns }) => owns));
      start(`k${kill}`);
    }
    const last = answers;
    await until(() => answers > last + 60);
    const ends = children.map(({ process: one }) => new Promise((resolve) => one.once("exit", resolve)));
    for (const child of children) child.process.kill("SIGKILL");
    await Promise.all(ends);
    const store = await Store.open({ dir, shared: true });
    const memory = await MemoryStore.open({ store });
    try {
      const there = new Map<string, string>();
      for await (const { id, content } of memory.list()) there.set(id, content);
      expect([...said].filter(([id, content]) => there.get(id) !== content)).toEqual([]);
      expect(new Set(there.values()).size).toBe(there.size);
      expect(unfound).toBe(0);
      // What was asked when the owner died waits for the next one: well under a second where nothing else runs.
      expect(slowest).toBeLessThan(5_000);
      expect((await memory.recall("said p0 3", { scopes: [USER], limit: 1 }))[0]?.memory.content).toBe(
        "said p0 3",
      );
    } finally {
      await memory.close();
      await store.close();
    }
  },
);

test("a client's memory answers as the owner's does: changes, questions, walks, import and errors", async () => {
  const dir = join(await temporaryFolder(), "store");
  const script = join(dir, "..", "owner.mjs");
  if (!built) return;
  await writeFile(
    script,
    `const { Store } = await import(${JSON.stringify(pathToFileURL(storeEntry).href)});
const { MemoryStore } = await import(${JSON.stringify(pathToFileURL(memoryEntry).href)});
const store = await Store.open({ dir: process.argv[2], shared: true });
const memory = await MemoryStore.open({ store });
process.send({ role: store.role });
process.on("message", async () => { await memory.close(); await store.close(); process.disconnect(); });`,
  );
  const owner = fork(script, [dir], { stdio: "inherit" });
  await new Promise((resolve) => owner.once("message", resolve));
  const store = await Store.open({ dir, shared: true });
  const memory = await MemoryStore.open({ store });
  expect(store.role).toBe("client");
  const one = await memory.remember({ content: "the owner holds the index", scope: USER, tags: ["a"] });
  expect((await memory.recall("index", { explain: true }))[0]).toMatchObject({ memory: one, score: 1 });
  expect((await memory.passages("index"))[0]?.text).toBe("the owner holds the index");
  expect((await memory.correct(one.id, { content: "the owner keeps the index" }))?.content).toContain(
    "keeps",
  );
  expect(await memory.history(one.id)).toHaveLength(2);
  await memory.alias({ level: "project", id: "a" }, { level: "project", id: "b" });
  await memory.remember({ content: "moved", scope: { level: "project", id: "a" } });
  expect(await memory.recall("moved", { scopes: [{ level: "project", id: "b" }] })).toHaveLength(1);
  await expect(memory.recall("x", { limit: -1 })).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
  await expect(memory.remember({ content: " ", scope: USER })).rejects.toMatchObject({
    code: "MEMORY_CONTENT_EMPTY",
  });
  await expect(memory.recall("x", { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: "ABORTED",
  });
  await expect(store.call("memory", { method: "constructor", values: [] })).rejects.toMatchObject({
    code: "INPUT_INVALID",
  });
  let exported = "";
  for await (const line of memory.export()) exported += line;
  const two = exported.replaceAll(one.id, "imported").split("\n");
  expect(
    await memory.import([two.filter((line) => !line.includes('"moved"')).join("\n")], { existing: "keep" }),
  ).toMatchObject({ memories: 1 });
  expect((await memory.recall("keeps the index")).map(({ memory: { id } }) => id).sort()).toEqual(
    [one.id, "imported"].sort(),
  );
  expect((await memory.stats()).memories).toBe(3);
  // What an import sets up holds with the owner at once, while the import goes on.
  const held: unknown[] = [];
  const [head = ""] = exported.split("\n");
  const lines = async function* (): AsyncGenerator<string> {
    yield `${head}\n`;
    for (let n = 0; n < 130; n++)
      yield `${JSON.stringify({ type: "alias", old: `project:z${n}`, now: "project:b" })}\n`;
    held.push(...(await memory.recall("moved", { scopes: [{ level: "project", id: "z7" }] })));
  };
  await memory.import(lines());
  expect(held).toHaveLength(1);
  expect(await memory.forget("imported")).toBe(true);
  expect(await memory.purge(one.id)).toMatchObject({ memoryId: one.id });
  // The owner closes: this process takes over, and makes the indexes of its own.
  const ended = new Promise((resolve) => owner.once("exit", resolve));
  owner.send("close");
  await ended;
  expect(await memory.recall("moved", { scopes: "all" })).toHaveLength(1);
  expect((await memory.remember({ content: "said after", scope: USER })).content).toBe("said after");
  expect(store.role).toBe("owner");
  await memory.close();
  await store.close();
});
