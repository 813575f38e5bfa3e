import { AgentOSError, isAgentOSError } from "@agentos/core";
import type { WireError } from "./messages.js";

/** An error as it is sent. What is not of AgentOS is a fault of the store's own code, and says so. */
export function toWire(error: unknown): WireError {
  if (!isAgentOSError(error)) return { code: "STORE_IO", message: `The owner of the store failed: ${error}` };
  const { code, message, details } = error;
  try {
    return { code, message, details: JSON.parse(JSON.stringify(details)) };
  } catch {
    // Details that are not JSON cannot be sent; code and message say what matters.
    return { code, message };
  }
}

/** The error that another process threw. */
export function fromWire({ code, message, details }: WireError): AgentOSError {
  return new AgentOSError(code, message, { details });
}
