import { Store } from "@agentos/store";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import type { Learner } from "../src/learner.js";
import { openLearner, temporaryFolder } from "./support/open.js";
import { candidateOf, outcomeOf, taskOf } from "./support/outcomes.js";

const TEXTS = [
  "def solve(items):\n    return sum(items)\n",
  "def solve(items):\n    return max(items)\n",
  "x = 1\n",
];
const task = taskOf("task");

interface Member {
  readonly store: Store;
  readonly learner: Learner;
}

async function openShared(dir: string): Promise<Member> {
  const store = await Store.open({ dir, shared: true });
  onTestFinished(() => store.close());
  return { store, learner: await openLearner({ store }) };
}

/** All that a learner says. */
async function saidBy({ store, learner }: Member): Promise<unknown> {
  // What others wrote lies before the answer on the socket.
  await store.collection("none").get("none");
  const forecasts: unknown[] = [];
  for (const text of TEXTS) forecasts.push(await learner.forecast(task, candidateOf(text)));
  const outcomes: string[] = [];
  for await (const { id } of learner.outcomes()) outcomes.push(id);
  return { forecasts, outcomes, lessons: await learner.lessons(task), stats: await learner.stats() };
}

test("what one learns or forgets all know at once, while owners come and go, as if one had learned it all", async () => {
  const step = fc.record({
    who: fc.nat(2),
    what: fc.constantFrom(
      "learn" as const,
      "learn" as const,
      "learn" as const,
      "forget" as const,
      "say" as const,
      "leave" as const,
    ),
    outcome: fc.nat(9),
    text: fc.nat(TEXTS.length - 1),
    passed: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const dir = await temporaryFolder();
      const members = [await openShared(dir), await openShared(dir), await openShared(dir)];
      expect(members.map(({ store }) => store.role)).toEqual(["owner", "client", "client"]);
      for (const { who, what, outcome, text, passed } of steps) {
        const member = members[who] ?? expect.fail();
        const id = `o${outcome}`;
        if (what === "learn")
          await member.learner.learn(outcomeOf({ id, code: TEXTS[text] ?? "", task, passed, at: outcome }));
        else if (what === "forget") await member.learner.forget(id).catch(() => {});
        else if (what === "say") await saidBy(member);
        else {
          await member.learner.close();
          await member.store.close();
          members[who] = await openShared(dir);
        }
      }
      const expected = await saidBy(await openShared(dir));
      for (const member of members) expect(await saidBy(member)).toEqual(expected);
      for (const { store } of members) await store.close();
    }),
    { numRuns: 15 },
  );
}, 60_000);

test("learning at the same time loses nothing", async () => {
  const dir = await temporaryFolder();
  const members = [await openShared(dir), await openShared(dir), await openShared(dir)];
  await Promise.all(
    Array.from({ length: 60 }, async (_, n) => {
      const { learner } = members[n % 3] ?? expect.fail();
      // Each outcome comes from two of them.
      const id = `o${n % 30}`;
      await learner.learn(outcomeOf({ id, code: `x = ${n % 30}\n`, task, passed: n % 2 === 0, at: n % 30 }));
      await learner.forecast(task, candidateOf("x = 1\n"));
    }),
  );
  const fresh = await openShared(dir);
  const expected = await saidBy(fresh);
  expect(await fresh.learner.stats()).toMatchObject({ outcomes: 30, unreadable: 0 });
  for (const member of members) expect(await saidBy(member)).toEqual(expected);
});
