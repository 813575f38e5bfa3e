import type { Guarantee, Mechanism, RunStatus, RunUsage } from "./run.js";
import type { Visibility } from "./task.js";

/** What a verdict rests on. */
export type VerdictBasis = "tests" | "affected-tests" | "build" | "types" | "person" | "ci";

/**
 * How hard the verdict is to forge. `separate`: the judge runs in another process and only serialised values cross, so
 * that expected values are never within the candidate's reach. `shared`: tests and candidate run in one process; a
 * published list of cheats is detected, and a determined candidate can still lie. `stated`: a person or CI said so.
 */
export type Integrity = "separate" | "shared" | "stated";

/** The judgement of one test. */
export interface TestResult {
  /** The test's name; a hidden test is only ever called "hidden 1", "hidden 2" and so on. */
  readonly name: string;
  readonly visibility: Visibility;
  /** `missing`: the run ended before the test was reported. */
  readonly status: "passed" | "failed" | "skipped" | "missing";
  /** Why it did not pass. Always absent on hidden tests. */
  readonly message?: string;
  /**
   * How it compares with the same test on the project without the candidate: `fixed` (failed, now passes), `broken`
   * (passed, now fails), `failing` (failed before, too), `flaky` (its result changed between equal runs). Absent where
   * the test passes in both, or there is nothing to compare with.
   */
  readonly change?: "fixed" | "broken" | "failing" | "flaky";
  /** In milliseconds. */
  readonly durationMs?: number;
}

/** One run that a verdict rests on. */
export interface VerdictRun {
  readonly visibility: Visibility;
  /** Which half of a separated judgement it was: the judge with the tests, or the candidate. Absent when it was both. */
  readonly half?: "judge" | "candidate";
  readonly driver: string;
  readonly mechanism: Mechanism;
  readonly guarantees: readonly Guarantee[];
  readonly enforced: readonly string[];
  readonly status: RunStatus;
  readonly usage: RunUsage;
  /** In milliseconds. */
  readonly durationMs: number;
}

/** The judgement of a candidate, test by test. */
export interface Verdict {
  readonly passed: boolean;
  readonly basis: VerdictBasis;
  readonly integrity: Integrity;
  /** Evidence that the candidate tried to forge its verdict, a sentence each; the verdict then fails. Absent without any. */
  readonly cheated?: readonly string[];
  /** Every test, in the order in which they ran; visible ones first. */
  readonly tests: readonly TestResult[];
  /** One sentence that says why, from visible tests alone. */
  readonly reason: string;
  /** What the visible run printed, shortened; text from outside. Never anything of a hidden run. */
  readonly output?: string;
  readonly runs: readonly VerdictRun[];
  /** From asked to judged, in milliseconds. */
  readonly durationMs: number;
}
