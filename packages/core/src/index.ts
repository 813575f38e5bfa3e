/**
 * The words of AgentOS as types, its errors, lifecycle and events, and the {@link AgentLoop}.
 * @module
 */
export { type Clock, type IdSource, systemClock, timeSortedIds } from "./clock.js";
export type {
  Admission,
  CodeSearch,
  Forecaster,
  History,
  HistoryQuery,
  Journal,
  JournalEntry,
  KeyedText,
  Lesson,
  Recall,
  SyntaxFacts,
  SyntaxParser,
  VectorSearch,
  Verifier,
  VerifyOptions,
  WaitOptions,
} from "./contracts.js";
export {
  AgentOSError,
  type AgentOSErrorOptions,
  abortedError,
  CORE_ERROR_CODES,
  type CoreErrorCode,
  coreError,
  isAgentOSError,
  throwIfAborted,
} from "./errors.js";
export { Events, type Unsubscribe } from "./events.js";
export { type Closable, Lifecycle } from "./lifecycle.js";
export { type Logger, type LogMethod, silentLogger } from "./logger.js";
export { AgentLoop, type AgentLoopOptions } from "./loop/agent-loop.js";
export { makeOutcome, type OutcomeParts } from "./loop/outcome.js";
export { quoteOutside, withoutUnseen } from "./loop/quote.js";
export { readCandidate, readJudged, readStdioCase, readTask } from "./loop/read.js";
export type {
  Budget,
  Explanation,
  Feedback,
  LoopEngines,
  LoopEvents,
  Proposal,
  Propose,
  ProposeContext,
  RankedCandidate,
  Solution,
  SolveOptions,
  SolveSteps,
  Spent,
  StatedOutcome,
  Usage,
} from "./loop/types.js";
export { problemOf, type ValidateOptions, validate } from "./options.js";
export { isSafePath } from "./paths.js";
export { summaryLine } from "./summary.js";
export { estimateTokens, type TokenCounter } from "./tokens.js";
export type { Brief, BriefItem, Trust } from "./words/brief.js";
export { type Candidate, changedPaths, type Proposer, patchedPaths, UNCHANGED } from "./words/candidate.js";
export type {
  BlamedLines,
  Commit,
  CommitFile,
  DiffHunk,
  FileDiff,
  FileStatus,
} from "./words/commit.js";
export type { Forecast, ForecastReason } from "./words/forecast.js";
export {
  MEMORY_KINDS,
  type Memory,
  type MemoryKind,
  type MemoryMetadata,
  type MemorySource,
  type RecallExplanation,
  type RecalledMemory,
  type Scope,
} from "./words/memory.js";
export { type Outcome, type StoredTask, storedTask, withoutHidden } from "./words/outcome.js";
export {
  GUARANTEES,
  type Guarantee,
  type Mechanism,
  type Needs,
  RUN_LIMITS,
  type RunEvent,
  type RunFacts,
  type RunLimit,
  type RunLimits,
  type RunRequest,
  type RunResult,
  type RunStatus,
  type RunTest,
  type RunUsage,
} from "./words/run.js";
export type { CodeSymbol } from "./words/symbol.js";
export {
  entryFileOf,
  LANGUAGES,
  type Language,
  SOURCE_EXTENSION,
  type StdioCase,
  type Task,
  type TaskTests,
  type TestFile,
  type Visibility,
} from "./words/task.js";
export type { Integrity, TestResult, Verdict, VerdictBasis, VerdictRun } from "./words/verdict.js";
