import type { TestResult, Verdict } from "../words/verdict.js";

/**
 * Takes everything out of a verdict that could tell of hidden tests: names and messages, and the reason where only
 * hidden tests failed. A driver of the Verifier contract should not have put it there; the loop makes sure.
 */
export function redactHidden(verdict: Verdict): Verdict {
  let count = 0;
  const tests = verdict.tests.map((test): TestResult => {
    if (test.visibility === "visible") return test;
    count += 1;
    const { message: _message, ...rest } = test;
    return { ...rest, name: `hidden ${count}` };
  });
  const onlyHiddenFailed =
    count > 0 && !verdict.passed && tests.every((test) => test.visibility === "hidden" || isFine(test));
  return { ...verdict, tests, ...(onlyHiddenFailed && { reason: HIDDEN_REASON }) };
}

const HIDDEN_REASON = "The visible tests passed, but the hidden ones did not.";

function isFine(test: TestResult): boolean {
  return test.status === "passed" || test.status === "skipped";
}
