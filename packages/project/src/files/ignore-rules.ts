import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ignore, { type Ignore } from "ignore";

/** Folders that are never entered, whatever the rules say. */
const NEVER = new Set([".git", "node_modules", ".agentos"]);

/** A rule file larger than this is not one. */
const RULES_LIMIT = 1_048_576;

/** As git has it where it makes a repository: names are told apart by case but where the system does not. */
const SETTINGS = { ignorecase: process.platform === "darwin" || process.platform === "win32" };

/** Where rules come from besides the project's own `.gitignore` files. */
export interface IgnoreSources {
  /** The caller's patterns, which overrule all others. */
  readonly own: readonly string[];
  /** Path of git's file for all projects of a user, the weakest of all. */
  readonly globalIgnore?: string | undefined;
}

interface Level {
  /** Folder of the rules relative to the root, with a `/` at its end; empty for the root. */
  readonly folder: string;
  readonly rules: Ignore;
  /** What is left of the rules for files in folders that are not left out; undefined where the order of rules counts. */
  readonly forFiles?: FileRules | undefined;
}

/** Rules none of which lets anything in again. */
interface FileRules {
  /** Held against the last name of a path. */
  readonly byName: Ignore | undefined;
  /** Held against a path from the rules' folder on. */
  readonly byPath: Ignore | undefined;
}

/**
 * Git's rules on what to leave out: the deepest `.gitignore` that says anything about a path decides, then those above
 * it, then `.git/info/exclude`, then the user's own for all projects. The caller's patterns come before all of them.
 */
export class IgnoreRules {
  /** From the strongest to the weakest. */
  readonly #levels: readonly Level[];
  readonly #own: Ignore | undefined;

  private constructor(levels: readonly Level[], own: Ignore | undefined) {
    this.#levels = levels;
    this.#own = own;
  }

  /** The rules that hold in the root itself. */
  static open(root: string, { own, globalIgnore }: IgnoreSources): IgnoreRules {
    const texts = [rulesIn(join(root, EXCLUDE_FILE)), globalIgnore && rulesIn(globalIgnore, true)];
    const levels = texts.flatMap((text) => (text ? [levelOf("", text)] : []));
    const patterns = own.length === 0 ? undefined : ignore(SETTINGS).add(own.map(withoutRuns));
    return new IgnoreRules(levels, patterns).enter("", rulesIn(join(root, RULES_FILE)));
  }

  /**
   * The rules that hold in a folder below.
   * @param folder relative to the root, with a `/` at its end unless empty
   * @param text of its `.gitignore`, where it has one
   */
  enter(folder: string, text: string | undefined): IgnoreRules {
    const own = this.#own && readmit(this.#own, folder);
    const levels = this.#levels.map((level) => {
      const rules = readmit(level.rules, folder.slice(level.folder.length));
      return rules === level.rules ? level : { folder: level.folder, rules };
    });
    if (text) return new IgnoreRules([levelOf(folder, text), ...levels], own);
    const same = own === this.#own && levels.every((level, at) => level === this.#levels[at]);
    return same ? this : new IgnoreRules(levels, own);
  }

  /** @param path in a folder that is not left out, relative to the root; a folder's ends in `/` */
  ignores(path: string): boolean {
    const name = nameOf(path);
    if (NEVER.has(name)) return true;
    const own = this.#own?.test(path);
    if (own?.ignored || own?.unignored) return own.ignored;
    const isFile = !path.endsWith("/");
    for (const { folder, rules, forFiles } of this.#levels) {
      if (isFile && forFiles !== undefined) {
        if (forFiles.byName?.ignores(name) || forFiles.byPath?.ignores(path.slice(folder.length)))
          return true;
        continue;
      }
      const { ignored, unignored } = rules.test(path.slice(folder.length));
      if (ignored || unignored) return ignored;
    }
    return false;
  }
}

/** The name of the files that rules stand in. */
export const RULES_FILE = ".gitignore";

/** A repository's own rules that are not shared, relative to its root. */
export const EXCLUDE_FILE = ".git/info/exclude";

/** The text of a rule file; undefined when it is absent, a folder, not ours to read, or too large to be one. @param isOwn a link is followed: the file is the user's */
export function rulesIn(file: string, isOwn = false): string | undefined {
  let opened: number | undefined;
  try {
    // A link may lead out of the root, a pipe would block the open.
    opened = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | (isOwn ? 0 : constants.O_NOFOLLOW));
    const found = fstatSync(opened);
    if (!found.isFile() || found.size > RULES_LIMIT) return undefined;
    return withoutRuns(readFileSync(opened, "utf8").replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
}

/** Any number of folders many times over is the same as once, and takes the library without end to try. */
export function withoutRuns(patterns: string): string {
  return patterns.replace(/(?:\/\*\*)+(?=\/)/g, "/**").replace(/^(!?)(?:\*\*\/)+/gm, "$1**/");
}

function levelOf(folder: string, text: string): Level {
  return { folder, rules: ignore(SETTINGS).add(text), forFiles: fileRules(text) };
}

/**
 * Most files are held against rules that are of folders, or of names wherever they are. Without the others, and without the folders of
 * a path, this takes a fraction of the time.
 */
function fileRules(text: string): FileRules | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "" && !line.startsWith("#"));
  if (lines.some((line) => line.startsWith("!"))) return undefined;
  const ofFiles = lines.filter((line) => !line.trimEnd().endsWith("/"));
  const rules = (some: readonly string[]): Ignore | undefined =>
    some.length === 0 ? undefined : ignore(SETTINGS).add([...some]);
  return {
    byName: rules(ofFiles.filter((line) => !line.includes("/"))),
    byPath: rules(ofFiles.filter((line) => line.includes("/"))),
  };
}

function nameOf(path: string): string {
  const end = path.endsWith("/") ? path.length - 1 : path.length;
  return path.slice(path.lastIndexOf("/", end - 1) + 1, end);
}

/**
 * Rules that ignore a folder ignore all below it. Where stronger rules let the folder in, these must let it in, too, and
 * decide anew on what is below.
 */
function readmit(rules: Ignore, folder: string): Ignore {
  if (folder === "" || !rules.test(folder).ignored) return rules;
  return ignore(SETTINGS)
    .add(rules)
    .add(`!/${folder.replace(/[\\*?[\]!# ]/g, "\\$&")}`);
}
