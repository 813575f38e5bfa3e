import type { Language, Task, Verdict } from "@agentos/core";
import type { LabelledCandidate } from "./exercises.js";

/** A label that the verdict does not agree with. */
export interface Disagreement {
  readonly taskId: string;
  readonly file: string;
  readonly expected: "pass" | "fail";
  readonly reason: string;
}

/** What one verification took. */
export interface Timing {
  readonly driver: string;
  readonly language: Language;
  /** From asked to judged, in milliseconds. */
  readonly durationMs: number;
}

/** The verdicts of one run of the job, so that one candidate is not judged twice in it. Nothing is kept between runs. */
export class VerdictBook {
  readonly #verdicts = new Map<string, Verdict>();
  readonly timings: Timing[] = [];
  readonly disagreements: Disagreement[] = [];

  /** The verdict that this run gave, if it did. */
  find(task: Task, { file }: LabelledCandidate): Verdict | undefined {
    return this.#verdicts.get(`${task.id}/${file}`);
  }

  /** Notes a verdict, and whether its label agrees. */
  add(task: Task, { file, expected }: LabelledCandidate, verdict: Verdict): void {
    this.#verdicts.set(`${task.id}/${file}`, verdict);
    const driver = verdict.runs[0]?.driver;
    if (driver !== undefined) {
      this.timings.push({ driver, language: task.language, durationMs: verdict.durationMs });
    }
    if (verdict.passed !== (expected === "pass")) {
      this.disagreements.push({ taskId: task.id, file, expected, reason: verdict.reason });
    }
  }
}
