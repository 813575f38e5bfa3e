import { statSync } from "node:fs";
import { coreError, validate } from "@agentos/core";
import { agentOSOptionsSchema, sdkError } from "@agentos/sdk";
import type { ProjectOptions } from "./opened-project.js";

/** Options of a server. */
export type ServeOptions = ProjectOptions & {
  /** Ends the server. */
  readonly signal?: AbortSignal;
};

/**
 * Refuses at the start what would fail with the first call only. Throws `OPTIONS_INVALID` and `SDK_PROJECT_INVALID`.
 * @param what the options' name in messages
 */
export function requireServable(options: ServeOptions, what: string): void {
  const { project } = validate(agentOSOptionsSchema, options, { what });
  if (project === undefined)
    throw coreError("OPTIONS_INVALID", `${what}: project: must name the project's root folder.`);
  if (!isFolder(project))
    throw sdkError(
      "SDK_PROJECT_INVALID",
      `The project ${project} is not a folder that can be read. Name its root folder.`,
      { details: { project } },
    );
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
