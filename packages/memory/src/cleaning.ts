import type { Closable, Logger } from "@agentos/core";
import { throwIfAborted } from "@agentos/core";
import type { Catalogue } from "./catalogue.js";
import { type CleanupItem, type CleanupPolicy, planCleanup } from "./lifecycle.js";
import { wait } from "./wait.js";

/** So many are chosen in one walk through all; what is over the budget by more takes another walk. */
const CHOSEN_AT_ONCE = 256;

/** What cleaning up by itself works with. */
export interface CleaningParts {
  readonly policy: CleanupPolicy;
  /** From the end of one cleanup to the next. */
  readonly everyMs: number;
  readonly catalogue: Catalogue;
  readonly clock: () => number;
  /** Puts one memory into the archive, if it still is what was chosen. */
  readonly archive: (item: CleanupItem) => Promise<unknown>;
  readonly logger: Logger;
}

/**
 * Cleans up now and then, without being asked: memory by memory, each a write of its own, with the event loop turning between
 * them. What fails is told to the logger and tried again next time.
 */
export class Cleaning implements Closable {
  readonly #parts: CleaningParts;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;

  /** Begins at once, behind the opening. */
  constructor(parts: CleaningParts) {
    this.#parts = parts;
    this.#running = this.#run();
  }

  /** Stops behind the memory that is being archived. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    const { everyMs, logger } = this.#parts;
    try {
      await wait(0, { signal, unref: true });
      for (;;) {
        try {
          const count = await this.#clean(signal);
          if (count > 0) logger.info({ memories: count }, "memories were put into the archive");
        } catch (error) {
          throwIfAborted(signal);
          logger.warn({ error, everyMs }, "cleaning up failed; it is tried again next time");
        }
        await wait(everyMs, { signal, unref: true });
      }
    } catch (error) {
      if (!signal.aborted) logger.error({ error }, "cleaning up stopped until the next opening");
    }
  }

  async #clean(signal: AbortSignal): Promise<number> {
    const { catalogue, policy, clock, archive } = this.#parts;
    let count = 0;
    for (;;) {
      const plan = await planCleanup(catalogue.entries(), policy, clock(), { most: CHOSEN_AT_ONCE, signal });
      for (const item of plan) {
        throwIfAborted(signal);
        await archive(item);
        count += 1;
      }
      if (plan.length < CHOSEN_AT_ONCE) return count;
    }
  }
}
