import type { ProgressStream } from "../lib/progress.js";

/** What every part of the benchmark works with. */
export interface ProjectBench {
  /** Folder of the data sets. */
  readonly data: string;
  /** Folder of the TypeScript repository that edges are looked at in. */
  readonly repo: string;
  /** Folders of the repositories whose maps are looked at. */
  readonly repos: readonly string[];
  /** A folder for projects and stores, which is removed afterwards. */
  readonly folder: string;
  /** Whether what misses is printed. */
  readonly show: boolean;
  readonly signal: AbortSignal;
  readonly progress: ProgressStream;
}
