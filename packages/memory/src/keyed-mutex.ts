import { abortedError, throwIfAborted } from "@agentos/core";

/** Runs work of the same key one after another, and work of different keys side by side. */
export class KeyedMutex {
  readonly #tails = new Map<string, Promise<unknown>>();

  /** When the signal aborts before its turn comes, the work is never begun, and this throws `ABORTED`. */
  async run<T>(key: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const turn = waitingFor(work, signal);
    const before = this.#tails.get(key);
    const mine = before === undefined ? turn.begin() : before.then(turn.begin, turn.begin);
    this.#tails.set(key, mine);
    // Who gave up still stands in the line: who comes behind waits for those before.
    const leave = (): void => {
      if (this.#tails.get(key) === mine) this.#tails.delete(key);
    };
    mine.then(leave, leave);
    return Promise.race([mine, turn.givenUp]);
  }

  /** Holds several keys. They are taken in their order, so that two who want the same never wait for each other. */
  async runAll<T>(keys: readonly string[], work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const [first, ...rest] = [...new Set(keys)].sort();
    return first === undefined ? work() : this.run(first, () => this.runAll(rest, work, signal), signal);
  }
}

/** Work that waits for its turn. `givenUp` rejects when the signal aborts first, and never once it has begun. */
function waitingFor<T>(
  work: () => Promise<T>,
  signal: AbortSignal | undefined,
): { readonly begin: () => Promise<T>; readonly givenUp: Promise<never> } {
  let giveUp = (): void => {};
  const givenUp = new Promise<never>((_resolve, reject) => {
    giveUp = () => reject(abortedError(signal as AbortSignal));
  });
  givenUp.catch(() => {});
  signal?.addEventListener("abort", giveUp, { once: true });
  const begin = async (): Promise<T> => {
    signal?.removeEventListener("abort", giveUp);
    throwIfAborted(signal);
    return work();
  };
  return { begin, givenUp };
}
