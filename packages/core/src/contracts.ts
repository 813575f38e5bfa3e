import type { TokenCounter } from "./tokens.js";
import type { Candidate } from "./words/candidate.js";
import type { BlamedLines, Commit, FileDiff } from "./words/commit.js";
import type { Forecast } from "./words/forecast.js";
import type { RecalledMemory, Scope } from "./words/memory.js";
import type { Outcome } from "./words/outcome.js";
import type { Needs, RunEvent, RunLimits } from "./words/run.js";
import type { CodeSymbol } from "./words/symbol.js";
import type { Language, Task, Visibility } from "./words/task.js";
import type { Verdict } from "./words/verdict.js";

// What the loop and the engines need of one another. Engines satisfy these structurally and never import each other.

/** Options of everything that waits. */
export interface WaitOptions {
  /** Ends the wait; the promise rejects with code `ABORTED` unless said otherwise. */
  readonly signal?: AbortSignal;
}

/** Lets a bounded number of pieces of work in at one time. `HostPlaces` of the store does, for all processes of a user on a machine. */
export interface Admission {
  /** Waits for a place. What it resolves to gives the place up; a second call of that does nothing. Rejects with `ABORTED`, holding nothing. */
  enter(options?: WaitOptions): Promise<() => void>;
  /** Whether somebody waits for a place: who works for long asks now and then, and makes room. Absent: nobody can tell. */
  wanted?(): Promise<boolean>;
}

/** Recalls what is worth knowing before writing. The memory engine satisfies it. */
export interface Recall {
  recall(
    query: string,
    options?: WaitOptions & { readonly limit?: number; readonly scopes?: readonly Scope[] },
  ): Promise<readonly RecalledMemory[]>;
}

/** Finds code. The project index satisfies it. */
export interface CodeSearch {
  /** Absolute paths that name the project's root. With any, the loop does not ask about a task of another project. */
  readonly roots?: readonly string[];
  /** Symbols that fit a text of words or names, best first. */
  relevantSymbols(
    text: string,
    options?: WaitOptions & { readonly limit?: number },
  ): Promise<readonly CodeSymbol[]>;
  /** The files and signatures that matter most for a task, as text of at most so many tokens; absent: this search has no map. */
  repoMap?(
    options: WaitOptions & {
      readonly task: string;
      readonly tokens: number;
      /** Counts the tokens of a text of the map. */
      readonly tokenizer: TokenCounter;
    },
  ): Promise<{ readonly text: string }>;
  /** Test files, relative to the project's root, that cover these files. Best first, none twice. */
  affectedTests(paths: readonly string[], options?: WaitOptions): Promise<readonly string[]>;
}

/** A text that is found by what it says. */
export interface KeyedText {
  /** Whatever the caller knows it by. */
  readonly key: string;
  readonly text: string;
}

/** Finds texts by vectors of what they say. The memory engine's `EmbeddedTexts` satisfies it; the project index may use it. */
export interface VectorSearch {
  /** Puts texts under their keys, in place of what was there. */
  put(texts: readonly KeyedText[], options?: WaitOptions): Promise<void>;
  /** Takes texts away; unknown keys are passed over. */
  delete(keys: readonly string[]): void;
  /** The texts that are most alike to this one, best first. `score` is a cosine, above 0. */
  search(
    text: string,
    options: WaitOptions & { readonly limit: number },
  ): Promise<readonly { readonly key: string; readonly score: number }[]>;
}

/** How a candidate is to be verified. */
export interface VerifyOptions extends WaitOptions {
  /** Test files of the project to run when the task has no tests of its own. */
  readonly affectedTests?: readonly string[];
  /** Which tests to run. @default both, hidden ones only when the visible ones passed */
  readonly only?: Visibility;
  readonly needs?: Needs;
  readonly limits?: RunLimits;
  /** Name of the driver to use. */
  readonly driver?: string;
  /**
   * `separate`: raise when the tests cannot be kept apart from the candidate. `shared`: run both in one process.
   * @default separate where the tests allow it, else shared; `Verdict.integrity` says which it was
   */
  readonly integrity?: "separate" | "shared";
  /**
   * Runs the tests on the project without the candidate, too, and says in `TestResult.change` what the candidate changed.
   * Failures that were there before do not fail the verdict then. For tasks with a project.
   * @default true for affected tests, false for the task's own tests
   */
  readonly compare?: boolean;
  /** Called with what the visible run tells while it goes on; a promise that it returns holds the run's output back. */
  readonly onEvent?: (event: RunEvent) => void | Promise<void>;
}

