import { abortedError, throwIfAborted } from "@agentos/core";

/** What is told of work that takes long. */
export interface Progress {
  /** How much is done; it grows from one to the next, and begins anew with the next phase. */
  readonly done: number;
  /** How much there is in all, where that is known. */
  readonly total?: number;
  readonly message: string;
}

/** How a caller waits. */
export interface Waiting {
  readonly signal: AbortSignal;
  report(progress: Progress): void;
}

/**
 * Work that is done once for all who wait for it. Each is told how far it is, and leaves when its own signal says so; when the last one has
 * left, the work is cancelled.
 */
export class SharedWork<Result> {
  readonly #waiting = new Set<Waiting>();
  readonly #cancelling = new AbortController();
  readonly #result: Promise<Result>;
  #last: Progress | undefined;

  /** Begins at once. */
  constructor(work: (shared: Waiting) => Promise<Result>) {
    const report = (progress: Progress): void => {
      this.#last = progress;
      for (const waiting of this.#waiting) waiting.report(progress);
    };
    this.#result = work({ signal: this.#cancelling.signal, report });
    // All may have left before it fails.
    this.#result.catch(() => {});
  }

  /** Whether all have left before it ended. It may end well nevertheless. */
  get isCancelled(): boolean {
    return this.#cancelling.signal.aborted;
  }

  /** Throws `ABORTED` as soon as the signal of this caller says so, and what the work throws. */
  async wait(waiting: Waiting): Promise<Result> {
    throwIfAborted(waiting.signal);
    this.#waiting.add(waiting);
    if (this.#last !== undefined) waiting.report(this.#last);
    try {
      return await orAborted(this.#result, waiting.signal);
    } finally {
      this.#waiting.delete(waiting);
      if (waiting.signal.aborted && this.#waiting.size === 0) this.#cancelling.abort();
    }
  }
}

/** The work's result, or `ABORTED` as soon as the signal says so; the work itself goes on. */
export async function orAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  let stop = (): void => {};
  const stopped = new Promise<never>((_resolve, reject) => {
    stop = () => reject(abortedError(signal));
  });
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
