import { realpath, stat } from "node:fs/promises";
import { projectError } from "../errors.js";

/** The real path of a root folder. Throws `PROJECT_ROOT_MISSING`. */
export async function realRoot(root: string): Promise<string> {
  try {
    const real = await realpath(root);
    if ((await stat(real)).isDirectory()) return real;
  } catch (cause) {
    throw rootMissing(root, cause);
  }
  throw rootMissing(root);
}

function rootMissing(root: string, cause?: unknown): Error {
  return projectError(
    "PROJECT_ROOT_MISSING",
    `${root} is not a folder that can be read. Give the root folder of a project.`,
    { cause, details: { root } },
  );
}
