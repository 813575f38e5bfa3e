import { judge, NearDuplicates } from "@agentos/memory";
import { expect, test } from "vitest";
import { readMergeSet } from "../../memory/merge-set.js";

test("on the half that rules are made on, no look-alike is merged, and true duplicates are nominated", async () => {
  const { tune } = await readMergeSet();
  const near = new NearDuplicates();
  for (const [slot, { a }] of tune.entries()) near.add(slot, a);
  let [same, nominated, merged] = [0, 0, 0];
  for (const [slot, { a, b, label }] of tune.entries()) {
    const { verdict } = judge(a, b);
    if (label !== "same") {
      expect(verdict, `${a} | ${b}`).not.toBe("merge");
      continue;
    }
    same += 1;
    if (near.nominate(b).some((nomination) => nomination.slot === slot)) nominated += 1;
    if (verdict === "merge") merged += 1;
  }
  expect(nominated / same).toBeGreaterThanOrEqual(0.95);
  expect(merged / same).toBeGreaterThanOrEqual(0.45);
});
