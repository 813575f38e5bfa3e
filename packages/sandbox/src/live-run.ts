import { coreError, type RunEvent, type RunResult } from "@agentos/core";
import type { RunHooks } from "./driver.js";

/** Bytes of output that wait for the reader before the program's writes are held back. */
const WAITING_BYTES = 1024 * 1024;

/**
 * A run while it goes on: iterate it for its events, write to its standard input, await its `result`. The program is held
 * back while 1 MiB of its output waits to be read, so read the events, or use {@link Sandbox.run}. Its limits hold whether
 * it is read or not. One reader at a time.
 */
export class LiveRun implements AsyncIterable<RunEvent> {
  readonly #events: RunEvent[] = [];
  readonly #input: Uint8Array[] = [];
  readonly #stop = new AbortController();
  #waitingBytes = 0;
  #read = false;
  #ended = false;
  #inputEnded = false;
  #failure: unknown;
  #wakeReader: (() => void) | undefined;
  #wakeWriter: (() => void) | undefined;
  #wakeInput: (() => void) | undefined;
  #held: Promise<void> | undefined;
  /** How it ended; rejects for what {@link Sandbox.run} throws. */
  readonly result: Promise<RunResult>;

  constructor(run: (hooks: RunHooks) => Promise<RunResult>, signal: AbortSignal | undefined) {
    const hooks: RunHooks = {
      signal: signal ? AbortSignal.any([signal, this.#stop.signal]) : this.#stop.signal,
      onOutput: (type, bytes) => this.#output({ type, bytes }),
      onTest: (test) => this.#push({ type: "test", test }),
      input: this.#readInput(),
    };
    this.result = run(hooks).then(
      (result) => {
        this.#push({ type: "metric", usage: result.usage });
        this.#push({ type: "exit", result });
        this.#end();
        return result;
      },
      (error: unknown) => {
        this.#failure = error;
        this.#end();
        throw error;
      },
    );
    // A reader of the events gets the failure from them.
    this.result.catch(() => {});
  }

  /**
   * Writes to the program's standard input. What is written after {@link endInput} or its end is dropped. Throws
   * `INPUT_INVALID` for what is neither text nor bytes.
   */
  write(bytes: string | Uint8Array): void {
    if (typeof bytes !== "string" && !(bytes instanceof Uint8Array)) {
      throw coreError("INPUT_INVALID", "write takes text or a Uint8Array.");
    }
    if (this.#inputEnded) return;
    this.#input.push(typeof bytes === "string" ? Buffer.from(bytes, "utf8") : bytes);
    this.#wakeInput?.();
  }

  /** Closes the program's standard input. */
  endInput(): void {
    this.#inputEnded = true;
    this.#wakeInput?.();
  }

  /** Ends the run as `cancelled`. */
  cancel(): void {
    this.#stop.abort();
    this.#release();
  }

  /** Throws `INPUT_INVALID` while another reader is at it. */
  async *[Symbol.asyncIterator](): AsyncGenerator<RunEvent, void, undefined> {
    if (this.#read) throw coreError("INPUT_INVALID", "The events of this run are being read already.");
    this.#read = true;
    try {
      yield* this.#walk();
    } finally {
      this.#read = false;
    }
  }

  async *#walk(): AsyncGenerator<RunEvent, void, undefined> {
    for (;;) {
      const event = this.#events.shift();
      if (event === undefined) {
        if (this.#failure !== undefined) throw this.#failure;
        if (this.#ended) return;
        await new Promise<void>((resolve) => {
          this.#wakeReader = resolve;
        });
        continue;
      }
      if (event.type === "stdout" || event.type === "stderr") {
        this.#waitingBytes -= event.bytes.length;
        if (this.#waitingBytes < WAITING_BYTES) this.#release();
      }
      yield event;
    }
  }

  #output(event: RunEvent & { readonly bytes: Uint8Array }): void | Promise<void> {
    this.#waitingBytes += event.bytes.length;
    this.#push(event);
    if (this.#waitingBytes < WAITING_BYTES || this.#stop.signal.aborted) return;
    this.#held ??= new Promise<void>((resolve) => {
      this.#wakeWriter = resolve;
    });
    return this.#held;
  }

  #push(event: RunEvent): void {
    this.#events.push(event);
    this.#wakeReader?.();
  }

  #release(): void {
    this.#held = undefined;
    this.#wakeWriter?.();
  }

  #end(): void {
    this.#ended = true;
    this.endInput();
    this.#release();
    this.#wakeReader?.();
  }

  async *#readInput(): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const bytes = this.#input.shift();
      if (bytes !== undefined) yield bytes;
      else if (this.#inputEnded) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wakeInput = resolve;
        });
      }
    }
  }
}
