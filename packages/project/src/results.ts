import type { Catalogue } from "./files/catalogue.js";
import type { SkipReason } from "./files/file-record.js";
import type { Updated } from "./indexing.js";
import { languageOf, type SourceLanguage } from "./source-parser.js";

/** What an `index` call did. */
export interface IndexReport {
  /** Files in the index now. */
  readonly files: number;
  /** Symbols in the index now. */
  readonly symbols: number;
  /** Files that were parsed in this call. */
  readonly parsed: number;
  /** Files that are new or changed and not parsed: of other kinds, too large, binary. */
  readonly read: number;
  /** Files whose content was as before. */
  readonly unchanged: number;
  /** Files that were in the index and are no longer there, or no longer meant to be. */
  readonly removed: number;
  /**
   * Files and folders that are there but not wholly in the index. `folder`: it could not be read; `repository`: a folder that is one of
   * its own (or a submodule), which is another project; `limit`: there are more than `maxFiles`.
   */
  readonly skipped: readonly {
    readonly path: string;
    readonly reason: SkipReason | "folder" | "repository" | "limit";
  }[];
  /** In milliseconds. */
  readonly durationMs: number;
}

/** What an index holds. */
export interface IndexStats {
  /** The root's real path. */
  readonly root: string;
  readonly files: number;
  /** Sum of the sizes of all files, in bytes. */
  readonly bytes: number;
  readonly symbols: number;
  /** Files parsed, by language. */
  readonly languages: Readonly<Partial<Record<SourceLanguage, number>>>;
  /** Files whose content is not in the index, by reason. */
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  /** Files parsed since this index was opened; 0 when it opened warm and nothing changed. */
  readonly parsedSinceOpen: number;
  /** When the last whole `index` ended, in milliseconds since 1970; absent before the first. */
  readonly indexedAt?: number;
}

/** What an update is told as. */
export function reportOf(updated: Updated, catalogue: Catalogue): IndexReport {
  const { parsed, read, unchanged, removed, walked, durationMs } = updated;
  return {
    files: catalogue.size,
    symbols: catalogue.symbols,
    parsed,
    read,
    unchanged,
    removed: removed.length,
    skipped: [
      ...catalogue.skipped(),
      ...walked.over.map((path) => ({ path, reason: "limit" as const })),
      ...walked.unreadable.map((path) => ({ path, reason: "folder" as const })),
      ...walked.repositories.map((path) => ({ path, reason: "repository" as const })),
    ],
    durationMs,
  };
}

/** What the records of files add up to. */
export function statsOf(root: string, catalogue: Catalogue): Omit<IndexStats, "symbols" | "parsedSinceOpen"> {
  const languages: Partial<Record<string, number>> = {};
  const skipped: Partial<Record<string, number>> = {};
  let bytes = 0;
  for (const record of catalogue.all()) {
    bytes += record.size;
    if (record.skipped !== undefined) skipped[record.skipped] = (skipped[record.skipped] ?? 0) + 1;
    if (record.dialect === undefined || record.skipped !== undefined) continue;
    const language = languageOf(record.dialect);
    languages[language] = (languages[language] ?? 0) + 1;
  }
  const { indexedAt } = catalogue;
  return {
    root,
    files: catalogue.size,
    bytes,
    languages,
    skipped,
    ...(indexedAt === undefined ? {} : { indexedAt }),
  };
}
