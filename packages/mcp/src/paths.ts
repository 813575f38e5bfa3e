import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { coreError } from "@agentos/core";
import type { Project } from "./opened-project.js";

/** Throws `INPUT_INVALID` for a path at which the project has nothing: where nothing was found, that is why. */
export function mustExist(project: Project, path: string | undefined): void {
  if (path === undefined || existsSync(isAbsolute(path) ? path : join(project.root, path))) return;
  throw coreError(
    "INPUT_INVALID",
    `The project has no ${path}. Give a file or folder, not a pattern, relative to its root.`,
  );
}
