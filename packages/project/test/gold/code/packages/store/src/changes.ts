import type { Logger } from "@agentos/core";
import type { Change } from "./change-log.js";
import type { WriteOperation } from "./operations.js";

/** A batch that was applied. */
export interface StoreChange {
  readonly sequence: number;
  /**
   * The keys, in the order of the batch; one that was written twice stands there twice. `"unknown"` stands for all
   * batches since the last change that was told: this process was cut off for longer than the change log
   * reaches back, or over a compaction, so whatever was derived from the store must be read again.
   */
  readonly changed: readonly Change[] | "unknown";
}

/** A batch as it is handed to LevelDB. */
export interface AppliedBatch {
  readonly sequence: number;
  readonly operations: readonly WriteOperation[];
  /** The id under which a client asked for it. */
  readonly request: string | undefined;
}

/** What is told of a batch. */
export function changeOf({ sequence, operations }: AppliedBatch): StoreChange {
  return { sequence, changed: operations.map(({ collection, key }) => ({ collection, key })) };
}

/** Those who are told. One that throws is logged, and stops neither the work nor the others. */
export class Listeners<Told> {
  readonly #listeners = new Set<{ readonly tell: (told: Told) => void }>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  get none(): boolean {
    return this.#listeners.size === 0;
  }

  /** Gives what removes the listener. The same function may listen twice. */
  add(tell: (told: Told) => void): () => void {
    const listener = { tell };
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(told: Told): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener.tell(told);
      } catch (error) {
        this.#logger.warn({ error }, "a listener of the store threw");
      }
    }
  }
}
