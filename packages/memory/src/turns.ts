/** Pieces of work, of a fraction of a millisecond each, that are done in one turn of the event loop. */
const PIECES = 8;

/**
 * Lets the event loop turn between pieces of work. When a disk is done with a hundred writes at once, the hundred that go on
 * would otherwise do so in one turn, and nothing else runs meanwhile. Pieces are counted, not timed: all that wait go on
 * before the first of them has taken any time.
 */
export class Turns {
  #left = PIECES;
  #next: Promise<void> | undefined;

  /** Resolves when there is room for the next piece. */
  async take(): Promise<void> {
    while (this.#left === 0) await this.#next;
    this.#left -= 1;
    this.#next ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#next = undefined;
        this.#left = PIECES;
        resolve();
      });
    });
  }
}
