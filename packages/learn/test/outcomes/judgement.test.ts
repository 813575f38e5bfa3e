import type { TestResult, Verdict } from "@agentos/core";
import { expect, test } from "vitest";
import { isJudgement } from "../../src/outcomes/judgement.js";

function verdict(passed: boolean, tests: readonly Pick<TestResult, "status" | "change">[]): Verdict {
  return {
    passed,
    basis: "affected-tests",
    integrity: "shared",
    tests: tests.map((item, index) => ({ name: `test ${index}`, visibility: "visible", ...item })),
    reason: "",
    runs: [
      {
        visibility: "visible",
        driver: "d",
        mechanism: "namespace",
        guarantees: [],
        enforced: [],
        status: "exited",
        usage: { outputBytes: 0, queueMs: 0, warm: false },
        durationMs: 1,
      },
    ],
    durationMs: 1,
  };
}

const flaky = { status: "failed", change: "flaky" } as const;
const failing = { status: "failed", change: "failing" } as const;

test.each([
  [
    "passed, and nothing but a flaky test passed",
    false,
    verdict(true, [{ status: "passed", change: "flaky" }, failing]),
  ],
  ["passed, with a firm test beside the flaky one", true, verdict(true, [flaky, { status: "passed" }])],
  ["failed by flaky tests alone", false, verdict(false, [flaky])],
  ["failed by flaky tests and such as failed before", false, verdict(false, [flaky, failing])],
  [
    "failed by a test that the candidate broke",
    true,
    verdict(false, [flaky, { status: "failed", change: "broken" }]),
  ],
  ["failed, without flaky tests", true, verdict(false, [failing])],
])("flaky tests never teach: %s", (_, judges, given) => {
  expect(isJudgement(given)).toBe(judges);
});
