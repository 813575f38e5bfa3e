import type { FileWatcher } from "../watch/file-watcher.js";
import type { IgnoreSources } from "./ignore-rules.js";
import { IgnoredPaths } from "./ignored-paths.js";
import { type TouchedWalk, walkTouched } from "./touched.js";
import { walk } from "./walk.js";

/** What is looked at. */
export interface SurveyOptions {
  /** Only these paths, and what lies below them. @default everything */
  readonly touched?: ReadonlySet<string> | undefined;
  /** Is told of folders before they are listed, and of paths that may have been some. */
  readonly watcher?: FileWatcher | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is there. */
export interface Survey extends TouchedWalk {
  readonly whole: boolean;
  /** Files that are too many, and left out for that. */
  readonly over: readonly string[];
}

/** What says how many files there may be. */
export interface FileLimit {
  readonly maxFiles: number;
  /** How many are known, and whether one is. */
  readonly known: { readonly size: number; has(path: string): boolean };
}

/** Looks at the files of a root, all or some, and keeps what is ignored in mind until it looks at all again. */
export class Surveyor {
  readonly #root: string;
  readonly #sources: IgnoreSources;
  readonly #limit: FileLimit;
  #ignored: IgnoredPaths | undefined;

  constructor(root: string, sources: IgnoreSources, limit: FileLimit) {
    this.#root = root;
    this.#sources = sources;
    this.#limit = limit;
  }

  async survey({ touched, watcher, signal }: SurveyOptions = {}): Promise<Survey> {
    const onFolder = watcher && ((folder: string) => watcher.enter(folder));
    if (touched !== undefined && this.#ignored !== undefined) {
      const onGone = watcher && ((path: string) => watcher.leave(path));
      const some = await walkTouched(touched, this.#ignored, { signal, onFolder, onGone });
      if (some !== undefined) {
        const { known, maxFiles } = this.#limit;
        let room = maxFiles - known.size;
        const isOver = (path: string): boolean => {
          if (known.has(path)) return false;
          room -= 1;
          return room < 0;
        };
        const over = new Set(some.paths.filter(isOver));
        const paths = some.paths.filter((path) => !over.has(path));
        return { ...some, paths, over: [...over], whole: false };
      }
    }
    watcher?.leave("");
    const ignored = new IgnoredPaths(this.#root, this.#sources);
    const walked = await walk(ignored, { signal, onFolder });
    this.#ignored = ignored;
    const { maxFiles } = this.#limit;
    const [paths, over] = [walked.paths.slice(0, maxFiles), walked.paths.slice(maxFiles)];
    return { ...walked, paths, over, covers: () => true, whole: true };
  }
}
