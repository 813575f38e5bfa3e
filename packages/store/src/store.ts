import { mkdir, readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { Lifecycle, type Logger, silentLogger, systemClock, validate } from "@agentos/core";
import { type Collection, LevelCollection } from "./collection.js";
import { LevelDriver } from "./drivers/level-driver.js";
import { corruptError, fullError, isFull, isLocked } from "./drivers/level-errors.js";
import { DurableMark } from "./durable-mark.js";
import { storeError } from "./errors.js";
import { FORMAT_KEY, SEQUENCE_KEY } from "./keys.js";
import type { WriteOperation } from "./operations.js";
import { type StoreOptions, storeOptionsSchema, type WriteOptions, writeOptionsSchema } from "./options.js";
import { claimFolder, forgetOwner, lockedError, noteOwner } from "./owner.js";
import { Writer } from "./writer.js";

/** The format that this version writes and the newest that it reads. */
export const STORE_FORMAT = 1;

/**
 * One durable store for all engines, embedded, in one folder: collections of JSON values, atomic batches with a
 * sequence number. One process, one handle at a time; share the Store among engines.
 */
export class Store {
  /** The folder. */
  readonly dir: string;
  readonly #driver: LevelDriver;
  readonly #writer: Writer;
  readonly #lifecycle: Lifecycle;

  private constructor(dir: string, driver: LevelDriver, writer: Writer, lifecycle: Lifecycle) {
    this.dir = dir;
    this.#driver = driver;
    this.#writer = writer;
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
      await readFormat(driver, dir);
      const mark = await DurableMark.open(folder, logger);
      lifecycle.add(mark);
      const writer = new Writer(driver, mark, await readSequence(driver, mark, dir), logger);
      await noteOwner(folder, clock);
      lifecycle.add(() => forgetOwner(folder));
      lifecycle.add(writer);
      return new Store(dir, driver, writer, lifecycle);
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

/** A folder may come with a repository, perhaps a stranger's: nothing may be written through a link in it. */
async function refuseLinks(folder: string): Promise<void> {
  for (const below of [folder, join(folder, "level")]) {
    const entries = await readdir(below, { withFileTypes: true }).catch(() => []);
    const link = entries.find((entry) => entry.isSymbolicLink());
    if (link === undefined) continue;
    throw storeError(
      "STORE_UNOPENABLE",
      `The store in ${folder} holds a link, ${link.name}, which could lead anywhere. Remove it, or name another folder.`,
      { details: { dir: folder, link: join(below, link.name) } },
    );
  }
}

async function readFormat(driver: LevelDriver, dir: string): Promise<void> {
  const stored = await driver.get(FORMAT_KEY);
  if (stored === undefined) {
    for await (const _entry of driver.entries({ ...EVERYTHING, limit: 1 })) {
      throw corruptError(dir, "it holds data but no format version");
    }
    await driver.write([{ type: "put", key: FORMAT_KEY, value: String(STORE_FORMAT) }], true);
    return;
  }
  const format = Number(stored);
  if (!Number.isInteger(format) || format < 1)
    throw corruptError(dir, `its format version reads "${stored}"`);
  if (format > STORE_FORMAT) {
    throw storeError(
      "STORE_VERSION_NEWER",
      `The store in ${dir} has format ${format}; this version of AgentOS reads up to ${STORE_FORMAT}. Upgrade AgentOS. The data was not touched.`,
      { details: { dir, format, supported: STORE_FORMAT } },
    );
  }
}

async function readSequence(driver: LevelDriver, mark: DurableMark, dir: string): Promise<number> {
  const stored = (await driver.get(SEQUENCE_KEY)) ?? "0";
  const sequence = Number(stored);
  if (!Number.isSafeInteger(sequence) || sequence < 0)
    throw corruptError(dir, `its sequence reads "${stored}"`);
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

const EVERYTHING = {
  lower: Buffer.alloc(0),
  openLower: false,
  upper: Buffer.of(0xff),
  reverse: false,
  signal: undefined,
};
