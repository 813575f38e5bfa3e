import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { silentLogger } from "@agentos/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Derived } from "../src/derived.js";
import { HashedEmbedder } from "../src/index.js";
import { keepIndex } from "../src/kept-index.js";
import { LEXICAL_WEIGHTS } from "../src/lexical-index.js";
import { type OpenDerivedParts, openDerived } from "../src/open-derived.js";
import { Records } from "../src/records.js";
import { Vectors } from "../src/vectors.js";
import { type Fixture, openMemory } from "./fixture.js";

const USER = { level: "user" } as const;
const DENSE = { embedder: new HashedEmbedder(32), lexicalWeight: 0.5 };

async function partsOf(fixture: Fixture, dense: boolean): Promise<OpenDerivedParts> {
  const { store } = fixture;
  const vectors = new Vectors(store, DENSE.embedder);
  await vectors.begin();
  const snapshot = store.snapshot("test");
  const records = new Records(store);
  const logger = silentLogger;
  return {
    store,
    snapshot,
    records,
    vectors,
    dense,
    near: true,
    weights: LEXICAL_WEIGHTS,
    vectorIndex: undefined,
    logger,
  };
}

/** What can be seen of the indexes. */
async function seen(derived: Derived, embedder = DENSE.embedder): Promise<unknown> {
  const { catalogue } = derived;
  const allowed = catalogue.allowed({ scopes: "all" }, { now: 5_000, at: 5_000 }, (key) => key);
  const keyed = (matches: readonly { slot: number; score: number }[]): string[] =>
    matches.map(({ slot, score }) => `${catalogue.entry(slot)?.key} ${score.toFixed(4)}`).sort();
  const [query = new Float32Array()] = await embedder.embed(["pool retry"]);
  return {
    words: keyed(catalogue.lexical.score("pool retry port", allowed).best(100)),
    vectors: keyed(await derived.index.search(query, { limit: 100, allowed })),
    entries: [...catalogue.entries()].map(({ key, facet }) => `${key} ${facet.tags}`).sort(),
    lacking: [...derived.lacking].sort(),
  };
}

const words = fc
  .array(fc.constantFrom("pool", "retry", "port", "8080", "café"), { minLength: 1, maxLength: 4 })
  .map((list) => list.join(" "));
const pick = fc.nat();
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("remember" as const), content: words }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("correct" as const), pick, content: words }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom("forget", "archive", "restore", "purge" as const), pick }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("keep" as const), dense: fc.boolean() }) },
);

test("what was kept and what changed since give the same indexes as all records", {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25, size: "max" }), fc.boolean(), async (steps, dense) => {
      const fixture = await openMemory({ ...DENSE, nearDuplicates: "keep" });
      const ids: string[] = [];
      for (const one of steps) {
        if (one.do === "remember")
          ids.push((await fixture.memory.remember({ content: one.content, scope: USER })).id);
        else if (one.do === "keep") {
          const parts = await partsOf(fixture, one.dense);
          const embedder = one.dense ? parts.vectors.identity : undefined;
          const derived = await openDerived(parts);
          for (const _step of derived.compact());
          if (!derived.unfit)
            await keepIndex(parts.snapshot, derived, { sequence: fixture.store.sequence, embedder });
        } else {
          const id = ids[one.pick % ids.length] ?? "none";
          if (one.do === "correct") await fixture.memory.correct(id, { content: one.content });
          else await fixture.memory[one.do](id);
        }
      }
      const parts = await partsOf(fixture, dense);
      const kept = await openDerived(parts);
      await parts.snapshot.delete();
      expect(await seen(kept)).toEqual(await seen(await openDerived(parts)));
    }),
    { numRuns: 40 },
  );
});

test("a memory of some size keeps its indexes when it closes, and finds the same after it", {
  timeout: 60_000,
}, async () => {
  const fixture = await openMemory({ ...DENSE, nearDuplicates: "keep" });
  const all = Array.from({ length: 1_100 }, (_, n) =>
    fixture.memory.remember({ content: `entry ${n} of the list`, scope: USER }),
  );
  await Promise.all(all);
  const before = await fixture.memory.recall("entry 77");
  const store = join(fixture.store.dir, "snapshots");
  await fixture.reopen();
  expect(await readdir(store)).toHaveLength(1);
  expect(await fixture.memory.recall("entry 77")).toEqual(before);
  // What was purged is in no index that is kept.
  await fixture.memory.purge(before[0]?.memory.id ?? "");
  expect(await readdir(store)).toEqual([]);
  await fixture.reopen();
  expect(await readdir(store)).toEqual([]);
  expect((await fixture.memory.recall("entry 77")).map(({ memory }) => memory.content)).not.toContain(
    "entry 77 of the list",
  );
});

test("no byte of a purged memory is left in the folder, whatever was done to it before", {
  timeout: 60_000,
}, async () => {
  const fixture = await openMemory({ ...DENSE, nearDuplicates: "keep" });
  const { memory } = fixture;
  const marker = "zqxjkmarker";
  const said = await memory.remember({
    content: `the ${marker}one is here`,
    scope: USER,
    tags: [`${marker}tag`],
    metadata: { [`${marker}key`]: `${marker}value` },
    source: { note: `${marker}source` },
    subject: `${marker}subject`,
  });
  await memory.correct(said.id, { content: `the ${marker}two is here` });
  await Promise.all(
    Array.from({ length: 1_100 }, (_, n) => memory.remember({ content: `filler ${n}`, scope: USER })),
  );
  await fixture.reopen();
  expect(await holding(fixture.store.dir, marker)).not.toEqual([]);
  const receipt = await fixture.memory.purge(said.id);
  expect(receipt?.memoryId).toBe(said.id);
  expect(await holding(fixture.store.dir, marker)).toEqual([]);
  await fixture.reopen();
  expect(await holding(fixture.store.dir, marker)).toEqual([]);
});

/** The files below a folder that hold a text. */
async function holding(dir: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name));
    if (bytes.includes(text)) found.push(entry.name);
  }
  return found;
}
