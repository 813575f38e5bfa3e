import type { Verdict } from "@agentos/core";

/**
 * Whether a verdict says anything about its candidate. One that was cancelled, that ran nothing or whose tests were all
 * skipped does not; a person's or CI's word always does.
 */
export function isJudgement(verdict: Verdict): boolean {
  if (verdict.basis === "person" || verdict.basis === "ci") return true;
  if (verdict.runs.length === 0 || verdict.runs.some((run) => run.status === "cancelled")) return false;
  return verdict.tests.length === 0 || verdict.tests.some((test) => test.status !== "skipped");
}

/**
 * Whose word counts when judgements of the same code differ: a person's over CI's, CI's over a run here. Among equals
 * the newest person or CI decides, while runs are counted, since tests may be flaky.
 */
export function authorityOf(verdict: Verdict): number {
  if (verdict.basis === "person") return 2;
  return verdict.basis === "ci" ? 1 : 0;
}
