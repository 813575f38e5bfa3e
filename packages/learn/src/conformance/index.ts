/**
 * What every `Forecaster` must do, as cases for any test runner: `for (const { name, run } of forecasterConformance(open)) test(name, run)`.
 * @module
 */
import assert from "node:assert/strict";
import type { Candidate, Forecast, Forecaster, Outcome, Task, Verdict } from "@agentos/core";
import { storedTask } from "@agentos/core";
import type { ConformanceCase } from "@agentos/core/conformance";

/** A forecaster that knows nothing yet, and how to end it. */
export interface OpenForecaster {
  readonly forecaster: Forecaster;
  close(): Promise<void>;
}

/** The cases that every `Forecaster` passes. `open` makes a new, empty one each time. */
export function forecasterConformance(open: () => Promise<OpenForecaster>): readonly ConformanceCase[] {
  return CASES.map(([name, check]) => ({
    name,
    async run() {
      const { forecaster, close } = await open();
      try {
        await check(forecaster);
      } finally {
        await close();
      }
    },
  }));
}

const TASK: Task = {
  id: "sum-of-list",
  prompt: "Write a function total(numbers) that returns the sum of a list of numbers.",
  language: "python",
};
const RIGHT = "def total(numbers):\n    return sum(numbers)\n";
const WRONG = "def total(numbers):\n    return sum(numbers[1:])\n";

const CASES: readonly (readonly [name: string, check: (forecaster: Forecaster) => Promise<void>])[] = [
  ["knowing nothing, it says one half, without evidence and with a reason", knowsNothing],
  ["a repeat of judged code is forecast to go the same way, and cites the outcome", repeats],
  ["probabilities lie between 0 and 1, both left out", staysInside],
  ["the same outcome id counts once", countsOnce],
  ["a cancelled verdict teaches nothing", passesOverCancelled],
  ["outcomes are found again by id, and unknown ones are undefined", findsOutcomes],
  ["lessons tell the visible reason, cite outcomes and keep to the limit", tellsLessons],
  ["an aborted signal rejects with ABORTED", aborts],
  ["hidden tests change no forecast", ignoresHiddenTests],
];

async function knowsNothing(forecaster: Forecaster): Promise<void> {
  const forecast = await forecaster.forecast(TASK, candidate(RIGHT));
  assert.equal(forecast.probability, 0.5);
  assert.equal(forecast.evidence, 0);
  assert.equal(forecast.basis, "prior");
  assert.equal(forecast.taskId, TASK.id);
  assert.equal(forecast.candidateId, "candidate-1");
  assert.ok(forecast.reasons.length > 0);
  assert.deepEqual(await forecaster.lessons(TASK), []);
}

async function repeats(forecaster: Forecaster): Promise<void> {
  await forecaster.learn(outcome("right", RIGHT, true));
  await forecaster.learn(outcome("wrong", WRONG, false));
  const right = await forecaster.forecast(TASK, candidate(RIGHT));
  const wrong = await forecaster.forecast(TASK, candidate(WRONG));
  assert.ok(right.probability > 0.9, `${right.probability} for code that passed`);
  assert.ok(wrong.probability < 0.1, `${wrong.probability} for code that failed`);
  assert.equal(wrong.basis, "outcomes");
  assert.ok(wrong.evidence > 0);
  assert.ok(cited(wrong).includes("wrong"));
}

async function staysInside(forecaster: Forecaster): Promise<void> {
  for (let count = 0; count < 30; count += 1) await forecaster.learn(outcome(`o${count}`, WRONG, false));
  const { probability } = await forecaster.forecast(TASK, candidate(WRONG));
  assert.ok(probability > 0 && probability < 1, String(probability));
}

async function countsOnce(forecaster: Forecaster): Promise<void> {
  await forecaster.learn(outcome("one", WRONG, false));
  const before = await forecaster.forecast(TASK, candidate(RIGHT));
  await forecaster.learn(outcome("one", WRONG, false));
  assert.deepEqual(await forecaster.forecast(TASK, candidate(RIGHT)), before);
}

async function passesOverCancelled(forecaster: Forecaster): Promise<void> {
  const judged = outcome("cancelled", WRONG, false);
  const runs = judged.verdict.runs.map((run) => ({ ...run, status: "cancelled" as const }));
  await forecaster.learn({ ...judged, verdict: { ...judged.verdict, runs } });
  assert.equal((await forecaster.forecast(TASK, candidate(WRONG))).probability, 0.5);
  assert.deepEqual(await forecaster.lessons(TASK), []);
}

async function findsOutcomes(forecaster: Forecaster): Promise<void> {
  const learned = outcome("kept", WRONG, false);
  await forecaster.learn(learned);
  assert.deepEqual(await forecaster.outcome("kept"), JSON.parse(JSON.stringify(learned)));
  assert.equal(await forecaster.outcome("unknown"), undefined);
}

async function tellsLessons(forecaster: Forecaster): Promise<void> {
  await forecaster.learn(outcome("a", WRONG, false, "total([1]) was 0 instead of 1"));
  await forecaster.learn(outcome("b", `${WRONG}print(total)\n`, false, "the first number is missing"));
  const lessons = await forecaster.lessons(TASK);
  const text = lessons.map((lesson) => lesson.text).join("\n");
  assert.ok(text.includes("total([1]) was 0 instead of 1"), text);
  assert.deepEqual(lessons.flatMap((lesson) => lesson.outcomeIds).sort(), ["a", "b"]);
  assert.equal((await forecaster.lessons(TASK, { limit: 1 })).length, 1);
}

async function aborts(forecaster: Forecaster): Promise<void> {
  const { signal } = { signal: AbortSignal.abort() };
  const code = { code: "ABORTED" };
  await assert.rejects(forecaster.forecast(TASK, candidate(RIGHT), { signal }), code);
  await assert.rejects(forecaster.learn(outcome("late", RIGHT, true), { signal }), code);
  await assert.rejects(forecaster.lessons(TASK, { signal }), code);
  assert.equal(await forecaster.outcome("late"), undefined);
}

async function ignoresHiddenTests(forecaster: Forecaster): Promise<void> {
  await forecaster.learn(outcome("wrong", WRONG, false));
  const plain = await forecaster.forecast(TASK, candidate(WRONG));
  const hidden = [{ path: "test_hidden.py", content: `secret marker\n${WRONG}` }];
  const forecast = await forecaster.forecast({ ...TASK, tests: { hidden } }, candidate(WRONG));
  assert.deepEqual(forecast, plain);
  assert.ok(!JSON.stringify(forecast).includes("secret marker"));
}

function cited(forecast: Forecast): readonly string[] {
  return forecast.reasons.flatMap((reason) => reason.outcomeIds);
}

function candidate(code: string): Candidate {
  return { id: "candidate-1", files: { "solution.py": code } };
}

function outcome(id: string, code: string, passed: boolean, reason = "1 of 2 visible tests failed"): Outcome {
  const verdict: Verdict = {
    passed,
    basis: "tests",
    integrity: "separate",
    tests: [{ name: "adds up", visibility: "visible", status: passed ? "passed" : "failed" }],
    reason: passed ? "All tests passed." : reason,
    runs: [
      {
        visibility: "visible",
        driver: "example",
        mechanism: "process",
        guarantees: [],
        enforced: [],
        status: "exited",
        usage: { outputBytes: 0, queueMs: 0, warm: false },
        durationMs: 5,
      },
    ],
    durationMs: 5,
  };
  return { id, task: storedTask(TASK), candidate: candidate(code), verdict, at: 1_000 };
}
