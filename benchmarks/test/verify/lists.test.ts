import { expect, test } from "vitest";
import disagreements from "../../verify/disagreements.json" with { type: "json" };
import equivalents from "../../verify/equivalents.json" with { type: "json" };

test("each equivalent is listed once, by a name that a mutant can have, with a reason", () => {
  const names = equivalents.map(({ task, mutant }) => `${task} ${mutant}`);
  expect(new Set(names).size).toBe(names.length);
  for (const { task, mutant, reason } of equivalents) {
    expect(task).toMatch(/^HumanEval\/\d+$/);
    expect(mutant).toMatch(/^(?:operator|boundary|off-by-one|branch|return) \d+:\d+ .+ -> .*$/);
    expect(reason).toMatch(/^[A-Z].{20,}\.$/);
  }
});

test("each disagreement is listed once, with an explanation", () => {
  const entries: readonly { task: string; candidate: string; explanation: string }[] = disagreements;
  const names = entries.map(({ task, candidate }) => `${task} ${candidate}`);
  expect(new Set(names).size).toBe(names.length);
  for (const { explanation } of entries) expect(explanation).toMatch(/^[A-Z].{20,}\.$/);
});
