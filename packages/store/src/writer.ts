import { abortedError, type Logger, throwIfAborted } from "@agentos/core";
import { type ChangeLog, storedSequence, type Touched, touchedBy } from "./change-log.js";
import type { LevelDriver, LevelOperation } from "./drivers/level-driver.js";
import type { DurableMark } from "./durable-mark.js";
import { collectionPrefix, requireKey, SEQUENCE_KEY } from "./keys.js";
import type { WriteOperation } from "./operations.js";
import type { WriteOptions } from "./options.js";

/** Writes that are joined into one batch while the disk is busy, at most. */
const GROUP_WRITES = 128;

interface Waiting {
  readonly operations: readonly LevelOperation[];
  readonly touched: Touched;
  readonly durable: boolean;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (sequence: number) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Applies writes one after another, so that a sequence number stands for everything before it. Writes that come while
 * the disk is busy share the next batch, and thereby its fsync.
 */
export class Writer {
  readonly #driver: LevelDriver;
  readonly #mark: DurableMark;
  readonly #logger: Logger;
  readonly #log: ChangeLog;
  readonly #queue: Waiting[] = [];
  readonly #alone: (() => Promise<void>)[] = [];
  #draining: Promise<void> | undefined;
  #sequence: number;
  #durable: number;

  constructor(driver: LevelDriver, mark: DurableMark, log: ChangeLog, sequence: number, logger: Logger) {
    this.#driver = driver;
    this.#mark = mark;
    this.#log = log;
    this.#logger = logger;
    this.#sequence = sequence;
    this.#durable = sequence;
  }

  get sequence(): number {
    return this.#sequence;
  }

  write(operations: readonly WriteOperation[], options: WriteOptions): Promise<number> {
    const { signal, durable = false } = options;
    throwIfAborted(signal);
    const encoded = operations.map(encode);
    const touched = touchedBy(operations);
    return new Promise((resolve, reject) => {
      this.#queue.push({ operations: encoded, touched, durable, signal, resolve, reject });
      this.#start();
    });
  }

  /** Runs work between two batches: writes wait until it is done, and the database is in order when it begins. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const inOrder = async (): Promise<T> => {
        if (this.#driver.suspect) await this.#recover();
        return work();
      };
      this.#alone.push(() => inOrder().then(resolve, reject));
      this.#start();
    });
  }

  /** Notes that everything up to now is on the disk. */
  async noteDurable(): Promise<void> {
    this.#durable = this.#sequence;
    await this.#mark.set(this.#sequence);
  }

  /** Waits for all writes, and makes them durable. A disk that refuses is logged: durability was not asked for. */
  async close(): Promise<void> {
    await this.#draining;
    if (this.#durable === this.#sequence || this.#driver.suspect) return;
    try {
      const record = { type: "put", key: SEQUENCE_KEY, value: String(this.#sequence) } as const;
      await this.#driver.write([record], true);
      await this.noteDurable();
    } catch (error) {
      this.#logger.warn({ error }, "the last writes could not be made durable when the store was closed");
    }
  }

  #start(): void {
    this.#draining ??= this.#drain();
  }

  async #drain(): Promise<void> {
    // Lets the writes of one tick share a batch.
    await undefined;
    while (this.#queue.length > 0 || this.#alone.length > 0) {
      const alone = this.#alone.shift();
      if (alone !== undefined) await alone();
      const group = this.#queue.splice(0, GROUP_WRITES).filter((waiting) => {
        if (waiting.signal?.aborted !== true) return true;
        waiting.reject(abortedError(waiting.signal));
        return false;
      });
      if (group.length === 0) continue;
      try {
        await this.#apply(group);
      } catch (error) {
        for (const waiting of group) waiting.reject(error);
      }
    }
    // In the same turn as the last look at the queue: a write that came between the two would wait for ever.
    this.#draining = undefined;
  }

  async #recover(): Promise<void> {
    await this.#driver.reopen();
    // The write that failed may have reached the disk after all, whole.
    this.#sequence = await storedSequence(this.#driver);
    await this.#log.reload();
  }

  async #apply(group: readonly Waiting[]): Promise<void> {
    if (this.#driver.suspect) await this.#recover();
    const sync = group.some((waiting) => waiting.durable);
    const first = this.#sequence + 1;
    const last = this.#sequence + group.length;
    const operations = group.flatMap((waiting) => waiting.operations);
    const touched = group.map((waiting) => waiting.touched);
    try {
      await this.#driver.write([...operations, this.#log.record(last, touched)], sync);
    } catch (error) {
      // A suspect database is looked at when it is open again.
      if (!this.#driver.suspect) await this.#log.reload();
      throw error;
    }
    this.#sequence = last;
    if (sync) {
      this.#durable = last;
      await this.#mark.set(last);
    }
    group.forEach((waiting, index) => {
      waiting.resolve(first + index);
    });
    if (this.#log.isLong) await this.#trim();
  }

  async #trim(): Promise<void> {
    try {
      await this.#log.trim();
    } catch (error) {
      // A disk that refuses makes the driver suspect, which the next write sees; this one is done.
      this.#logger.warn({ error }, "the change log could not be trimmed");
    }
  }
}

function encode(operation: WriteOperation): LevelOperation {
  const key = collectionPrefix(operation.collection) + requireKey(operation.key);
  return operation.type === "put" ? { type: "put", key, value: operation.json } : { type: "del", key };
}
