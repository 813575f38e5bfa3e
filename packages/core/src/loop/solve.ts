import { abortedError, coreError, throwIfAborted } from "../errors.js";
import { validate } from "../options.js";
import type { Brief } from "../words/brief.js";
import type { Candidate } from "../words/candidate.js";
import type { Forecast } from "../words/forecast.js";
import { type Outcome, storedTask } from "../words/outcome.js";
import type { Task } from "../words/task.js";
import type { AgentLoop } from "./agent-loop.js";
import { BudgetMeter } from "./budget.js";
import { feedbackOn, isBetterFailure } from "./feedback.js";
import { fingerprint } from "./fingerprint.js";
import { readCandidate } from "./read.js";
import { usageSchema } from "./schemas.js";
import type { SolveJournal } from "./solve-journal.js";
import type {
  Budget,
  Feedback,
  LoopEvents,
  Proposal,
  Propose,
  RankedCandidate,
  Solution,
  SolveOptions,
  SolveSteps,
} from "./types.js";

/** What a solve needs of the loop that runs it. */
export interface SolveContext {
  readonly loop: AgentLoop;
  readonly journal: SolveJournal;
  readonly clock: () => number;
  readonly makeOutcome: (parts: {
    task: Task;
    candidate: Candidate;
    verdict: Outcome["verdict"];
    forecast: Forecast;
    solveId: string;
  }) => Outcome;
  readonly emit: <Name extends keyof LoopEvents>(name: Name, data: LoopEvents[Name]) => void;
}

type End = Pick<Solution, "status"> & { readonly exhausted?: keyof Budget };

/** One run of the loop over one task. */
export class Solve {
  readonly #task: Task;
  readonly #propose: Propose;
  readonly #options: SolveOptions;
  readonly #context: SolveContext;
  readonly #meter: BudgetMeter;
  readonly #outcomes: Outcome[] = [];
  readonly #seen = new Set<string>();
  #ranked: readonly RankedCandidate[] = [];
  #winner: Outcome | undefined;
  #best: Outcome | undefined;
  #feedback: Feedback | undefined;

  constructor(task: Task, propose: Propose, options: SolveOptions, context: SolveContext) {
    this.#task = task;
    this.#propose = propose;
    this.#options = options;
    this.#context = context;
    this.#meter = new BudgetMeter(options.budget ?? {}, context.clock, context.journal.startedAt);
  }

