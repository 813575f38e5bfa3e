import type { Outcome } from "@agentos/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Experience } from "../src/experience.js";
import { DEFAULT_TUNING } from "../src/outcomes/tuning.js";
import { candidateOf, outcomeOf, taskOf } from "./support/outcomes.js";

const TEXTS = [
  "def solve(items):\n    return sum(items)\n",
  "def solve(items):\n    return sum(items[1:])\n",
  "def solve(xs):\n    return sum(xs)\n",
  "def solve(items):\n    total = 0\n    for item in items:\n        total += item\n    return total\n",
  "def solve(items):\n    return max(items)\n",
  "",
];

const outcomes: fc.Arbitrary<Outcome[]> = fc
  .array(
    fc.record({
      text: fc.nat(TEXTS.length - 1),
      task: fc.constantFrom("a", "b"),
      passed: fc.boolean(),
      at: fc.nat(20),
      basis: fc.constantFrom("tests" as const, "tests" as const, "person" as const, "ci" as const),
      agent: fc.constantFrom("x", "y", undefined),
      model: fc.constantFrom("m", undefined),
    }),
    { maxLength: 14 },
  )
  .map((rows) =>
    rows.map(({ text, task, passed, at, basis, agent, model }, row) =>
      outcomeOf({
        id: `o${row}`,
        code: TEXTS[text] ?? "",
        task: taskOf(task),
        passed,
        at,
        verdict: { basis },
        proposer: { agent, model },
      }),
    ),
  );

function learnAll(list: readonly Outcome[]): Experience {
  const experience = new Experience(DEFAULT_TUNING);
  for (const outcome of list) experience.add({ version: 1, outcome, learnedAt: 100 });
  return experience;
}

const subject = fc.record({
  text: fc.nat(TEXTS.length - 1),
  task: fc.constantFrom("a", "b", "c"),
  proposer: fc.constantFrom({}, { agent: "x" }, { agent: "y", model: "m" }),
  gate: fc.constantFrom({}, { finding: { rule: "syntax", text: "does not parse" } }),
});
type Subject = typeof subject extends fc.Arbitrary<infer Value> ? Value : never;

function forecast(
  experience: Experience,
  { text, task, proposer, gate }: Subject,
): ReturnType<Experience["forecast"]> {
  return experience.forecast(taskOf(task), candidateOf(TEXTS[text] ?? "", { proposer }), gate);
}

test("probabilities lie inside 0 and 1, and reasons cite outcomes that exist", () => {
  fc.assert(
    fc.property(outcomes, subject, (list, about) => {
      const { probability, reasons, evidence } = forecast(learnAll(list), about);
      expect(probability).toBeGreaterThan(0);
      expect(probability).toBeLessThan(1);
      expect(evidence).toBeLessThanOrEqual(list.length);
      expect(reasons.length).toBeGreaterThan(0);
      const ids = new Set(list.map((outcome) => outcome.id));
      for (const id of reasons.flatMap((reason) => reason.outcomeIds)) expect(ids.has(id)).toBe(true);
    }),
  );
});

test("one more pass of the same candidate never lowers a forecast, one more failure never raises it", () => {
  const basis = fc.constantFrom("tests" as const, "person" as const, "ci" as const);
  fc.assert(
    fc.property(outcomes, subject, basis, fc.nat(30), (list, about, how, at) => {
      const before = forecast(learnAll(list), about).probability;
      const more = (passed: boolean): number => {
        const extra = outcomeOf({
          id: "extra",
          code: TEXTS[about.text] ?? "",
          task: taskOf(about.task),
          passed,
          at,
          verdict: { basis: how },
          proposer: about.proposer,
        });
        return forecast(learnAll([...list, extra]), about).probability;
      };
      expect(more(true)).toBeGreaterThanOrEqual(before - 1e-12);
      expect(more(false)).toBeLessThanOrEqual(before + 1e-12);
    }),
    { numRuns: 500 },
  );
});

test("what is forecast and told depends on the set of outcomes, not on the order in which they came", () => {
  fc.assert(
    fc.property(
      outcomes.chain((list) =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
      ),
      subject,
      ([list, shuffled], about) => {
        const [left, right] = [learnAll(list), learnAll(shuffled)];
        expect(forecast(right, about)).toEqual(forecast(left, about));
        expect(right.lessons(taskOf(about.task), 5)).toEqual(left.lessons(taskOf(about.task), 5));
        expect(right.ledger()).toEqual(left.ledger());
      },
    ),
  );
});

test("to remove an outcome is never to have learned it", () => {
  fc.assert(
    fc.property(outcomes, fc.nat(), subject, (list, pick, about) => {
      fc.pre(list.length > 0);
      const gone = list[pick % list.length]?.id ?? "";
      const removed = learnAll(list);
      removed.remove(gone);
      const never = learnAll(list.filter((outcome) => outcome.id !== gone));
      expect(forecast(removed, about)).toEqual(forecast(never, about));
      expect(removed.lessons(taskOf(about.task), 5)).toEqual(never.lessons(taskOf(about.task), 5));
      expect(removed.ledger()).toEqual(never.ledger());
    }),
  );
});

test("an outcome of the future has no effect until its time has come", () => {
  fc.assert(
    fc.property(outcomes, outcomes, subject, (past, planted, about) => {
      const future = planted.map((outcome) => ({
        ...outcome,
        id: `future-${outcome.id}`,
        at: outcome.at + 101,
      }));
      const both = learnAll([...past, ...future]);
      expect(forecast(both, about)).toEqual(forecast(learnAll(past), about));
      expect(both.lessons(taskOf(about.task), 5)).toEqual(learnAll(past).lessons(taskOf(about.task), 5));
      both.advance(1_000);
      const all = new Experience(DEFAULT_TUNING);
      for (const outcome of [...past, ...future]) all.add({ version: 1, outcome, learnedAt: 1_000 });
      expect(forecast(both, about)).toEqual(forecast(all, about));
    }),
  );
});
