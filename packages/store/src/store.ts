import { mkdir, readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import {
  type Clock,
  coreError,
  Lifecycle,
  type Logger,
  silentLogger,
  systemClock,
  throwIfAborted,
  validate,
} from "@agentos/core";
import { type AppliedBatch, changeOf, Listeners, type StoreChange } from "./changes.js";
import { type Collection, StoredCollection } from "./collection.js";
import { LevelDriver } from "./drivers/level-driver.js";
import { corruptError, fullError, isFull, isLocked } from "./drivers/level-errors.js";
import { DurableMark } from "./durable-mark.js";
import type { StoreEngine, StoreRole } from "./engine.js";
import { storeError } from "./errors.js";
import { FORMAT_KEY, SEQUENCE_KEY } from "./keys.js";
import { LocalEngine } from "./local-engine.js";
import type { WriteOperation } from "./operations.js";
import {
  type CallOptions,
  callOptionsSchema,
  type StoreOptions,
  storeOptionsSchema,
  type WriteOptions,
  writeOptionsSchema,
} from "./options.js";
import { claimFolder, forgetOwner, lockedError, noteOwner } from "./owner.js";
import { type ServiceHandler, Services } from "./services.js";
import { BatchLog } from "./sharing/batch-log.js";
import { type OpenFolder, SharedEngine } from "./sharing/shared-engine.js";
import { type BatchFollower, Writer } from "./writer.js";

/** The format that this version writes and the newest that it reads. */
export const STORE_FORMAT = 1;

/**
 * One durable store for all engines, embedded, in one folder: collections of JSON values, atomic batches with a
 * sequence number. One process has the folder open; with `shared` others work through it.
 */
export class Store {
  /** The folder. */
  readonly dir: string;
  readonly #engine: StoreEngine;
  readonly #changes: Listeners<StoreChange>;
  readonly #roles: Listeners<StoreRole>;
  readonly #services: Services;
  readonly #lifecycle: Lifecycle;

  private constructor(parts: StoreParts, engine: StoreEngine, lifecycle: Lifecycle) {
    this.dir = parts.dir;
    this.#engine = engine;
    this.#changes = parts.changes;
    this.#roles = parts.roles;
    this.#services = parts.services;
    this.#lifecycle = lifecycle;
  }

  /**
   * Opens the store in a folder, or makes a new one. Damage is looked for before anything is changed.
   * Throws `OPTIONS_INVALID`, `STORE_UNOPENABLE`, `STORE_LOCKED`, `STORE_CORRUPT`, `STORE_VERSION_NEWER`, `STORE_FULL`,
   * and when it is shared `STORE_OWNER_UNREACHABLE`, `STORE_PROTOCOL_MISMATCH`, `ABORTED`.
   */
  static async open(options: StoreOptions): Promise<Store> {
    const {
      dir,
      shared = false,
      logger = silentLogger,
      clock = systemClock,
      signal,
    } = validate(storeOptionsSchema, options, { what: "Store options" });
    throwIfAborted(signal);
    const parts: StoreParts = {
      dir,
      logger,
      clock,
      changes: new Listeners(logger),
      roles: new Listeners(logger),
      services: new Services(dir),
    };
    const lifecycle = new Lifecycle("Store");
    try {
      // LevelDB knows its lock by the path as it is spelt, so one folder must have one spelling.
      const folder = await makeFolder(dir);
      const engine = await (shared ? openShared(folder, parts, signal) : openAlone(folder, parts));
      lifecycle.add(engine);
      return new Store(parts, engine, lifecycle);
    } catch (error) {
      throw isFull(error) ? fullError(dir, error) : error;
    }
  }

  /** Sequence of the last applied batch, as far as this process was told of it; 0 when nothing was ever written. */
  get sequence(): number {
    return this.#engine.sequence;
  }

  /** Whether this process has the folder open itself. It always has unless the store is shared. */
  get role(): StoreRole {
    return this.#engine.role;
  }

  /** A collection by its name: any non-empty string. Cheap: no I/O. */
  collection<Value>(name: string): Collection<Value> {
    return new StoredCollection<Value>(name, this.#engine, this.#lifecycle);
  }

  /**
   * Calls the listener for every batch behind {@link Store.sequence}, by whichever process, in order, and before the
   * write resolves in the process that asked for it. Gives what removes the listener.
   */
  onChange(listener: (change: StoreChange) => void): () => void {
    this.#lifecycle.guard();
    return this.#changes.add(listener);
  }

  /** Calls the listener when this process takes over a shared store: then it is the owner. Gives what removes it. */
  onRole(listener: (role: StoreRole) => void): () => void {
    this.#lifecycle.guard();
    return this.#roles.add(listener);
  }

  /**
   * Offers a service to all processes that share the store; it answers while this process is the owner. Gives what takes
   * the service away. Throws `INPUT_INVALID` when this Store serves it already.
   */
  serve(service: string, handler: ServiceHandler): () => void {
    this.#lifecycle.guard();
    return this.#services.add(service, handler);
  }

  /**
   * Asks a service of the owner, in this process or another; request and answer are JSON. Right after an owner took over,
   * calls wait up to 5 seconds for it to offer the service. When the owner ends during the call the next one is asked
   * again, so let a service answer questions, and write what must happen once with {@link Store.write} in the caller.
   * Throws `STORE_SERVICE_UNKNOWN`, `STORE_SERVICE_FAILED`, `STORE_OWNER_UNREACHABLE`, `STORE_MESSAGE_TOO_LARGE`,
   * `STORE_VALUE_INVALID`, `ABORTED`, `CLOSED`, and the errors of AgentOS that the handler throws.
   */
  async call(service: string, request: unknown, options: CallOptions = {}): Promise<unknown> {
    validate(callOptionsSchema, options, { what: "Options of call" });
    if (typeof service !== "string" || service === "")
      throw coreError("INPUT_INVALID", "A service has a non-empty name.");
    return this.#lifecycle.track(async () => this.#engine.call(service, request, options.signal));
  }

  /**
   * Applies all operations or none, in order, and resolves to the batch's sequence. The same key may occur twice; the
   * last one stays.
   * Throws `STORE_FULL` when there is no room: the store then keeps reading, and writes again once there is room. A
   * batch that failed so is either wholly absent or, when the disk failed only in the end, wholly there.
   * In a shared store it is applied once even when the owner ends meanwhile, and may have 64 MiB as a message. When the
   * owner does not answer, `STORE_OWNER_UNREACHABLE` leaves open whether it was applied.
   * Also throws `ABORTED`, `CLOSED`, `STORE_IO`, `STORE_KEY_INVALID`, `STORE_MESSAGE_TOO_LARGE`.
   */
  async write(operations: readonly WriteOperation[], options: WriteOptions = {}): Promise<number> {
    validate(writeOptionsSchema, options, { what: "Options of write" });
    return this.#lifecycle.track(async () => this.#engine.write(operations, options));
  }

  /** Waits for all writes, makes them durable and lets go of the folder. Idempotent. */
  close(): Promise<void> {
    return this.#lifecycle.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

interface StoreParts {
  readonly dir: string;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly changes: Listeners<StoreChange>;
  readonly roles: Listeners<StoreRole>;
  readonly services: Services;
}

function openShared(
  folder: string,
  parts: StoreParts,
  signal: AbortSignal | undefined,
): Promise<StoreEngine> {
  const openFolder: OpenFolder = async (tell, takeOver) => {
    let log: BatchLog | undefined;
    const engine = await openLocal(folder, parts, { shared: true, takeOver }, async (driver) => {
      log = await BatchLog.load(driver, parts.clock, tell);
      return log;
    });
    return { engine, log: log as BatchLog };
  };
  return SharedEngine.open({ ...parts, folder, openFolder }, signal);
}

function openAlone(folder: string, parts: StoreParts): Promise<StoreEngine> {
  const { changes } = parts;
  return openLocal(folder, parts, { shared: false, takeOver: false }, async () => ({
    records: () => [],
    applied: (batches: readonly AppliedBatch[]) => {
      if (!changes.none) for (const batch of batches) changes.tell(changeOf(batch));
    },
    recovered: async (_from: number, to: number) => changes.tell({ sequence: to, changed: "unknown" }),
  }));
}

/** Takes the folder for this process. */
async function openLocal(
  folder: string,
  { dir, logger, clock, services }: StoreParts,
  { shared, takeOver }: { readonly shared: boolean; readonly takeOver: boolean },
  follow: (driver: LevelDriver) => Promise<BatchFollower>,
): Promise<LocalEngine> {
  const lifecycle = new Lifecycle("Store");
  try {
    await refuseLinks(folder);
    lifecycle.add(await claimFolder(folder));
    // The last owner checked the tables; to do so again could take seconds, in which nobody works.
    const driver = await LevelDriver.open(folder, logger, !takeOver);
    lifecycle.add(driver);
    await readFormat(driver, dir);
    const mark = await DurableMark.open(folder, logger);
    lifecycle.add(mark);
    const follower = await follow(driver);
    const writer = new Writer(driver, mark, await readSequence(driver, mark, dir), logger, follower);
    await noteOwner(folder, clock, shared);
    lifecycle.add(() => forgetOwner(folder));
    lifecycle.add(writer);
    services.opened();
    return new LocalEngine({ driver, writer, services, close: () => lifecycle.close() });
  } catch (error) {
    await closeQuietly(lifecycle, logger);
    if (isLocked(error)) throw await lockedError(dir, error);
    throw isFull(error) ? fullError(dir, error) : error;
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
