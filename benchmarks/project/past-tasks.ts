import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { isAgentOSError } from "@agentos/core";
import type { GitHistory, TreeSitterParser } from "@agentos/project";
import { dialectOf } from "../../packages/project/src/source-parser.js";
import type { NamedFile } from "./aider-ranking.js";

const run = promisify(execFile);
/** A commit of more source files is a sweep over all. */
const MOST_FILES = 20;

/** A commit as a task. */
export interface PastTask {
  readonly message: string;
  /** Id of the commit before. */
  readonly before: string;
  /** Source files that it touched and that were there before, by the names that they had. */
  readonly files: readonly string[];
}

/** A clone of a repository, whose work tree may be changed. */
export interface Clone {
  readonly folder: string;
  git(...args: string[]): Promise<string>;
  checkout(commit: string): Promise<void>;
}

/** Clones a repository; its objects are shared, and none of its hooks and settings come along. */
export async function cloneOf(repo: string, folder: string): Promise<Clone> {
  await run("git", ["clone", "--quiet", "--shared", "--no-checkout", repo, folder]);
  const git = async (...args: string[]): Promise<string> => {
    const all = ["-C", folder, "-c", "core.hooksPath=/dev/null", "-c", "advice.detachedHead=false", ...args];
    return (await run("git", all, { maxBuffer: 256 * 1024 * 1024 })).stdout;
  };
  const checkout = async (commit: string): Promise<void> => {
    await git("checkout", "--quiet", "--force", "--detach", commit);
  };
  return { folder, git, checkout };
}

/** The last commits that follow one other commit and touch 1 to 20 source files that were there before. */
export async function pastTasks(
  history: GitHistory,
  most: number,
  signal: AbortSignal,
): Promise<readonly PastTask[]> {
  const tasks: PastTask[] = [];
  for await (const { message, parents, files } of history.commits({ signal })) {
    const [before, ...others] = parents;
    if (before === undefined || others.length > 0) continue;
    const touched = files
      .filter(({ status }) => status !== "added")
      .map(({ path, oldPath }) => oldPath ?? path)
      .filter((path) => dialectOf(path) !== undefined);
    if (touched.length === 0 || touched.length > MOST_FILES) continue;
    tasks.push({ message, before, files: touched });
    if (tasks.length === most) break;
  }
  return tasks;
}

/** The outlines of the source files of a work tree; each content is parsed once. */
export class OutlinedTree {
  readonly #clone: Clone;
  readonly #parser: TreeSitterParser;
  readonly #known = new Map<string, Omit<NamedFile, "path">>();

  constructor(clone: Clone, parser: TreeSitterParser) {
    this.#clone = clone;
    this.#parser = parser;
  }

  /** Those of the commit that is checked out. */
  async files(commit: string): Promise<readonly NamedFile[]> {
    const listing = await this.#clone.git("ls-tree", "-r", "-z", commit);
    const files: NamedFile[] = [];
    for (const entry of listing.split("\0")) {
      const [, object, path] = /^100\d+ blob ([\da-f]+)\t([\s\S]+)$/.exec(entry) ?? [];
      const dialect = path === undefined ? undefined : dialectOf(path);
      if (object === undefined || path === undefined || dialect === undefined) continue;
      const key = `${dialect} ${object}`;
      const known = this.#known.get(key) ?? (await this.#outline(path, dialect));
      this.#known.set(key, known);
      files.push({ path, ...known });
    }
    return files;
  }

  async #outline(
    path: string,
    dialect: NonNullable<ReturnType<typeof dialectOf>>,
  ): Promise<Omit<NamedFile, "path">> {
    const text = await readFile(join(this.#clone.folder, path), "utf8");
    try {
      const { symbols, uses } = await this.#parser.outline(dialect, text);
      return { definitions: symbols.map(({ name }) => name), uses };
    } catch (error) {
      if (!isAgentOSError(error, "PROJECT_PARSE_FAILED")) throw error;
      return { definitions: [], uses: {} };
    }
  }
}
