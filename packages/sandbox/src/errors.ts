import { AgentOSError, type AgentOSErrorOptions } from "@agentos/core";

/** The codes that the sandbox throws. A check holds them against `docs/errors.md`. */
export const SANDBOX_ERROR_CODES = [
  "SANDBOX_REQUEST_INVALID",
  "SANDBOX_DRIVER_UNKNOWN",
  "SANDBOX_DRIVER_CONTRACT",
  "SANDBOX_DRIVER_FAILED",
  "SANDBOX_LANGUAGE_UNAVAILABLE",
  "SANDBOX_GUARANTEE_UNAVAILABLE",
  "SANDBOX_INTEGRITY_UNAVAILABLE",
  "SANDBOX_PROJECT_UNREADABLE",
  "SANDBOX_PROJECT_TOO_LARGE",
] as const;

/** A code that the sandbox throws. */
export type SandboxErrorCode = (typeof SANDBOX_ERROR_CODES)[number];

/** Makes an error of the sandbox. */
export function sandboxError(
  code: SandboxErrorCode,
  message: string,
  options?: AgentOSErrorOptions,
): AgentOSError {
  return new AgentOSError(code, message, options);
}
