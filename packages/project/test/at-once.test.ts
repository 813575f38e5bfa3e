import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { atOnce } from "../src/at-once.js";

test("does all, never more than allowed at once, begun in order", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 10 }),
      async (turns, most) => {
        const begun: number[] = [];
        let underWay = 0;
        let highest = 0;
        await atOnce([...turns.entries()], most, async ([position, wait]) => {
          begun.push(position);
          underWay += 1;
          highest = Math.max(highest, underWay);
          for (let turn = 0; turn < wait; turn += 1) await nextTurn();
          underWay -= 1;
        });
        expect(begun).toEqual([...turns.keys()]);
        expect(highest).toBe(Math.min(most, turns.length));
      },
    ),
    { numRuns: 50 },
  );
});

test("after a failure begins nothing, and waits for what is under way", async () => {
  const ended: number[] = [];
  const run = atOnce([0, 1, 2, 3, 4, 5], 3, async (item) => {
    await nextTurn();
    if (item === 1) throw new Error("one");
    await nextTurn();
    ended.push(item);
  });
  await expect(run).rejects.toThrow("one");
  expect(ended).toEqual([0, 2]);
});
