import type { Admission, Logger } from "@agentos/core";
import { projectError } from "../../errors.js";
import { HeldPlaces } from "./held-places.js";
import { InThread } from "./in-thread.js";
import { KnownTexts } from "./known-texts.js";
import { ParseWorker, type WorkerOptions } from "./parse-worker.js";
import { type ParseTask, TaskQueue } from "./task-queue.js";

/** How a pool works. */
export interface PoolOptions {
  readonly workers: number;
  /** Milliseconds spent in the calling thread, while more waits, after which workers are started; 0: nothing is done there. */
  readonly inThreadMs: number;
  /** Milliseconds without a question after which workers are ended. */
  readonly idleMs: number;
  /** Lets each thread in that is at work. */
  readonly admission?: Admission | undefined;
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
  readonly #places: HeldPlaces;
  /** Those over which a thread ended. */
  readonly #lost = new KnownTexts();
  /** Those that the calling thread gave up. */
  readonly #slow = new KnownTexts();
  #failedStarts = 0;
  #idle: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#inThread = new InThread(options.worker.settings);
    this.#places = new HeldPlaces(options.admission, () => this.#dispatch());
  }

  put(task: ParseTask): void {
    if (this.#lost.has(task.question)) {
      task.reject(refused(task, "A thread ended or hung over this text before, so it is not tried again."));
      return;
    }
    task.threadsOnly = !InThread.takes(task.question) || this.#slow.has(task.question);
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
    this.#places.close();
    this.#endWorkers();
    await Promise.all(this.#leaving);
    await this.#inThread.close();
  }

  #dispatch(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#idle);
    this.#places.pass(this.#atWork);
    for (let worker = this.#freest(); worker !== undefined && this.#queue.size > 0; worker = this.#freest()) {
      const task = this.#queue.take();
      if (task !== undefined) worker.give(task);
    }
    this.#startWorkers();
    this.#refuseUnlessThreads();
    this.#workInThread();
    if (this.#queue.size > 0) return;
    this.#places.keep(this.#atWork);
    this.#rest();
  }

  /** The ready worker with the most room. One that has nothing to do begins only where there is a place for it, and none goes on that has to make room. */
  #freest(): ParseWorker | undefined {
    if (this.#atWork > this.#places.count) return undefined;
    const mayBegin = this.#atWork < this.#places.count;
    let best: ParseWorker | undefined;
    for (const worker of this.#workers)
      if (worker.room > (best?.room ?? 0) && (mayBegin || worker.isBusy)) best = worker;
    return best;
  }

  /** How many threads have something to do. */
  get #atWork(): number {
    let count = 0;
    for (const worker of this.#workers) if (worker.isBusy) count += 1;
    return count;
  }

  /** One for each task that waits, as far as there may be. */
  #startWorkers(): void {
    const { workers: most, worker: options } = this.#options;
    const all = [...this.#workers].filter((worker) => worker.isAlive);
    if (!this.#canStart || (all.length === 0 && this.#isForThisThread())) return;
    if (this.#queue.size > 0) this.#places.want(Math.min(most, this.#atWork + this.#queue.size));
    let starting = all.filter((worker) => worker.isStarting).length;
    const allowed = Math.min(most, this.#places.count);
    for (let count = all.length; count < allowed && starting < this.#queue.size; count += 1) {
      starting += 1;
      this.#workers.add(
        new ParseWorker(options, {
          free: () => {
            this.#failedStarts = 0;
            this.#dispatch();
          },
          ended: (worker, returned, over) => {
            this.#forget(worker);
            if (over !== undefined) this.#lost.add(over.question);
            for (const task of returned) if (!task.signal?.aborted) this.put(task);
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

  get #canStart(): boolean {
    return this.#failedStarts < MOST_FAILED_STARTS;
  }

  /** Whether what waits is little enough to be done here. Once a thread has ended over a text, threads are where texts belong. */
  #isForThisThread(): boolean {
    const isEarly = this.#inThread.spentMs < this.#options.inThreadMs;
    return isEarly && this.#lost.size === 0 && this.#queue.threadsOnly === 0;
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

  /** What this thread must not do costs its own answer where there are no others. */
  #refuseUnlessThreads(): void {
    if (this.#canStart) return;
    for (const task of this.#queue.clearThreadsOnly()) {
      task.reject(
        refused(
          task,
          "Threads for parsing do not start, and the calling thread parses no text that is long or slow.",
        ),
      );
    }
  }

  /** Works in this thread as long as no worker may work. A thread that ended over a text leaves the next one to another thread. */
  #workInThread(): void {
    if (this.#options.inThreadMs === 0 || this.#inThread.isBusy) return;
    if (this.#lost.size > 0 && this.#canStart) return;
    const isReady = [...this.#workers].some((worker) => worker.isAlive && !worker.isStarting);
    if (isReady && !this.#places.areOutOfSight) return;
    // Where others have all places, nobody who waits is held up; who indexes waits for a place.
    const task = this.#queue.takeForThisThread(isReady ? "interactive" : undefined);
    if (task === undefined) return;
    void this.#inThread.answer(task).then((answered) => {
      if (!answered) this.#slow.add(task.question);
      if (!answered && !task.signal?.aborted) this.put(task);
      else this.#dispatch();
    });
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

function refused({ question: { grammar, text } }: ParseTask, message: string): Error {
  return projectError("PROJECT_PARSE_FAILED", message, { details: { grammar, length: text.length } });
}
