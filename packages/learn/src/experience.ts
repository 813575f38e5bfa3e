import type { Candidate, Forecast, Lesson, Proposer, StoredTask, Task } from "@agentos/core";
import { GATE_RULES, type GateReport } from "./gate/gate.js";
import type { RuleFinding } from "./gate/rule.js";
import { byTime } from "./outcomes/form.js";
import { authorityOf, isJudgement } from "./outcomes/judgement.js";
import { lessonsFor, TaskIndex } from "./outcomes/lessons.js";
import { type IndexedTask, OutcomeIndex } from "./outcomes/outcome-index.js";
import { account } from "./outcomes/reasons.js";
import type { OutcomeRecord } from "./outcomes/record.js";
import type { Tally } from "./outcomes/tally.js";
import type { Tuning } from "./outcomes/tuning.js";
import { type FiredRule, weigh } from "./outcomes/weigh.js";
import { type LedgerEntry, ledgerEntry } from "./stats.js";
import { type Sketch, sketchCandidate } from "./text/sketch.js";

/** Where an outcome stands in time. */
interface Entry {
  readonly outcomeId: string;
  readonly taskId: string;
  readonly at: number;
}

/**
 * All that was learned, in memory: what a forecast and a lesson are made of. Records go in, in any order; what it says
 * depends on the set of them alone. An outcome dated later than `now` waits until its time has come.
 */
export class Experience {
  readonly #tuning: Tuning;
  readonly #outcomes = new OutcomeIndex();
  readonly #tasks = new TaskIndex();
  readonly #entries = new Map<string, Entry>();
  readonly #ledger = new Map<string, LedgerEntry>();
  readonly #future = new Map<string, OutcomeRecord>();
  #withoutJudgement = 0;
  #now = 0;

  constructor(tuning: Tuning) {
    this.#tuning = tuning;
  }

  /** The latest time that was seen. A clock that goes backwards does not make the past the future. */
  get now(): number {
    return this.#now;
  }

  /** Tells the time; outcomes that are due count from here on. */
  advance(time: number): void {
    if (time <= this.#now) return;
    this.#now = time;
    for (const record of [...this.#future.values()].sort((a, b) => byTime(entryOf(a), entryOf(b)))) {
      if (record.outcome.at > time) break;
      this.#future.delete(record.outcome.id);
      this.#count(record);
    }
  }

  has(outcomeId: string): boolean {
    return this.#entries.has(outcomeId);
  }

  add(record: OutcomeRecord): void {
    this.advance(record.learnedAt);
    const { outcome } = record;
    this.#entries.set(outcome.id, entryOf(record));
    if (!isJudgement(outcome.verdict)) this.#withoutJudgement += 1;
    else if (outcome.at > this.#now) this.#future.set(outcome.id, record);
    else this.#count(record);
  }

  remove(outcomeId: string): void {
    if (!this.#entries.delete(outcomeId)) return;
    const counted = this.#ledger.delete(outcomeId);
    if (counted) this.#outcomes.remove(outcomeId);
    else if (!this.#future.delete(outcomeId)) this.#withoutJudgement -= 1;
  }

  forecast(task: Task | StoredTask, candidate: Candidate, gate: GateReport): Forecast {
    const sketch = sketchCandidate(task, candidate);
    const neighbours = this.#outcomes.neighbours(task, sketch);
    const subject = { task, proposer: candidate.proposer, rule: firedRule(gate.finding) };
    return {
      taskId: task.id,
      candidateId: candidate.id,
      probability: weigh(this.#outcomes, this.#tuning, subject, neighbours),
      ...account(this.#outcomes, subject, gate, neighbours),
    };
  }

  lessons(task: IndexedTask, limit: number): readonly Lesson[] {
    return lessonsFor(this.#outcomes, this.#tasks, task, limit);
  }

  /** Ids of stored outcomes, newest first. */
  ids(taskId?: string): readonly string[] {
    const entries = [...this.#entries.values()].filter(
      (entry) => taskId === undefined || entry.taskId === taskId,
    );
    return entries.sort((left, right) => byTime(right, left)).map((entry) => entry.outcomeId);
  }

  /** Outcomes that count. */
  ledger(): readonly LedgerEntry[] {
    return [...this.#ledger.values()].sort((left, right) => (left.outcomeId < right.outcomeId ? -1 : 1));
  }

  waiting(): { readonly withoutJudgement: number; readonly future: number } {
    return { withoutJudgement: this.#withoutJudgement, future: this.#future.size };
  }

  /** The record of each static rule that has fired. */
  rules(): Readonly<Record<string, Tally>> {
    const records = GATE_RULES.map(({ name }) => [name, this.#outcomes.rates.tally("rule", name)] as const);
    return Object.fromEntries(records.filter(([, tally]) => tally.total > 0));
  }

  #count(record: OutcomeRecord): void {
    const { outcome, rule } = record;
    const { task, candidate, verdict } = outcome;
    const sketch: Sketch = sketchCandidate(task, candidate);
    const proposer: Proposer = candidate.proposer ?? {};
    this.#outcomes.add(task, sketch, {
      outcomeId: outcome.id,
      passed: verdict.passed,
      at: outcome.at,
      authority: authorityOf(verdict),
      agent: proposer.agent,
      model: proposer.model,
      reason: verdict.reason,
      rule,
    });
    this.#tasks.add(task);
    this.#ledger.set(outcome.id, ledgerEntry(outcome));
  }
}

function entryOf({ outcome }: OutcomeRecord): Entry {
  return { outcomeId: outcome.id, taskId: outcome.task.id, at: outcome.at };
}

function firedRule(finding: RuleFinding | undefined): FiredRule | undefined {
  return GATE_RULES.find((rule) => rule.name === finding?.rule);
}
