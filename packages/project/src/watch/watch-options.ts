import type { OpenFileWatcher } from "./file-watcher.js";

/** What became of an index when files changed. Paths are relative to the root, sorted. */
export interface WatchReport {
  /** Files that are new or whose content changed. */
  readonly changed: readonly string[];
  /** Files that are gone, or left out now. */
  readonly removed: readonly string[];
  /** How many of the changed files were parsed. */
  readonly parsed: number;
  /** Whether all files were looked at, not only those that the system told of. */
  readonly whole: boolean;
  /** In milliseconds. */
  readonly durationMs: number;
}

/** Options of `ProjectIndex.watch`. */
export interface WatchOptions {
  /** Ends the watch. */
  readonly signal?: AbortSignal;
  /** Milliseconds within which changes are gathered before they are looked at together. @default 50 */
  readonly debounceMs?: number;
  /** Who tells what changed. @default by folders on Linux, by `@parcel/watcher` elsewhere where it can be loaded */
  readonly watcher?: OpenFileWatcher;
  /** Called after each change of the index, the first time with what had changed before. */
  readonly onChange?: (report: WatchReport) => void;
  /**
   * Called with what disturbs the watch; it goes on: `PROJECT_WATCH_LIMITED` where not all can be watched, `PROJECT_ROOT_MISSING` while
   * the root is gone, and what else failed and is tried again.
   */
  readonly onError?: (error: unknown) => void;
}

/** An index that is kept up to date. */
export interface IndexWatch {
  /**
   * Resolves when changes are heard of (`live` says whether all are) and the index is true of the files; rejects with `CLOSED` when the
   * watch is closed before.
   */
  readonly ready: Promise<void>;
  /** Whether all folders are watched and all that was heard is in the index. What changed a moment ago may be on its way. */
  readonly live: boolean;
  /**
   * Waits until what changed before the call is in the index. False where that is not sure: not all is watched, or the system does not
   * tell how far it has come.
   */
  settled(): Promise<boolean>;
  /** Ends the watch and waits for what is under way. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
