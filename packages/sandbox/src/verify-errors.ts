import { type AgentOSError, coreError, isAgentOSError, type Task, type Visibility } from "@agentos/core";
import { sandboxError } from "./errors.js";

/** Hands a failure on, but for what a driver says of hidden tests. */
export function unlessHidden(visibility: Visibility): (error: unknown) => never {
  return (error) => {
    throw visibility === "hidden" && isAgentOSError(error, "SANDBOX_DRIVER_FAILED") ? hiddenFailed() : error;
  };
}

/** A verdict of separate integrity that cannot be given, and why. */
export function inseparable(task: Task, why: string): AgentOSError {
  return sandboxError(
    "SANDBOX_INTEGRITY_UNAVAILABLE",
    `Task "${task.id}" cannot be judged apart from its candidate: ${why}. Leave out integrity: "separate" to have it judged in one process.`,
  );
}

/** The failure of a driver on hidden tests, without its message: that may name their files. */
function hiddenFailed(): AgentOSError {
  return sandboxError(
    "SANDBOX_DRIVER_FAILED",
    "A sandbox for the hidden tests could not be set up. See what works with: agentos doctor",
  );
}

/** A test file that does not parse. */
export function unreadableTest(
  task: Task,
  visibility: Visibility,
  problem: { readonly path: string; readonly message: string },
): AgentOSError {
  const what = visibility === "hidden" ? "a hidden test file" : `the test file ${problem.path}`;
  const why = visibility === "hidden" ? "" : ` ${problem.message}`;
  return coreError("TASK_INVALID", `Task "${task.id}": ${what} is not TypeScript that parses.${why}`);
}
