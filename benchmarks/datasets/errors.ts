import { AgentOSError, type AgentOSErrorOptions } from "@agentos/core";

/** The codes that the loaders throw. */
export const DATASET_ERROR_CODES = ["DATASET_MISSING", "DATASET_UNREADABLE", "DATASET_LINE_BROKEN"] as const;

/** A code that a loader throws. */
export type DatasetErrorCode = (typeof DATASET_ERROR_CODES)[number];

/** Makes an error of the loaders. */
export function datasetError(
  code: DatasetErrorCode,
  message: string,
  options?: AgentOSErrorOptions,
): AgentOSError {
  return new AgentOSError(code, message, options);
}
