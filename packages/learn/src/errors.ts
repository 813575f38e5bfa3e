import { AgentOSError, type AgentOSErrorOptions } from "@agentos/core";

/** The codes that this package throws. */
export const LEARN_ERROR_CODES = [
  "LEARN_OUTCOME_INVALID",
  "LEARN_OUTCOME_UNKNOWN",
  "LEARN_PAIRS_INVALID",
  "LEARN_DATA_INVALID",
  "LEARN_MODEL_INVALID",
] as const;

/** A code that this package throws. */
export type LearnErrorCode = (typeof LEARN_ERROR_CODES)[number];

/** Makes an error of this package. */
export function learnError(
  code: LearnErrorCode,
  message: string,
  options?: AgentOSErrorOptions,
): AgentOSError {
  return new AgentOSError(code, message, options);
}
