import type { Closable, Logger } from "@agentos/core";
import { throwIfAborted } from "@agentos/core";
import type { Catalogue, Entry } from "./catalogue.js";
import { type CleanupItem, type CleanupPolicy, planCleanup } from "./lifecycle.js";
import { wait } from "./wait.js";

/** So many are chosen in one walk through all; what is over the budget by more takes another walk. */
const CHOSEN_AT_ONCE = 256;
/**
 * So many are written side by side: one after another, cleaning up would fall behind those who remember as many at once, and
 * one that waits for somebody else's change would keep all others waiting. The event loop turns between them all the same.
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
  /** What is being archived, by id. */
  readonly #writing = new Map<string, Promise<void>>();
  /** Whether something failed since this cleanup began. */
  #failed = false;

  /** Begins at once, behind the opening. */
  constructor(parts: CleaningParts) {
    this.#parts = parts;
    this.#running = this.#run();
  }

  /** Stops behind the memories that are being archived. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
    await Promise.all(this.#writing.values());
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    const { everyMs, logger } = this.#parts;
    try {
      await wait(0, { signal, unref: true });
      for (;;) {
        await this.#clean(signal);
        await wait(everyMs, { signal, unref: true });
      }
    } catch (error) {
      if (!signal.aborted) logger.error({ error }, "cleaning up stopped until the next opening");
    }
  }

  async #clean(signal: AbortSignal): Promise<void> {
    const { policy, clock, logger } = this.#parts;
    this.#failed = false;
    for (let chosen = CHOSEN_AT_ONCE, count = 0; chosen === CHOSEN_AT_ONCE; ) {
      const plan = await planCleanup(this.#idle(), policy, clock(), { most: CHOSEN_AT_ONCE, signal });
      chosen = plan.length;
      for (const item of plan) {
        while (this.#writing.size >= WRITTEN_AT_ONCE) await Promise.race(this.#writing.values());
        throwIfAborted(signal);
        if (this.#failed) return;
        this.#begin(item);
      }
      count += chosen;
      if (chosen < CHOSEN_AT_ONCE && count > 0)
        logger.debug({ memories: count }, "memories go into the archive");
    }
  }

  /** What is in use and not about to be archived. */
  *#idle(): Generator<Entry> {
    for (const entry of this.#parts.catalogue.entries()) if (!this.#writing.has(entry.key)) yield entry;
  }

  #begin(item: CleanupItem): void {
    const { archive, logger, everyMs } = this.#parts;
    const writing = archive(item)
      .then(
        () => {},
        (error: unknown) => {
          // Where one cannot be written, all are: the first says so for all of them.
          if (!this.#failed)
            logger.warn({ error, everyMs }, "cleaning up failed; it is tried again next time");
          this.#failed = true;
        },
      )
      .finally(() => this.#writing.delete(item.id));
    this.#writing.set(item.id, writing);
  }
}