  /** Runs to the end: a pass, no more candidates, or the budget. */
  async run(): Promise<Solution> {
    const { journal, loop } = this.#context;
    const started = await journal.step("started", async () => ({
      task: storedTask(this.#task),
      fingerprint: fingerprint(this.#task),
    }));
    if (started.fingerprint !== fingerprint(this.#task)) {
      throw coreError(
        "SOLVE_MISMATCH",
        `Solve ${journal.solveId} was started with another task (${started.task.id}). Resume it with that task and its tests unchanged.`,
      );
    }
    const brief = await journal.step("brief", () =>
      loop.brief(this.#task, { maxTokens: this.#options.briefTokens, signal: this.#options.signal }),
    );
    this.#context.emit("brief", { solveId: journal.solveId, brief });
    const end = await this.#rounds(brief);
    const finished = await journal.step("finished", async () => this.#finish(end));
    const solution = assembleSolution(journal.solveId, finished, this.#outcomes, this.#ranked);
    this.#context.emit("finished", { solution });
    return solution;
  }

  async #rounds(brief: Brief): Promise<End> {
    for (let round = 1; ; round += 1) {
      this.#throwIfCancelled();
      const proposal = await this.#askFor(brief, round);
      if ("status" in proposal) return proposal;
      if (proposal.candidates.length === 0) return { status: "failed" };
      this.#context.emit("proposed", {
        solveId: this.#context.journal.solveId,
        round,
        candidates: proposal.candidates,
      });
      await this.#rank(proposal.candidates);
      if (!this.#context.loop.engines.sandbox) return { status: "unverified" };
      const end = await this.#verifyRanked();
      if (end) return end;
      if (this.#best) this.#feedback = feedbackOn(this.#best, round + 1);
    }
  }

  /** Reserves, asks the agent, settles. */
  async #askFor(brief: Brief, round: number): Promise<SolveSteps["proposed"] | End> {
    const { journal } = this.#context;
    const reserve = this.#options.reserve ?? {};
    if (!journal.replaying) {
      const exhausted =
        this.#meter.exceededBy(reserve) ?? (this.#meter.remaining.tries === 0 ? "tries" : undefined);
      if (exhausted) return { status: "budget", exhausted };
    } else if (journal.nextType === "finished") return { status: "budget" };
    const reservation = this.#meter.reserve(reserve);
    const proposed = await this.#untilDeadline((signal) =>
      journal.step("proposed", async () => {
        const context = { round, remaining: this.#meter.remaining, ...(signal && { signal }) };
        const { candidates, usage } = asProposal(await this.#propose(brief, this.#feedback, context));
        throwIfAborted(signal);
        return {
          round,
          candidates: this.#unseen(candidates.map(readCandidate)),
          usage: { tokens: usage?.tokens ?? 0, money: usage?.money ?? 0 },
        };
      }),
    );
    if (proposed === "deadline") return { status: "budget", exhausted: "wallMs" };
    reservation.settle(proposed.usage);
    for (const candidate of proposed.candidates) this.#seen.add(candidate.id);
    return proposed;
  }

  /** Ids are unique within a task: a clash means that the agent lost count, which must not hide a candidate. */
  #unseen(candidates: readonly Candidate[]): readonly Candidate[] {
    const taken = new Set(this.#seen);
    for (const { id } of candidates) {
      if (taken.has(id)) {
        throw coreError(
          "CANDIDATE_INVALID",
          `Candidate id "${id}" was proposed twice for task ${this.#task.id}. Give each candidate an id of its own.`,
        );
      }
      taken.add(id);
    }
    return candidates;
  }

  async #rank(candidates: readonly Candidate[]): Promise<void> {
    const { journal, loop, emit } = this.#context;
    const ranked: RankedCandidate[] = [];
    for (const candidate of candidates) {
      const forecast = await journal.step("forecast", () =>
        loop.forecast(this.#task, candidate, { signal: this.#options.signal }),
      );
      emit("forecast", { solveId: journal.solveId, candidate, forecast });
      ranked.push({ candidate, forecast });
    }
    // A stable sort: the agent's own order decides between equals.
    this.#ranked = ranked.sort((one, other) => other.forecast.probability - one.forecast.probability);
  }

  async #verifyRanked(): Promise<End | undefined> {
    for (const ranked of this.#ranked) {
      this.#throwIfCancelled();
      const { journal } = this.#context;
      if (!journal.replaying) {
        const exhausted = this.#meter.exceededBy({ tries: 1 });
        if (exhausted) return { status: "budget", exhausted };
      } else if (journal.nextType === "finished") return { status: "budget" };
      this.#meter.addTry();
      const outcome = await this.#untilDeadline((signal) => this.#verify(ranked, signal));
      if (outcome === "deadline") return { status: "budget", exhausted: "wallMs" };
      this.#outcomes.push(outcome);
      await this.#learn(outcome);
      if (outcome.verdict.passed) {
        this.#winner = outcome;
        return { status: "passed" };
      }
      if (isBetterFailure(outcome, this.#best)) this.#best = outcome;
      if (this.#options.accept === "visible" && passedVisible(outcome)) {
        this.#best = outcome;
        return { status: "failed" };
      }
    }
    return undefined;
  }

  async #verify({ candidate, forecast }: RankedCandidate, signal: AbortSignal | undefined): Promise<Outcome> {
    const { journal, loop, emit, makeOutcome } = this.#context;
    const { needs, limits, driver, compare } = this.#options;
    const outcome = await journal.step("outcome", async () => {
      emit("verifying", { solveId: journal.solveId, candidate });
      const verdict = await loop.verify(this.#task, candidate, { needs, limits, driver, compare, signal });
      throwIfAborted(signal);
      return makeOutcome({ task: this.#task, candidate, verdict, forecast, solveId: journal.solveId });
    });
    emit("verdict", { solveId: journal.solveId, candidate, verdict: outcome.verdict });
    return outcome;
  }

  async #learn(outcome: Outcome): Promise<void> {
    const { journal, loop, emit } = this.#context;
    await journal.step("learned", async () => {
      // Not cancellable: a verdict that was paid for is kept.
      await loop.engines.learner?.learn(outcome);
      return { outcomeId: outcome.id };
    });
    emit("learned", { solveId: journal.solveId, outcome });
  }

  /**
   * Runs work under the caller's signal and the wall-time budget; "deadline" when the budget ended it. Work that
   * ignores its signal is left behind: it checks the signal once more before it journals anything.
   */
  async #untilDeadline<Result>(
    work: (signal: AbortSignal | undefined) => Promise<Result>,
  ): Promise<Result | "deadline"> {
    const { signal } = this.#options;
    const wallMs = this.#meter.remaining.wallMs;
    const deadline = wallMs === undefined ? undefined : AbortSignal.timeout(Math.max(1, Math.ceil(wallMs)));
    const signals = [signal, deadline].filter((one) => one !== undefined);
    if (signals.length === 0) return work(undefined);
    const either = AbortSignal.any(signals);
    try {
      return await orAborted(work(either), either);
    } catch (error) {
      if (signal?.aborted) throw abortedError(signal);
      if (deadline?.aborted) return "deadline";
      throw error;
    }
  }

  #throwIfCancelled(): void {
    throwIfAborted(this.#options.signal);
  }

  #finish(end: End): SolveSteps["finished"] {
    const passed = end.status === "passed";
    const best = passed ? undefined : this.#best;
    return {
      taskId: this.#task.id,
      ...end,
      ...(this.#winner && { winnerId: this.#winner.id }),
      ...(best && { bestId: best.id, feedback: feedbackOn(best, (this.#feedback?.round ?? 1) + 1) }),
      spent: this.#meter.spent,
      missing: this.#context.loop.missing,
    };
  }
}

/** Puts a solution together from its journalled end and its outcomes. */
export function assembleSolution(
  solveId: string,
  finished: SolveSteps["finished"],
  outcomes: readonly Outcome[],
  ranked: readonly RankedCandidate[],
): Solution {
  const { winnerId, bestId, ...rest } = finished;
  const winner = outcomes.find((outcome) => outcome.id === winnerId);
  const best = outcomes.find((outcome) => outcome.id === bestId);
  return { solveId, ...rest, ...(winner && { winner }), ...(best && { best }), ranked, outcomes };
}

function passedVisible(outcome: Outcome): boolean {
  const visible = outcome.verdict.tests.filter((test) => test.visibility === "visible");
  return visible.length > 0 && visible.every((test) => test.status === "passed" || test.status === "skipped");
}

function asProposal(value: Awaited<ReturnType<Propose>>): Proposal {
  if (isList(value)) return { candidates: value };
  if (typeof value !== "object" || value === null) {
    throw coreError(
      "CANDIDATE_INVALID",
      "propose returned no candidate. Return one, a list of them, or { candidates, usage }; an empty list ends the solve.",
    );
  }
  if (!("candidates" in value)) return { candidates: [value] };
  if (!Array.isArray(value.candidates)) {
    throw coreError("CANDIDATE_INVALID", "propose returned `candidates` that are not a list.");
  }
  // A usage that is not a number would leave the budget without an end.
  const usage = validate(usageSchema, value.usage ?? {}, { what: "Usage of propose", code: "INPUT_INVALID" });
  return { candidates: value.candidates, usage };
}

function isList(value: Awaited<ReturnType<Propose>>): value is readonly Candidate[] {
  return Array.isArray(value);
}

/** The work's result, or a rejection as soon as the signal aborts. */
async function orAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise: aborted, reject } = withResolvers();
  const onAbort = (): void => reject(abortedError(signal));
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function withResolvers(): { promise: Promise<never>; reject: (error: unknown) => void } {
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<never>((_resolve, refuse) => {
    reject = refuse;
  });
  return { promise, reject };
}
