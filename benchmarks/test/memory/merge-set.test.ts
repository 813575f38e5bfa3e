import { expect, test } from "vitest";
import { type MergePair, readMergeSet } from "../../memory/merge-set.js";

const isSame = ({ label }: MergePair): boolean => label === "same";

test("the labelled pairs are split once, in halves that share nothing", async () => {
  const { tune, report } = await readMergeSet();
  const all = [...tune, ...report];
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  expect(new Set(all.map(({ a, b }) => JSON.stringify([a, b]))).size).toBe(all.length);
  expect(all.length).toBeGreaterThanOrEqual(340);
  expect(tune.filter(isSame).length).toBe(104);
  expect(report.filter(isSame).length).toBe(105);
  expect(report.length - report.filter(isSame).length).toBe(106);
  // The first of each: whoever changes seed or order of the set, changes what was held back.
  expect([tune[0]?.id, report[0]?.id]).toMatchInlineSnapshot(`
    [
      "merge-014",
      "merge-024",
    ]
  `);
  for (const { a, b } of all) expect(a).not.toBe(b);
});
