/** Who proposed a candidate. */
export interface Proposer {
  /** The agent's name, for example "reviewer-2". */
  readonly agent?: string;
  /** The model's name as its provider writes it. */
  readonly model?: string;
}

/** Code proposed for a task. */
export interface Candidate {
  /** Unique within its task. */
  readonly id: string;
  /**
   * Whole files by path relative to the workspace (or the project's root), with `/`. `null` deletes a file. Empty, and
   * absent in untrusted data, where `patch` is given.
   */
  readonly files: Readonly<Record<string, string | null>>;
  /**
   * The change as a unified diff, instead of `files`, with paths relative to the project's root (`a/` and `b/` before them
   * or not). It is applied to the project, or to the task's support files. One that does not fit is a failed verdict.
   */
  readonly patch?: string;
  readonly proposer?: Proposer;
}

/** Nothing is changed: what `verify` is given to judge a task's project as it is. It is no candidate for anything else. */
export const UNCHANGED: Candidate = Object.freeze({ id: "unchanged", files: Object.freeze({}) });

/** The paths that a candidate writes or deletes, each once. */
export function changedPaths(candidate: Pick<Candidate, "files" | "patch">): readonly string[] {
  return candidate.patch === undefined ? Object.keys(candidate.files) : patchedPaths(candidate.patch);
}

/** The paths that a unified diff names, each once, without `a/` and `b/`. What its hunks hold is not looked at. */
export function patchedPaths(patch: string): readonly string[] {
  const paths = new Set<string>();
  let [old, added] = [0, 0];
  for (const line of patch.split("\n")) {
    if (old > 0 || added > 0) {
      // A line of a hunk: it may look like anything.
      if (line.startsWith("\\")) continue;
      if (!line.startsWith("+")) old--;
      if (!line.startsWith("-")) added--;
      continue;
    }
    const hunk = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line);
    if (hunk) [old, added] = [Number(hunk[1] ?? 1), Number(hunk[2] ?? 1)];
    const [, side, written] = /^(---|\+\+\+|(?:rename|copy) (?:from|to)) ([^\t\r]+)/.exec(line) ?? [];
    if (written !== undefined && written !== "/dev/null") {
      const named = unquoted(written);
      paths.add(side === "---" || side === "+++" ? named.replace(/^[ab]\//, "") : named);
    }
    // Of a file that is made empty, or deleted when it was, nothing but this line tells.
    const both = /^diff --git a\/(.+) b\/\1\r?$/.exec(line)?.[1];
    if (both !== undefined) paths.add(both);
  }
  return [...paths];
}

/** A path as git writes it when it is not plain ASCII: in quotes, with bytes as octal numbers. */
function unquoted(written: string): string {
  const inner = /^"(.*)"$/.exec(written)?.[1];
  if (inner === undefined) return written;
  const bytes = inner.replaceAll("%", "%25").replace(/\\([0-7]{3})/g, (_, octal: string) => {
    return `%${(Number.parseInt(octal, 8) & 0xff).toString(16).padStart(2, "0")}`;
  });
  try {
    return decodeURIComponent(bytes).replace(/\\(["\\])/g, "$1");
  } catch {
    return written;
  }
}
