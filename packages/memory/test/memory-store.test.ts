import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Memory, Scope } from "@agentos/core";
import { Store } from "@agentos/store";
import { expect, test } from "vitest";
import { type MemoryInput, MemoryStore } from "../src/index.js";
import { openMemory } from "./fixture.js";

const user: Scope = { level: "user" };
const project: Scope = { level: "project", id: "p" };

test("fills in what is not said, and gives back what was stored", async () => {
  const { memory } = await openMemory();
  const stored = await memory.remember({ content: "  tabs, not spaces \n", scope: user });
  expect(stored).toEqual({
    id: "m00000",
    content: "tabs, not spaces",
    kind: "fact",
    scope: user,
    tags: [],
    importance: 0.5,
    trust: "own",
    validFrom: 1_000,
    recordedAt: 1_000,
  });
  expect(await memory.get(stored.id)).toEqual(stored);
  expect(await memory.recall("spaces or tabs?")).toEqual([{ memory: stored, score: 1 }]);
});

test("without scopes only user and shared are recalled and listed; without any scope, nothing", async () => {
  const { memory } = await openMemory();
  const scopes: Scope[] = [user, { level: "shared" }, project, { level: "agent", id: "p" }];
  for (const scope of scopes) await memory.remember({ content: "release checklist", scope });
  const levels = async (chosen?: Scope[]): Promise<string[]> =>
    (await memory.recall("release", { scopes: chosen })).map((match) => match.memory.scope.level).sort();
  expect(await levels()).toEqual(["shared", "user"]);
  expect(await levels([])).toEqual([]);
  expect(await levels([project])).toEqual(["project"]);
  expect(await levels([{ level: "project", id: "other" }])).toEqual([]);
  expect((await all(memory.list())).map((item) => item.scope.level).sort()).toEqual(["shared", "user"]);
});

test("what is said twice is merged: tags, importance and time; unsaid fields stay", async () => {
  const fixture = await openMemory();
  const { memory } = fixture;
  const say = (more: Partial<MemoryInput>): Promise<Memory> =>
    memory.remember({ content: "the build needs Go 1.19", scope: project, ...more });
  const first = await say({
    tags: ["go"],
    importance: 0.9,
    source: "README:3",
    validTo: 5_000,
  });
  fixture.now = 2_000;
  const second = await say({ tags: ["build", "go"], importance: 0.1 });
  expect(second).toEqual({ ...first, tags: ["go", "build"], validTo: undefined });
  expect(await say({})).toEqual(second);
  expect((await memory.recall("go", { scopes: [project] })).length).toBe(1);
  expect((await memory.recall("go", { scopes: [project], tags: ["build"] })).length).toBe(1);
  expect((await memory.stats()).memories).toBe(1);
  expect((await say({ kind: "lesson" })).id).not.toBe(first.id);
  expect((await say({ scope: user })).id).not.toBe(first.id);
  expect((await memory.stats()).memories).toBe(3);
});

test("the same words at times that lie apart stay two memories", async () => {
  const fixture = await openMemory();
  const say = (validFrom: number, validTo: number): Promise<Memory> =>
    fixture.memory.remember({ content: "the API is frozen", scope: user, validFrom, validTo });
  const spring = await say(1_000, 2_000);
  const autumn = await say(5_000, 6_000);
  expect(autumn.id).not.toBe(spring.id);
  expect((await say(2_000, 3_000)).id).toBe(spring.id);
  const found = async (now: number): Promise<string[]> => {
    fixture.now = now;
    return (await fixture.memory.recall("API frozen")).map((match) => match.memory.id);
  };
  expect(await found(999)).toEqual([]);
  expect(await found(2_999)).toEqual([spring.id]);
  expect(await found(3_000)).toEqual([]);
  expect(await found(5_000)).toEqual([autumn.id]);
});

test("the same thing said many times at once is one memory", async () => {
  const { memory } = await openMemory();
  const said = await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      memory.remember({ content: `fact ${n % 4}`, scope: user, tags: [`t${n}`] }),
    ),
  );
  expect(new Set(said.map(({ id }) => id)).size).toBe(4);
  expect((await all(memory.list())).map(({ tags }) => tags.length)).toEqual([10, 10, 10, 10]);
});

