import { realpath } from "node:fs/promises";
import { coreError, Lifecycle, silentLogger, systemClock, throwIfAborted, validate } from "@agentos/core";
import type { Change } from "./change-log.js";
import { Listeners, type StoreChange } from "./changes.js";
import type { StoreReport } from "./check.js";
import { type Collection, StoredCollection } from "./collection.js";
import { fullError, isFull } from "./drivers/level-errors.js";
import type { StoreEngine, StoreRole } from "./engine.js";
import { storeError } from "./errors.js";
import { type FolderParts, type OpenFolder, openFolder, type Tell } from "./open-folder.js";
import type { WriteOperation } from "./operations.js";
import {
  type CallOptions,
  callOptionsSchema,
  type StoreOptions,
  storeOptionsSchema,
  type WriteOptions,
  writeOptionsSchema,
} from "./options.js";
import { makePrivateFolder } from "./private-folder.js";
import { type ServiceHandler, Services } from "./services.js";
import { SharedEngine } from "./sharing/shared-engine.js";
import type { Snapshot } from "./snapshot.js";
import {
  type BackupOptions,
  type CheckOptions,
  type CompactOptions,
  checkClosed,
  type RestoreOptions,
  restoreClosed,
  StoreCare,
} from "./store-care.js";

/**
 * One durable store for all engines, embedded, in one folder: collections of JSON values, atomic batches with a
 * sequence number. One process has the folder open; with `shared` others work through it.
 */
export class Store {
  /** The folder. */
  readonly dir: string;
  readonly #engine: StoreEngine;
  readonly #care: StoreCare;
  readonly #changes: Listeners<StoreChange>;
  readonly #roles: Listeners<StoreRole>;
  readonly #services: Services;
  readonly #lifecycle: Lifecycle;

  private constructor(parts: StoreParts, engine: StoreEngine, lifecycle: Lifecycle) {
    this.dir = parts.dir;
    this.#engine = engine;
    this.#care = new StoreCare(engine, lifecycle);
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

  /**
   * A derived index that is kept under this name: any non-empty string of up to 60 characters. Cheap: no I/O. In a shared
   * store it is the owner's alone to read and write: clients get `STORE_NOT_OWNER`, and ask a service of the owner instead.
   */
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
   * one was at the sequence that is returned; snapshots are not in it. In a shared store the owner does it, wherever it
   * is asked for, and the next owner begins again when it ends meanwhile.
   * Throws `STORE_NOT_EMPTY`, `STORE_UNOPENABLE`, `STORE_FULL`, `STORE_IO`, `ABORTED`: then the folder is empty again.
   * Also throws `STORE_OWNER_UNREACHABLE`, which leaves open what became of it, and `CLOSED`.
   */
  backup(options: BackupOptions): Promise<number> {
    return this.#care.backup(options);
  }

  /**
   * Removes every byte of what was deleted or overwritten before the call from the store's folder: the change log begins
   * anew, snapshots of an earlier sequence go. Needs room for a second copy meanwhile. Reads go on; writes wait at the end.
   * In a shared store the owner does it, wherever it is asked for, and the next owner begins again when it ends meanwhile.
   * Throws `STORE_FULL`, `STORE_IO`, `ABORTED`: then nothing changed; `CLOSED`, and `STORE_OWNER_UNREACHABLE`, which
   * leaves open what became of it.
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

interface StoreParts extends FolderParts {
  readonly changes: Listeners<StoreChange>;
  readonly roles: Listeners<StoreRole>;
}

function openShared(
  folder: string,
  parts: StoreParts,
  signal: AbortSignal | undefined,
): Promise<StoreEngine> {
  const open: OpenFolder = (tell, takeOver) => openFolder(folder, parts, { shared: true, takeOver, tell });
  return SharedEngine.open({ ...parts, folder, openFolder: open }, signal);
}

function openAlone(folder: string, parts: StoreParts): Promise<StoreEngine> {
  const tell: Tell = (changes) => {
    for (const change of changes) parts.changes.tell(change);
  };
  return openFolder(folder, parts, { shared: false, takeOver: false, tell });
}

/** Makes the folder when it is not there; gives its real path. */
async function makeFolder(dir: string): Promise<string> {
  try {
    await makePrivateFolder(dir);
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
