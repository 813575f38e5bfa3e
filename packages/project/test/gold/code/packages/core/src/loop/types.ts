import type { CodeSearch, Forecaster, Journal, Recall, Verifier, VerifyOptions } from "../contracts.js";
import type { Brief } from "../words/brief.js";
import type { Candidate } from "../words/candidate.js";
import type { Forecast } from "../words/forecast.js";
import type { Outcome, StoredTask } from "../words/outcome.js";
import type { Task } from "../words/task.js";
import type { TestResult, Verdict } from "../words/verdict.js";

/** The parts a loop works with. Any may be absent; the loop says what that costs. */
export interface LoopEngines {
  readonly memory?: Recall;
  readonly project?: CodeSearch;
  readonly sandbox?: Verifier;
  readonly learner?: Forecaster;
  readonly journal?: Journal;
}

/** What a solve may spend. Absent means unlimited, but for `tries`. */
export interface Budget {
  /** Candidates verified. @default 8 */
  readonly tries?: number;
  /** Wall time in milliseconds. */
  readonly wallMs?: number;
  readonly tokens?: number;
  /** Money, in the caller's own currency. */
  readonly money?: number;
}

/** What one call of `propose` used or may use. */
export interface Usage {
  readonly tokens?: number;
  readonly money?: number;
}

/** What a solve spent. */
export interface Spent {
  readonly tries: number;
  readonly wallMs: number;
  readonly tokens: number;
  readonly money: number;
}

/** What an agent is told about its best failure. From visible tests alone. */
export interface Feedback {
  /** Which call of `propose` comes next: 2, 3… */
  readonly round: number;
  readonly candidate: Candidate;
  readonly failedTests: readonly TestResult[];
  /** Ready for a prompt; output of the run is quoted as data. */
  readonly text: string;
}

/** What `propose` gets beside the brief and the feedback. */
export interface ProposeContext {
  /** Which call this is: 1, 2… */
  readonly round: number;
  readonly remaining: Budget;
  readonly signal?: AbortSignal;
}

/** One or more candidates, and what it cost to get them. */
export interface Proposal {
  readonly candidates: readonly Candidate[];
  readonly usage?: Usage;
}

/** The caller's agent. An empty proposal ends the solve. */
export type Propose = (
  brief: Brief,
  feedback: Feedback | undefined,
  context: ProposeContext,
) => Promise<Proposal | Candidate | readonly Candidate[]>;

/** Options of {@link AgentLoop.solve}. */
export interface SolveOptions extends Omit<VerifyOptions, "only" | "affectedTests"> {
  readonly budget?: Budget;
  /** What one call of `propose` is expected to use at most; reserved before the call, settled after it. */
  readonly reserve?: Usage;
  /** Size of the brief in tokens. @default 4_000 */
  readonly briefTokens?: number;
  /**
   * When to stop. `verdict`: when a candidate passes all tests. `visible`: at the first that passes the visible ones,
   * which the hidden ones then judge once; use it to measure, since hidden tests then choose nothing. @default "verdict"
   */
  readonly accept?: "verdict" | "visible";
  /** Continues an interrupted solve of the same task by its id: journalled steps are read, not repeated. */
  readonly resume?: string;
}

/** A candidate beside its forecast. */
export interface RankedCandidate {
  readonly candidate: Candidate;
  readonly forecast: Forecast;
}

/** What a solve came to. */
export interface Solution {
  readonly solveId: string;
  readonly taskId: string;
  /**
   * `passed`: `winner` passed. `failed`: the agent had no more candidates. `budget`: it was spent.
   * `unverified`: there is no sandbox, so candidates were only ranked.
   */
  readonly status: "passed" | "failed" | "budget" | "unverified";
  /** The outcome that passed, with its forecast and verdict as evidence. */
  readonly winner?: Outcome;
  /** The best failure (most visible tests passed), when nothing passed. */
  readonly best?: Outcome;
  /** What to tell the agent at the next try, when nothing passed. */
  readonly feedback?: Feedback;
  /** The candidates of the last round, the most promising first. */
  readonly ranked: readonly RankedCandidate[];
  /** Every outcome in the order in which the candidates were verified. */
  readonly outcomes: readonly Outcome[];
  readonly spent: Spent;
  /** Which part of the budget was spent, when it was. */
  readonly exhausted?: keyof Budget;
  /** Engines that were missing and what was skipped for that. */
  readonly missing: readonly string[];
}

/** What happens in a solve, as it happens. `learned` also comes from {@link AgentLoop.learn}, then without a `solveId`. */
export interface LoopEvents {
  brief: { readonly solveId: string; readonly brief: Brief };
  proposed: { readonly solveId: string; readonly round: number; readonly candidates: readonly Candidate[] };
  forecast: { readonly solveId: string; readonly candidate: Candidate; readonly forecast: Forecast };
  verifying: { readonly solveId: string; readonly candidate: Candidate };
  verdict: { readonly solveId: string; readonly candidate: Candidate; readonly verdict: Verdict };
  learned: { readonly solveId?: string; readonly outcome: Outcome };
  finished: { readonly solution: Solution };
}

/**
 * A verdict that a person or CI gave, to be learned from. It speaks of a candidate, or of an outcome that is known
 * already by its id.
 */
export type StatedOutcome = {
  readonly passed: boolean;
  readonly basis: "person" | "ci";
  /** Why, in a sentence. */
  readonly reason?: string;
} & ({ readonly task: Task; readonly candidate: Candidate } | { readonly outcomeId: string });

/** The steps of a solve as they are journalled, by type. */
export interface SolveSteps {
  started: { readonly task: StoredTask; readonly fingerprint: string };
  brief: Brief;
  proposed: {
    readonly round: number;
    readonly candidates: readonly Candidate[];
    readonly usage: Required<Usage>;
  };
  forecast: Forecast;
  outcome: Outcome;
  learned: { readonly outcomeId: string };
  finished: Omit<Solution, "solveId" | "outcomes" | "winner" | "best" | "ranked"> & {
    readonly winnerId?: string;
    readonly bestId?: string;
  };
}

/** Why an outcome came to be, from the journal and the learner. */
export interface Explanation {
  readonly outcome: Outcome;
  /** The brief that the agent had, when the outcome belongs to a solve. */
  readonly brief?: Brief;
  /** The whole explanation as text. */
  readonly text: string;
}
