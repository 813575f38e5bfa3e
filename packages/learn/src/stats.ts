import type { Language, Outcome } from "@agentos/core";
import type { Tally } from "./outcomes/tally.js";
import { brierScore } from "./tracking/brier-score.js";

/** What is kept in memory of each outcome that counts. */
export interface LedgerEntry {
  readonly outcomeId: string;
  readonly taskId: string;
  readonly language: Language;
  readonly agent?: string;
  readonly model?: string;
  readonly passed: boolean;
  /** The probability that was forecast before the verdict. */
  readonly probability?: number;
}

/** How a set of outcomes went, and how well it was foreseen. */
export interface OutcomeStats {
  readonly outcomes: number;
  /** Share that passed, 0 to 1; absent without outcomes. */
  readonly passRate?: number;
  /** Outcomes that had been forecast before they were judged. */
  readonly forecasts: number;
  /** Brier score of those forecasts, 0 (perfect) to 1; absent without any. See {@link brierScore}. */
  readonly brier?: number;
}

/** What a learner knows, in figures. */
export interface LearnerStats extends OutcomeStats {
  /** Stored outcomes that say nothing about their candidate: cancelled, or nothing ran. */
  readonly withoutJudgement: number;
  /** Stored outcomes that are dated later than now; they count when their time has come. */
  readonly future: number;
  /** Stored records that cannot be read. */
  readonly unreadable: number;
  readonly byLanguage: Readonly<Record<string, OutcomeStats>>;
  readonly byAgent: Readonly<Record<string, OutcomeStats>>;
  readonly byModel: Readonly<Record<string, OutcomeStats>>;
  /** The static gate: the languages that it looks at (none: it is off), and the record of each rule that has fired. */
  readonly gate: { readonly languages: readonly Language[]; readonly rules: Readonly<Record<string, Tally>> };
}

/** The ledger's entry of an outcome. */
export function ledgerEntry(outcome: Outcome): LedgerEntry {
  const { task, candidate, verdict, forecast } = outcome;
  return {
    outcomeId: outcome.id,
    taskId: task.id,
    language: task.language,
    agent: candidate.proposer?.agent,
    model: candidate.proposer?.model,
    passed: verdict.passed,
    probability: forecast?.probability,
  };
}

/** Sums up entries. */
export function summarize(entries: readonly LedgerEntry[]): OutcomeStats {
  const pairs = entries.flatMap(({ probability, passed }) =>
    probability === undefined ? [] : [{ probability, passed }],
  );
  return {
    outcomes: entries.length,
    ...(entries.length > 0 && { passRate: entries.filter((entry) => entry.passed).length / entries.length }),
    forecasts: pairs.length,
    ...(pairs.length > 0 && { brier: brierScore(pairs) }),
  };
}

/** Sums up entries by a key; those without it are left out. */
export function summarizeBy(
  entries: readonly LedgerEntry[],
  key: "language" | "agent" | "model",
): Readonly<Record<string, OutcomeStats>> {
  const groups = new Map<string, LedgerEntry[]>();
  for (const entry of entries) {
    const name = entry[key];
    if (name === undefined) continue;
    const group = groups.get(name);
    if (group) group.push(entry);
    else groups.set(name, [entry]);
  }
  const sorted = [...groups].sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, group]) => [name, summarize(group)]));
}
