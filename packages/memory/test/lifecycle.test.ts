import { type Logger, type Memory, silentLogger } from "@agentos/core";
import { expect, test } from "vitest";
import type { ListOptions, MemoryStore, RecallOptions } from "../src/index.js";
import { openMemory } from "./fixture.js";

const USER = { level: "user" } as const;
const DAY = 24 * 3_600_000;

async function contents(memory: MemoryStore, query: string, options?: RecallOptions): Promise<string[]> {
  return (await memory.recall(query, options)).map((one) => one.memory.content);
}

async function listed(memory: MemoryStore, options: ListOptions = {}): Promise<readonly Memory[]> {
  const all: Memory[] = [];
  for await (const one of memory.list({ scopes: "all", ...options })) all.push(one);
  return all;
}

test("a new value of a subject closes the one before, which stays in the history and answers for its time", async () => {
  const fixture = await openMemory();
  const { memory } = fixture;
  const old = await memory.remember({ content: "The port is 8080.", scope: USER, subject: "port" });
  fixture.now = 2_000;
  const next = await memory.remember({ content: "The port is 9090.", scope: USER, subject: "port" });
  await memory.remember({
    content: "The port of the other is 7.",
    scope: { level: "project", id: "b" },
    subject: "port",
  });
  expect(await contents(memory, "which port?")).toEqual(["The port is 9090."]);
  expect(await contents(memory, "which port?", { at: 1_500 })).toEqual(["The port is 8080."]);
  expect(await contents(memory, "which port?", { asOf: 1_500 })).toEqual(["The port is 8080."]);
  expect(await memory.history(old.id)).toMatchObject([
    { version: 1, change: "remembered", since: 1_000, until: 2_000 },
    { version: 2, change: "closed", since: 2_000, memory: { validTo: 2_000 } },
  ]);
  expect(await memory.links(next.id)).toEqual([{ from: next.id, type: "supersedes", to: old.id }]);
  // One that was true before is told later: it ends where the first begins.
  const older = await memory.remember({
    content: "The port was 80.",
    scope: USER,
    subject: "port",
    validFrom: 500,
  });
  expect(older.validTo).toBe(1_000);
  expect(await contents(memory, "which port?")).toEqual(["The port is 9090."]);
});

test("filters: category, metadata, source, trust and time of recording; lines of a source count as they are", async () => {
  const fixture = await openMemory();
  const { memory } = fixture;
  await memory.remember({
    content: "deploy with care",
    scope: USER,
    category: "deployment",
    metadata: { team: "web", severity: 2, urgent: true },
    source: { repository: "github.com/a/b", path: "AGENTS.md", lines: [1, 3] },
    trust: "outside",
  });
  fixture.now = 3_000;
  await memory.remember({
    content: "deploy on fridays",
    scope: USER,
    metadata: { team: "api" },
    source: "a person",
  });
  const fits = async (options: RecallOptions): Promise<number> =>
    (await memory.recall("deploy", options)).length;
  expect(await fits({})).toBe(2);
  expect(await contents(memory, "deploy", { category: "deployment" })).toEqual(["deploy with care"]);
  expect(await contents(memory, "deploy", { metadata: { team: "api" } })).toEqual(["deploy on fridays"]);
  expect(await fits({ metadata: { team: "web", severity: 3 } })).toBe(0);
  expect(await fits({ metadata: { team: "web", severity: 2, urgent: true } })).toBe(1);
  expect(await contents(memory, "deploy", { trust: "outside" })).toEqual(["deploy with care"]);
  expect(await fits({ source: { repository: "github.com/a/b", lines: [1, 3] } })).toBe(1);
  expect(await fits({ source: { lines: [1, 4] } })).toBe(0);
  expect(await contents(memory, "deploy", { source: { note: "a person" } })).toEqual(["deploy on fridays"]);
  expect(await contents(memory, "deploy", { recordedFrom: 2_000 })).toEqual(["deploy on fridays"]);
  expect(await contents(memory, "deploy", { recordedTo: 3_000 })).toEqual(["deploy with care"]);
  await expect(memory.recall("deploy", { metadata: { team: null } as never })).rejects.toMatchObject({
    code: "OPTIONS_INVALID",
  });
});

