import { AgentOSError, isAgentOSError } from "@agentos/core";
import type { WireError } from "./messages.js";

/** Characters of an error, at most: it must fit into a message in any case. */
const ERROR_LENGTH = 1_000_000;

/** An error as it is sent. What is not of AgentOS is a fault of the store's own code, and says so. */
export function toWire(error: unknown): WireError {
  if (!isAgentOSError(error)) return { code: "STORE_IO", message: `The owner of the store failed: ${error}` };
  const { code, message, details } = error;
  try {
    const json = JSON.stringify(details);
    if (message.length + json.length <= ERROR_LENGTH) return { code, message, details: JSON.parse(json) };
  } catch {
    // Details that are not JSON cannot be sent; code and message say what matters.
  }
  return { code, message: message.slice(0, ERROR_LENGTH) };
}

/** The error that another process threw. */
export function fromWire({ code, message, details }: WireError): AgentOSError {
  return new AgentOSError(code, message, { details });
}
