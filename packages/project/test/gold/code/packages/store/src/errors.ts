import { AgentOSError, type AgentOSErrorOptions } from "@agentos/core";

/** The codes that the store throws beside those of core. */
export const STORE_ERROR_CODES = [
  "STORE_UNOPENABLE",
  "STORE_VERSION_NEWER",
  "STORE_LOCKED",
  "STORE_NOT_EMPTY",
  "STORE_CORRUPT",
  "STORE_FULL",
  "STORE_IO",
  "STORE_KEY_INVALID",
  "STORE_VALUE_INVALID",
  "STORE_JOURNAL_GAP",
  "STORE_NOT_OWNER",
  "STORE_OWNER_UNREACHABLE",
  "STORE_PROTOCOL_MISMATCH",
  "STORE_MESSAGE_TOO_LARGE",
  "STORE_SERVICE_UNKNOWN",
  "STORE_SERVICE_FAILED",
] as const;

/** A code that the store throws. */
export type StoreErrorCode = (typeof STORE_ERROR_CODES)[number];

/** Makes an error of the store. */
export function storeError(
  code: StoreErrorCode,
  message: string,
  options?: AgentOSErrorOptions,
): AgentOSError {
  return new AgentOSError(code, message, options);
}
