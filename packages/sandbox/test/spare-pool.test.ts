import { availableParallelism } from "node:os";
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

/** A pool of things of a kind, and all that it started. */
function poolOf(spares: number, Kind: new (policy: string) => Item = Item) {
  const started: Item[] = [];
  const start = (policy: string): Item => {
    const item = new Kind(policy);
    started.push(item);
    return item;
  };
  return { pool: new SparePool(start, (policy: string) => policy, { spares }), started };
}

const refilled = () => new Promise((resolve) => setTimeout(resolve, 80));

describe("spares", () => {
  test("whatever is asked for, a job gets its own policy and nobody else's sandbox", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom("strict", "lax", "other"), fc.boolean()), { maxLength: 25 }),
        async (asked) => {
          const { pool } = poolOf(3);
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

  test("while work beside the pool takes the processors, none are started ahead", async () => {
    const { pool, started } = poolOf(4);
    const endings: (() => void)[] = [];
    const works = Array.from({ length: availableParallelism() }, () =>
      pool.beside(() => new Promise<void>((resolve) => void endings.push(resolve))),
    );
    expect(await pool.takeAhead("strict")).toBeUndefined();
    await refilled();
    expect(started).toHaveLength(0);
    for (const end of endings) end();
    await Promise.all(works);
    await refilled();
    expect(started).toHaveLength(1);
    await expect(pool.beside(() => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
    await pool.close();
  });

  test("policies that are used in turn, as by the halves of verdicts, share the room", async () => {
    const { pool } = poolOf(4);
    // Both had more work at one time than there is room.
    for (let index = 0; index < 4; index++)
      for (const half of ["candidate", "judge"]) await pool.takeAhead(half);
    await refilled();
    for (let round = 0; round < 4; round++) {
      const taken = [await pool.takeAhead("candidate"), await pool.takeAhead("judge")].map(
        (one) => one?.item,
      );
      expect(taken.map((item) => item?.policy)).toEqual(["candidate", "judge"]);
      for (const item of taken) item?.kill();
      await refilled();
      expect(pool.metrics().ready).toBe(4);
    }
    await pool.close();
  });

  test("a policy that comes anew gets room from the one that was used longest ago", async () => {
    const { pool } = poolOf(2);
    for (const policy of ["old", "newer", "newest", "newest"]) {
      (await pool.takeAhead(policy))?.item.kill();
      await refilled();
    }
    expect((await pool.takeAhead("newest"))?.item.policy).toBe("newest");
    expect(await pool.takeAhead("old")).toBeUndefined();
    await pool.close();
  });

  test("those that load are handed out in the order in which they were started, each once", async () => {
    const loads: (() => void)[] = [];
    class Slow extends Item {
      override readonly ready = new Promise<void>((resolve) => loads.push(resolve));
    }
    const { pool, started } = poolOf(2, Slow);
    for (let index = 0; index < 2; index++) expect(await pool.takeAhead("any")).toBeUndefined();
    await refilled();
    expect(started.length).toBeGreaterThan(0);
    const first = pool.takeAhead("any");
    await refilled();
    const second = pool.takeAhead("any");
    for (const load of loads) load();
    expect((await first)?.item).toBe(started[0]);
    expect((await second)?.item).toBe(started[1]);
    expect((await first)?.item).not.toBe((await second)?.item);
    await pool.close();
  });

  test("who waits for one that loads and gives up gets nothing, and it is ended", async () => {
    class Never extends Item {
      override readonly ready = new Promise<void>(() => {});
    }
    const { pool, started } = poolOf(1, Never);
    await pool.takeAhead("any");
    await refilled();
    const stop = new AbortController();
    const waiting = pool.takeAhead("any", stop.signal);
    stop.abort();
    expect(await waiting).toBeUndefined();
    expect(started[0]?.ended).toBe(true);
    await pool.close();
  });
});
