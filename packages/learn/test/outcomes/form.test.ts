import { expect, test } from "vitest";
import { Form, type FormEntry } from "../../src/outcomes/form.js";
import { authorityOf, isJudgement } from "../../src/outcomes/judgement.js";
import { verdictOf } from "../support/outcomes.js";

const entry = (outcomeId: string, passed: boolean, authority: number, at: number): FormEntry => ({
  outcomeId,
  passed,
  authority,
  at,
  reason: "",
});

function formOf(...entries: FormEntry[]): Form {
  const form = new Form({ taskId: "t", language: "go", exact: "e", renamed: "r" });
  for (const one of entries) form.add(one);
  return form;
}

const standing = (form: Form): string[] => form.standing.map(({ outcomeId }) => outcomeId).sort();

test("runs that differ all stand: tests may be flaky", () => {
  expect(standing(formOf(entry("a", true, 0, 1), entry("b", false, 0, 2)))).toEqual(["a", "b"]);
});

test("CI stands over runs and a person over CI, whenever they spoke; those that agree keep standing", () => {
  const runs = [entry("run 1", true, 0, 1), entry("run 2", false, 0, 9)];
  expect(standing(formOf(...runs, entry("ci", false, 1, 3)))).toEqual(["ci", "run 2"]);
  const form = formOf(...runs, entry("ci", false, 1, 3), entry("person", true, 2, 2));
  expect(standing(form)).toEqual(["person", "run 1"]);
  expect(form.passed).toBe(2);
});

test("of two persons the newer decides, however they arrive, and what is removed lets the rest rise again", () => {
  const older = entry("older", true, 2, 1);
  const newer = entry("newer", false, 2, 2);
  for (const form of [formOf(older, newer), formOf(newer, older)]) {
    expect(standing(form)).toEqual(["newer"]);
    expect(form.remove("newer")).toEqual({ risen: [older], fallen: [newer] });
    expect(form.passed).toBe(1);
  }
});

test("a word that was stated is a judgement although nothing ran", () => {
  const stated = verdictOf(false, { basis: "ci", integrity: "stated", runs: [], tests: [] });
  expect([isJudgement(stated), authorityOf(stated)]).toEqual([true, 1]);
  expect(isJudgement({ ...stated, basis: "build" })).toBe(false);
});
