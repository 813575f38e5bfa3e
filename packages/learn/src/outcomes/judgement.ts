import type { Verdict } from "@agentos/core";

/**
 * Whether a verdict says anything about its candidate. One that was cancelled, that ran nothing or whose tests were all
 * skipped does not; a person's or CI's word always does.
 */
export function isJudgement(verdict: Verdict): boolean {
  if (verdict.basis === "person" || verdict.basis === "ci") return true;
  if (verdict.runs.length === 0 || verdict.runs.some((run) => run.status === "cancelled")) return false;
  if (verdict.tests.length === 0) return true;
  return verdict.tests.some((test) => test.status !== "skipped") && !isDecidedByFlakyTests(verdict);
}

/** Whether nothing is left that bears the verdict out when its flaky tests are left aside. They never teach. */
function isDecidedByFlakyTests(verdict: Verdict): boolean {
  if (verdict.tests.every((test) => test.change !== "flaky")) return false;
  const firm = verdict.tests.filter((test) => test.change !== "flaky" && test.change !== "failing");
  return !firm.some((test) =>
    verdict.passed ? test.status === "passed" : test.status === "failed" || test.status === "missing",
  );
}

/**
 * Whose word counts when judgements of the same code differ: a person's over CI's, CI's over a run here. Among equals
 * the newest person or CI decides, while runs are counted, since tests may be flaky.
 */
export function authorityOf(verdict: Verdict): number {
  if (verdict.basis === "person") return 2;
  return verdict.basis === "ci" ? 1 : 0;
}
