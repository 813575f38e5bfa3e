/** What became of a file in a commit. */
export type FileStatus = "added" | "modified" | "deleted" | "renamed";

/** A file that a commit touched. */
export interface CommitFile {
  /** Relative to the project's root, with `/`. */
  readonly path: string;
  readonly status: FileStatus;
  /** What a renamed file was called before. */
  readonly oldPath?: string;
}

/** One commit, beside what it did to the lines of files. */
export interface Commit {
  readonly id: string;
  /** Ids of the commits that it follows; several for a merge, none for the first. */
  readonly parents: readonly string[];
  /** When it was committed, in milliseconds since 1970. */
  readonly time: number;
  /** The author's name. Text from outside. */
  readonly author: string;
  /** Whole, with its first line in front. Text from outside. */
  readonly message: string;
  /** Files below the project's root; none for a merge. */
  readonly files: readonly CommitFile[];
}

/** Lines that a commit replaced. */
export interface DiffHunk {
  /** First of the lines before, 1-based; where there are none, the line behind which the new ones stand. */
  readonly oldStart: number;
  readonly oldLines: number;
  /** First of the lines after, 1-based; where there are none, the line behind which the old ones stood. */
  readonly newStart: number;
  readonly newLines: number;
  /** Each with ` `, `-` or `+` in front. */
  readonly lines: readonly string[];
}

/** What a commit did to a file. */
export interface FileDiff extends CommitFile {
  /** None for a binary file, and for one whose content stayed. */
  readonly hunks: readonly DiffHunk[];
  /** Whether it holds no text. */
  readonly binary: boolean;
  /** Whether hunks are missing because the commit is too large. */
  readonly truncated: boolean;
}

/** Lines in a row that the same commit changed last. */
export interface BlamedLines {
  /** First line, 1-based. */
  readonly line: number;
  readonly lines: number;
  /** Id of the commit. */
  readonly commit: string;
  readonly author: string;
  /** When it was committed, in milliseconds since 1970. */
  readonly time: number;
}
