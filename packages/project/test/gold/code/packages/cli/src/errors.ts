import { AgentOSError, type AgentOSErrorOptions, isAgentOSError } from "@agentos/core";

/** The codes that the command throws. */
export const CLI_ERROR_CODES = [
  "CLI_USAGE",
  "CLI_CONFIG_INVALID",
  "CLI_CONFIG_REFUSED",
  "CLI_FILE_UNREADABLE",
  "CLI_FILE_EXISTS",
  "CLI_DATA_INVALID",
  "CLI_LANGUAGE_UNKNOWN",
  "CLI_INTERNAL",
] as const;

/** A code that the command throws. */
export type CliErrorCode = (typeof CLI_ERROR_CODES)[number];

/** Makes an error of the command. */
export function cliError(code: CliErrorCode, message: string, options?: AgentOSErrorOptions): AgentOSError {
  return new AgentOSError(code, message, options);
}

/** What the command's end means to a script. */
export const EXIT = { ok: 0, failed: 1, usage: 2, broken: 3, cancelled: 130 } as const;

/** Codes of bad input that their names do not give away. */
const INPUT_CODES: ReadonlySet<string> = new Set([
  "CLI_USAGE",
  "CLI_CONFIG_REFUSED",
  "CLI_FILE_UNREADABLE",
  "CLI_FILE_EXISTS",
  "MEMORY_CONTENT_EMPTY",
  "MEMORY_CONTENT_TOO_LONG",
  "NOTHING_TO_JUDGE",
  "PROJECT_PATH_OUTSIDE",
  "SOLVE_MISMATCH",
  "SOLVE_UNFINISHED",
]);

/** The exit code of an error: bad usage or input is the caller's to mend, anything else is broken machinery. */
export function exitCodeOf(error: unknown): number {
  if (!isAgentOSError(error)) return EXIT.broken;
  if (error.code === "ABORTED") return EXIT.cancelled;
  // A garbled reply is the endpoint's fault, not the caller's.
  if (error.code.startsWith("MODEL_") || error.code === "CLI_INTERNAL") return EXIT.broken;
  return INPUT_CODES.has(error.code) || /_(INVALID|UNKNOWN)$/.test(error.code) ? EXIT.usage : EXIT.broken;
}
