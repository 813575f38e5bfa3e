import { AgentOSError, type AgentOSErrorOptions } from "@agentos/core";

/** The codes that the MCP server throws. */
export const MCP_ERROR_CODES = [
  "MCP_PORT_UNAVAILABLE",
  "MCP_CONNECTION_BROKEN",
  "MCP_CONFIG_UNREADABLE",
  "MCP_CONFIG_INVALID",
  "MCP_NOTHING_TO_JUDGE",
  "MCP_CHANGE_UNFIT",
] as const;

/** A code that the MCP server throws. */
export type McpErrorCode = (typeof MCP_ERROR_CODES)[number];

/** Makes an error of the MCP server. */
export function mcpError(code: McpErrorCode, message: string, options?: AgentOSErrorOptions): AgentOSError {
  return new AgentOSError(code, message, options);
}

/** A client's configuration that cannot be edited. @param problem what is wrong with it, as the end of a sentence */
export function configInvalid(file: string, problem: string, cause?: unknown): AgentOSError {
  return mcpError(
    "MCP_CONFIG_INVALID",
    `${file} ${problem}. Nothing was written: mend it, or move it away.`,
    { cause },
  );
}