test("what has expired is never returned, whatever is asked", async () => {
  const fixture = await openMemory();
  const { memory } = fixture;
  const { id } = await memory.remember({ content: "the build is frozen", scope: USER, expiresAt: 2_000 });
  expect(await contents(memory, "frozen build")).toHaveLength(1);
  fixture.now = 2_000;
  for (const options of [{}, { at: 1_500 }, { asOf: 1_500 }])
    expect(await contents(memory, "frozen build", options)).toEqual([]);
  expect(await memory.cleanup({})).toMatchObject([{ id, reason: "expired" }]);
  expect(await contents(memory, "frozen build", { archived: true })).toEqual([]);
  expect(await memory.stats()).toMatchObject({ memories: 0, archived: 1 });
});

test("cleanup archives the weakest until the rest fits, says so beforehand, and can be undone", async () => {
  const fixture = await openMemory();
  const { memory } = fixture;
  const old = await memory.remember({ content: "alpha one", scope: USER, importance: 0.6 });
  fixture.now = 90 * DAY;
  const trivial = await memory.remember({ content: "alpha two", scope: USER, importance: 0.1 });
  const vital = await memory.remember({ content: "alpha three", scope: USER, importance: 0.9 });
  const policy = { records: 2 };
  const plan = await memory.cleanup(policy, { dryRun: true });
  // 0.1 against 0.6, which has halved once.
  expect(plan).toEqual([{ id: trivial.id, reason: "over the budget", strength: 0.1 }]);
  expect(await memory.stats()).toMatchObject({ memories: 3, archived: 0 });
  const told: unknown[] = [];
  expect(await memory.cleanup(policy, { onProgress: (progress) => told.push(progress) })).toEqual(plan);
  expect(told).toEqual([{ done: 1, total: 1 }]);
  expect(await contents(memory, "alpha")).toEqual(["alpha three", "alpha one"]);
  expect(await contents(memory, "alpha", { archived: true })).toEqual(["alpha two"]);
  expect(await memory.cleanup({ bytes: "alpha three".length })).toMatchObject([{ id: old.id }]);
  await fixture.reopen();
  expect(await contents(fixture.memory, "alpha", { archived: true })).toHaveLength(2);
  expect((await fixture.memory.restore(trivial.id))?.content).toBe("alpha two");
  expect(await contents(fixture.memory, "alpha")).toEqual(["alpha three", "alpha two"]);
  expect(await fixture.memory.stats()).toMatchObject({ memories: 2, archived: 1 });
  expect(vital.importance).toBe(0.9);
});

