import type { RecalledMemory, Scope } from "@agentos/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { MemoryInput } from "../src/index.js";
import { openMemory } from "./fixture.js";
import { ModelMemory } from "./model.js";

const scope = fc.constantFrom<Scope>(
  { level: "user" },
  { level: "shared" },
  { level: "project", id: "a" },
  { level: "project", id: "b" },
  { level: "project", id: "a:b" },
  { level: "agent", id: "a" },
);
const kind = fc.constantFrom("fact" as const, "lesson" as const, "event" as const);
const tag = fc.constantFrom("ci", "db", "user");
const words = fc
  .array(
    fc.constantFrom(
      "parseTask",
      "closes",
      "closing",
      "pool",
      "the",
      "snake_case",
      "task",
      "retry",
      "café",
      "src/a.ts",
      "7",
    ),
    {
      minLength: 1,
      maxLength: 7,
    },
  )
  .map((list) => list.join(" "));
const input = fc.record(
  {
    content: words,
    scope,
    kind,
    tags: fc.uniqueArray(tag, { maxLength: 2 }),
    importance: fc.constantFrom(0, 0.5, 1),
    validFrom: fc.integer({ min: 900, max: 1_300 }),
    validTo: fc.integer({ min: 1_301, max: 1_600 }),
  },
  { requiredKeys: ["content", "scope", "kind", "validFrom"] },
);
const command = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("remember" as const), input }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("forget" as const), pick: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 300 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("reopen" as const) }) },
);
const question = fc.record({
  query: words,
  options: fc.record(
    {
      scopes: fc.uniqueArray(scope, { maxLength: 4, selector: (value) => JSON.stringify(value) }),
      kinds: fc.uniqueArray(kind, { maxLength: 2 }),
      tags: fc.uniqueArray(tag, { maxLength: 1 }),
      limit: fc.integer({ min: 1, max: 8 }),
      minScore: fc.constantFrom(0, 0.31, 0.91),
    },
    { requiredKeys: [] },
  ),
});

test("recalls what the plain specification recalls, whatever was remembered, forgotten and let pass", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(command, { maxLength: 30 }),
      fc.array(question, { minLength: 4, maxLength: 8 }),
      async (commands, questions) => {
        const fixture = await openMemory({ nearDuplicates: "keep" });
        const model = new ModelMemory();
        for (const step of commands) {
          if (step.do === "remember") {
            const memory = await fixture.memory.remember(step.input);
            model.memories.set(memory.id, memory);
          } else if (step.do === "wait") {
            fixture.now += step.ms;
          } else if (step.do === "reopen") {
            await fixture.reopen();
          } else {
            const ids = [...model.memories.keys()];
            const id = ids[step.pick % ids.length] ?? "none";
            expect(await fixture.memory.forget(id)).toBe(model.memories.delete(id));
          }
        }
        expect((await fixture.memory.stats()).memories).toBe(model.memories.size);
        for (const { query, options } of questions) {
          const actual = await fixture.memory.recall(query, options);
          const wanted = await model.recall(query, fixture.now, options);
          expectSameRanking(actual, wanted, model);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("what other scopes hold changes neither the order nor the scores of a recall", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ content: words, kind }), { maxLength: 8 }),
      fc.array(fc.record({ content: words, kind }), { minLength: 1, maxLength: 12 }),
      words,
      async (ours, theirs, query) => {
        const mine: Scope = { level: "project", id: "mine" };
        const recallWith = async (others: readonly Omit<MemoryInput, "scope">[]): Promise<unknown> => {
          const { memory } = await openMemory({ nearDuplicates: "keep" });
          for (let i = 0; i < Math.max(ours.length, others.length); i++) {
            const [own, other] = [ours[i], others[i]];
            if (own) await memory.remember({ ...own, scope: mine, source: String(i) });
            if (other) await memory.remember({ ...other, scope: { level: "project", id: "mine2" } });
          }
          const recalled = await memory.recall(query, { scopes: [mine], limit: 50 });
          return recalled.map((match) => ({
            content: match.memory.content,
            kind: match.memory.kind,
            score: match.score,
          }));
        };
        expect(await recallWith(theirs)).toEqual(await recallWith([]));
      },
    ),
    { numRuns: 25 },
  );
});

/** The same scores place by place, and the same memories wherever scores are not equal. */
function expectSameRanking(
  actual: readonly RecalledMemory[],
  wanted: readonly RecalledMemory[],
  model: ModelMemory,
): void {
  expect(actual.map(({ score }) => score.toFixed(4))).toEqual(wanted.map(({ score }) => score.toFixed(4)));
  for (const { memory } of actual) expect(model.memories.get(memory.id)).toEqual(memory);
  const last = wanted.at(-1)?.score ?? 0;
  const clear = ({ score }: RecalledMemory): boolean => score > last + 1e-4;
  expect(new Set(actual.filter(clear).map(({ memory }) => memory.id))).toEqual(
    new Set(wanted.filter(clear).map(({ memory }) => memory.id)),
  );
}
