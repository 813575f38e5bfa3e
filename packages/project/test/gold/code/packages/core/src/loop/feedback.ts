import type { Outcome } from "../words/outcome.js";
import { quoteOutside } from "./quote.js";
import type { Feedback } from "./types.js";

const MAX_OUTPUT = 2_000;
const MAX_TESTS = 10;

/** Says what was wrong with a candidate, from visible tests alone. */
export function feedbackOn(outcome: Outcome, round: number): Feedback {
  const { verdict, candidate } = outcome;
  const failedTests = verdict.tests.filter(
    (test) => test.visibility === "visible" && (test.status === "failed" || test.status === "missing"),
  );
  const parts: string[] = [];
  if (failedTests.length > 0) {
    parts.push(`${failedTests.length} test(s) did not pass:`);
    for (const test of failedTests.slice(0, MAX_TESTS)) {
      parts.push(quoteOutside(`${test.name}: ${test.message ?? test.status}`));
    }
    if (failedTests.length > MAX_TESTS) parts.push(`…and ${failedTests.length - MAX_TESTS} more.`);
  } else if (verdict.tests.some((test) => test.visibility === "hidden" && test.status !== "passed")) {
    parts.push(
      "The visible tests pass, but the judge did not accept it. Look for cases that they leave out.",
    );
  } else {
    parts.push(`Not accepted (${verdict.basis}):`, quoteOutside(verdict.reason));
  }
  if (verdict.output) parts.push("Output of the run:", quoteOutside(shorten(verdict.output)));
  return { round, candidate, failedTests, text: parts.join("\n") };
}

function shorten(text: string): string {
  if (text.length <= MAX_OUTPUT) return text;
  const half = MAX_OUTPUT / 2;
  return `${text.slice(0, half)}\n… ${text.length - MAX_OUTPUT} characters left out …\n${text.slice(-half)}`;
}

/** Whether one failure is better than another: more visible tests passed. */
export function isBetterFailure(one: Outcome, other: Outcome | undefined): boolean {
  return other === undefined || passedShare(one) > passedShare(other);
}

function passedShare(outcome: Outcome): number {
  const visible = outcome.verdict.tests.filter((test) => test.visibility === "visible");
  const passed = visible.filter((test) => test.status === "passed").length;
  return visible.length === 0 ? 0 : passed / visible.length;
}
