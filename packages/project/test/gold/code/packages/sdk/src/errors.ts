import { AgentOSError, type AgentOSErrorOptions } from "@agentos/core";

/** The codes that the sdk throws. */
export const SDK_ERROR_CODES = [
  "SDK_DIR_INVALID",
  "SDK_DIR_UNWRITABLE",
  "SDK_PROJECT_INVALID",
  "MODEL_UNAUTHORIZED",
  "MODEL_UNREACHABLE",
  "MODEL_TIMEOUT",
  "MODEL_RATE_LIMITED",
  "MODEL_UNAVAILABLE",
  "MODEL_REFUSED",
  "MODEL_REPLY_INVALID",
] as const;

/** A code that the sdk throws. */
export type SdkErrorCode = (typeof SDK_ERROR_CODES)[number];

/** Makes an error of the sdk. */
export function sdkError(code: SdkErrorCode, message: string, options?: AgentOSErrorOptions): AgentOSError {
  return new AgentOSError(code, message, options);
}