/** Judges candidates by running them. The sandbox satisfies it. */
export interface Verifier {
  verify(task: Task, candidate: Candidate, options?: VerifyOptions): Promise<Verdict>;
}

/** A warning or a recurring failure that the learner would put in a brief. */
export interface Lesson {
  /** Ids of the outcomes that it was learned from. */
  readonly outcomeIds: readonly string[];
  readonly text: string;
}

/** Predicts, and learns from what happened. The learner satisfies it. */
export interface Forecaster {
  forecast(task: Task, candidate: Candidate, options?: WaitOptions): Promise<Forecast>;
  /** Stores an outcome and learns from it at once. Learning the same outcome id twice counts once. */
  learn(outcome: Outcome, options?: WaitOptions): Promise<void>;
  /** What went wrong before on this task or on tasks like it. */
  lessons(task: Task, options?: WaitOptions & { readonly limit?: number }): Promise<readonly Lesson[]>;
  /** A stored outcome, or undefined. */
  outcome(id: string): Promise<Outcome | undefined>;
}

/** What a {@link SyntaxParser} knows of a text, as plain data. */
export interface SyntaxFacts {
  /** Whether the text parses without an error. */
  readonly ok: boolean;
  /** Where the first error is, 1-based, when there is one. */
  readonly error?: { readonly line: number; readonly column: number; readonly text: string };
  /** Names read in the text that nothing in it defines, imports or receives, and that the language does not supply. */
  readonly undefinedNames: readonly { readonly name: string; readonly line: number }[];
  /** Names of the functions and classes that it defines, in order. */
  readonly definitions: readonly string[];
}

/** Parses source text. The project index satisfies it; the learner's gate uses it. */
export interface SyntaxParser {
  /** Languages it can parse. */
  readonly languages: readonly Language[];
  facts(language: Language, text: string, options?: WaitOptions): Promise<SyntaxFacts>;
}

/** Which commits are asked for. */
export interface HistoryQuery extends WaitOptions {
  /** Most commits. @default all */
  readonly limit?: number;
  /** Only commits that touched one of these files or folders, relative to the project's root; of such a commit only these are listed. @default all */
  readonly paths?: readonly string[];
  /** Only commits since then, in milliseconds since 1970. @default from the first */
  readonly since?: number;
}

/** What happened to a project: its commits. `GitHistory` of the project index satisfies it; a project without a past has no commits. */
export interface History {
  /** The version of this contract. */
  readonly version: 1;
  /** Commits up to the one that is checked out, newest first. Whoever stops early leaves nothing running. */
  commits(query?: HistoryQuery): AsyncIterable<Commit>;
  /**
   * What a commit did to the files below the project's root, compared with its first parent.
   * @param commit a whole id
   */
  diff(commit: string, options?: WaitOptions): Promise<readonly FileDiff[]>;
  /** Which commit changed each line of a file last, as it is in the commit that is checked out; empty for a file that is not in it. */
  blame(path: string, options?: WaitOptions): Promise<readonly BlamedLines[]>;
}

/** One step of a solve, as it was journalled. */
export interface JournalEntry {
  readonly solveId: string;
  /** 0, 1, 2… within the solve, without gaps. */
  readonly index: number;
  readonly type: string;
  /** In milliseconds since 1970. */
  readonly at: number;
  /** JSON data; never the content of hidden tests. */
  readonly data: unknown;
}

/** Keeps what a solve did, so that it can be resumed, replayed and explained. Each append is durable when it resolves. */
export interface Journal {
  append(entry: JournalEntry): Promise<void>;
  /** Entries of one solve in order; none for an unknown one. */
  read(solveId: string): Promise<readonly JournalEntry[]>;
  /** Ids of all solves, newest last. */
  solves(): Promise<readonly string[]>;
}
