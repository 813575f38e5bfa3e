import { coreError } from "./errors.js";

/** Something that is opened and must be closed. */
export interface Closable {
  close(): Promise<void>;
}

/**
 * Counts what is under way, closes children in reverse, once, and gathers failures. A facade holds one and passes its
 * own `close` on to it.
 */
export class Lifecycle {
  readonly #what: string;
  readonly #children: (() => Promise<void>)[] = [];
  readonly #pending = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  /** @param what the thing's name for messages, for example "MemoryStore" */
  constructor(what: string) {
    this.#what = what;
  }

  /** Whether `close` was called. */
  get closed(): boolean {
    return this.#closing !== undefined;
  }

  /** Registers something to close; the newest is closed first. */
  add(child: Closable | (() => Promise<void>)): void {
    this.#children.push(typeof child === "function" ? child : () => child.close());
  }

  /** Throws `CLOSED` once `close` was called. */
  guard(): void {
    if (this.closed) throw coreError("CLOSED", `This ${this.#what} is closed. Open a new one.`);
  }

  /** Runs work that `close` waits for; throws `CLOSED` when closed already. */
  async track<T>(work: () => Promise<T>): Promise<T> {
    this.guard();
    const promise = work();
    this.#pending.add(promise);
    try {
      return await promise;
    } finally {
      this.#pending.delete(promise);
    }
  }

  /** Waits for tracked work, then closes the children in reverse. Later calls return the first one's promise. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.allSettled([...this.#pending]);
    const failures: unknown[] = [];
    for (const child of this.#children.reverse()) {
      try {
        await child();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) {
      throw coreError(
        "CLOSE_FAILED",
        `${this.#what} closed, but ${failures.length} of its parts failed to.`,
        {
          cause: failures.length === 1 ? failures[0] : new AggregateError(failures),
        },
      );
    }
  }
}
