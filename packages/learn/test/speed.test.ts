import { expect, test } from "vitest";
import type { Learner } from "../src/learner.js";
import { openLearner, openStore } from "./support/open.js";
import { stream } from "./support/stream.js";

/** The share of values that lie at or below the one returned. */
function percentile(values: readonly number[], share: number): number {
  return values.toSorted((left, right) => left - right)[Math.ceil(values.length * share) - 1] ?? Number.NaN;
}

test("a forecast from 5,000 outcomes takes at most 20 ms of processor time at the 95th percentile", async () => {
  const store = await openStore();
  const outcomes = [...stream({ seed: 5, count: 5_200, tasks: 100 })];
  const records = store.collection<object>("learn.outcomes");
  const past = outcomes.slice(0, 5_000);
  await store.write(
    past.map((outcome) => records.put(outcome.id, { version: 1, outcome, learnedAt: outcome.at })),
  );
  const started = performance.now();
  const learner: Learner = await openLearner({ store });
  expect((await learner.stats()).outcomes).toBe(5_000);
  expect(performance.now() - started).toBeLessThan(5_000);
  const times: number[] = [];
  for (const { task, candidate } of outcomes.slice(5_000)) {
    const { testFiles: _testFiles, ...open } = task;
    // A forecast without a parser waits for nothing, so what it takes is processor time; that of other programs is not its own.
    const before = process.cpuUsage();
    await learner.forecast(open, candidate);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1_000);
  }
  expect(percentile(times, 0.95)).toBeLessThan(20);
});
