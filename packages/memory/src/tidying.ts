import type { Closable, Logger } from "@agentos/core";
import type { Derived } from "./derived.js";

/**
 * Gives back what emptied slots of the indexes take up, in the background: one step in a turn of the event loop, each of a
 * fraction of a millisecond, begun whenever a third of the lists is of no use.
 */
export class Tidying implements Closable {
  readonly #derived: Derived;
  readonly #logger: Logger;
  #closed = false;
  #running: Promise<void> | undefined;

  constructor(derived: Derived, logger: Logger) {
    this.#derived = derived;
    this.#logger = logger;
  }

  /** Something has changed: begins where it is worth it. */
  look(): void {
    if (this.#closed || this.#running !== undefined || !this.#derived.catalogue.wasteful) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Stops behind the step that is under way; what was made so far is dropped. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    const steps = this.#derived.compact();
    try {
      while (!steps.next().done) {
        await new Promise((resolve) => setImmediate(resolve));
        if (this.#closed) return;
      }
    } catch (error) {
      // The indexes stay as they were, and right; they only go on growing.
      this.#logger.error({ error }, "the memory's indexes could not be made smaller");
      this.#closed = true;
    } finally {
      steps.return();
    }
  }
}
