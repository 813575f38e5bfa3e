import { readFile } from "node:fs/promises";
import { join } from "node:path";
import ignore, { type Ignore } from "ignore";

/** Folders that are never entered, whatever the rules say. */
const NEVER = new Set([".git", "node_modules", ".agentos"]);

/** A rule file larger than this is not one. */
const RULES_LIMIT = 1_048_576;

interface Level {
  /** Folder of the rules relative to the root, with a `/` at its end; empty for the root. */
  readonly folder: string;
  readonly rules: Ignore;
}

/**
 * Git's rules on what to leave out: the deepest `.gitignore` that says anything about a path decides, then those above
 * it, then `.git/info/exclude`. The caller's own patterns come before all of them.
 */
export class IgnoreRules {
  /** From the weakest to the strongest. */
  readonly #levels: readonly Level[];
  readonly #own: Ignore;

  private constructor(levels: readonly Level[], own: Ignore) {
    this.#levels = levels;
    this.#own = own;
  }

  /** The rules that hold in the root itself. */
  static async open(root: string, own: readonly string[]): Promise<IgnoreRules> {
    const exclude = await rulesIn(join(root, ".git", "info", "exclude"));
    const levels = exclude === undefined ? [] : [{ folder: "", rules: exclude }];
    return new IgnoreRules(levels, ignore().add([...own])).enter(root, "");
  }

  /** The rules that hold in a folder below. @param folder relative to the root, with a `/` at its end unless empty */
  async enter(root: string, folder: string): Promise<IgnoreRules> {
    const rules = await rulesIn(join(root, folder, ".gitignore"));
    const levels = this.#levels.map((level) => ({
      ...level,
      rules: readmit(level.rules, folder.slice(level.folder.length)),
    }));
    if (rules !== undefined) levels.push({ folder, rules });
    return new IgnoreRules(levels, readmit(this.#own, folder));
  }

  /** @param path relative to the root; a folder's ends in `/` */
  ignores(path: string): boolean {
    const name = path.replace(/\/$/, "").split("/").at(-1) ?? "";
    if (NEVER.has(name)) return true;
    const own = this.#own.test(path);
    if (own.ignored || own.unignored) return own.ignored;
    for (const { folder, rules } of [...this.#levels].reverse()) {
      const { ignored, unignored } = rules.test(path.slice(folder.length));
      if (ignored || unignored) return ignored;
    }
    return false;
  }
}

/**
 * Rules that ignore a folder ignore all below it. Where stronger rules let the folder in, these must let it in, too, and
 * decide anew on what is below.
 */
function readmit(rules: Ignore, folder: string): Ignore {
  if (folder === "" || !rules.test(folder).ignored) return rules;
  return ignore()
    .add(rules)
    .add(`!/${folder.replace(/[\\*?[\]!# ]/g, "\\$&")}`);
}

async function rulesIn(file: string): Promise<Ignore | undefined> {
  try {
    const text = await readFile(file, "utf8");
    return text.length > RULES_LIMIT ? undefined : ignore().add(text.replace(/^\uFEFF/, ""));
  } catch {
    // Absent, a folder of that name, or not ours to read: no rules.
    return undefined;
  }
}
