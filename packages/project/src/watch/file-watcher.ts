/** Who tells what changed below a root. Paths are relative to it, with `/`. */
export interface FileWatcher {
  /**
   * Watches a folder from now on, not what lies in folders below it. A walk calls it before it lists the folder, so that nothing is
   * missed between the two. Does nothing where all folders are watched anyway.
   * @param folder with a `/` at its end unless it is the root
   */
  enter(folder: string): void;
  /** Lets go of a path, and of every folder below it. */
  leave(path: string): void;
  /** Resolves when all that changed before the call has been told. False: it cannot say. */
  heard(): Promise<boolean>;
  close(): Promise<void>;
}

/** Whom a watcher tells. */
export interface WatchListener {
  /** Something became of a path: a file, or a folder with all below it. */
  touched(path: string): void;
  /** Changes may have gone untold: everything is to be looked at. */
  lost(reason: string): void;
  /** A folder cannot be watched; the others still are. */
  limited(error: unknown): void;
  /** Nothing more will be told. */
  failed(error: unknown): void;
}

/** Begins to watch a root. */
export type OpenFileWatcher = (root: string, listener: WatchListener) => Promise<FileWatcher>;
