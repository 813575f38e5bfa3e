import {
  type Candidate,
  type Events,
  type Forecast,
  LANGUAGES,
  type LoopEvents,
  type Unsubscribe,
  type Verdict,
} from "@agentos/core";
import type { Machine } from "./machine.js";
import type { Screen } from "./screen.js";
import type { SplitExercise } from "./split.js";

/** What the job shows while it works. */
export class Lines {
  readonly #screen: Screen;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** What this machine can enforce, language by language. */
  machine({ plans, remedies }: Machine): void {
    const screen = this.#screen;
    screen.line();
    screen.line(screen.style("bold", "What this machine can enforce"));
    for (const language of LANGUAGES) {
      const plan = plans[language];
      if (!plan.runs) {
        screen.line(`  ${language.padEnd(11)} ${screen.style("yellow", `skipped: ${plan.reason}`)}`);
        continue;
      }
      screen.line(`  ${language.padEnd(11)} ${plan.driver}: ${plan.guarantees.join(", ") || "no guarantee"}`);
      if (plan.missing.length > 0) {
        const needs = plan.needs === "none" ? '"none"' : (plan.needs ?? []).join(", ");
        const text = `does not guarantee ${plan.missing.join(" and ")} here; needs lowered to ${needs} for this job`;
        screen.line(`  ${" ".repeat(11)} ${screen.style("yellow", text)}`);
      }
    }
    for (const remedy of remedies) screen.line(screen.style("dim", `  note: ${remedy}`));
  }

  /** How much is held out. */
  heldOut(count: number, splits: readonly SplitExercise[]): void {
    const candidates = splits.reduce((sum, { exercise }) => sum + exercise.candidates.length, 0);
    const screen = this.#screen;
    screen.line();
    screen.line(
      `${count} of ${candidates} candidates are held out: forecast now, judged at the end, never proposed or learned from.`,
    );
    screen.line(screen.style("bold", `Working through ${splits.length} tasks`));
  }

  /** Shows each candidate as it is judged, until the returned function is called. */
  follow(events: Events<LoopEvents>): Unsubscribe {
    const forecasts = new Map<string, Forecast>();
    const key = (solveId: string | undefined, candidate: Candidate): string => `${solveId}/${candidate.id}`;
    const stops = [
      events.on("forecast", ({ solveId, candidate, forecast }) => {
        forecasts.set(key(solveId, candidate), forecast);
      }),
      events.on("verdict", ({ solveId, candidate, verdict }) => {
        const forecast = forecasts.get(key(solveId, candidate));
        if (forecast) this.judged(forecast.taskId, candidate, forecast, verdict);
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** A candidate that was judged. */
  judged(taskId: string, candidate: Candidate, forecast: Forecast, verdict: Verdict, note = ""): void {
    const screen = this.#screen;
    const passed = verdict.tests.filter(({ status }) => status === "passed").length;
    const result = screen.style(verdict.passed ? "green" : "red", verdict.passed ? "passed" : "failed");
    const head = `  ${taskId.padEnd(18)} ${candidate.id.padStart(2)} ${(candidate.proposer?.model ?? "").padEnd(13)}`;
    const chance = `${Math.round(forecast.probability * 100)} %`.padStart(5);
    const tests = `${passed}/${verdict.tests.length}`.padStart(5);
    const time = `${Math.round(verdict.durationMs)} ms`.padStart(8);
    const plain = `${head}${chance}  passed ${tests} ${time}  `;
    const reason = [note, forecast.reasons[0]?.text ?? ""].filter(Boolean).join("; ");
    const room = Math.max(0, screen.columns - plain.length - 1);
    const shown = reason.length > room ? `${reason.slice(0, Math.max(0, room - 1))}…` : reason;
    screen.line(`${head}${chance}  ${result} ${tests} ${time}  ${screen.style("dim", shown)}`);
  }
}
