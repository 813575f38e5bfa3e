import {
  type Candidate,
  type Forecast,
  type Forecaster,
  type Lesson,
  Lifecycle,
  type Outcome,
  readCandidate,
  readTask,
  silentLogger,
  systemClock,
  type Task,
  throwIfAborted,
  validate,
  type WaitOptions,
} from "@agentos/core";
import type { Collection, Store } from "@agentos/store";
import { learnError } from "./errors.js";
import { Gate } from "./gate/gate.js";
import { KeptExperience } from "./kept-experience.js";
import {
  type LearnerOptions,
  learnerOptionsSchema,
  lessonsOptionsSchema,
  type OutcomesOptions,
  outcomesOptionsSchema,
  waitOptionsSchema,
} from "./options.js";
import { OUTCOME_COLLECTION, type OutcomeRecord, requireOutcome } from "./outcomes/record.js";
import { DEFAULT_TUNING } from "./outcomes/tuning.js";
import { type LearnerStats, summarize, summarizeBy } from "./stats.js";

/**
 * Forecasts whether a candidate will pass before it is run, learns from every outcome, and says what went wrong before.
 * Everything it knows is in the store; close the store after the learner. Over a shared store it learns from the outcomes of all
 * processes.
 */
export class Learner implements Forecaster {
  readonly #store: Store;
  readonly #records: Collection<OutcomeRecord>;
  readonly #gate: Gate;
  readonly #kept: KeptExperience;
  readonly #lifecycle = new Lifecycle("Learner");
  /** Changes to one outcome happen one after the other. */
  readonly #changing = new Map<string, Promise<void>>();

  private constructor(store: Store, gate: Gate, kept: KeptExperience) {
    this.#store = store;
    this.#records = store.collection<OutcomeRecord>(OUTCOME_COLLECTION);
    this.#gate = gate;
    this.#kept = kept;
    this.#lifecycle.add(async () => kept.close());
  }

  /**
   * Outcomes of the store are read when first needed. A record that cannot be read is passed over with a warning and stays
   * where it is. Throws `OPTIONS_INVALID`, `CLOSED`.
   */
  static async open(options: LearnerOptions): Promise<Learner> {
    validate(learnerOptionsSchema, options, { what: "Learner options" });
    const { store, parser, clock = systemClock, logger = silentLogger } = options;
    const tuning = { ...DEFAULT_TUNING, ...options.tuning };
    return new Learner(store, new Gate(parser, logger), new KeptExperience({ store, tuning, clock, logger }));
  }

