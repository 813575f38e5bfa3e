import { expect, test } from "vitest";
import { type JudgedMutant, type MutantVerdict, reportMutants } from "../../verify/mutants-report.js";

const alive: MutantVerdict = { passed: true, direct: true, lastLine: "" };
const killed: MutantVerdict = {
  passed: false,
  direct: false,
  lastLine: "AssertionError: (1, ) gave 2, not 3",
};

function mutant(
  name: string,
  published: MutantVerdict,
  strengthened: MutantVerdict,
  listed = false,
): JudgedMutant {
  return { name, listed, published, strengthened };
}

test("the two figures count the same mutants; what only generated inputs kill and what lives is named", () => {
  const { metrics, notes } = reportMutants([
    mutant("A", killed, killed),
    mutant("B", alive, killed),
    mutant("C", alive, { ...killed, lastLine: "" }),
    mutant("D", alive, alive),
    mutant("E", alive, alive, true),
  ]);
  expect(Object.fromEntries(metrics.map(({ name, value }) => [name, value]))).toEqual({
    "humaneval.mutants": 5,
    "humaneval.mutants_equivalent": 1,
    "humaneval.mutants_killed_published_pct": 25,
    "humaneval.mutants_killed_pct": 75,
    "humaneval.mutants_published_agreement_pct": 100,
    "humaneval.mutants_agreement_pct": 100,
  });
  expect(notes).toEqual([
    "B: killed by generated inputs only: AssertionError: (1, ) gave 2, not 3",
    "C: killed by generated inputs only: never ends",
    "D: survived, as it does without AgentOS",
  ]);
});

test("a listed mutant that is killed counts as a mutant, and is named", () => {
  const { metrics, notes } = reportMutants([mutant("A", alive, killed, true), mutant("B", killed, killed)]);
  const values = Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  expect(values["humaneval.mutants_equivalent"]).toBe(0);
  expect(values["humaneval.mutants_killed_published_pct"]).toBe(50);
  expect(notes[0]).toBe("A: listed as equivalent, but killed");
});

test("a disagreement under either set of tests is named; without python3 there is no such figure", () => {
  const odd = { ...killed, direct: true };
  const { metrics, notes } = reportMutants([mutant("A", odd, killed), mutant("B", alive, odd)]);
  const values = Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  expect(values["humaneval.mutants_published_agreement_pct"]).toBe(50);
  expect(values["humaneval.mutants_agreement_pct"]).toBe(50);
  expect(notes).toContain("A: killed here, but not without AgentOS (published tests)");
  expect(notes).toContain("B: killed here, but not without AgentOS (strengthened tests)");
  const none = { ...alive, direct: undefined };
  expect(reportMutants([mutant("A", none, none)]).metrics.map(({ name }) => name)).not.toContain(
    "humaneval.mutants_agreement_pct",
  );
});
