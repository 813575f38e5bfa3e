import { lstatSync } from "node:fs";
import { join } from "node:path";
import { IgnoreRules, type IgnoreSources, RULES_FILE, rulesIn } from "./ignore-rules.js";

/**
 * Which paths of a root are left out, for whoever walks it and for whoever asks about one path. What is known of folders is
 * kept: where a rule file changed, make a new one.
 */
export class IgnoredPaths {
  readonly root: string;
  /** Rules of each folder that was looked at; undefined for one that is left out. Keys end in `/`, but for the root's. */
  readonly #rules: Map<string, IgnoreRules | undefined>;

  constructor(root: string, sources: IgnoreSources) {
    this.root = root;
    this.#rules = new Map([["", IgnoreRules.open(root, sources)]]);
  }

  /**
   * The rules that hold in a folder; undefined when it is left out: ignored by those above it, or another repository.
   * @param folder relative to the root, with a `/` at its end unless empty
   */
  rulesOf(folder: string): IgnoreRules | undefined {
    const known = this.#rules.get(folder);
    if (known !== undefined || this.#rules.has(folder)) return known;
    let rules: IgnoreRules | undefined;
    for (let end = 0; end <= folder.length; end = folder.indexOf("/", end) + 1 || folder.length + 1) {
      const place = folder.slice(0, end);
      if (this.#rules.has(place)) rules = this.#rules.get(place);
      else if (rules === undefined || rules.ignores(place) || isRepository(join(this.root, place))) {
        this.#rules.set(place, undefined);
        return undefined;
      } else rules = this.enter(rules, place, true);
    }
    return rules;
  }

  /** Goes from a folder's rules to those of a folder in it, which is not left out. */
  enter(above: IgnoreRules, folder: string, hasRules: boolean): IgnoreRules {
    const rules = above.enter(folder, hasRules ? rulesIn(join(this.root, folder, RULES_FILE)) : undefined);
    this.#rules.set(folder, rules);
    return rules;
  }

  /** Looks at a folder and all below it anew when asked again. @param folder with a `/` at its end */
  forget(folder: string): void {
    if (!this.#rules.has(folder)) return;
    for (const known of this.#rules.keys()) if (known.startsWith(folder)) this.#rules.delete(known);
  }

  /** Whether a path, or a folder that it lies in, is left out. @param path relative to the root; a folder's ends in `/` */
  ignores(path: string): boolean {
    const rules = this.rulesOf(path.slice(0, path.replace(/\/$/, "").lastIndexOf("/") + 1));
    return rules === undefined || rules.ignores(path);
  }
}

/** Whether git would take a folder for a repository of its own, or for a submodule. @param folder its full path */
export function isRepository(folder: string): boolean {
  const git = lstatSync(join(folder, ".git"), { throwIfNoEntry: false });
  if (git === undefined || git.isFile()) return git !== undefined;
  return lstatSync(join(folder, ".git", "HEAD"), { throwIfNoEntry: false }) !== undefined;
}
