import { Worker } from "node:worker_threads";
import { graphProgram } from "./library.js";
import type { GraphAnswer, GraphRequest, GraphSettings } from "./protocol.js";

/** What the graph holds. */
export interface GraphCounts {
  readonly live: number;
  readonly dead: number;
}

/** A graph in a thread of its own, which keeps the process alive only while somebody waits for an answer. */
export class GraphThread {
  readonly #worker: Worker;
  readonly #searches = new Map<number, (slots: Int32Array | undefined) => void>();
  readonly #onChanged: (counts: GraphCounts) => void;
  readonly #onEnd: (error: unknown) => void;
  #lastId = 0;
  #ended = false;
  #waiting = 0;

  /**
   * @param on.changed told when a change is done
   * @param on.end told once, when the thread ended by itself; then nothing is answered any more
   */
  constructor(
    settings: GraphSettings,
    on: { readonly changed: (counts: GraphCounts) => void; readonly end: (error: unknown) => void },
  ) {
    this.#onChanged = on.changed;
    this.#onEnd = on.end;
    this.#worker = new Worker(graphProgram(), { workerData: settings, name: "agentos-hnsw" });
    this.#worker.on("message", (answer: GraphAnswer) => this.#take(answer));
    this.#worker.on("error", (error) => this.#end(error));
    this.#worker.on("exit", (code) => this.#end(new Error(`the thread ended with ${code}`)));
    this.#worker.unref();
  }

  change(request: GraphRequest & { readonly type: "change" }): void {
    this.#post(request, [request.added, request.removed, request.vectors]);
  }

  /** The slots of the vectors nearest to a query of length 1; undefined when the thread ended. */
  search(query: Float32Array, count: number, signal?: AbortSignal): Promise<Int32Array | undefined> {
    if (this.#ended) return Promise.resolve(undefined);
    this.#lastId += 1;
    const id = this.#lastId;
    this.hold();
    const answered = new Promise<Int32Array | undefined>((resolve) => {
      const stop = (): void => done(undefined);
      const done = (slots: Int32Array | undefined): void => {
        if (!this.#searches.delete(id)) return;
        signal?.removeEventListener("abort", stop);
        this.release();
        resolve(slots);
      };
      this.#searches.set(id, done);
      signal?.addEventListener("abort", stop, { once: true });
    });
    this.#post({ type: "search", id, query, count }, []);
    return answered;
  }

  /** Keeps the process alive until as many releases. */
  hold(): void {
    this.#waiting += 1;
    this.#worker.ref();
  }

  release(): void {
    this.#waiting -= 1;
    if (this.#waiting === 0) this.#worker.unref();
  }

  async close(): Promise<void> {
    this.#ended = true;
    this.#leaveNobodyWaiting();
    await this.#worker.terminate();
  }

  #post(request: GraphRequest, moved: readonly (Int32Array | Float32Array)[]): void {
    this.#worker.postMessage(
      request,
      moved.map(({ buffer }) => buffer as ArrayBuffer),
    );
  }

  #take(answer: GraphAnswer): void {
    if (answer.type === "changed") this.#onChanged(answer);
    else this.#searches.get(answer.id)?.(answer.slots);
  }

  #end(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#leaveNobodyWaiting();
    this.#onEnd(error);
  }

  #leaveNobodyWaiting(): void {
    for (const done of [...this.#searches.values()]) done(undefined);
  }
}
