import { throwIfAborted } from "@agentos/core";
import { untilAborted } from "./wait.js";

/** Runs work of the same key one after another, and work of different keys side by side. */
export class KeyedMutex {
  /** Of each key, what resolves when all that stand in its line are done. */
  readonly #tails = new Map<string, Promise<void>>();

  /** When the signal aborts before its turn comes, the work is never begun, and this throws `ABORTED`. */
  async run<T>(key: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const before = this.#tails.get(key);
    let leave = (): void => {};
    const mine = new Promise<void>((resolve) => {
      leave = resolve;
    });
    // Who gave up still stands in the line: who comes behind waits for those before.
    const tail = before === undefined ? mine : before.then(() => mine);
    this.#tails.set(key, tail);
    void tail.then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    try {
      if (before !== undefined) await untilAborted(() => before, signal);
      throwIfAborted(signal);
      return await work();
    } finally {
      leave();
    }
  }

  /** Holds several keys. They are taken in their order, so that two who want the same never wait for each other. */
  async runAll<T>(keys: readonly string[], work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const [first, ...rest] = [...new Set(keys)].sort();
    return first === undefined ? work() : this.run(first, () => this.runAll(rest, work, signal), signal);
  }
}
