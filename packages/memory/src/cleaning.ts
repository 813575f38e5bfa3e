import type { Closable, Logger } from "@agentos/core";
import { throwIfAborted } from "@agentos/core";
import type { Catalogue } from "./catalogue.js";
import { type CleanupItem, type CleanupPolicy, planCleanup } from "./lifecycle.js";
import { wait } from "./wait.js";

/** So many are chosen in one walk through all; what is over the budget by more takes another walk. */
const CHOSEN_AT_ONCE = 256;
/**
 * So many are written side by side: one after another, cleaning up would fall behind those who remember as many at once. The
 * event loop turns between them all the same, as between all writes.
 */
const WRITTEN_AT_ONCE = 64;

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
 * Cleans up now and then, without being asked: some memories at a time, each a write of its own, with the event loop turning
 * between them. What fails is told to the logger and tried again next time.
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

  /** Stops behind the memories that are being archived. */
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
      for (let from = 0; from < plan.length; from += WRITTEN_AT_ONCE) {
        throwIfAborted(signal);
        const some = plan.slice(from, from + WRITTEN_AT_ONCE);
        // All end before the next begin, and before closing does, whatever fails.
        const ends = await Promise.allSettled(some.map(archive));
        for (const end of ends) if (end.status === "rejected") throw end.reason;
        count += some.length;
      }
      if (plan.length < CHOSEN_AT_ONCE) return count;
    }
  }
}
