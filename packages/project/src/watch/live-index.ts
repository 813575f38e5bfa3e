import { coreError, isAgentOSError, type Logger } from "@agentos/core";
import { projectError } from "../errors.js";
import type { FileWatcher, OpenFileWatcher } from "./file-watcher.js";
import type { IndexWatch, WatchOptions, WatchReport } from "./watch-options.js";

/** What is kept up to date. */
export interface LiveTarget {
  readonly root: string;
  readonly logger: Logger;
  /** Looks at everything; each folder is told to `watcher` before it is listed. */
  whole(watcher: FileWatcher | undefined, signal: AbortSignal): Promise<WatchReport>;
  /** Looks at what lies at these paths, and below them. */
  touched(paths: ReadonlySet<string>, watcher: FileWatcher, signal: AbortSignal): Promise<WatchReport>;
}

/** Milliseconds within which changes are gathered. */
const DEBOUNCE_MS = 50;
/** Everything is looked at this often however quiet it is: some changes are told by no system (by memory maps, over a network). */
const RECONCILE_MS = 10 * 60_000;
/** How often everything is looked at where not all can be watched. */
const POLL_MS = 5_000;
/** How long to wait before what failed is tried again. */
const RETRY_MS = 1_000;
/** So many changed files are waited for by a question. */
const MOST_AWAITED = 64;
/** With more paths than that, looking at everything costs less. */
const MOST_TOUCHED = 5_000;

/**
 * Keeps an index up to date with its files until it is closed: by what a watcher tells, and by looking at everything at the start, when
 * changes may have been missed, when the watcher ended, and now and then.
 */
export class LiveIndex implements IndexWatch {
  readonly ready: Promise<void>;
  /** Resolves when it is closed. */
  readonly ended: Promise<void>;
  readonly #target: LiveTarget;
  readonly #open: OpenFileWatcher;
  readonly #options: WatchOptions;
  readonly #ended = new AbortController();
  readonly #touched = new Set<string>();
  #watcher: FileWatcher | undefined;
  /** Everything is to be looked at. */
  #whole = true;
  /** Folders are there that cannot be watched. */
  #limited = false;
  #isReady = false;
  #gathering: NodeJS.Timeout | undefined;
  #nextWhole: NodeJS.Timeout | undefined;
  #working: Promise<void> = Promise.resolve();
  #isWorking = false;
  #end: () => void = () => {};
  #becomeReady: (error?: unknown) => void = () => {};
  #closing: Promise<void> | undefined;
  /** Who waits for the next round to end. */
  #waiting: (() => void)[] = [];

  constructor(target: LiveTarget, open: OpenFileWatcher, options: WatchOptions = {}) {
    this.#target = target;
    this.#open = open;
    this.#options = options;
    this.ready = new Promise((resolve, reject) => {
      this.#becomeReady = (error) => (error === undefined ? resolve() : reject(error));
    });
    // Whoever does not wait for it learns of a failure by `onError`.
    this.ready.catch(() => {});
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    options.signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (options.signal?.aborted) this.#onAbort();
    else this.#work();
  }

  get live(): boolean {
    return this.#isSound && this.#touched.size === 0 && !this.#isWorking;
  }

