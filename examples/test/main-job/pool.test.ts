import { setTimeout as wait } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { forEachOf } from "../../main-job/pool.js";

describe("forEachOf", () => {
  it("does each item once, never more than allowed at a time", async () => {
    const delays = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(delays, fc.integer({ min: 1, max: 5 }), async (items, concurrency) => {
        let running = 0;
        let most = 0;
        const done: number[] = [];
        const indexes = items.map((_, index) => index);
        await forEachOf(indexes, concurrency, async (index) => {
          most = Math.max(most, ++running);
          await wait(items[index]);
          running -= 1;
          done.push(index);
        });
        expect(done.sort((one, other) => one - other)).toEqual(indexes);
        expect(most).toBe(Math.min(concurrency, items.length));
      }),
      { numRuns: 30 },
    );
  });

  it("begins nothing after a failure, but waits for what is under way", async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const work = forEachOf([0, 1, 2, 3], 2, async (item) => {
      begun.push(item);
      if (item === 0) throw new Error("broken");
      await wait(20);
      ended.push(item);
    });
    await expect(work).rejects.toThrow("broken");
    expect(begun).toEqual([0, 1]);
    expect(ended).toEqual([1]);
  });
});