test("a forgotten memory is hidden everywhere and kept in its record, after reopening too", async () => {
  const fixture = await openMemory();
  const kept = await fixture.memory.remember({ content: "alpha beta", scope: user });
  const gone = await fixture.memory.remember({ content: "alpha gamma", scope: user });
  expect(await fixture.memory.forget(gone.id)).toBe(true);
  expect(await fixture.memory.forget(gone.id)).toBe(false);
  expect(await fixture.memory.forget("unknown")).toBe(false);
  for (const reopen of [false, true]) {
    const memory = reopen ? await fixture.reopen() : fixture.memory;
    expect((await memory.recall("alpha gamma")).map((match) => match.memory.id)).toEqual([kept.id]);
    expect(await memory.get(gone.id)).toBeUndefined();
    expect(await memory.get(gone.id, { forgotten: true })).toEqual(gone);
    expect(await all(memory.list())).toEqual([kept]);
    expect(await all(memory.list({ forgotten: true }))).toEqual([kept, gone]);
    expect(await memory.stats()).toMatchObject({
      memories: 1,
      forgotten: 1,
      byKind: { fact: 1 },
      byLevel: { user: 1 },
    });
  }
  const again = await fixture.memory.remember({ content: "alpha gamma", scope: user });
  expect(again.id).not.toBe(gone.id);
});

test("gives the lines of long memories that answer, with their places", async () => {
  const { memory } = await openMemory();
  const filler = Array.from({ length: 30 }, (_, index) => `Line ${index} speaks of the weather.`);
  const lines = [...filler.slice(0, 15), "The deploy key of staging expires in March.", ...filler.slice(15)];
  const kept = await memory.remember({
    content: lines.join("\n"),
    scope: { level: "user" },
    tags: ["deploy"],
  });
  await memory.remember({ content: "Keys of the piano are black and white.", scope: { level: "user" } });
  const [best] = await memory.passages("when does the staging deploy key expire?", { limit: 2 });
  expect(best).toMatchObject({
    memory: { id: kept.id },
    text: "The deploy key of staging expires in March.",
  });
  expect(kept.content.slice(best?.start, best?.end)).toBe(best?.text);
  expect(await memory.passages("zebra quartz")).toEqual([]);
  expect(await memory.passages("deploy", { scopes: [] })).toEqual([]);
});

test("a memory about one line of many is found before one that only repeats the words' letters", async () => {
  const { memory } = await openMemory();
  const scope = { level: "user" } as const;
  const right = await memory.remember({
    content: "Retries use exponential backoff.\nThe cap is 30 s.",
    scope,
  });
  await memory.remember({ content: "A retrieval of expositions.\nBackground officers cap bottles.", scope });
  const [first] = await memory.recall("what caps the exponential backoff?");
  expect(first?.memory.id).toBe(right.id);
});

test("vectors are searched where the embedder knows meaning, or a weight asks for it", async () => {
  const asked: string[] = [];
  const embedder = {
    name: "meaning",
    dimensions: 2,
    embed: async (texts: readonly string[]) => {
      asked.push(...texts);
      return texts.map((text) => Float32Array.from(/car|automobile/.test(text) ? [1, 0] : [0, 1]));
    },
  };
  const { memory } = await openMemory({ embedder });
  await memory.remember({ content: "The automobile is red.", scope: { level: "user" } });
  const [found] = await memory.recall("car");
  expect(found?.memory.content).toBe("The automobile is red.");
  expect(asked).toContain("car");
});

test("lists in pages", async () => {
  const { memory } = await openMemory();
  for (let n = 0; n < 25; n++)
    await memory.remember({ content: `note ${n}`, scope: user, tags: n % 2 ? ["odd"] : [] });
  const ids: string[] = [];
  for (;;) {
    const page = await all(memory.list({ tags: ["odd"], limit: 5, after: ids.at(-1) }));
    if (page.length === 0) break;
    expect(page.length).toBeLessThanOrEqual(5);
    ids.push(...page.map(({ id }) => id));
  }
  expect(ids).toEqual(Array.from({ length: 12 }, (_, n) => `m${String(n * 2 + 1).padStart(5, "0")}`));
});