  /** Whether everything is watched and nothing is known to be missed. */
  get #isSound(): boolean {
    return this.#isReady && this.#watcher !== undefined && !this.#limited && !this.#whole;
  }

  async settled(): Promise<boolean> {
    const heard = (await this.#watcher?.heard()) ?? false;
    this.#work();
    // Not until all is quiet, which may be never: until what was heard has been looked at.
    if (this.#isWorking) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return heard && this.#isSound;
  }

  /**
   * The same for who asks something meanwhile: waits no longer than a few changed files take. False also where more is under way.
   */
  async isCurrent(): Promise<boolean> {
    if (!this.live) return false;
    const heard = (await this.#watcher?.heard()) ?? false;
    if (this.#isWorking || this.#touched.size > MOST_AWAITED) return false;
    return heard && (this.#touched.size === 0 ? this.live : this.settled());
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  readonly #onAbort = (): void => {
    void this.close().catch((error: unknown) => this.#tell(error));
  };

  async #close(): Promise<void> {
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    this.#ended.abort();
    clearTimeout(this.#gathering);
    clearTimeout(this.#nextWhole);
    await this.#working;
    this.#becomeReady(coreError("CLOSED", "The watch was closed before the index was up to date."));
    const watcher = this.#watcher;
    this.#watcher = undefined;
    try {
      await watcher?.close();
    } finally {
      this.#end();
    }
  }

  /** Begins to work soon, so that what comes together is looked at together. */
  #gather(): void {
    if (this.#gathering !== undefined || this.#isWorking || this.#ended.signal.aborted) return;
    this.#gathering = setTimeout(() => this.#work(), this.#options.debounceMs ?? DEBOUNCE_MS);
  }

  /** Works on what there is to do; where that goes on already, it goes on until all is done. */
  #work(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    if (this.#isWorking || this.#ended.signal.aborted) return;
    if (!this.#whole && this.#touched.size === 0) return;
    this.#isWorking = true;
    this.#working = this.#workAll().finally(() => {
      this.#isWorking = false;
      for (const resolve of this.#waiting.splice(0)) resolve();
    });
  }

  async #workAll(): Promise<void> {
    while ((this.#whole || this.#touched.size > 0) && !this.#ended.signal.aborted) {
      const waited = this.#waiting.splice(0);
      try {
        this.#report(await this.#workOnce());
      } catch (error) {
        if (this.#ended.signal.aborted) return;
        this.#tell(error);
        this.#whole = true;
        // What is missing now may be back soon; until then everything counts as unknown.
        this.#planWhole(RETRY_MS);
        return;
      } finally {
        for (const resolve of waited) resolve();
      }
    }
  }

  async #workOnce(): Promise<WatchReport> {
    const { signal } = this.#ended;
    const touched = new Set(this.#touched);
    this.#touched.clear();
    const watcher = this.#watcher;
    if (!this.#whole && watcher !== undefined && touched.size <= MOST_TOUCHED)
      return this.#target.touched(touched, watcher, signal);
    await this.#openWatcher();
    this.#whole = false;
    this.#limited = false;
    const report = await this.#target.whole(this.#watcher, signal);
    this.#planWhole(this.#watcher === undefined || this.#limited ? POLL_MS : RECONCILE_MS);
    return report;
  }

  /** Opens a watcher where there is none. Without one everything is looked at more often. */
  async #openWatcher(): Promise<void> {
    if (this.#watcher !== undefined) return;
    let opened: FileWatcher | undefined;
    let isDead = false;
    try {
      opened = await this.#open(this.#target.root, {
        touched: (path) => {
          this.#touched.add(path);
          this.#gather();
        },
        lost: (reason) => {
          this.#target.logger.info({ reason }, "changes may have gone unheard; all files are looked at");
          this.#whole = true;
          this.#gather();
        },
        limited: (error) => {
          if (!this.#limited) this.#tell(limitReached(this.#target.root, error));
          this.#limited = true;
        },
        failed: (error) => {
          if (isDead) return;
          isDead = true;
          this.#tell(error);
          if (this.#watcher === opened) this.#watcher = undefined;
          this.#whole = true;
          void opened?.close().catch((cause: unknown) => this.#tell(cause));
          this.#planWhole(RETRY_MS);
        },
      });
      if (isDead) await opened.close();
      else this.#watcher = opened;
    } catch (error) {
      this.#tell(limitReached(this.#target.root, error));
    }
  }

  #planWhole(afterMs: number): void {
    clearTimeout(this.#nextWhole);
    if (this.#ended.signal.aborted) return;
    this.#nextWhole = setTimeout(() => {
      this.#whole = true;
      this.#work();
    }, afterMs);
  }

  #report(report: WatchReport): void {
    if (!this.#isReady && !this.#whole) {
      this.#isReady = true;
      this.#becomeReady();
    }
    if (report.changed.length + report.removed.length === 0) return;
    try {
      this.#options.onChange?.(report);
    } catch (error) {
      this.#tell(error);
    }
  }

  #tell(error: unknown): void {
    this.#target.logger.warn({ error, root: this.#target.root }, "watching is disturbed");
    try {
      this.#options.onError?.(error);
    } catch (thrown) {
      this.#target.logger.warn({ error: thrown }, "the listener of a watch's errors failed itself");
    }
  }
}

function limitReached(root: string, cause: unknown): unknown {
  if (isAgentOSError(cause)) return cause;
  const { code = "", message = String(cause) } = cause as Partial<NodeJS.ErrnoException>;
  const advice =
    code === "ENOSPC" || code === "EMFILE"
      ? "The system's limit on watched folders is reached: raise fs.inotify.max_user_watches (ENOSPC) or fs.inotify.max_user_instances (EMFILE), or leave more out by ignore rules."
      : "Check that the folder can be read.";
  return projectError(
    "PROJECT_WATCH_LIMITED",
    `Not all of ${root} can be watched (${message}). ${advice} Until then all files are looked at every ${POLL_MS / 1_000} s.`,
    { cause, details: { root, code } },
  );
}
