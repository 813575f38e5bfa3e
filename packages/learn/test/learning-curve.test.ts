import { expect, test } from "vitest";
import { brierScore } from "../src/tracking/brier-score.js";
import { areaUnderCurve, replay } from "./support/replay.js";
import { stream } from "./support/stream.js";

test("forecasts get better as outcomes come in, and beat the rate of the task", () => {
  const steps = replay(stream({ seed: 7, count: 900, tasks: 12 }));
  const score = (from: number, to: number): number => brierScore(steps.slice(from, to));
  expect(score(300, 600)).toBeLessThan(score(0, 100) * 0.8);
  expect(score(600, 900)).toBeLessThan(score(0, 100) * 0.6);

  const tallies = new Map<string, { passed: number; total: number }>();
  const ofTask = steps.map(({ outcome, passed }) => {
    const tally = tallies.get(outcome.task.id) ?? { passed: 0, total: 0 };
    const probability = (1 + tally.passed) / (2 + tally.total);
    tallies.set(outcome.task.id, { passed: tally.passed + Number(passed), total: tally.total + 1 });
    return { probability, passed };
  });
  expect(brierScore(steps)).toBeLessThan(brierScore(ofTask) * 0.6);
  expect(areaUnderCurve(steps.slice(300))).toBeGreaterThan(0.9);
});

test("forecasts of code that was never seen are better than a coin, too", () => {
  const unseen = replay(stream({ seed: 11, count: 900, tasks: 12 })).filter((step) => !step.seen);
  expect(unseen.length).toBeGreaterThan(100);
  expect(brierScore(unseen.slice(-100))).toBeLessThan(0.2);
});

test("labels that have nothing to do with the code are not learned", () => {
  const random = [...stream({ seed: 3, count: 400, tasks: 4 })].map((outcome, at) => ({
    ...outcome,
    candidate: {
      ...outcome.candidate,
      files: { "solution.py": `x = ${at * 7919}\ny = ${(at * 104_729) % 9973}` },
    },
    verdict: { ...outcome.verdict, passed: (at * 2_654_435_761) % 4_294_967_296 < 2_147_483_648 },
  }));
  expect(Math.abs(areaUnderCurve(replay(random)) - 0.5)).toBeLessThan(0.1);
});
