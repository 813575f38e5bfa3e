import type { Language } from "@agentos/core";
import type { RunRecord } from "./history.js";
import type { SolvedTask } from "./job.js";
import type { Machine } from "./machine.js";
import { brierScore, type Judged, mean, percentile } from "./statistics.js";
import type { Disagreement, VerdictBook } from "./verdict-book.js";

/** How long verifying took with one driver in one language. */
export interface Speed {
  readonly driver: string;
  readonly language: Language;
  readonly verifications: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** What the job came to. Shares are 0 to 1; what could not be measured is absent. */
export interface JobFigures {
  readonly tasks: number;
  readonly firstTry: { readonly without?: number; readonly withAgentOS?: number };
  readonly delivered: { readonly without?: number; readonly withAgentOS?: number };
  readonly tries: number;
  readonly speeds: readonly Speed[];
  /** Of the forecasts of candidates that were proposed, made during the run. */
  readonly brier?: number;
  readonly heldOut: {
    readonly candidates: number;
    readonly brier?: number;
    /** Mean squared error of always saying the share that passed: what can be had without telling candidates apart. */
    readonly baseRateBrier?: number;
    readonly knownOutcomes: number;
    readonly previous?: {
      readonly brier: number;
      readonly knownOutcomes: number;
      readonly candidates: number;
    };
  };
  readonly learned: {
    readonly outcomes: number;
    /** Candidates that no solve needed, judged once so that they teach, too. */
    readonly studied: number;
    readonly outcomesInAll: number;
    readonly lessons: number;
    readonly memoriesInAll: number;
  };
  readonly skipped: readonly { readonly taskId: string; readonly language: Language }[];
  readonly machine: Machine;
  readonly disagreements: readonly Disagreement[];
  readonly durationMs: number;
}

/** What {@link measure} works on. */
export interface JobResults {
  readonly solved: readonly SolvedTask[];
  readonly heldOut: readonly Judged[];
  readonly knownOutcomes: number;
  readonly history: readonly RunRecord[];
  readonly book: VerdictBook;
  readonly skipped: JobFigures["skipped"];
  readonly machine: Machine;
  readonly learned: JobFigures["learned"];
  readonly durationMs: number;
}

/** Works the figures out. */
export function measure(results: JobResults): JobFigures {
  const { solved, heldOut, history, book } = results;
  const share = (passed: (task: SolvedTask) => boolean): number | undefined =>
    mean(solved.map((task) => (passed(task) ? 1 : 0)));
  const without = share(({ firstInFileOrderPassed }) => firstInFileOrderPassed);
  const forecasts = solved.flatMap(({ solution }) =>
    solution.outcomes.flatMap(({ forecast, verdict }) =>
      forecast ? [{ probability: forecast.probability, passed: verdict.passed }] : [],
    ),
  );
  const passRate = mean(heldOut.map(({ passed }) => (passed ? 1 : 0)));
  const previous = history.findLast(({ heldOutBrier }) => heldOutBrier !== undefined);
  return {
    tasks: solved.length,
    firstTry: {
      without,
      withAgentOS: share(({ solution }) => solution.outcomes[0]?.verdict.passed === true),
    },
    // Without AgentOS nothing is run, so what is delivered is the first candidate as it is.
    delivered: { without, withAgentOS: share(({ solution }) => solution.status === "passed") },
    tries: solved.reduce((sum, { solution }) => sum + solution.outcomes.length, 0),
    speeds: speeds(book),
    brier: brierScore(forecasts),
    heldOut: {
      candidates: heldOut.length,
      brier: brierScore(heldOut),
      baseRateBrier: passRate === undefined ? undefined : passRate * (1 - passRate),
      knownOutcomes: results.knownOutcomes,
      ...(previous?.heldOutBrier !== undefined && {
        previous: {
          brier: previous.heldOutBrier,
          knownOutcomes: previous.knownOutcomes,
          candidates: previous.heldOut,
        },
      }),
    },
    learned: results.learned,
    skipped: results.skipped,
    machine: results.machine,
    disagreements: book.disagreements,
    durationMs: results.durationMs,
  };
}

function speeds({ timings }: VerdictBook): Speed[] {
  const groups = new Map<string, VerdictBook["timings"]>();
  for (const timing of timings) {
    const key = `${timing.driver} ${timing.language}`;
    groups.set(key, [...(groups.get(key) ?? []), timing]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const durations = group.map(({ durationMs }) => durationMs);
    const [p50Ms, p95Ms] = [percentile(durations, 0.5), percentile(durations, 0.95)];
    if (!first || p50Ms === undefined || p95Ms === undefined) return [];
    return [{ driver: first.driver, language: first.language, verifications: group.length, p50Ms, p95Ms }];
  });
}
