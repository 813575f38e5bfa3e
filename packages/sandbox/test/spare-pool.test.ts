import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Spare, SparePool } from "../src/spare-pool.js";

/** A spare that is loaded at once; it counts what is done to it. */
class Item implements Spare {
  ended = false;
  held = true;
  readonly ready = Promise.resolve();
  readonly gone: Promise<void>;
  #clear: () => void = () => {};
  constructor(readonly policy: string) {
    this.gone = new Promise((resolve) => {
      this.#clear = resolve;
    });
  }
  kill(): void {
    this.ended = true;
    this.#clear();
  }
  hold(held: boolean): void {
    this.held = held;
  }
}

const refilled = () => new Promise((resolve) => setTimeout(resolve, 30));

describe("spares", () => {
  test("whatever is asked for, a job gets its own policy and nobody else's sandbox", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom("strict", "lax", "other"), fc.boolean()), { maxLength: 25 }),
        async (asked) => {
          const pool = new SparePool<string, Item>(
            (policy) => new Item(policy),
            (policy) => policy,
            { spares: 3 },
          );
          const seen = new Set<Item>();
          for (const [policy, pause] of asked) {
            const taken = await pool.take(policy);
            if (!taken) throw new Error("nothing was handed out");
            expect(taken.item.policy).toBe(policy);
            expect(taken.item.ended).toBe(false);
            expect(seen.has(taken.item)).toBe(false);
            seen.add(taken.item);
            if (pause) await refilled();
            expect(pool.metrics().spares).toBeLessThanOrEqual(3);
          }
          await pool.close();
          expect([...seen].every((item) => item.ended)).toBe(true);
        },
      ),
      { numRuns: 10 },
    );
  });
});
