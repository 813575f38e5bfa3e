import type { IdSource } from "../clock.js";
import type { Candidate } from "../words/candidate.js";
import type { Forecast } from "../words/forecast.js";
import { type Outcome, type StoredTask, storedTask } from "../words/outcome.js";
import type { Task } from "../words/task.js";
import type { Verdict } from "../words/verdict.js";
import { redactHidden } from "./redact.js";

/** What an outcome is made of. */
export interface OutcomeParts {
  readonly task: Task | StoredTask;
  readonly candidate: Candidate;
  readonly verdict: Verdict;
  readonly forecast?: Forecast;
  readonly solveId?: string;
}

/** Puts an outcome together; what hidden tests could be told by is left out. */
export function makeOutcome(
  parts: OutcomeParts,
  source: { readonly id: IdSource; readonly at: number },
): Outcome {
  const { task, candidate, verdict, forecast, solveId } = parts;
  return {
    id: source.id(),
    task: "testFiles" in task ? task : storedTask(task),
    candidate,
    ...(forecast && { forecast }),
    verdict: redactHidden(verdict),
    at: source.at,
    ...(solveId !== undefined && { solveId }),
  };
}

/** The verdict that a person or CI stated. */
export function statedVerdict(passed: boolean, basis: "person" | "ci", reason?: string): Verdict {
  const by = basis === "ci" ? "CI" : "a person";
  return {
    passed,
    basis,
    integrity: "stated",
    tests: [],
    reason: reason ?? `${passed ? "Accepted" : "Refused"} by ${by}.`,
    runs: [],
    durationMs: 0,
  };
}
