import { Worker } from "node:worker_threads";
import { projectError } from "../../errors.js";
import { type ParserSettings, receiveError, type WorkerAnswer } from "./protocol.js";
import type { ParseTask } from "./task-queue.js";

/** Questions that a worker is given at once, so that it need not wait between two of them. */
const AT_ONCE = 2;
/** Milliseconds after which a worker that does not become ready counts as one that cannot start. */
const START_MS = 30_000;

/** How a worker is started and when it has done its part. */
export interface WorkerOptions {
  /** Path of its program. */
  readonly program: string;
  readonly settings: ParserSettings;
  /** The outlines that it must make, since those of another version would be mixed with them. */
  readonly outlineVersion: number;
  /** Milliseconds after which a question that is not answered hangs. */
  readonly hangMs: number;
  /** Megabytes of JavaScript objects after which V8 ends it. */
  readonly heapMb: number;
  /** Texts, and UTF-16 units of them, after which it is replaced. */
  readonly maxTexts: number;
  readonly maxLength: number;
}

/** Who is told what becomes of a worker. */
export interface WorkerOwner {
  /** It can be given another task. */
  free(): void;
  /** It ended, or is about to: nothing more is given to it. `returned` was given to it and not begun; `over` is what it ended over. */
  ended(worker: ParseWorker, returned: readonly ParseTask[], over: ParseTask | undefined): void;
  /** It ended before it was ready. */
  unstarted(worker: ParseWorker, error: unknown): void;
}

/** One thread that parses. It keeps the process alive only while somebody waits for it. */
export class ParseWorker {
  readonly #options: WorkerOptions;
  readonly #owner: WorkerOwner;
  readonly #worker: Worker;
  /** The first is being answered; those after it wait in the worker. */
  readonly #given = new Map<number, ParseTask>();
  #state: "starting" | "ready" | "worn" | "ended" = "starting";
  #lastId = 0;
  #texts = 0;
  #length = 0;
  #clock: NodeJS.Timeout;
  #ending: Promise<unknown> | undefined;

  constructor(options: WorkerOptions, owner: WorkerOwner) {
    this.#options = options;
    this.#owner = owner;
    this.#worker = new Worker(options.program, {
      workerData: options.settings,
      name: "agentos-parser",
      // Some options of the process do not suit a thread: `--input-type` is refused there.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: options.heapMb },
    });
    this.#worker.on("message", (answer: WorkerAnswer) => this.#take(answer));
    this.#worker.on("messageerror", (error) => this.#die(error));
    this.#worker.on("error", (error) => this.#die(error));
    this.#worker.on("exit", (code) => this.#die(new Error(`the thread ended with ${code}`)));
    this.#clock = setTimeout(
      () => this.#die(new Error(`it was not ready within ${START_MS / 1_000} s`)),
      START_MS,
    );
  }

  get isStarting(): boolean {
    return this.#state === "starting";
  }

  /** Whether it takes tasks, now or once it is ready. */
  get isAlive(): boolean {
    return this.#state === "starting" || this.#state === "ready";
  }

  /** Tasks that it has room for. */
  get room(): number {
    return this.#state === "ready" ? AT_ONCE - this.#given.size : 0;
  }

  get isBusy(): boolean {
    return this.#given.size > 0;
  }

  give(task: ParseTask): void {
    this.#lastId += 1;
    try {
      this.#worker.postMessage({ id: this.#lastId, question: task.question });
    } catch (error) {
      task.reject(error);
      return;
    }
    this.#given.set(this.#lastId, task);
    if (this.#given.size === 1) this.#watch();
    this.#texts += 1;
    this.#length += task.question.text.length;
    if (this.#texts >= this.#options.maxTexts || this.#length >= this.#options.maxLength)
      this.#state = "worn";
  }

  /** Ends it. What it was given is not answered any more. */
  async end(): Promise<void> {
    this.#state = "ended";
    clearTimeout(this.#clock);
    this.#ending ??= this.#worker.terminate();
    await this.#ending;
  }

  #take(answer: WorkerAnswer): void {
    if (this.#state === "ended") return;
    if (answer.type === "ready") this.#start(answer.outlineVersion);
    else if (answer.type === "worn") this.#state = "worn";
    else {
      const task = this.#given.get(answer.id);
      this.#given.delete(answer.id);
      this.#watch();
      if (answer.type === "done") task?.resolve(answer.value);
      else if (answer.type === "outlined") task?.resolve(JSON.parse(answer.json));
      else task?.reject(receiveError(answer.error));
      if (this.#state === "worn" && this.#given.size === 0) this.#leave([], undefined);
      else this.#owner.free();
    }
  }

  #start(outlineVersion: number): void {
    const expected = this.#options.outlineVersion;
    if (outlineVersion !== expected) {
      this.#die(
        new Error(`${this.#options.program} makes outlines of version ${outlineVersion}, not ${expected}`),
      );
      return;
    }
    this.#state = "ready";
    this.#watch();
    this.#owner.free();
  }

  /** Starts the clock of the first question that is not answered. Without one, the process may end. */
  #watch(): void {
    clearTimeout(this.#clock);
    if (this.#given.size === 0) {
      this.#worker.unref();
      return;
    }
    this.#worker.ref();
    const { hangMs } = this.#options;
    this.#clock = setTimeout(() => this.#die(new Error(`it took longer than ${hangMs} ms`)), hangMs);
  }

  /** The first question is to blame, and is not asked again; those behind it are. */
  #die(cause: unknown): void {
    if (this.#state === "ended") return;
    if (this.#state === "starting") {
      this.#state = "ended";
      void this.end();
      this.#owner.unstarted(this, cause);
      return;
    }
    const [first, ...others] = this.#given.values();
    this.#leave(others, first);
    first?.reject(
      projectError(
        "PROJECT_PARSE_FAILED",
        "The thread that parsed this text ended or hung over it; other texts are not affected.",
        { cause, details: { grammar: first.question.grammar, length: first.question.text.length } },
      ),
    );
  }

  #leave(returned: readonly ParseTask[], over: ParseTask | undefined): void {
    this.#given.clear();
    void this.end();
    this.#owner.ended(this, returned, over);
  }
}
