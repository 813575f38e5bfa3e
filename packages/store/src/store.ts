import { mkdir, realpath } from "node:fs/promises";
import { Lifecycle, type Logger, silentLogger, systemClock, validate } from "@agentos/core";
import { type Change, ChangeLog, storedSequence } from "./change-log.js";
import type { StoreReport } from "./check.js";
import { type Collection, LevelCollection } from "./collection.js";
import { LevelDriver } from "./drivers/level-driver.js";
import { corruptError, fullError, isFull, isLocked } from "./drivers/level-errors.js";
import { DurableMark } from "./durable-mark.js";
import { storeError } from "./errors.js";
import { refuseLinks } from "./links.js";
import { prepareFormat } from "./migration.js";
import type { WriteOperation } from "./operations.js";
import { type StoreOptions, storeOptionsSchema, type WriteOptions, writeOptionsSchema } from "./options.js";
import { claimFolder, forgetOwner, lockedError, noteOwner } from "./owner.js";
import type { Snapshot } from "./snapshot.js";
import { Snapshots } from "./snapshots.js";
import {
  type BackupOptions,
  type CheckOptions,
  type CompactOptions,
  checkClosed,
  type RestoreOptions,
  restoreClosed,
  StoreCare,
} from "./store-care.js";
import { Writer } from "./writer.js";

/**
 * One durable store for all engines, embedded, in one folder: collections of JSON values, atomic batches with a
 * sequence number. One process, one handle at a time; share the Store among engines.
 */
export class Store {
  /** The folder. */
  readonly dir: string;
  readonly #driver: LevelDriver;
  readonly #writer: Writer;
  readonly #care: StoreCare;
  readonly #lifecycle: Lifecycle;

  private constructor(
    dir: string,
    driver: LevelDriver,
    writer: Writer,
    care: StoreCare,
    lifecycle: Lifecycle,
  ) {
    this.dir = dir;
    this.#driver = driver;
    this.#writer = writer;
    this.#care = care;
    this.#lifecycle = lifecycle;
  }

  /**
   * Opens the store in a folder, or makes a new one. Damage is looked for before anything is changed.
   * Throws `OPTIONS_INVALID`, `STORE_UNOPENABLE`, `STORE_LOCKED`, `STORE_CORRUPT`, `STORE_VERSION_NEWER`, `STORE_FULL`.
   */
  static async open(options: StoreOptions): Promise<Store> {
    const {
      dir,
      logger = silentLogger,
      clock = systemClock,
    } = validate(storeOptionsSchema, options, { what: "Store options" });
    const lifecycle = new Lifecycle("Store");
    try {
      // LevelDB knows its lock by the path as it is spelt, so one folder must have one spelling.
      const folder = await makeFolder(dir);
      await refuseLinks(folder);
      lifecycle.add(await claimFolder(folder));
      const driver = await LevelDriver.open(folder, logger);
      lifecycle.add(driver);
      const id = await prepareFormat(driver, dir, logger);
      const mark = await DurableMark.open(folder, logger);
      lifecycle.add(mark);
      const sequence = await readSequence(driver, mark, dir);
      const snapshots = await Snapshots.open(folder, id, sequence, logger);
      const log = await ChangeLog.open(driver, () => snapshots.oldest);
      const writer = new Writer(driver, mark, log, sequence, logger);
      snapshots.follow(() => writer.sequence);
      await noteOwner(folder, clock);
      lifecycle.add(() => forgetOwner(folder));
      lifecycle.add(writer);
      const care = new StoreCare({ dir: folder, driver, writer, log, snapshots, lifecycle });
      return new Store(dir, driver, writer, care, lifecycle);
    } catch (error) {
      await closeQuietly(lifecycle, logger);
      if (isLocked(error)) throw await lockedError(dir, error);
      throw isFull(error) ? fullError(dir, error) : error;
    }
  }

  /** Sequence of the last applied batch; 0 when nothing was ever written. */
  get sequence(): number {
    return this.#writer.sequence;
  }

