import * as v from "valibot";
import { type Clock, type IdSource, systemClock, timeSortedIds } from "../clock.js";
import type { VerifyOptions, WaitOptions } from "../contracts.js";
import { coreError, throwIfAborted } from "../errors.js";
import { Events } from "../events.js";
import { type Logger, silentLogger } from "../logger.js";
import { validate } from "../options.js";
import { estimateTokens, type TokenCounter } from "../tokens.js";
import type { Brief } from "../words/brief.js";
import { type Candidate, changedPaths } from "../words/candidate.js";
import type { Forecast } from "../words/forecast.js";
import type { Scope } from "../words/memory.js";
import { type Outcome, withoutHidden } from "../words/outcome.js";
import type { Task } from "../words/task.js";
import type { Verdict } from "../words/verdict.js";
import { buildBrief } from "./brief.js";
import { explainOutcome } from "./explain.js";
import { makeOutcome, statedVerdict } from "./outcome.js";
import { projectOf } from "./project-of.js";
import { readCandidate, readJudged, readTask } from "./read.js";
import { redactHidden } from "./redact.js";
import { replaySolve } from "./replay.js";
import { briefSchema, solveSchema, statedSchema } from "./schemas.js";
import { Solve } from "./solve.js";
import { SolveJournal } from "./solve-journal.js";
import type {
  Explanation,
  LoopEngines,
  LoopEvents,
  Propose,
  Solution,
  SolveOptions,
  StatedOutcome,
} from "./types.js";

/** Options of {@link AgentLoop}. */
export interface AgentLoopOptions {
  /** Scopes that briefs recall from. @default user and shared */
  readonly scopes?: readonly Scope[];
  /** @default an estimate that errs upwards */
  readonly countTokens?: TokenCounter;
  /** @default the machine's clock */
  readonly clock?: Clock;
  /** @default ids that sort by time */
  readonly ids?: IdSource;
  /** @default silent */
  readonly logger?: Logger;
}

const functionSchema = <Type>() =>
  v.custom<Type>((value) => typeof value === "function", "must be a function");
const optionsSchema = v.strictObject({
  scopes: v.optional(v.array(v.custom<Scope>((value) => typeof value === "object" && value !== null))),
  countTokens: v.optional(functionSchema<TokenCounter>()),
  clock: v.optional(functionSchema<Clock>()),
  ids: v.optional(functionSchema<IdSource>()),
  logger: v.optional(v.custom<Logger>((value) => typeof value === "object" && value !== null)),
});

const DEFAULT_BRIEF_TOKENS = 4_000;

/** What each engine is for, said when it is missing. */
const WITHOUT: Readonly<Record<keyof LoopEngines, string>> = {
  memory: "memory: briefs recall nothing",
  project: "project: briefs show no code, affected tests are not known",
  sandbox: "sandbox: candidates are ranked, not verified",
  learner: "learner: forecasts are 50 %, nothing is learned",
  journal: "journal: solves cannot be resumed, replayed or explained",
};

/**
 * The loop: brief → candidate → forecast → verdict → outcome → what is learned. Each step is a method; `solve` runs
 * them all. Engines may be absent: `missing` says what that costs.
 */
export class AgentLoop {
  readonly engines: LoopEngines;
  /** What happens, as it happens. */
  readonly events: Events<LoopEvents>;
  /** Engines that are absent, each with what is skipped for that. */
  readonly missing: readonly string[];
  readonly #scopes: readonly Scope[];
  readonly #countTokens: TokenCounter;
  readonly #clock: Clock;
  readonly #ids: IdSource;
  readonly #logger: Logger;

