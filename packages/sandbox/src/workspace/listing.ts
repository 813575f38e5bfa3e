import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { sandboxError } from "../errors.js";
import { pathProblem } from "../paths.js";

const run = promisify(execFile);
const SKIPPED = new Set([".git", ".hg", ".svn", ".agentos", "node_modules", ".venv", "venv", "__pycache__"]);

/** The real path of a task's project. Throws `SANDBOX_PROJECT_UNREADABLE`. */
export async function rootOf(folder: string): Promise<string> {
  try {
    const root = await realpath(folder);
    if ((await stat(root)).isDirectory()) return root;
  } catch (cause) {
    throw unreadable(folder, cause);
  }
  throw unreadable(folder, undefined);
}

/**
 * The paths of a project that a run may see: what git tracks or would track, else everything but dependencies. Whether
 * each is there, and what it is, is not said. Throws `SANDBOX_PROJECT_UNREADABLE` or `SANDBOX_PROJECT_TOO_LARGE`.
 */
export async function listProject(root: string, most: number): Promise<readonly string[]> {
  const listed = (await listedByGit(root)) ?? (await walked(root, most));
  const paths = listed.filter((path) => pathProblem(path) === undefined);
  if (paths.length > most) throw tooLarge(root, `${paths.length} files; ${most} are allowed`);
  return paths;
}

/** The error for a project that is over a limit. */
export function tooLarge(root: string, what: string): Error {
  return sandboxError(
    "SANDBOX_PROJECT_TOO_LARGE",
    `The project ${root} has ${what}. List what is not source in .gitignore, or raise projectFiles or projectBytes of Sandbox.open.`,
    { details: { root } },
  );
}

function unreadable(folder: string, cause: unknown): Error {
  return sandboxError(
    "SANDBOX_PROJECT_UNREADABLE",
    `The project ${folder} is not a folder that can be read. Check the task's "project".`,
    { cause },
  );
}

/** What git tracks or would track; undefined when the folder is no repository or git is missing. Throws `SANDBOX_PROJECT_UNREADABLE`. */
async function listedByGit(root: string): Promise<readonly string[] | undefined> {
  // The repository's own settings must not start a program.
  const safe = ["-c", "safe.directory=*", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"];
  const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  try {
    const { stdout } = await run("git", ["-C", root, ...safe, ...list], {
      env: {
        PATH: "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin",
        GIT_OPTIONAL_LOCKS: "0",
        GIT_ALLOW_PROTOCOL: "none",
      },
      maxBuffer: 256 * 1024 * 1024,
    });
    return [...new Set(stdout.split("\0"))].filter((path) => path !== "" && !skipped(path)).sort();
  } catch (cause) {
    const { code } = cause as { readonly code?: unknown };
    // Without git, and outside of repositories, nothing says what is ignored.
    if (code === "ENOENT" || !isInRepository(root)) return undefined;
    throw sandboxError(
      "SANDBOX_PROJECT_UNREADABLE",
      `git cannot list the files of ${root}, so that it is not known which ones are ignored. Run there: git ls-files`,
      { cause },
    );
  }
}

function isInRepository(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return true;
    if (at === dirname(at)) return false;
  }
}

async function walked(root: string, most: number): Promise<readonly string[]> {
  const paths: string[] = [];
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (SKIPPED.has(entry.name)) continue;
      if (entry.isDirectory()) await visit(path);
      else paths.push(path);
      if (paths.length > most) throw tooLarge(root, `more than ${most} files`);
    }
  };
  try {
    await visit("");
  } catch (error) {
    throw (error as { code?: string }).code?.startsWith("SANDBOX_") ? error : unreadable(root, error);
  }
  return paths.sort();
}

function skipped(path: string): boolean {
  return path.split("/").some((part) => SKIPPED.has(part));
}
