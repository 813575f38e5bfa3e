import { expect, test } from "vitest";
import { openMemory } from "./fixture.js";

const USER = { level: "user" } as const;

async function exported(lines: AsyncIterable<string>): Promise<string> {
  let all = "";
  for await (const line of lines) all += line;
  return all;
}

/** A memory with one of everything. */
async function full(): Promise<{ text: string; fixture: Awaited<ReturnType<typeof openMemory>> }> {
  const fixture = await openMemory();
  const { memory } = fixture;
  const one = await memory.remember({
    content: "café \u2028 “quotes” \\ 😀",
    scope: USER,
    source: { repository: "r", lines: [1, 2] },
    metadata: { b: 1, a: "x", c: false },
    tags: ["z", "a"],
    subject: "s",
  });
  fixture.now = 2_000;
  const two = await memory.remember({
    content: "second",
    scope: { level: "project", id: "old" },
    subject: "s",
  });
  await memory.remember({ content: "third", scope: USER, subject: "s", category: "k", expiresAt: 9_000 });
  await memory.link({ from: two.id, type: "mentions", to: one.id });
  await memory.archive(two.id);
  await memory.forget((await memory.remember({ content: "fourth", scope: USER })).id);
  await memory.quarantine({ repository: "evil" }, { reason: "why" });
  await memory.remember({ content: "fifth", scope: USER, source: { repository: "evil" } });
  await memory.alias({ level: "project", id: "old" }, { level: "project", id: "new" });
  return { text: await exported(memory.export()), fixture };
}

test("what was exported and imported is exported again byte for byte, and behaves the same", async () => {
  const { text, fixture } = await full();
  const there = await openMemory();
  there.now = fixture.now;
  const bytes = Buffer.from(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, i) =>
    bytes.subarray(i * 7, i * 7 + 7),
  );
  expect(await there.memory.import(pieces)).toEqual({ memories: 5, there: 0, links: 2 });
  expect(await exported(there.memory.export())).toBe(text);
  await there.reopen();
  expect(await exported(there.memory.export())).toBe(text);
  for (const options of [{}, { asOf: 1_500 }, { archived: true, scopes: "all" as const }])
    expect(await there.memory.recall("second third quotes fifth", options)).toEqual(
      await fixture.memory.recall("second third quotes fifth", options),
    );
  // Words of versions that are gone stay in an index until it is made anew.
  const { terms: _mine, ...mine } = await there.memory.stats();
  const { terms: _theirs, ...theirs } = await fixture.memory.stats();
  expect(mine).toEqual(theirs);
  expect(await there.memory.history("m00000")).toEqual(await fixture.memory.history("m00000"));
});

test("an import may be repeated, and goes on where it ended", async () => {
  const { text } = await full();
  const there = await openMemory();
  const lines = text.split("\n");
  await expect(there.memory.import([lines.slice(0, 5).join("\n"), "\n{broken\n"])).rejects.toMatchObject({
    code: "MEMORY_IMPORT_INVALID",
    details: { line: 6 },
  });
  await there.memory.import([text]);
  expect(await there.memory.import([text])).toMatchObject({ memories: 0, there: 5 });
  expect(await exported(there.memory.export())).toBe(text);
});

test("what another memory stands for here is refused, or kept when asked", async () => {
  const { text } = await full();
  const there = await openMemory();
  const mine = await there.memory.remember({ content: "mine", scope: USER });
  await expect(there.memory.import([text])).rejects.toMatchObject({ code: "MEMORY_IMPORT_INVALID" });
  expect(await there.memory.import([text], { existing: "keep" })).toMatchObject({ memories: 4, there: 1 });
  expect((await there.memory.get(mine.id))?.content).toBe("mine");
});

test.each([
  ["nothing of ours", "hello\n", "line 1"],
  ["another format", '{"type":"agentos-memory","format":2}\n', "line 1"],
  ["no head", '{"type":"alias","old":"a","now":"b"}\n', "line 1"],
  [
    "an unknown key",
    '{"type":"agentos-memory","format":1}\n{"type":"alias","old":"a","now":"b","x":1}\n',
    "line 2",
  ],
  [
    "a scope that is none",
    '{"type":"agentos-memory","format":1}\n{"type":"memory","record":{"memory":{"id":"a","content":"x","kind":"fact","scope":{"level":"user","id":"x"},"tags":[],"importance":0,"trust":"own","validFrom":1,"recordedAt":1}},"past":[]}\n',
    "line 2",
  ],
  [
    "an alias of itself",
    '{"type":"agentos-memory","format":1}\n{"type":"alias","old":"a","now":"a"}\n',
    "line 2",
  ],
])("refuses %s, by its line", async (_what, text, line) => {
  const { memory } = await openMemory();
  await expect(memory.import([text])).rejects.toThrow(new RegExp(line, "i"));
  expect((await memory.stats()).memories).toBe(0);
});

test("an aborted import and export end with ABORTED", async () => {
  const { text, fixture } = await full();
  const signal = AbortSignal.abort();
  await expect(fixture.memory.import([text], { signal })).rejects.toMatchObject({ code: "ABORTED" });
  await expect(exported(fixture.memory.export({ signal }))).rejects.toMatchObject({ code: "ABORTED" });
});
