import { type Closable, type Logger, type Memory, throwIfAborted } from "@agentos/core";
import { searchText } from "./record.js";
import type { Vectors } from "./vectors.js";
import { untilAborted, wait } from "./wait.js";

const BATCH = 64;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 5 * 60_000;

/** How far embedding anew has come. */
export interface ReembeddingProgress {
  /** Name of the embedder that makes the vectors. */
  readonly embedder: string;
  /** Memories that have got their vector, or need none any more, since the memory was opened. */
  readonly done: number;
  /** Memories that had no vector of this embedder when the memory was opened. */
  readonly total: number;
  /** Why the embedder failed, when it did. It is tried again. */
  readonly error?: unknown;
  /** After so many milliseconds it is tried again. */
  readonly retryInMs?: number;
}

/** What embedding anew works with. */
export interface ReembeddingParts {
  /** Ids of the memories without a vector. */
  readonly ids: readonly string[];
  readonly vectors: Vectors;
  /** The memory of an id; undefined when it is gone or forgotten. */
  readonly read: (id: string) => Promise<Memory | undefined>;
  /** Keeps the vector of a memory, unless that has changed meanwhile: who changed it has given it a vector. */
  readonly keep: (memory: Memory, vector: Float32Array) => Promise<void>;
  readonly onProgress: ((progress: ReembeddingProgress) => void) | undefined;
  readonly logger: Logger;
  /** First wait after a failure. @default 1_000 */
  readonly retryMs?: number;
}

/**
 * Gives memories the vectors that they lack, in the background, some at a time. What it did is kept; what it did not is
 * found at the next opening. A failing embedder is asked again later and for less, so that one text that it cannot take
 * does not keep the others waiting.
 */
export class Reembedding implements Closable {
  readonly #parts: ReembeddingParts;
  readonly #queue: string[];
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;
  #done = 0;

  /** Begins at once. */
  constructor(parts: ReembeddingParts) {
    this.#parts = parts;
    this.#queue = [...parts.ids];
    this.#running = this.#run();
    // Whoever waits for `finished` hears of it; nobody needs to.
    this.#running.catch(() => {});
  }

  /** Resolves when there is nothing left to do, or it was closed. Rejects when the store failed. */
  get finished(): Promise<void> {
    return this.#running;
  }

  /** Whether there are memories that wait for their vector. */
  get unfinished(): boolean {
    return this.#done < this.#parts.ids.length;
  }

  /** Stops after what is under way. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running.catch(() => {});
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    const { logger, vectors, retryMs = FIRST_WAIT_MS } = this.#parts;
    const total = this.#queue.length;
    if (total === 0) return;
    let [size, waitMs] = [BATCH, retryMs];
    try {
      // After the opening, so that whoever opened can listen first.
      await wait(0, { signal });
      while (this.#queue.length > 0) {
        throwIfAborted(signal);
        const ids = this.#queue.splice(0, size);
        const error = await this.#embed(ids);
        if (error === undefined) {
          [size, waitMs] = [Math.min(BATCH, size * 2), retryMs];
          this.#tell({});
          continue;
        }
        this.#queue.push(...ids);
        size = Math.max(1, Math.floor(ids.length / 2));
        logger.warn(
          { error, embedder: vectors.embedder.name, waitMs },
          "embedding anew failed; tried again later",
        );
        this.#tell({ error, retryInMs: waitMs });
        await wait(waitMs, { signal, unref: true });
        waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
      }
      logger.info({ embedder: vectors.embedder.name, memories: total }, "memories embedded anew");
    } catch (error) {
      if (signal.aborted) return;
      logger.error(
        { error, embedder: vectors.embedder.name },
        "embedding anew stopped until the next opening",
      );
      throw error;
    }
  }

  /** Embeds some. Gives the embedder's error; throws the store's. */
  async #embed(ids: readonly string[]): Promise<unknown> {
    const { vectors } = this.#parts;
    const { signal } = this.#closing;
    const memories: Memory[] = [];
    for (const id of ids) {
      const memory = await this.#parts.read(id);
      if (memory !== undefined) memories.push(memory);
    }
    let made: readonly Float32Array[] = [];
    try {
      if (memories.length > 0) {
        // Closing does not wait for an embedder that takes no notice of the signal.
        made = await untilAborted(() => vectors.embed(memories.map(searchText), { signal }), signal);
      }
    } catch (error) {
      throwIfAborted(signal);
      return error;
    }
    for (const [place, memory] of memories.entries()) {
      throwIfAborted(signal);
      await this.#parts.keep(memory, made[place] ?? new Float32Array());
    }
    this.#done += ids.length;
    return undefined;
  }

  #tell(what: Pick<ReembeddingProgress, "error" | "retryInMs">): void {
    const { onProgress, ids, vectors, logger } = this.#parts;
    try {
      onProgress?.({ embedder: vectors.embedder.name, done: this.#done, total: ids.length, ...what });
    } catch (error) {
      logger.warn({ error }, "onReembedding threw");
    }
  }
}
