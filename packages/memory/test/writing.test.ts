import { expect, test } from "vitest";
import { openMemory } from "./fixture.js";

const USER = { level: "user" } as const;

test("what means the same in other words is merged, loses nothing, and can be taken back", async () => {
  const fixture = await openMemory();
  const { memory } = fixture;
  const old = await memory.remember({
    content: "Run the tests with pnpm test before each push.",
    scope: USER,
    tags: ["ci"],
  });
  fixture.now = 2_000;
  const said = await memory.remember({
    content: "Before each push, run the tests with pnpm test.",
    scope: USER,
    tags: ["push"],
    importance: 0.9,
  });
  expect(said).toEqual({ ...old, tags: ["ci", "push"], importance: 0.9 });
  expect(await memory.stats()).toMatchObject({ memories: 1, merged: 1 });
  expect(await memory.history(old.id)).toMatchObject([{ change: "remembered" }, { change: "merged" }]);
  await fixture.reopen();
  const aside: string[] = [];
  for await (const one of fixture.memory.list({ forgotten: true })) if (one.id !== old.id) aside.push(one.id);
  expect(aside).toHaveLength(1);
  expect((await fixture.memory.restore(aside[0] ?? ""))?.content).toBe(
    "Before each push, run the tests with pnpm test.",
  );
  expect(await fixture.memory.stats()).toMatchObject({ memories: 2, merged: 0 });
});

test("what is said twice in other words at the same moment is one, in every scope and kind by itself", async () => {
  const { memory } = await openMemory();
  const words = [
    "Run the tests with pnpm test before each push.",
    "Before each push, run the tests with pnpm test.",
    "Run the tests before each push with pnpm test.",
  ];
  const project = { level: "project", id: "p" } as const;
  const said = await Promise.all([
    ...words.map((content) => memory.remember({ content, scope: USER })),
    ...words.map((content) => memory.remember({ content, scope: project })),
    ...Array.from({ length: 40 }, (_, n) =>
      memory.remember({ content: `Step ${n} takes ${n} s.`, scope: USER }),
    ),
  ]);
  expect(new Set(said.slice(0, 3).map(({ id }) => id)).size).toBe(1);
  expect(new Set(said.slice(3, 6).map(({ id }) => id)).size).toBe(1);
  expect(await memory.stats()).toMatchObject({ memories: 42, merged: 4 });
});

test("look-alikes stay apart; another value and a denial are linked; scopes, kinds and trust keep apart", async () => {
  const { memory } = await openMemory();
  const say = (content: string, more = {}) => memory.remember({ content, scope: USER, ...more });
  const port = await say("The staging database listens on port 5432.");
  const next = await say("The staging database listens on port 5433.");
  expect(next.id).not.toBe(port.id);
  expect(await memory.links(next.id)).toMatchObject([{ type: "supersedes", to: port.id }]);
  await say("The production database listens on port 5432.");
  await say("On port 5432, the staging database listens.", { kind: "lesson" });
  await say("On port 5432, the staging database listens.", { scope: { level: "project", id: "p" } });
  await say("On port 5432 the staging database listens.", { trust: "outside" });
  expect(await memory.stats()).toMatchObject({ memories: 6, merged: 0 });
});

test("purging takes along what was merged with it", async () => {
  const fixture = await openMemory();
  const { memory } = fixture;
  const old = await memory.remember({
    content: "Run the tests with pnpm test before each push.",
    scope: USER,
  });
  await memory.remember({ content: "Before each push, run the tests with pnpm test.", scope: USER });
  await memory.purge(old.id);
  expect(await memory.stats()).toMatchObject({ memories: 0, merged: 0 });
  for await (const left of memory.list({ forgotten: true, scopes: "all" })) expect.fail(left.content);
});

test("secrets are taken out of everything that is stored, unless they are to be kept", async () => {
  const key = `ghp_${"a1B2c3D4e5".repeat(4).slice(0, 36)}`;
  const fixture = await openMemory();
  const { memory } = fixture;
  const said = await memory.remember({
    content: `push with ${key}`,
    scope: USER,
    tags: [key],
    metadata: { note: `uses ${key}`, password: "hunter2-Xy9", port: 5432 },
    source: { note: key },
    subject: `token ${key}`,
  });
  await memory.correct(said.id, { content: `now ${key}` });
  expect(JSON.stringify(await memory.history(said.id))).not.toContain(key);
  expect(said.metadata?.["password"]).not.toContain("hunter2");
  expect(said.metadata?.["port"]).toBe(5432);
  await fixture.reopen({ secrets: "keep" });
  expect((await fixture.memory.remember({ content: `push with ${key}`, scope: USER })).content).toContain(
    key,
  );
});