  /**
   * The probability that a candidate passes, from a static look at it and from past outcomes, with its reasons. Never 0 or
   * 1. Hidden tests are not looked at. Throws `TASK_INVALID`, `CANDIDATE_INVALID`, `ABORTED`, `CLOSED`.
   */
  async forecast(task: Task, candidate: Candidate, options: WaitOptions = {}): Promise<Forecast> {
    return this.#lifecycle.track(async () => {
      const { signal } = readWait(options, "Options of forecast");
      const validTask = readTask(task);
      const validCandidate = readCandidate(candidate);
      const gate = await this.#gate.check(validTask, validCandidate, { signal });
      throwIfAborted(signal);
      return (await this.#kept.current()).forecast(validTask, validCandidate, gate);
    });
  }

  /**
   * Stores an outcome durably and learns from it at once. An id that is known already is passed over. A verdict without
   * judgement (cancelled, nothing ran) is stored, but teaches nothing.
   * Throws `LEARN_OUTCOME_INVALID`, `ABORTED`, `CLOSED`, and what the store throws: nothing is learned then.
   */
  async learn(outcome: Outcome, options: WaitOptions = {}): Promise<void> {
    return this.#lifecycle.track(async () => {
      const { signal } = readWait(options, "Options of learn");
      const valid = requireOutcome(outcome);
      throwIfAborted(signal);
      await this.#change(valid.id, () => this.#learn(valid, signal));
    });
  }

  /** Removes an outcome and all that was learned from it. Throws `LEARN_OUTCOME_UNKNOWN`, `CLOSED`. */
  async forget(outcomeId: string, options: WaitOptions = {}): Promise<void> {
    return this.#lifecycle.track(async () => {
      const { signal } = readWait(options, "Options of forget");
      await this.#change(outcomeId, async () => {
        if (!(await this.#kept.current()).has(outcomeId)) {
          throw learnError(
            "LEARN_OUTCOME_UNKNOWN",
            `There is no outcome ${outcomeId}. List them with outcomes().`,
            {
              details: { outcomeId },
            },
          );
        }
        const sequence = await this.#store.write([this.#records.delete(outcomeId)], {
          durable: true,
          signal,
        });
        this.#kept.wrote(sequence, outcomeId, undefined);
      });
    });
  }

  /**
   * What went wrong before on this task, most frequent first, then on tasks with a similar prompt. Quoted text comes from
   * runs: data, never instruction. Throws `TASK_INVALID`, `OPTIONS_INVALID`, `CLOSED`.
   * @param options `limit` is 5 unless given
   */
  async lessons(
    task: Task,
    options: WaitOptions & { readonly limit?: number } = {},
  ): Promise<readonly Lesson[]> {
    return this.#lifecycle.track(async () => {
      const { signal, limit = 5 } = validate(lessonsOptionsSchema, options, { what: "Options of lessons" });
      const validTask = readTask(task);
      throwIfAborted(signal);
      return (await this.#kept.current()).lessons(validTask, limit);
    });
  }

  /** A stored outcome, or undefined. */
  async outcome(id: string): Promise<Outcome | undefined> {
    return this.#lifecycle.track(async () =>
      (await this.#kept.current()).has(id) ? (await this.#records.get(id))?.outcome : undefined,
    );
  }

  /** Stored outcomes, newest first; those learned meanwhile are not seen. Throws `ABORTED`, `OPTIONS_INVALID`, `CLOSED`. */
  async *outcomes(options: OutcomesOptions = {}): AsyncGenerator<Outcome, void, undefined> {
    this.#lifecycle.guard();
    const {
      taskId,
      limit = Number.POSITIVE_INFINITY,
      signal,
    } = validate(outcomesOptionsSchema, options, {
      what: "Options of outcomes",
    });
    let given = 0;
    const ids = await this.#lifecycle.track(async () => (await this.#kept.current()).ids(taskId));
    for (const id of ids) {
      if (given >= limit) return;
      throwIfAborted(signal);
      const outcome = await this.outcome(id);
      if (!outcome) continue;
      given += 1;
      yield outcome;
    }
  }

  /** What is known, in figures: pass rates, and how good the forecasts were that were made before the verdicts. */
  async stats(): Promise<LearnerStats> {
    return this.#lifecycle.track(async () => {
      const experience = await this.#kept.current();
      const ledger = experience.ledger();
      return {
        ...summarize(ledger),
        ...experience.waiting(),
        unreadable: this.#kept.unreadable,
        byLanguage: summarizeBy(ledger, "language"),
        byAgent: summarizeBy(ledger, "agent"),
        byModel: summarizeBy(ledger, "model"),
        gate: { languages: this.#gate.languages, rules: experience.rules() },
      };
    });
  }

  /** Waits for what is under way. The store stays open. Idempotent. */
  close(): Promise<void> {
    return this.#lifecycle.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #learn(outcome: Outcome, signal: AbortSignal | undefined): Promise<void> {
    if ((await this.#kept.current()).has(outcome.id)) return;
    const rule = await this.#ruleFor(outcome, signal);
    const record: OutcomeRecord = {
      version: 1,
      outcome,
      learnedAt: (await this.#kept.current()).now,
      ...(rule !== undefined && { rule }),
    };
    const sequence = await this.#store.write([this.#records.put(outcome.id, record)], {
      durable: true,
      signal,
    });
    this.#kept.wrote(sequence, outcome.id, record);
  }

  /** The rule whose record this outcome belongs to. A forecast that the gate did not decide saw no finding, or knew better. */
  async #ruleFor(outcome: Outcome, signal: AbortSignal | undefined): Promise<string | undefined> {
    if (outcome.forecast && outcome.forecast.basis !== "gate") return undefined;
    const { finding } = await this.#gate.check(outcome.task, outcome.candidate, { signal });
    return finding?.rule;
  }

  async #change(outcomeId: string, work: () => Promise<void>): Promise<void> {
    const before = this.#changing.get(outcomeId) ?? Promise.resolve();
    const change = before.then(work, work);
    this.#changing.set(outcomeId, change);
    try {
      await change;
    } finally {
      if (this.#changing.get(outcomeId) === change) this.#changing.delete(outcomeId);
    }
  }
}

function readWait(options: unknown, what: string): { readonly signal?: AbortSignal } {
  return validate(waitOptionsSchema, options, { what });
}
