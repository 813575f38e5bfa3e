import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { lstat, readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, posix, sep } from "node:path";
import { promisify } from "node:util";
import type { Candidate, Language, Task, TestFile } from "@agentos/core";
import type { ProjectCheck } from "./driver.js";
import { sandboxError } from "./errors.js";
import { isTypeScript, LANGUAGE_FACTS } from "./languages.js";
import { pathProblem } from "./paths.js";

/** Sizes that the copied part of a project may have. */
export interface ProjectLimits {
  readonly projectFiles: number;
  readonly projectBytes: number;
}

/** A project as it is copied into a sandbox. */
export interface Project {
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Folders of installed dependencies by relative path; they are shown, not copied. */
  readonly mounts: ReadonlyMap<string, string>;
}

const run = promisify(execFile);
const SKIPPED = new Set([".git", ".hg", ".svn", ".agentos", "node_modules", ".venv", "venv", "__pycache__"]);

/**
 * Reads the files of a task's project: what git tracks or would track, else everything but dependencies. Links that lead
 * out of the project are left out. Throws `SANDBOX_PROJECT_UNREADABLE` or `SANDBOX_PROJECT_TOO_LARGE`.
 */
export async function readProject(task: Task, limits: ProjectLimits): Promise<Project> {
  const root = await rootOf(task.project ?? "");
  const paths = (await listedByGit(root)) ?? (await walked(root, limits));
  if (paths.length > limits.projectFiles) throw tooLarge(root, `${paths.length} files`, limits);
  const files = new Map<string, Uint8Array>();
  let bytes = 0;
  for (const path of paths) {
    const file = await regularFile(root, path);
    if (file === undefined) continue;
    bytes += (await stat(file)).size;
    if (bytes > limits.projectBytes) throw tooLarge(root, `more than ${limits.projectBytes} bytes`, limits);
    files.set(path, await readFile(file));
  }
  return { files, mounts: await dependencies(root, task.language, [...files.keys()]) };
}

/** Tests of a project that this package's harnesses can run: node:test and scripts, unittest and plain functions, Go's own. */
export function runnableTests(
  language: Language,
  project: Project,
  paths: readonly string[],
): readonly TestFile[] {
  return paths.flatMap((path) => {
    const content = project.files.get(path);
    if (content === undefined) return [];
    const text = Buffer.from(content).toString("utf8");
    return FOREIGN_RUNNER[language].test(text) || !OWN_FILE[language].test(path)
      ? []
      : [{ path, content: text }];
  });
}

/** Marks of test frameworks that need a runner of their own. */
const JAVASCRIPT_RUNNERS =
  /from\s+["'](?:vitest|@jest\/globals|mocha|ava|tap|uvu|bun:test)["']|\b(?:jest|vi)\.(?:fn|mock|spyOn)\b|\bexpect\s*\(/;
const FOREIGN_RUNNER: Readonly<Record<Language, RegExp>> = {
  javascript: JAVASCRIPT_RUNNERS,
  typescript: JAVASCRIPT_RUNNERS,
  python: /\bpytest\.(?:mark\.parametrize|fixture|raises)\b/,
  go: /^\/\/go:build ignore/m,
};
const OWN_FILE: Readonly<Record<Language, RegExp>> = {
  javascript: /\.[mc]?[jt]s$/,
  typescript: /\.[mc]?[jt]s$/,
  python: /\.py$/,
  go: /_test\.go$/,
};

/** The check that a project without runnable tests gets: types where its compiler is installed, else a build. */
export function projectCheck(language: Language, project: Project, candidate: Candidate): ProjectCheck {
  const paths = Object.entries(candidate.files)
    .filter(([, content]) => content !== null)
    .map(([path]) => path);
  const modules = project.mounts.get("node_modules");
  const types =
    (language === "typescript" || paths.some(isTypeScript)) &&
    project.files.has("tsconfig.json") &&
    modules !== undefined &&
    existsSync(join(modules, "typescript", "lib", "tsc.js"));
  return { kind: types ? "types" : "build", paths };
}

async function rootOf(folder: string): Promise<string> {
  try {
    const root = await realpath(folder);
    if ((await stat(root)).isDirectory()) return root;
  } catch (cause) {
    throw unreadable(folder, cause);
  }
  throw unreadable(folder, undefined);
}

function unreadable(folder: string, cause: unknown): Error {
  return sandboxError(
    "SANDBOX_PROJECT_UNREADABLE",
    `The project ${folder} is not a folder that can be read. Check the task's "project".`,
    { cause },
  );
}

function tooLarge(root: string, size: string, limits: ProjectLimits): Error {
  return sandboxError(
    "SANDBOX_PROJECT_TOO_LARGE",
    `The project ${root} has ${size}; a copy may have ${limits.projectFiles} files and ${limits.projectBytes} bytes. List what is not source in .gitignore, or raise projectFiles or projectBytes of Sandbox.open.`,
    { details: { root, ...limits } },
  );
}

/** What git tracks or would track; undefined when the folder is no repository or git is missing. */
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
      maxBuffer: 64 * 1024 * 1024,
    });
    return [...new Set(stdout.split("\0"))].filter((path) => path !== "" && !skipped(path)).sort();
  } catch {
    return undefined;
  }
}

async function walked(root: string, limits: ProjectLimits): Promise<readonly string[]> {
  const paths: string[] = [];
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (SKIPPED.has(entry.name)) continue;
      if (entry.isDirectory()) await visit(path);
      else paths.push(path);
      if (paths.length > limits.projectFiles)
        throw tooLarge(root, `more than ${limits.projectFiles} files`, limits);
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

/** The real path of a regular file inside the project; undefined for anything else, links that lead out among it. */
async function regularFile(root: string, path: string): Promise<string | undefined> {
  if (pathProblem(path)) return undefined;
  try {
    // The whole path, since a folder on the way may be a link, too.
    const real = await realpath(join(root, path));
    if (!real.startsWith(root + sep)) return undefined;
    return (await lstat(real)).isFile() ? real : undefined;
  } catch {
    return undefined;
  }
}

/** Installed dependencies: beside each manifest for JavaScript, in the virtual environment for Python. */
async function dependencies(
  root: string,
  language: Language,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const mounts = new Map<string, string>();
  if (language === "python") {
    for (const folder of LANGUAGE_FACTS.python.dependencyFolders) {
      const lib = join(root, folder, "lib");
      for (const name of await readdir(lib).catch(() => [])) {
        const packages = join(lib, name, "site-packages");
        const real = await inside(root, packages);
        if (real !== undefined) mounts.set(`${folder}/lib/${name}/site-packages`, real);
      }
    }
    return mounts;
  }
  if (language === "go") return mounts;
  for (const manifest of paths.filter((path) => posix.basename(path) === "package.json")) {
    const folder = posix.join(posix.dirname(manifest), "node_modules");
    const source = join(root, folder);
    const real = await inside(root, source);
    if (real !== undefined) mounts.set(folder, real);
  }
  return mounts;
}

/** The real path of a folder of dependencies; undefined when there is none, or a link leads out of the project. */
async function inside(root: string, folder: string): Promise<string | undefined> {
  const real = await realpath(folder).catch(() => undefined);
  return real?.startsWith(root.endsWith(sep) ? root : root + sep) ? real : undefined;
}