  constructor(engines: LoopEngines, options: AgentLoopOptions = {}) {
    const valid = validate(optionsSchema, options, { what: "AgentLoop options" });
    this.engines = { ...engines };
    this.#scopes = valid.scopes ?? [{ level: "user" }, { level: "shared" }];
    this.#countTokens = valid.countTokens ?? estimateTokens;
    this.#clock = valid.clock ?? systemClock;
    this.#ids = valid.ids ?? timeSortedIds(this.#clock);
    this.#logger = valid.logger ?? silentLogger;
    this.events = new Events((error) => this.#logger.error({ error }, "A listener threw"));
    const names = Object.keys(WITHOUT) as (keyof LoopEngines)[];
    this.missing = names.filter((name) => !engines[name]).map((name) => `No ${WITHOUT[name]}.`);
  }

  /**
   * What an agent should know before it writes.
   * @param options `maxTokens`: size of the brief, default 4,000
   */
  async brief(task: Task, options: WaitOptions & { readonly maxTokens?: number } = {}): Promise<Brief> {
    const { maxTokens, signal } = validate(briefSchema, options, { what: "Brief options" });
    throwIfAborted(signal);
    return buildBrief({
      task: withoutHidden(readTask(task)),
      engines: this.engines,
      maxTokens: maxTokens ?? DEFAULT_BRIEF_TOKENS,
      countTokens: this.#countTokens,
      scopes: this.#scopes,
      ...(signal && { signal }),
    });
  }

  /** The probability that a candidate will pass. Without a learner it is 50 %, and says so. */
  async forecast(task: Task, candidate: Candidate, options: WaitOptions = {}): Promise<Forecast> {
    throwIfAborted(options.signal);
    const [validTask, validCandidate] = [withoutHidden(readTask(task)), readCandidate(candidate)];
    if (this.engines.learner) return this.engines.learner.forecast(validTask, validCandidate, options);
    return {
      taskId: task.id,
      candidateId: candidate.id,
      probability: 0.5,
      evidence: 0,
      basis: "prior",
      reasons: [{ text: "No learner is present, so nothing is known.", outcomeIds: [] }],
    };
  }

  /**
   * Runs and judges a candidate; or, given `UNCHANGED`, the task's project as it is. A task without tests is judged by its project's
   * affected tests, types or build.
   * Throws `ENGINE_MISSING` without a sandbox and `NOTHING_TO_JUDGE` without tests and project.
   */
  async verify(task: Task, candidate: Candidate, options: VerifyOptions = {}): Promise<Verdict> {
    throwIfAborted(options.signal);
    const validTask = readTask(task);
    const validCandidate = readJudged(validTask, candidate);
    if (!this.engines.sandbox) {
      throw coreError("ENGINE_MISSING", "Verifying needs a sandbox. Pass one as `engines.sandbox`.");
    }
    const { visible = [], hidden = [] } = validTask.tests ?? {};
    let affectedTests = options.affectedTests;
    if (visible.length + hidden.length === 0) {
      if (validTask.project === undefined) {
        throw coreError(
          "NOTHING_TO_JUDGE",
          `Task ${validTask.id} has neither tests nor a project. Add tests.visible or tests.hidden, or name a project.`,
        );
      }
      const project = projectOf(this.engines, validTask);
      affectedTests ??= await project?.affectedTests(changedPaths(validCandidate), {
        signal: options.signal,
      });
    }
    const verdict = await this.engines.sandbox.verify(validTask, validCandidate, {
      ...options,
      affectedTests,
    });
    return redactHidden(verdict);
  }

  /**
   * Learns from an outcome, or from what a person or CI said of a candidate. Resolves to the outcome as stored.
   * Without a learner it is only put together. Throws `INPUT_INVALID`, and `OUTCOME_UNKNOWN` for an unknown `outcomeId`.
   */
  async learn(from: Outcome | StatedOutcome, options: WaitOptions = {}): Promise<Outcome> {
    throwIfAborted(options.signal);
    const outcome =
      typeof from === "object" && from !== null && "verdict" in from
        ? { ...from, verdict: redactHidden(from.verdict) }
        : await this.#stated(from);
    await this.engines.learner?.learn(outcome, options);
    this.events.emit("learned", { outcome });
    return outcome;
  }

  /** Puts an outcome together, ready for {@link learn}. */
  outcome(task: Task, candidate: Candidate, verdict: Verdict, forecast?: Forecast): Outcome {
    return makeOutcome({ task, candidate, verdict, ...(forecast && { forecast }) }, this.#stamp());
  }

  /**
   * Runs the loop: brief, then rounds of `propose` → order by forecast → verify, until a candidate passes, the agent
   * has no more, or the budget is spent. Learns from every outcome. Rejects with `ABORTED` when cancelled; what was
   * done stays in the journal, so the solve can be resumed.
   */
  async solve(task: Task, propose: Propose, options: SolveOptions = {}): Promise<Solution> {
    const valid = validate(solveSchema, options, { what: "Solve options" });
    if (typeof propose !== "function") {
      throw coreError("INPUT_INVALID", "Solve needs `propose`, a function that returns candidates.");
    }
    throwIfAborted(valid.signal);
    const validTask = readTask(task);
    const solveId = valid.resume ?? this.#ids();
    const recorded = valid.resume === undefined ? [] : await this.#recorded(valid.resume);
    const solve = new Solve(validTask, propose, valid, {
      loop: this,
      journal: new SolveJournal(solveId, recorded, this.engines.journal, this.#clock),
      clock: this.#clock,
      makeOutcome: (parts) => makeOutcome(parts, this.#stamp()),
      emit: (name, data) => this.events.emit(name, data),
    });
    this.#logger.debug({ solveId, taskId: task.id, resumed: recorded.length > 0 }, "Solve started");
    return solve.run();
  }

  /** Tells a journalled solve again, with its events, running nothing. Throws `SOLVE_UNKNOWN` or `SOLVE_UNFINISHED`. */
  async replay(solveId: string): Promise<Solution> {
    return replaySolve(solveId, await this.#recorded(solveId), this.events);
  }

  /** Why an outcome came to be. Throws `OUTCOME_UNKNOWN`. */
  async explain(outcomeId: string): Promise<Explanation> {
    const outcome = await this.#find(outcomeId);
    const entries = outcome.solveId ? ((await this.engines.journal?.read(outcome.solveId)) ?? []) : [];
    const brief = entries.find((entry) => entry.type === "brief")?.data as Brief | undefined;
    return explainOutcome(outcome, brief);
  }

  async #stated(value: StatedOutcome): Promise<Outcome> {
    const from = validate(statedSchema, value, { what: "What is learned from", code: "INPUT_INVALID" });
    const verdict = statedVerdict(from.passed, from.basis, from.reason);
    if ("outcomeId" in from) {
      const known = await this.#find(from.outcomeId);
      return makeOutcome({ ...known, verdict }, this.#stamp());
    }
    return makeOutcome(
      { task: readTask(from.task), candidate: readCandidate(from.candidate), verdict },
      this.#stamp(),
    );
  }

  async #find(outcomeId: string): Promise<Outcome> {
    const learned = await this.engines.learner?.outcome(outcomeId);
    if (learned) return learned;
    const { journal } = this.engines;
    for (const solveId of (await journal?.solves()) ?? []) {
      for (const entry of (await journal?.read(solveId)) ?? []) {
        if (entry.type === "outcome" && (entry.data as Outcome).id === outcomeId)
          return entry.data as Outcome;
      }
    }
    throw coreError(
      "OUTCOME_UNKNOWN",
      `No outcome has the id "${outcomeId}". Verifying, learning and solving give the ids.`,
    );
  }

  async #recorded(
    solveId: string,
  ): Promise<Awaited<ReturnType<NonNullable<LoopEngines["journal"]>["read"]>>> {
    if (!this.engines.journal) {
      throw coreError(
        "ENGINE_MISSING",
        "Resuming and replaying need a journal. Pass one as `engines.journal`.",
      );
    }
    const entries = await this.engines.journal.read(solveId);
    if (entries.length === 0) {
      throw coreError(
        "SOLVE_UNKNOWN",
        `No solve has the id "${solveId}". Journal.solves() lists the known ones.`,
      );
    }
    return entries;
  }

  #stamp(): { id: IdSource; at: number } {
    return { id: this.#ids, at: this.#clock() };
  }
}
