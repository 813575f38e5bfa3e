import fc from "fast-check";
import { expect, test } from "vitest";
import type { FormEntry } from "../../src/outcomes/form.js";
import { type RatedForm, Rates } from "../../src/outcomes/rates.js";

interface Judged {
  readonly form: RatedForm;
  readonly entry: FormEntry;
}

function judged(
  code: string,
  passed: boolean,
  rest: { task?: string; agent?: string; model?: string; rule?: string } = {},
): Judged {
  const { task: taskId = "t", agent, model, rule } = rest;
  return {
    form: { taskId, language: taskId === "go" ? "go" : "python", exact: code },
    entry: { outcomeId: "o", passed, at: 0, authority: 0, agent, model, reason: "", rule },
  };
}

function ratesOf(list: readonly Judged[]): Rates {
  const rates = new Rates();
  for (const { form, entry } of list) rates.count(form, entry, 1);
  return rates;
}

const judgements: fc.Arbitrary<Judged[]> = fc.array(
  fc
    .record({
      code: fc.constantFrom("a", "b", "c"),
      passed: fc.boolean(),
      task: fc.constantFrom("t", "u", "go"),
      agent: fc.constantFrom("x", "y", undefined),
      model: fc.constantFrom("m", "n", "x", undefined),
      rule: fc.constantFrom("syntax", undefined),
    })
    .map(({ code, passed, ...rest }) => judged(code, passed, rest)),
  { maxLength: 30 },
);
const subjects = fc.record({
  task: fc.constantFrom(
    { id: "t", language: "python" as const },
    { id: "go", language: "go" as const },
    { id: "new", language: "go" as const },
  ),
  proposer: fc.constantFrom({}, { agent: "x" }, { model: "m" }, { agent: "x", model: "x" }),
});

/** Everything that rates can be asked. */
function told(rates: Rates): unknown {
  const names = {
    all: [""],
    language: ["python", "go"],
    model: ["m", "n", "x"],
    agent: ["x", "y"],
    task: ["t", "u", "go"],
    rule: ["syntax"],
  };
  const ask = (level: keyof typeof names): unknown => names[level].map((name) => rates.tally(level, name));
  return [
    ...(Object.keys(names) as (keyof typeof names)[]).map(ask),
    rates.rings({ id: "t", language: "python" }, { agent: "x", model: "m" }),
  ];
}

test("the same code from the same proposer on the same task counts once", () => {
  fc.assert(
    fc.property(judgements, (list) => {
      // Judged again with the same verdicts: shares stay, so nothing may move.
      expect(told(ratesOf([...list, ...list, ...list]))).toEqual(told(ratesOf(list)));
    }),
  );
});

test("other code, another task and another proposer count for themselves; differing judgements by their share", () => {
  const rates = ratesOf([
    judged("a", true),
    judged("a", true, { task: "u" }),
    judged("a", true, { agent: "x" }),
    judged("a", true, { agent: "x", model: "m" }),
    judged("b", true),
    judged("b", false),
    judged("b", false),
    judged("b", false),
  ]);
  expect(rates.tally("all", "")).toEqual({ passed: 4.25, total: 5 });
  expect(rates.tally("task", "t")).toEqual({ passed: 3.25, total: 4 });
  expect(rates.tally("agent", "x")).toEqual({ passed: 2, total: 2 });
  expect(rates.tally("model", "m")).toEqual({ passed: 1, total: 1 });
});

test("sums are exact: neither the order matters nor what was counted and taken back", () => {
  fc.assert(
    fc.property(
      judgements.chain((list) =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
      ),
      judgements,
      ([list, shuffled], gone) => {
        const rates = ratesOf([...gone, ...shuffled]);
        for (const { form, entry } of gone) rates.count(form, entry, -1);
        expect(told(rates)).toEqual(told(ratesOf(list)));
      },
    ),
  );
});

test("each candidate lies in one ring: in the narrowest level that it shares with the subject", () => {
  fc.assert(
    fc.property(judgements, subjects, (list, { task, proposer }) => {
      const rates = ratesOf(list);
      const inner = list.map(({ form, entry }) => {
        if (form.taskId === task.id) return "task";
        if (proposer.agent !== undefined && entry.agent === proposer.agent) return "agent";
        if (proposer.model !== undefined && entry.model === proposer.model) return "model";
        return form.language === task.language ? "language" : "all";
      });
      const rings = rates.rings(task, proposer);
      for (const level of ["all", "language", "model", "agent", "task"] as const) {
        const alone = ratesOf(list.filter((_, at) => inner[at] === level));
        expect(rings[level]).toEqual(alone.tally("all", ""));
      }
    }),
  );
});
