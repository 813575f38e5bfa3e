import { performance } from "node:perf_hooks";

/** Longest that work goes on in one turn of the event loop, in milliseconds, before others get theirs. */
const TURN_MS = 2;

/**
 * Lets the event loop turn between pieces of work. When a disk is done with a hundred writes at once, the hundred that go on
 * would otherwise do so in one turn, and nothing else runs meanwhile.
 */
export class Turns {
  #since: number = performance.now();
  #next: Promise<void> | undefined;

  /** Resolves when there is time for the next piece. */
  async take(): Promise<void> {
    while (performance.now() - this.#since > TURN_MS) {
      this.#next ??= new Promise((resolve) => {
        setImmediate(() => {
          this.#next = undefined;
          this.#since = performance.now();
          resolve();
        });
      });
      await this.#next;
    }
  }
}