test.each<[string, (texts: readonly string[]) => Promise<readonly Float32Array[]>]>([
  ["throws", () => Promise.reject(new Error("down"))],
  ["gives too few", async () => []],
  ["gives a wrong length", async (texts) => texts.map(() => new Float32Array(3))],
  ["gives NaN", async (texts) => texts.map(() => new Float32Array(4).fill(NaN))],
])("an embedder that %s stores nothing and is named", async (_name, embed) => {
  const { memory } = await openMemory({ embedder: { name: "broken", dimensions: 4, embed } });
  const failed = { code: "MEMORY_EMBEDDER_FAILED", message: expect.stringContaining('"broken"') };
  await expect(memory.remember({ content: "x", scope: user })).rejects.toMatchObject(failed);
  await expect(memory.recall("x")).rejects.toMatchObject(failed);
  expect(await all(memory.list())).toEqual([]);
});

test.each<[string, unknown, string]>([
  ["empty content", { content: " \n", scope: user }, "MEMORY_CONTENT_EMPTY"],
  ["long content", { content: "é".repeat(51), scope: user }, "MEMORY_CONTENT_TOO_LONG"],
  ["no scope", { content: "x" }, "INPUT_INVALID"],
  ["a user with an id", { content: "x", scope: { level: "user", id: "u" } }, "MEMORY_SCOPE_INVALID"],
  ["a project without one", { content: "x", scope: { level: "project" } }, "MEMORY_SCOPE_INVALID"],
  ["an empty id", { content: "x", scope: { level: "agent", id: "" } }, "MEMORY_SCOPE_INVALID"],
  ["an unknown level", { content: "x", scope: { level: "team", id: "t" } }, "MEMORY_SCOPE_INVALID"],
  ["an unknown key", { content: "x", scope: user, level: 1 }, "INPUT_INVALID"],
  ["an unknown kind", { content: "x", scope: user, kind: "rumour" }, "INPUT_INVALID"],
  ["importance over 1", { content: "x", scope: user, importance: 1.1 }, "INPUT_INVALID"],
  ["an empty tag", { content: "x", scope: user, tags: [""] }, "INPUT_INVALID"],
  ["an end before the start", { content: "x", scope: user, validFrom: 5, validTo: 5 }, "INPUT_INVALID"],
  ["no object", "x", "INPUT_INVALID"],
])("refuses to remember %s", async (_name, input, code) => {
  const { memory } = await openMemory({ contentBytes: 101 });
  await expect(memory.remember(input as MemoryInput)).rejects.toMatchObject({ code });
  expect((await memory.stats()).memories).toBe(0);
});

test("content may be as long as the limit, in bytes", async () => {
  const { memory } = await openMemory({ contentBytes: 100 });
  await memory.remember({ content: "é".repeat(50), scope: user });
});

test("refuses wrong questions and options by name", async () => {
  const { memory } = await openMemory();
  await memory.remember({ content: "x", scope: user });
  await expect(memory.recall("x", { limits: 3 } as object)).rejects.toThrow(/unknown key limits/);
  await expect(memory.recall("x", { limit: -1 })).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
  await expect(memory.recall(5 as unknown as string)).rejects.toMatchObject({ code: "INPUT_INVALID" });
  await expect(memory.recall("x", { scopes: [{ level: "project" }] })).rejects.toMatchObject({
    code: "MEMORY_SCOPE_INVALID",
  });
  await expect(memory.recall("x", { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: "ABORTED",
  });
  expect(await memory.recall("x", { limit: 0 })).toEqual([]);
  expect(await memory.recall("  ")).toEqual([]);
  expect(() => memory.list({ scopes: [{ level: "agent" }] })).toThrow(/A scope is/);
  await expect(MemoryStore.open({} as never)).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
});

test("close waits for what is under way, refuses what comes after, and leaves the store open", async () => {
  const dir = await mkdtemp(join(tmpdir(), "agentos-memory-"));
  const store = await Store.open({ dir });
  const memory = await MemoryStore.open({ store });
  await memory.remember({ content: "early", scope: user });
  const pending = [
    memory.remember({ content: "late", scope: user }),
    memory.recall("early"),
    memory.forget("none"),
  ];
  await memory.close();
  await memory.close();
  await Promise.all(pending);
  await expect(memory.remember({ content: "x", scope: user })).rejects.toMatchObject({ code: "CLOSED" });
  await expect(memory.recall("x")).rejects.toMatchObject({ code: "CLOSED" });
  await expect(memory.get("x")).rejects.toMatchObject({ code: "CLOSED" });
  expect(() => memory.list()).toThrow(/closed/);
  const again = await MemoryStore.open({ store });
  expect((await again.stats()).memories).toBe(2);
  await again.close();
  await store.close();
  await rm(dir, { recursive: true });
});

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}
