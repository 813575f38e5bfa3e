import type { Memory } from "@agentos/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openMemory } from "./fixture.js";
import { ModelMemory } from "./model.js";

const RUNS = Number(process.env["AGENTOS_MEMORY_HISTORIES"] ?? 60);
const PATIENCE = 60_000 + RUNS * 4_000;

const words = fc
  .array(fc.constantFrom("pool", "closes", "retry", "port", "8080", "café", "parseTask"), {
    minLength: 1,
    maxLength: 5,
  })
  .map((list) => list.join(" "));
const pick = fc.nat();
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("remember" as const),
      content: words,
      subject: fc.option(fc.constantFrom("port", "editor"), { nil: undefined, freq: 2 }),
      validFrom: fc.integer({ min: 900, max: 1_600 }),
      expiresIn: fc.option(fc.integer({ min: 1, max: 900 }), { nil: undefined, freq: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("correct" as const), pick, content: words }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("forget", "archive", "restore" as const), pick }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 200 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("reopen" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("ask" as const), query: words }) },
);
const question = fc.record({
  query: words,
  back: fc.integer({ min: 0, max: 1_500 }),
  at: fc.option(fc.integer({ min: 800, max: 2_000 }), { nil: undefined }),
});

test("asOf answers what was known then, whatever was changed since", { timeout: PATIENCE }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 40, size: "max" }),
      fc.array(question, { minLength: 3, maxLength: 6 }),
      async (steps, questions) => {
        const fixture = await openMemory({ nearDuplicates: "keep" });
        /** What was known from each time on, forgotten memories left out. */
        const times: { from: number; memories: Map<string, Memory> }[] = [];
        const ids: string[] = [];
        const look = async (): Promise<void> => {
          const memories = new Map<string, Memory>();
          for await (const memory of fixture.memory.list()) memories.set(memory.id, memory);
          times.push({ from: fixture.now, memories });
        };
        for (const one of steps) {
          if (one.do === "wait") fixture.now += one.ms;
          else if (one.do === "reopen") await fixture.reopen();
          else if (one.do === "ask") await fixture.memory.recall(one.query, { asOf: fixture.now });
          else if (one.do === "remember") {
            const { content, subject, validFrom, expiresIn } = one;
            const expiresAt = expiresIn && fixture.now + expiresIn;
            const memory = await fixture.memory.remember({
              content,
              scope: { level: "user" },
              subject,
              validFrom,
              expiresAt,
            });
            ids.push(memory.id);
          } else {
            const id = ids[one.pick % ids.length] ?? "none";
            if (one.do === "correct") await fixture.memory.correct(id, { content: one.content });
            else await fixture.memory[one.do](id);
          }
          await look();
        }
        for (const { query, back, at } of questions) {
          const asOf = fixture.now - back;
          const model = new ModelMemory();
          for (const [id, memory] of times.findLast(({ from }) => from <= asOf)?.memories ?? [])
            model.memories.set(id, memory);
          const options = { asOf, at, limit: 50 };
          const actual = await fixture.memory.recall(query, options);
          const wanted = await model.recall(query, fixture.now, options);
          const told = ({ memory, score }: { memory: Memory; score: number }): string =>
            `${score.toFixed(4)} ${JSON.stringify(memory, Object.keys(memory).sort())}`;
          expect(actual.map(told).sort()).toEqual(wanted.map(told).sort());
        }
      },
    ),
    { numRuns: RUNS },
  );
});
