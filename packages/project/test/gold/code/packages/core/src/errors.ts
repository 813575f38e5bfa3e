const MARKER = Symbol.for("agentos.error");

/** What an {@link AgentOSError} carries beside its message. */
export interface AgentOSErrorOptions {
  readonly cause?: unknown;
  /** Plain data for programs: paths, versions, names. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * Broken machinery or bad input. `code` is stable and has a heading in `docs/errors.md`; `message` says what to do.
 * Test with {@link isAgentOSError}, which works across copies of this package.
 */
export class AgentOSError extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: AgentOSErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AgentOSError";
    this.code = code;
    this.details = options.details ?? {};
    Object.defineProperty(this, MARKER, { value: true });
  }
}

/** Whether a value is an {@link AgentOSError}, of the given code if one is given. */
export function isAgentOSError(value: unknown, code?: string): value is AgentOSError {
  return (
    value instanceof Error &&
    (value as { [MARKER]?: unknown })[MARKER] === true &&
    (code === undefined || (value as AgentOSError).code === code)
  );
}

/** The codes that core throws. Each package exports a table like this one; a check holds them against `docs/errors.md`. */
export const CORE_ERROR_CODES = [
  "ABORTED",
  "CLOSED",
  "OPTIONS_INVALID",
  "INPUT_INVALID",
  "TASK_INVALID",
  "CANDIDATE_INVALID",
  "NOTHING_TO_JUDGE",
  "ENGINE_MISSING",
  "OUTCOME_UNKNOWN",
  "SOLVE_UNKNOWN",
  "SOLVE_UNFINISHED",
  "SOLVE_MISMATCH",
  "CLOSE_FAILED",
] as const;

/** A code that core throws. */
export type CoreErrorCode = (typeof CORE_ERROR_CODES)[number];

/** Makes an error of core. */
export function coreError(code: CoreErrorCode, message: string, options?: AgentOSErrorOptions): AgentOSError {
  return new AgentOSError(code, message, options);
}

/** Throws `ABORTED` with the signal's reason as its cause when the signal is aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortedError(signal);
}

/** The error of a wait that was ended by its AbortSignal. */
export function abortedError(signal: AbortSignal): AgentOSError {
  return coreError("ABORTED", "Cancelled by the caller's AbortSignal.", { cause: signal.reason });
}
