import { AgentOSError, type AgentOSErrorOptions, isAgentOSError } from "@agentos/core";

/** The codes that this package throws; `docs/errors.md` says what to do about each. */
export const PROJECT_ERROR_CODES = [
  "PROJECT_ROOT_MISSING",
  "PROJECT_PATH_OUTSIDE",
  "PROJECT_FILE_UNKNOWN",
  "PROJECT_PATTERN_INVALID",
  "PROJECT_LANGUAGE_UNKNOWN",
  "PROJECT_GRAMMAR_MISSING",
  "PROJECT_PARSE_FAILED",
  "PROJECT_WORKER_FAILED",
  "PROJECT_HISTORY_FAILED",
  "PROJECT_HISTORY_TIMEOUT",
  "PROJECT_COMMIT_UNKNOWN",
  "PROJECT_WATCH_LIMITED",
] as const;

/** A code that this package throws. */
export type ProjectErrorCode = (typeof PROJECT_ERROR_CODES)[number];

/** Makes an error of this package. */
export function projectError(
  code: ProjectErrorCode,
  message: string,
  options?: AgentOSErrorOptions,
): AgentOSError {
  return new AgentOSError(code, message, options);
}

const ENDS_PARSING: readonly string[] = [
  "ABORTED",
  "CLOSED",
  "PROJECT_GRAMMAR_MISSING",
  "PROJECT_WORKER_FAILED",
];

/** Whether an error of the parser ends what is under way; any other costs the file that it is of. */
export function endsParsing(error: unknown): boolean {
  return isAgentOSError(error) && ENDS_PARSING.includes(error.code);
}
