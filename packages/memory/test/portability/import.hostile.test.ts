import { expect, test } from "vitest";
import { openMemory } from "../fixture.js";

// Files that want more of an import than to bring memories.

const USER = { level: "user" } as const;
const memoryOf = (more: object = {}): object => ({
  id: "imported",
  content: "imported rocket",
  kind: "fact",
  scope: USER,
  tags: [],
  importance: 1,
  trust: "own",
  validFrom: 1,
  recordedAt: 1,
  ...more,
});
const recordOf = (more: object, version = 1): object => ({ memory: memoryOf(more), version });
const lines = (...values: readonly object[]): readonly string[] =>
  [{ type: "agentos-memory", format: 1 }, ...values].map((value) => `${JSON.stringify(value)}\n`);
const refused = { code: "MEMORY_IMPORT_INVALID" };

test("a quarantine holds what an import brings from its source, and the import may be repeated", async () => {
  const { memory } = await openMemory();
  await memory.quarantine({ repository: "evil" });
  const file = lines({ type: "memory", record: recordOf({ source: { repository: "evil" } }), past: [] });
  expect(await memory.import(file)).toMatchObject({ memories: 1 });
  expect(await memory.recall("rocket")).toEqual([]);
  expect(await memory.import(file)).toMatchObject({ memories: 0, there: 1 });
});

test("a line writes no versions of another memory, by its id or by one that begins as its keys do", async () => {
  const { memory } = await openMemory();
  const { id } = await memory.remember({ content: "mine", scope: USER });
  const past = (other: string) => [{ record: recordOf({ id: other }), change: "remembered", until: 5 }];
  for (const record of [
    { type: "memory", record: recordOf({}, 2), past: past(id) },
    { type: "memory", record: recordOf({ id: `${id}\u0001x` }, 2), past: past(`${id}\u0001x`) },
    { type: "memory", record: recordOf({ id }, 1), past: past(id) },
    { type: "link", link: { from: `${id}\u0001relates`, type: "relates", to: "x" } },
    { type: "audit", entry: { at: 1, id: `${id}\u0001`, version: 1, change: "forgotten" } },
  ])
    await expect(memory.import(lines(record))).rejects.toMatchObject(refused);
  expect((await memory.history(id)).map((version) => version.memory.content)).toEqual(["mine"]);
});

test("a time that no clock shows is refused: it would hide the audit behind it", async () => {
  const { memory } = await openMemory();
  await memory.remember({ content: "mine", scope: USER });
  for (const at of [1e300, -1])
    await expect(
      memory.import(lines({ type: "audit", entry: { at, id: "x", version: 1, change: "forgotten" } })),
    ).rejects.toMatchObject(refused);
  let entries = 0;
  for await (const _ of memory.audit({ to: 5_000 })) entries += 1;
  expect(entries).toBe(1);
});

test("an alias of a file leads from no other kind of scope, and changes none that is here", async () => {
  const { memory } = await openMemory();
  await memory.remember({ content: "mine", scope: USER });
  for (const [old, now] of [
    ["user", "project:evil"],
    ["project:evil", "user"],
    ["project:a", "agent:a"],
    ["project:", "project:a"],
    ["project:a", "project:a"],
  ])
    await expect(memory.import(lines({ type: "alias", old, now }))).rejects.toMatchObject(refused);
  expect(await memory.recall("mine")).toHaveLength(1);
  await memory.alias({ level: "project", id: "old" }, { level: "project", id: "new" });
  await memory.remember({ content: "secret plan", scope: { level: "project", id: "new" } });
  const other = lines({ type: "alias", old: "project:old", now: "project:evil" });
  await expect(memory.import(other)).rejects.toMatchObject(refused);
  await memory.import(other, { existing: "keep" });
  expect(await memory.recall("plan", { scopes: [{ level: "project", id: "old" }] })).toHaveLength(1);
});

test("a file that ends within a character is refused as text that is none", async () => {
  const { memory } = await openMemory();
  const bytes = Buffer.concat([Buffer.from(lines()[0] ?? ""), Buffer.of(0x22, 0xc3)]);
  await expect(memory.import([bytes])).rejects.toMatchObject({ code: "INPUT_INVALID" });
});

test("a line without end costs what it is long, and not the square", async () => {
  const { memory } = await openMemory();
  const piece = "x".repeat(4_096);
  const time = async (pieces: number): Promise<number> => {
    const before = process.cpuUsage();
    const file = [...lines(), ...Array.from({ length: pieces }, () => piece)];
    await expect(memory.import(file)).rejects.toMatchObject(refused);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
  await time(250);
  // 16 times as long: 256 times the work where each piece looks through all that came before.
  expect(await time(4_000)).toBeLessThan(64 * Math.max(5, await time(250)));
});

test("a line without end is given up", async () => {
  const { memory } = await openMemory();
  const piece = "x".repeat(1 << 20);
  const file = [...lines(), ...Array.from({ length: 70 }, () => piece)];
  await expect(memory.import(file)).rejects.toMatchObject({ code: "INPUT_INVALID" });
});
