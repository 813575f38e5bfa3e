import { abortedError, type Logger, throwIfAborted } from "@agentos/core";
import { type ChangeLog, storedSequence, type Touched, touchedBy } from "./change-log.js";
import type { AppliedBatch } from "./changes.js";
import type { LevelDriver, LevelOperation } from "./drivers/level-driver.js";
import type { DurableMark } from "./durable-mark.js";
import { collectionPrefix, requireKey, SEQUENCE_KEY } from "./keys.js";
import type { WriteOperation } from "./operations.js";
import type { WriteOptions } from "./options.js";

/** Writes that are joined into one batch while the disk is busy, at most. */
const GROUP_WRITES = 128;

/** What goes along with every batch. */
export interface BatchFollower {
  /** Operations that belong into the same LevelDB batch. They are asked for again when it fails. */
  records(batches: readonly AppliedBatch[]): readonly LevelOperation[];
  /** The batches are applied; nobody else knows yet. */
  applied(batches: readonly AppliedBatch[]): void;
  /** Batches whose write failed turned out to be there after all. */
  recovered(from: number, to: number): Promise<void>;
}

interface Waiting {
  readonly operations: readonly WriteOperation[];
  readonly encoded: readonly LevelOperation[];
  readonly touched: Touched;
  readonly request: string | undefined;
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
  readonly #follower: BatchFollower;
  readonly #queue: Waiting[] = [];
  readonly #alone: (() => Promise<void>)[] = [];
  #draining: Promise<void> | undefined;
  #sequence: number;
  #durable: number;

  constructor(
    driver: LevelDriver,
    mark: DurableMark,
    log: ChangeLog,
    sequence: number,
    logger: Logger,
    follower: BatchFollower,
  ) {
    this.#driver = driver;
    this.#mark = mark;
    this.#log = log;
    this.#logger = logger;
    this.#follower = follower;
    this.#sequence = sequence;
    this.#durable = sequence;
  }

  get sequence(): number {
    return this.#sequence;
  }

  /** @param request the id under which a client asked for it */
  write(operations: readonly WriteOperation[], options: WriteOptions, request?: string): Promise<number> {
    const { signal, durable = false } = options;
    throwIfAborted(signal);
    const encoded = operations.map(encode);
    const touched = touchedBy(operations);
    return new Promise((resolve, reject) => {
      this.#queue.push({
        operations: [...operations],
        encoded,
        touched,
        request,
        durable,
        signal,
        resolve,
        reject,
      });
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
    const known = this.#sequence;
    this.#sequence = await storedSequence(this.#driver);
    await this.#log.reload();
    if (this.#sequence > known) await this.#follower.recovered(known + 1, this.#sequence);
  }

  async #apply(group: readonly Waiting[]): Promise<void> {
    if (this.#driver.suspect) await this.#recover();
    const sync = group.some((waiting) => waiting.durable);
    const first = this.#sequence + 1;
    const last = this.#sequence + group.length;
    const batches = group.map(({ operations, request }, index) => ({
      sequence: first + index,
      operations,
      request,
    }));
    const operations = group.flatMap((waiting) => waiting.encoded);
    // The log's entry comes right behind what it tells of: a repair relies on it.
    operations.push(
      this.#log.record(
        last,
        group.map((waiting) => waiting.touched),
      ),
    );
    operations.push(...this.#follower.records(batches));
    try {
      await this.#driver.write(operations, sync);
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
    this.#follower.applied(batches);
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