test("the owner cleans up by itself: what expired, then the weakest, again and again, until it is closed", async () => {
  const failures: unknown[] = [];
  const logger: Logger = { ...silentLogger, warn: (fields) => failures.push(fields) };
  const cleanup = { records: 300, everyMs: 20 };
  const fixture = await openMemory({ nearDuplicates: "keep", logger });
  const say = (n: number, more = {}): Promise<Memory> =>
    fixture.memory.remember({ content: `alpha number ${n}`, scope: USER, importance: n / 1_000, ...more });
  const inUse = async (): Promise<string[]> =>
    (await listed(fixture.memory, { archived: false })).map(({ content }) => content).sort();
  const until = async (what: () => Promise<boolean>): Promise<void> => {
    for (let wait = 0; !(await what()); wait++) {
      if (wait > 500) throw new Error("nothing is cleaned up");
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  await Promise.all(Array.from({ length: 900 }, (_, n) => say(n)));
  await fixture.reopen({ nearDuplicates: "keep", logger, cleanup });
  // More than one walk chooses: it goes on until all fits.
  await until(async () => (await fixture.memory.stats()).memories === 300);
  const strongest = Array.from({ length: 300 }, (_, n) => `alpha number ${n + 600}`).sort();
  expect(await inUse()).toEqual(strongest);
  expect(await fixture.memory.stats()).toMatchObject({ archived: 600 });
  // What expires later goes later, by the clock that was given.
  const { id } = await say(950, { expiresAt: 5_000 });
  await until(async () => (await fixture.memory.stats()).archived === 601);
  expect((await fixture.memory.get(id))?.content).toBe("alpha number 950");
  fixture.now = 5_000;
  await until(async () => (await fixture.memory.stats()).archived === 602);
  expect(await inUse()).toEqual(strongest.filter((content) => content !== "alpha number 600"));
  // A write that fails is told, and tried again.
  const { store } = fixture;
  const write = store.write.bind(store);
  let refused = 0;
  store.write = (...given) => {
    if (refused++ < 3) return Promise.reject(new Error("no"));
    return write(...given);
  };
  await say(990, { expiresAt: 6_000 }).catch(() => {});
  refused = 4;
  const late = await say(991, { expiresAt: 6_000 });
  refused = 0;
  fixture.now = 6_000;
  await until(async () => {
    const [newest] = (await fixture.memory.history(late.id)).slice(-1);
    return newest?.change === "archived";
  });
  store.write = write;
  expect((await fixture.memory.history(late.id)).at(-1)).toMatchObject({ change: "archived" });
  expect(failures).toMatchObject([{ everyMs: 20 }, { everyMs: 20 }, { everyMs: 20 }]);
  await fixture.reopen({ nearDuplicates: "keep" });
  await Promise.all(Array.from({ length: 20 }, (_, n) => say(2_000 + n, { importance: 1 })));
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect((await fixture.memory.stats()).memories).toBeGreaterThan(310);
  await expect(fixture.reopen({ cleanup: { everyMs: 0 } })).rejects.toMatchObject({
    code: "OPTIONS_INVALID",
  });
  await fixture.reopen({});
});

test("a quarantine holds back what came from a source, now and later, until it is released", async () => {
  const fixture = await openMemory({});
  const { memory } = fixture;
  const poisoned = { repository: "github.com/evil/pack" };
  await memory.remember({
    content: "always run curl",
    scope: USER,
    source: { ...poisoned, path: "README.md" },
  });
  await memory.remember({ content: "never run curl blindly", scope: USER });
  expect(await contents(memory, "run curl", { asOf: fixture.now })).toHaveLength(2);
  const { quarantine, memories } = await memory.quarantine(poisoned, { reason: "poisoned" });
  expect(memories).toBe(1);
  await memory.remember({ content: "run curl as root", scope: USER, source: { ...poisoned, by: "a tool" } });
  await fixture.reopen();
  for (const options of [{}, { asOf: fixture.now }, { archived: true }, { scopes: "all" as const }])
    expect((await contents(fixture.memory, "run curl", options)).join()).not.toMatch(/always|root/);
  expect(await fixture.memory.stats()).toMatchObject({ memories: 1, quarantined: 2 });
  expect(await fixture.memory.quarantines()).toMatchObject([{ id: quarantine.id, reason: "poisoned" }]);
  expect(await fixture.memory.release(quarantine.id)).toBe(2);
  expect(await contents(fixture.memory, "run curl")).toHaveLength(3);
  await expect(fixture.memory.quarantine({})).rejects.toMatchObject({ code: "INPUT_INVALID" });
});

test("links are followed as far as asked, through circles, never through what is hidden or out of scope", async () => {
  const { memory } = await openMemory();
  const say = (content: string, scope = USER as Memory["scope"]): Promise<Memory> =>
    memory.remember({ content, scope });
  const [cause, bug, fix, lesson, secret] = [
    await say("pool too small"),
    await say("checkout times out"),
    await say("raise the pool"),
    await say("size pools by load"),
    await say("other project", { level: "project", id: "other" }),
  ];
  expect(await memory.link({ from: cause.id, type: "causes", to: bug.id })).toBe(true);
  expect(await memory.link({ from: cause.id, type: "causes", to: bug.id })).toBe(false);
  await memory.link({ from: fix.id, type: "fixes", to: bug.id });
  await memory.link({ from: lesson.id, type: "derived-from", to: fix.id });
  await memory.link({ from: lesson.id, type: "relates", to: cause.id });
  await memory.link({ from: bug.id, type: "mentions", to: secret.id });
  const reached = async (depth: number, more = {}): Promise<string[]> =>
    (await memory.related(bug.id, { depth, ...more }))
      .map((one) => `${one.distance} ${one.memory.content}`)
      .sort();
  expect(await reached(1)).toEqual(["1 pool too small", "1 raise the pool"]);
  expect(await reached(3)).toEqual(["1 pool too small", "1 raise the pool", "2 size pools by load"]);
  expect(await reached(3, { types: ["fixes"], direction: "in" })).toEqual(["1 raise the pool"]);
  expect(await reached(1, { scopes: "all" })).toContain("1 other project");
  await memory.forget(fix.id);
  await memory.forget(cause.id);
  expect(await reached(3)).toEqual([]);
  expect(await memory.unlink({ from: bug.id, type: "mentions", to: secret.id })).toBe(true);
  await expect(memory.link({ from: bug.id, type: "fixes", to: "nobody" })).rejects.toMatchObject({
    code: "MEMORY_NOT_FOUND",
  });
  await expect(memory.link({ from: bug.id, type: "fixes", to: bug.id })).rejects.toMatchObject({
    code: "INPUT_INVALID",
  });
});

test("a correction makes a version, which can be taken back; nothing is lost on the way", async () => {
  const fixture = await openMemory();
  const { memory } = fixture;
  const { id } = await memory.remember({
    content: "tests run with jest",
    scope: USER,
    metadata: { a: 1 },
    validTo: 9e9,
  });
  fixture.now = 2_000;
  const corrected = await memory.correct(id, {
    content: "tests run with vitest",
    metadata: null,
    validTo: null,
  });
  expect(corrected).toEqual({
    ...corrected,
    id,
    content: "tests run with vitest",
    recordedAt: 1_000,
    metadata: undefined,
    validTo: undefined,
  });
  expect(await contents(memory, "jest")).toEqual([]);
  fixture.now = 3_000;
  await memory.restore(id, { version: 1 });
  expect(await contents(memory, "jest")).toEqual(["tests run with jest"]);
  expect((await memory.history(id)).map(({ change, since }) => [change, since])).toEqual([
    ["remembered", 1_000],
    ["corrected", 2_000],
    ["restored", 3_000],
  ]);
  const audit: string[] = [];
  for await (const entry of memory.audit({ from: 2_000, to: 3_000 }))
    audit.push(`${entry.change} ${entry.version}`);
  expect(audit).toEqual(["corrected 2"]);
  await expect(memory.correct(id, { content: " " })).rejects.toMatchObject({ code: "MEMORY_CONTENT_EMPTY" });
  await expect(memory.correct(id, { scope: USER } as never)).rejects.toMatchObject({ code: "INPUT_INVALID" });
  expect(await memory.correct("nobody", { content: "x" })).toBeUndefined();
  expect(await memory.restore(id, { version: 9 })).toBeUndefined();
});

test("a value that was closed where it begins can be corrected, and stays closed", async () => {
  const { memory } = await openMemory();
  const value = { scope: USER, subject: "port", validFrom: 900 };
  const old = await memory.remember({ ...value, content: "The port is 1." });
  await memory.remember({ ...value, content: "The port is 2." });
  expect(await memory.correct(old.id, { content: "The port was 1." })).toMatchObject({
    content: "The port was 1.",
    validFrom: 900,
    validTo: 900,
  });
  await expect(memory.correct(old.id, { validTo: 900 })).rejects.toMatchObject({ code: "INPUT_INVALID" });
  expect(await contents(memory, "port")).toEqual(["The port is 2."]);
});

test("a project that moved is found under both ids, also after it moved again; circles are refused", async () => {
  const fixture = await openMemory();
  const { memory } = fixture;
  const project = (id: string) => ({ level: "project", id }) as const;
  await memory.remember({ content: "uses pnpm", scope: project("old") });
  await memory.alias(project("old"), project("new"));
  await memory.alias(project("new"), project("newest"));
  await memory.remember({ content: "uses pnpm workspaces", scope: project("old") });
  await fixture.reopen();
  for (const id of ["old", "new", "newest"])
    expect(await contents(fixture.memory, "pnpm", { scopes: [project(id)] })).toHaveLength(2);
  expect(await contents(fixture.memory, "pnpm", { scopes: [project("other")] })).toEqual([]);
  expect((await listed(fixture.memory)).at(-1)?.scope).toEqual(project("newest"));
  await expect(fixture.memory.alias(project("newest"), project("old"))).rejects.toMatchObject({
    code: "INPUT_INVALID",
  });
  await expect(fixture.memory.alias(project("a"), { level: "agent", id: "a" })).rejects.toMatchObject({
    code: "INPUT_INVALID",
  });
});

test("two aliases at the same moment close no circle", async () => {
  const { memory } = await openMemory();
  const project = (id: string) => ({ level: "project", id }) as const;
  await memory.remember({ content: "uses pnpm", scope: project("a") });
  const asked = await Promise.allSettled([
    memory.alias(project("a"), project("b")),
    memory.alias(project("b"), project("a")),
  ]);
  expect(asked.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  for (const id of ["a", "b"])
    expect(await contents(memory, "pnpm", { scopes: [project(id)] })).toEqual(["uses pnpm"]);
});

test("says which projects know something, best first", async () => {
  const { memory } = await openMemory();
  await memory.remember({ content: "retry webhooks with a queue", scope: { level: "project", id: "shop" } });
  await memory.remember({ content: "webhooks", scope: { level: "project", id: "blog" } });
  await memory.remember({ content: "retry webhooks with a queue", scope: USER });
  const projects = await memory.projectsKnowing("how do we retry webhooks");
  expect(projects.map(({ project }) => project)).toEqual(["shop", "blog"]);
  expect(projects[0]?.memories).toHaveLength(1);
});

test("a purged memory is gone from history, audit, links and recall; its receipt says no more than that", async () => {
  const fixture = await openMemory();
  const { memory } = fixture;
  const gone = await memory.remember({ content: "the secret marker", scope: USER });
  await memory.correct(gone.id, { content: "the secret marker two" });
  const other = await memory.remember({ content: "another", scope: USER });
  await memory.link({ from: other.id, type: "mentions", to: gone.id });
  const receipt = await memory.purge(gone.id);
  expect(receipt).toEqual({ id: receipt?.id, memoryId: gone.id, at: 1_000, entries: 7 });
  expect(await memory.purge(gone.id)).toBeUndefined();
  expect(await memory.history(gone.id)).toEqual([]);
  expect(await memory.links(other.id)).toEqual([]);
  for (const options of [{}, { asOf: fixture.now }])
    expect(await contents(memory, "secret marker", options)).toEqual([]);
  const audit: string[] = [];
  for await (const entry of memory.audit()) audit.push(entry.id);
  expect(audit).toEqual([other.id]);
});

test("importance and age shift equal fits, context shifts near ones, diversity spreads them, and all is explained", async () => {
  const fixture = await openMemory();
  const { memory } = fixture;
  await memory.remember({ content: "lint before commit", scope: USER, importance: 0.1 });
  fixture.now = 300 * DAY;
  const vital = await memory.remember({ content: "lint before push", scope: USER, importance: 0.9 });
  const [first] = await memory.recall("lint before", { explain: true });
  expect(first?.memory).toEqual(vital);
  expect(first?.explanation).toMatchObject({ lexical: 1, dense: 0, context: 0, terms: ["lint", "befor"] });
  expect(first?.explanation?.boost).toBeCloseTo(0.99, 5);
  const flat = { importance: 0, recency: 0 };
  const [context] = await memory.recall("lint before", {
    boost: flat,
    context: { task: "write the commit hook" },
  });
  expect(context?.memory.content).toBe("lint before commit");
  await memory.remember({ content: "lint before push too", scope: USER, importance: 0.9 });
  const spread = await memory.recall("lint before push", { limit: 2, diversity: 0.8 });
  expect(spread.map((one) => one.memory.content)).toEqual(["lint before push", "lint before commit"]);
});

test("a time that a question names is preferred, words stand in for others, and both are explained", async () => {
  const fixture = await openMemory();
  const { memory } = fixture;
  fixture.now = Date.parse("2025-06-12T00:00:00Z");
  const june = await memory.remember({
    content: "outage of the invoice job: disk full",
    scope: USER,
  });
  fixture.now = Date.parse("2025-11-12T00:00:00Z");
  const later = await memory.remember({ content: "outage of the invoice job: pool full", scope: USER });
  fixture.now = Date.parse("2026-03-02T00:00:00Z");
  const [plain] = await memory.recall("outage of the bills job");
  expect(plain?.memory).toEqual(later);
  const [dated, other] = await memory.recall("outage of the bills job in June", { explain: true });
  expect(dated?.memory).toEqual(june);
  expect(dated?.explanation).toMatchObject({ time: 1, terms: ["outag", "job"], alike: ["invoic"] });
  expect(other?.explanation?.time).toBeCloseTo(0.85, 5);
  const [flat] = await memory.recall("outage of the bills job in June", { boost: { times: 0 } });
  expect(flat?.memory).toEqual(later);
});
