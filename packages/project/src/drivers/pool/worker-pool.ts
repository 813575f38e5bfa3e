import type { Logger } from "@agentos/core";
import { projectError } from "../../errors.js";
import { InThread } from "./in-thread.js";
import { ParseWorker, type WorkerOptions } from "./parse-worker.js";
import { type ParseTask, TaskQueue } from "./task-queue.js";

/** How a pool works. */
export interface PoolOptions {
  readonly workers: number;
  /** Milliseconds spent in the calling thread, while more waits, after which workers are started; 0: nothing is done there. */
  readonly inThreadMs: number;
  /** Milliseconds without a question after which workers are ended. */
  readonly idleMs: number;
  readonly worker: WorkerOptions;
  readonly logger: Logger;
}

/** So many starts in a row may fail. */
const MOST_FAILED_STARTS = 3;

/** Gives tasks to workers, which it starts when there is work for them and replaces when they die or have done their part. */
export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #queue = new TaskQueue();
  readonly #workers = new Set<ParseWorker>();
  /** Workers that are about to have ended. */
  readonly #leaving = new Set<Promise<void>>();
  readonly #inThread: InThread;
  #failedStarts = 0;
  #idle: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#inThread = new InThread(options.worker.settings);
  }

  put(task: ParseTask): void {
    this.#queue.put(task);
    this.#dispatch();
  }

  /** Takes back what has not begun; what has goes on for nothing. */
  remove(task: ParseTask): void {
    this.#queue.remove(task);
  }

  /** Ends all threads at once. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#idle);
    this.#endWorkers();
    await Promise.all(this.#leaving);
    await this.#inThread.close();
  }

  #dispatch(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#idle);
    for (let worker = this.#freest(); worker !== undefined && this.#queue.size > 0; worker = this.#freest()) {
      const task = this.#queue.take();
      if (task !== undefined) worker.give(task);
    }
    this.#startWorkers();
    this.#workInThread();
    if (this.#queue.size === 0) this.#rest();
  }

  /** The ready worker with the most room. */
  #freest(): ParseWorker | undefined {
    let best: ParseWorker | undefined;
    for (const worker of this.#workers) if (worker.room > (best?.room ?? 0)) best = worker;
    return best;
  }

  /** One for each task that waits, as far as there may be. */
  #startWorkers(): void {
    const { inThreadMs, workers: most, worker: options } = this.#options;
    const all = [...this.#workers].filter((worker) => worker.isAlive);
    if (this.#failedStarts >= MOST_FAILED_STARTS) return;
    if (all.length === 0 && inThreadMs > 0 && this.#inThread.spentMs < inThreadMs) return;
    let starting = all.filter((worker) => worker.isStarting).length;
    for (let count = all.length; count < most && starting < this.#queue.size; count += 1) {
      starting += 1;
      this.#workers.add(
        new ParseWorker(options, {
          free: () => {
            this.#failedStarts = 0;
            this.#dispatch();
          },
          ended: (worker, returned) => {
            this.#forget(worker);
            for (const task of returned) if (!task.signal?.aborted) this.#queue.put(task);
            this.#dispatch();
          },
          unstarted: (worker, error) => {
            this.#forget(worker);
            this.#failToStart(error);
          },
        }),
      );
    }
  }

  #failToStart(error: unknown): void {
    const { logger, inThreadMs, worker } = this.#options;
    this.#failedStarts += 1;
    logger.warn({ error, program: worker.program }, "a thread for parsing did not start");
    if (this.#failedStarts >= MOST_FAILED_STARTS && inThreadMs === 0) {
      for (const task of this.#queue.clear()) {
        task.reject(
          projectError(
            "PROJECT_WORKER_FAILED",
            `Threads for parsing do not start. Build the package, so that ${worker.program} is there and of this version, or use a TreeSitterParser.`,
            { cause: error, details: { program: worker.program } },
          ),
        );
      }
      // Whoever asks anew may have mended it.
      this.#failedStarts = 0;
    }
    this.#dispatch();
  }

  /** Works in this thread as long as no worker is ready. */
  #workInThread(): void {
    if (this.#options.inThreadMs === 0 || this.#inThread.isBusy) return;
    if ([...this.#workers].some((worker) => worker.isAlive && !worker.isStarting)) return;
    const task = this.#queue.take();
    if (task !== undefined) void this.#inThread.answer(task).then(() => this.#dispatch());
  }

  /** Nothing waits: after a while, threads give back their memory. */
  #rest(): void {
    if (!this.#inThread.isBusy) this.#inThread.rest();
    if ([...this.#workers].some((worker) => worker.isBusy)) return;
    this.#idle = setTimeout(() => this.#endWorkers(), this.#options.idleMs).unref();
  }

  #endWorkers(): void {
    for (const worker of this.#workers) this.#forget(worker);
  }

  #forget(worker: ParseWorker): void {
    if (!this.#workers.delete(worker)) return;
    const leaving = worker.end().finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }
}
