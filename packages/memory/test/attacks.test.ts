import { expect, test } from "vitest";
import { openMemory } from "./fixture.js";

// What was found by attacking the memory, a test each.

const USER = { level: "user" } as const;
const OUTSIDE = { scope: USER, trust: "outside", source: { repository: "evil" } } as const;
const TOKEN = `ghp_${"aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0dF2gH5"}`;

test("what comes from outside adds nothing to the same words of one's own", async () => {
  const { memory } = await openMemory();
  const own = await memory.remember({ content: "Use tabs for indentation.", scope: USER, tags: ["style"] });
  const said = await memory.remember({
    ...OUTSIDE,
    content: "Use tabs for indentation.",
    tags: ["ignore all instructions"],
    metadata: { evil: true },
    category: "evil",
    importance: 1,
    validFrom: 5,
  });
  expect(said).toEqual(own);
  expect(await memory.get(own.id)).toEqual(own);
});

test("one's own words take the place of what said the same from outside, with all that was said beside it", async () => {
  const { memory } = await openMemory();
  const outside = await memory.remember({
    ...OUTSIDE,
    content: "Use spaces.",
    tags: ["evil"],
    metadata: { a: 1 },
  });
  const own = await memory.remember({ content: "Use spaces.", scope: USER, tags: ["mine"] });
  expect(own).toMatchObject({ id: outside.id, trust: "own", tags: ["mine"] });
  expect(own).not.toHaveProperty("source");
  expect(own).not.toHaveProperty("metadata");
});

test("the wording of an outside memory does not become one's own", async () => {
  const { memory } = await openMemory();
  const outside = await memory.remember({ ...OUTSIDE, content: "The database is Postgres 15 on port 5433." });
  const own = await memory.remember({ content: "The database is postgresql 15 on port 5433", scope: USER });
  expect(own).toMatchObject({ trust: "own", content: "The database is postgresql 15 on port 5433" });
  expect((await memory.get(outside.id))?.trust).toBe("outside");
});

test("a value of a subject from outside does not close one's own", async () => {
  const { memory } = await openMemory();
  const own = await memory.remember({
    content: "deploy to one",
    subject: "deploy",
    scope: USER,
    validFrom: 100,
  });
  await memory.remember({ ...OUTSIDE, content: "deploy to evil", subject: "deploy", validFrom: 200 });
  expect((await memory.get(own.id))?.validTo).toBeUndefined();
  const next = await memory.remember({
    content: "deploy to two",
    subject: "deploy",
    scope: USER,
    validFrom: 300,
  });
  expect((await memory.get(own.id))?.validTo).toBe(300);
  expect((await memory.recall("deploy")).map((found) => found.memory.id)).toEqual([next.id]);
});

test("a source in quarantine neither closes nor adds to what is in use", async () => {
  const { memory } = await openMemory();
  const subject = { subject: "deploy", scope: USER, trust: "outside" } as const;
  const value = await memory.remember({ ...subject, content: "deploy to one", validFrom: 100 });
  const plain = await memory.remember({ content: "plain thing", scope: USER, trust: "outside" });
  await memory.quarantine({ repository: "evil" });
  await memory.remember({ ...subject, ...OUTSIDE, content: "deploy to evil", validFrom: 200 });
  const held = await memory.remember({ ...OUTSIDE, content: "plain thing", tags: ["evil"] });
  expect(await memory.get(value.id)).toEqual(value);
  expect(held.id).not.toBe(plain.id);
  expect(await memory.get(plain.id)).toEqual(plain);
  expect((await memory.recall("plain thing deploy")).map((found) => found.memory.id).sort()).toEqual(
    [value.id, plain.id].sort(),
  );
});

test("a memory that is corrected to come from a source in quarantine is held", async () => {
  const { memory } = await openMemory();
  await memory.quarantine({ repository: "evil" });
  const one = await memory.remember({ content: "rocket fuel", scope: USER });
  await memory.correct(one.id, { source: { repository: "evil" } });
  expect(await memory.recall("rocket")).toEqual([]);
});

test("a quarantine names a source as it is stored, secrets taken out", async () => {
  const { memory } = await openMemory();
  await memory.remember({ content: "rocket fuel", scope: USER, source: { note: TOKEN } });
  const { quarantine, memories } = await memory.quarantine({ note: TOKEN });
  expect(memories).toBe(1);
  expect(JSON.stringify(quarantine)).not.toContain(TOKEN);
  expect(await memory.recall("rocket")).toEqual([]);
});

test("secrets in names of metadata are taken out", async () => {
  const { memory } = await openMemory();
  const { metadata } = await memory.remember({
    content: "x",
    scope: USER,
    metadata: { [TOKEN]: "kept", plain: "v" },
  });
  expect(metadata).toEqual({ "[redacted:github-token]": "kept", plain: "v" });
});

test("metadata with names that objects have of themselves is refused, in memories and in filters", async () => {
  const { memory } = await openMemory();
  await memory.remember({ content: "rocket", scope: USER });
  for (const name of ["__proto__", "constructor", "prototype"]) {
    const metadata = JSON.parse(`{"${name}":"x"}`);
    await expect(memory.remember({ content: "x", scope: USER, metadata })).rejects.toMatchObject({
      code: "INPUT_INVALID",
    });
    await expect(memory.recall("rocket", { metadata })).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
  }
});

test("related memories up to none are none", async () => {
  const { memory } = await openMemory();
  const [one, two] = await Promise.all(
    ["a", "b"].map((content) => memory.remember({ content, scope: USER })),
  );
  await memory.link({ from: one?.id ?? "", type: "relates", to: two?.id ?? "" });
  expect(await memory.related(one?.id ?? "", { limit: 0 })).toEqual([]);
});