  /** A collection by its name: any non-empty string. Cheap: no I/O. */
  collection<Value>(name: string): Collection<Value> {
    return new LevelCollection<Value>(name, this.#driver, this.#lifecycle);
  }

  /**
   * Applies all operations or none, in order, and resolves to the batch's sequence. The same key may occur twice; the
   * last one stays.
   * Throws `STORE_FULL` when there is no room: the store then keeps reading, and writes again once there is room. A
   * batch that failed so is either wholly absent or, when the disk failed only in the end, wholly there.
   * Also throws `ABORTED`, `CLOSED`, `STORE_IO`, `STORE_KEY_INVALID`.
   */
  async write(operations: readonly WriteOperation[], options: WriteOptions = {}): Promise<number> {
    validate(writeOptionsSchema, options, { what: "Options of write" });
    return this.#lifecycle.track(async () => this.#writer.write(operations, options));
  }

  /** A derived index that is kept under this name: any non-empty string of up to 60 characters. Cheap: no I/O. */
  snapshot(name: string): Snapshot {
    return this.#care.snapshot(name);
  }

  /**
   * Every key of these collections that a write with a sequence above `after` touched, each once, in no order. Undefined
   * when the change log does not reach back so far: then everything is to be looked at. Throws `INPUT_INVALID`, `CLOSED`.
   */
  changes(after: number, collections: readonly string[]): Promise<readonly Change[] | undefined> {
    return this.#care.changes(after, collections);
  }

  /**
   * Copies the store into a new or empty folder while reading and writing go on. The copy is a store of its own, as this
   * one was at the sequence that is returned; snapshots are not in it.
   * Throws `STORE_NOT_EMPTY`, `STORE_UNOPENABLE`, `STORE_FULL`, `STORE_IO`, `ABORTED`: then the folder is empty again.
   */
  backup(options: BackupOptions): Promise<number> {
    return this.#care.backup(options);
  }

  /**
   * Removes every byte of what was deleted or overwritten before the call from the store's folder: the change log begins
   * anew, snapshots of an earlier sequence go. Needs room for a second copy meanwhile. Reads go on; writes wait at the end.
   * Throws `STORE_FULL`, `STORE_IO`, `ABORTED`: then nothing changed.
   */
  compact(options: CompactOptions = {}): Promise<void> {
    return this.#care.compact(options);
  }

  /**
   * Looks at every byte of a store that nobody has open. It changes nothing unless `repair` is set: then snapshots that are of
   * no use are removed, and where records are damaged, what can be read goes into a new database, while the old one is
   * kept beside it as `damaged…`.
   * Throws `STORE_LOCKED`, `STORE_UNOPENABLE` when there is no store, `STORE_VERSION_NEWER`, `STORE_FULL`, `ABORTED`.
   */
  static check(options: CheckOptions): Promise<StoreReport> {
    return checkClosed(options);
  }

  /**
   * Copies a backup, or another store that nobody has open, into a new or empty folder. It is checked first, wholly.
   * Throws `STORE_CORRUPT` when the backup is damaged, `STORE_NOT_EMPTY`, and what {@link Store.check} throws.
   */
  static restore(options: RestoreOptions): Promise<StoreReport> {
    return restoreClosed(options);
  }

  /** Waits for all writes, makes them durable and lets go of the folder. Idempotent. */
  close(): Promise<void> {
    return this.#lifecycle.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Makes the folder when it is not there; gives its real path. */
async function makeFolder(dir: string): Promise<string> {
  try {
    await mkdir(dir, { recursive: true });
    return await realpath(dir);
  } catch (cause) {
    if (isFull(cause)) throw cause;
    throw storeError(
      "STORE_UNOPENABLE",
      `The folder ${dir} cannot be made. Check its path and who may write there.`,
      {
        cause,
        details: { dir },
      },
    );
  }
}

async function readSequence(driver: LevelDriver, mark: DurableMark, dir: string): Promise<number> {
  const sequence = await storedSequence(driver);
  if (!Number.isSafeInteger(sequence)) throw corruptError(dir, "the record of its sequence is damaged");
  const durable = await mark.get();
  if (sequence < durable) {
    throw corruptError(dir, `it ends at batch ${sequence}, but batch ${durable} had been written durably`, {
      sequence,
      durable,
    });
  }
  return sequence;
}

async function closeQuietly(lifecycle: Lifecycle, logger: Logger): Promise<void> {
  try {
    await lifecycle.close();
  } catch (error) {
    logger.warn({ error }, "a store that could not be opened did not close cleanly");
  }
}
