import { Buffer } from "node:buffer";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { join, posix, sep } from "node:path";
import { promisify } from "node:util";
import type { Candidate, Language, Task, TestFile } from "@agentos/core";
import type { JobBase, ProjectCheck } from "./driver.js";
import { frameworkOf } from "./frameworks.js";
import { GO_MODULES } from "./languages/go.js";
import { isTypeScript, LANGUAGE_FACTS } from "./languages.js";
import type { Variant } from "./workspace/base.js";
import type { ProjectBases, ProjectFiles, ProjectLimits } from "./workspace/bases.js";
import { readContent } from "./workspace/host-files.js";
import { listProject, rootOf } from "./workspace/listing.js";

/** A project as runs are shown it. Close it when they have ended. */
export interface Project {
  /** Its real path. */
  readonly root: string;
  readonly base: JobBase;
  /** Every path that runs may see. */
  readonly paths: ReadonlySet<string>;
  /** Files that are not as in the base. */
  readonly changed: ReadonlyMap<string, Uint8Array>;
  /** Paths of the base that are gone. */
  readonly deleted: readonly string[];
  /** Folders of installed dependencies by relative path; they are shown, not copied. */
  readonly mounts: ReadonlyMap<string, string>;
  /** Names this state of its files. */
  readonly state: string;
  /** A file as the project has it; undefined when runs may not see it, or it is a link. */
  read(path: string): Uint8Array | undefined;
  close(): Promise<void>;
}

/**
 * Opens the files of a task's project. `runs`: whether tests are run in it by this package's harness, which runs
 * TypeScript without its types. Throws `SANDBOX_PROJECT_UNREADABLE` or `SANDBOX_PROJECT_TOO_LARGE`.
 */
export async function openProject(
  bases: ProjectBases,
  task: Pick<Task, "project" | "language">,
  runs: boolean,
  limits: ProjectLimits,
): Promise<Project> {
  const root = await rootOf(task.project ?? "");
  const variant = variantOf(task.language, runs);
  const files: ProjectFiles = await bases.open(root, variant, limits);
  const { paths, changed, deleted, state } = files;
  const read = (path: string): Uint8Array | undefined => {
    const known = changed.get(path);
    if (known || !paths.has(path)) return known;
    const content = readContent(root, path);
    return content && "bytes" in content ? content.bytes : undefined;
  };
  return {
    root,
    base: {
      folder: files.folder,
      paths: files.basePaths,
      bytes: files.baseBytes,
      stripped: variant === "stripped",
    },
    paths,
    changed,
    deleted,
    mounts: await dependencies(root, task.language, [...paths], read),
    state,
    read,
    close: () => files.release(),
  };
}

/** Reads files of a project as runs see them, without preparing it for runs. */
export async function projectReader(
  folder: string,
  limits: ProjectLimits,
): Promise<(path: string) => Uint8Array | undefined> {
  const root = await rootOf(folder);
  const visible = new Set(await listProject(root, limits.projectFiles));
  return (path) => {
    const content = visible.has(path) ? readContent(root, path) : undefined;
    return content && "bytes" in content ? content.bytes : undefined;
  };
}

function variantOf(language: Language, runs: boolean): Variant {
  if (language === "go") return "go";
  return runs && (language === "javascript" || language === "typescript") ? "stripped" : "plain";
}

/**
 * Tests that can be run in a project: those of this package's harnesses, and those whose framework is installed.
 * @param read gives their contents
 */
export function runnableTests(
  language: Language,
  project: Project,
  paths: readonly string[],
  read: (path: string) => string | Uint8Array | undefined = project.read,
): readonly TestFile[] {
  return paths.flatMap((path) => {
    const content = read(path);
    if (content === undefined) return [];
    const text = Buffer.from(content).toString("utf8");
    if (frameworkOf(language, path, text, project)) return [{ path, content: text }];
    const { foreignTests, testPath } = LANGUAGE_FACTS[language];
    const runs = !foreignTests.test(text) && testPath.test(path);
    // Beside files for a framework TypeScript keeps its types, and only a framework runs it then.
    return runs && (project.base.stripped || !isTypeScript(path)) ? [{ path, content: text }] : [];
  });
}

/** The check that a project without runnable tests gets: types where its compiler is installed, else a build. */
export function projectCheck(language: Language, project: Project, candidate: Candidate): ProjectCheck {
  const paths = Object.entries(candidate.files)
    .filter(([, content]) => content !== null)
    .map(([path]) => path);
  const modules = project.mounts.get("node_modules");
  const types =
    (language === "typescript" || paths.some(isTypeScript)) &&
    project.paths.has("tsconfig.json") &&
    modules !== undefined &&
    existsSync(join(modules, "typescript", "lib", "tsc.js"));
  return { kind: types ? "types" : "build", paths };
}

/** The host's module cache, when the project requires modules that it does not hold itself. */
async function goModules(read: Project["read"]): Promise<string | undefined> {
  const manifest = Buffer.from(read("go.mod") ?? "").toString("utf8");
  if (!/^\s*require\b/m.test(manifest) || read("vendor/modules.txt") !== undefined) return undefined;
  const go = LANGUAGE_FACTS.go.toolchain.programs().find(existsSync);
  if (go === undefined) return undefined;
  try {
    // Outside of the project, whose settings must not choose a toolchain.
    const env = { HOME: homedir(), GOTOOLCHAIN: "local", PATH: "/usr/bin:/bin" };
    const { stdout } = await promisify(execFile)(go, ["env", "GOMODCACHE"], { cwd: "/", env });
    const folder = stdout.trim();
    return existsSync(folder) ? await realpath(folder) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Installed dependencies: beside each manifest for JavaScript, in the virtual environment for Python, the host's module
 * cache for Go.
 */
async function dependencies(
  root: string,
  language: Language,
  paths: readonly string[],
  read: Project["read"],
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
  if (language === "go") {
    const cache = await goModules(read);
    if (cache !== undefined) mounts.set(GO_MODULES, cache);
    return mounts;
  }
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
