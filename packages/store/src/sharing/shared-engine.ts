import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { abortedError, type Clock, isAgentOSError, type Logger, throwIfAborted } from "@agentos/core";
import { requireEmpty } from "../backup.js";
import type { Change } from "../change-log.js";
import type { Listeners, StoreChange } from "../changes.js";
import type { CopyOptions } from "../copy.js";
import type { LevelRange } from "../drivers/level-driver.js";
import type { StoreEngine, StoreRole } from "../engine.js";
import { storeError } from "../errors.js";
import type { LocalEngine } from "../local-engine.js";
import type { OpenFolder } from "../open-folder.js";
import type { WriteOperation } from "../operations.js";
import type { WriteOptions } from "../options.js";
import { throughJson } from "../services.js";
import type { Snapshots } from "../snapshots.js";
import type { Connection } from "./connection.js";
import { keepAlive } from "./keep-alive.js";
import { folderIdentity } from "./meeting-place.js";
import type { OwnerMessage, RequestBody } from "./messages.js";
import { OwnerServer } from "./owner-server.js";
import { PendingRequests } from "./pending-requests.js";
import { walkRemotely } from "./remote-walk.js";
import { type Owned, RequestHandler } from "./request-handler.js";
import { type Found, Search, unreachableError } from "./search.js";
import { requireSendable } from "./size.js";
import { fromWire } from "./wire-error.js";

/** So long closing waits for the other side of a connection. */
const GOODBYE_MS = 500;

/** What a {@link SharedEngine} is given. */
export interface SharedEngineOptions {
  /** The folder as the user calls it, for messages. */
  readonly dir: string;
  /** Its real path. */
  readonly folder: string;
  readonly openFolder: OpenFolder;
  readonly changes: Listeners<StoreChange>;
  readonly roles: Listeners<StoreRole>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * A store that several processes use: works through the process that has the folder open, and becomes that process when
 * nobody is. What was asked and not answered goes on with the next owner.
 */
export class SharedEngine implements StoreEngine {
  readonly #options: SharedEngineOptions;
  readonly #pending: PendingRequests;
  readonly #search: Search<Owned>;
  readonly #id = randomBytes(12).toString("hex");
  #writes = 0;
  #walks = 0;
  /** The last batch that the listeners of this process were told of; undefined before the first owner was found. */
  #told: number | undefined;
  #local: LocalEngine | undefined;
  #server: OwnerServer | undefined;
  #connection: Connection | undefined;
  #pid: number | undefined;
  #closed = false;
  #seeking: Promise<void> | undefined;

  private constructor(options: SharedEngineOptions, identity: string) {
    this.#options = options;
    const { dir, folder, clock } = options;
    const engine = this;
    this.#search = new Search(identity, {
      dir,
      folder,
      open: () => this.#takeFolder(),
      listener: {
        get since(): number | undefined {
          return engine.#told;
        },
        hear: (message) => this.#hear(message),
        lost: () => this.#lost(),
      },
    });
    this.#pending = new PendingRequests(clock, () => this.#unreachable(this.#search.lastError));
  }

  /** Throws what `Store.open` throws. */
  static async open(options: SharedEngineOptions, signal: AbortSignal | undefined): Promise<SharedEngine> {
    return keepAlive(async () => {
      const engine = new SharedEngine(options, await folderIdentity(options.folder));
      try {
        while (!engine.#settle(await engine.#search.first(signal))) throwIfAborted(signal);
        return engine;
      } catch (error) {
        await engine.close();
        throw error;
      }
    });
  }

  get role(): StoreRole {
    return this.#local === undefined ? "client" : "owner";
  }

  get sequence(): number {
    return this.#local?.sequence ?? this.#told ?? 0;
  }

  get snapshots(): Snapshots {
    if (this.#local !== undefined) return this.#local.snapshots;
    const { dir } = this.#options;
    throw storeError(
      "STORE_NOT_OWNER",
      `The snapshots of the store in ${dir} are read and written by the process that owns it${this.#pid === undefined ? "" : ` (pid ${this.#pid})`}. Ask a service of it, or wait until onRole says that this process is the owner.`,
      { details: { dir, ...(this.#pid === undefined ? {} : { pid: this.#pid }) } },
    );
  }

  get(key: string): Promise<string | undefined> {
    if (this.#local !== undefined) return this.#local.get(key);
    return this.#pending.ask({ t: "get", key }, undefined) as Promise<string | undefined>;
  }

  entries(range: LevelRange): AsyncIterable<readonly [key: Buffer, value: string]> {
    if (this.#local !== undefined) return this.#local.entries(range);
    this.#walks += 1;
    return walkRemotely(this.#pending, this.#walks, range);
  }

  async write(operations: readonly WriteOperation[], options: WriteOptions): Promise<number> {
    requireSendable(operations);
    if (this.#local !== undefined) return this.#local.write(operations, options);
    const { durable = false, signal } = options;
    this.#writes += 1;
    const request = `${this.#id}:${this.#writes}`;
    const body = { t: "write", request, operations: [...operations], durable } as const;
    return (await this.#settled(body, { signal })) as number;
  }

  async changes(after: number, collections: readonly string[]): Promise<readonly Change[] | undefined> {
    if (this.#local !== undefined) return this.#local.changes(after, collections);
    const body = { t: "changed", after, collections: [...collections] } as const;
    try {
      return (await this.#pending.ask(body, undefined)) as readonly Change[] | undefined;
    } catch (error) {
      // So much changed that it is better to look at everything.
      if (isAgentOSError(error, "STORE_MESSAGE_TOO_LARGE")) return undefined;
      throw error;
    }
  }

  async backup(dir: string, options: CopyOptions): Promise<number> {
    // Another process has another working folder.
    const folder = resolve(dir);
    if (this.#local !== undefined) return this.#local.backup(folder, options);
    // Looked at here, so that whatever lies there when the next owner is asked again is what the last one left.
    await requireEmpty(folder);
    return (await this.#settled({ t: "backup", dir: folder }, options)) as number;
  }

  async compact(signal: AbortSignal | undefined): Promise<void> {
    if (this.#local !== undefined) return this.#local.compact(signal);
    await this.#settled({ t: "compact" }, { signal });
  }

  async call(service: string, request: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    if (this.#local !== undefined) return this.#local.call(service, request, signal);
    const copy = throughJson(request, `request to "${service}"`);
    return this.#pending.ask({ t: "call", service, request: copy }, signal);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#search.stop();
    await keepAlive(async () => {
      await this.#seeking;
      this.#pending.failAll(this.#unreachable(undefined));
      await this.#connection?.end(GOODBYE_MS);
      await this.#server?.close();
      await this.#local?.close();
    });
  }

  /** Asks for what the owner brings to an end even when the caller cancels. */
  async #settled(body: RequestBody, { signal, onProgress }: CopyOptions): Promise<unknown> {
    try {
      return await this.#pending.ask(body, signal, onProgress);
    } catch (error) {
      throw isAgentOSError(error, "ABORTED") && signal?.aborted === true ? abortedError(signal) : error;
    }
  }

  /** Takes the seat that was found; false when it is gone already. */
  #settle(found: Found<Owned>): boolean {
    if (found.role === "client") return this.#follow(found.connection, found.pid);
    this.#local = found.opened.engine;
    this.#askMyself(found.opened);
    this.#options.roles.tell("owner");
    return true;
  }

  #follow(connection: Connection, pid: number): boolean {
    if (connection.destroyed) return false;
    this.#connection = connection;
    this.#pid = pid;
    this.#pending.connect({
      send: (message) => connection.send(message),
      hang: () => {
        this.#pending.failAll(this.#unreachable(undefined));
        connection.destroy();
      },
    });
    return true;
  }

  #lost(): void {
    this.#connection = undefined;
    this.#pending.disconnect();
    if (this.#closed || this.#seeking !== undefined) return;
    this.#seeking = this.#seek().finally(() => {
      this.#seeking = undefined;
    });
  }

  async #seek(): Promise<void> {
    while (!this.#closed) {
      try {
        const found = await this.#search.again();
        if (found === undefined || this.#settle(found)) return;
      } catch (error) {
        const { logger, dir } = this.#options;
        logger.warn({ error, dir }, "a shared store lost its owner and finds no other");
        this.#search.lastError = error;
        this.#pending.failAll(error);
        await this.#search.rest();
      }
    }
  }

  #hear(message: OwnerMessage): void {
    this.#pending.heard();
    if (message.t === "answer") this.#pending.answer(message.n, message.value);
    else if (message.t === "error") this.#pending.fail(message.n, fromWire(message.error));
    else if (message.t === "progress") this.#pending.progress(message.n, message.progress);
    else if (message.t === "changes") this.#hearChanges(message.changes);
    else if (message.t === "welcome") this.#agree(message.sequence);
  }

  #hearChanges(changes: readonly StoreChange[]): void {
    for (const change of changes) {
      // A new owner may tell again what the last one told.
      const known = this.#told !== undefined && change.sequence <= this.#told;
      if (known && change.changed !== "unknown") continue;
      this.#told = change.sequence;
      this.#options.changes.tell(change);
    }
  }

  /** All that the owner knows was told. When it is less than this process knows, the folder was put back. */
  #agree(sequence: number): void {
    if (this.#told !== undefined && this.#told > sequence)
      this.#hearChanges([{ sequence, changed: "unknown" }]);
    this.#told = sequence;
  }

  #unreachable(cause: unknown): Error {
    return unreachableError(this.#options.dir, this.#pid, cause);
  }

  /** Opens the folder and lets others in. */
  async #takeFolder(): Promise<Owned> {
    const { folder, logger, openFolder } = this.#options;
    const engine = await openFolder((changes) => this.#applied(changes), this.#pid !== undefined);
    try {
      // Before anybody can write: what the last owner applied and could not tell.
      const { sequence } = engine;
      if (this.#told !== undefined)
        this.#hearChanges((await engine.since(this.#told, sequence)) ?? [{ sequence, changed: "unknown" }]);
      this.#told = sequence;
      const owned: Owned = { engine, writes: new Map() };
      this.#server = await OwnerServer.listen(owned, folder, this.#search.identity, logger);
      await this.#server.announce();
      return owned;
    } catch (error) {
      await this.#server?.close();
      this.#server = undefined;
      await engine.close();
      throw error;
    }
  }

  /** What this process asked of the last owner is now its own to do. */
  #askMyself(owned: Owned): void {
    const handler = new RequestHandler(owned);
    this.#pending.connect({
      hang: () => {},
      send: (message) => {
        if (message.t === "ping") this.#pending.heard();
        else if (message.t === "cancel") handler.cancel(message.n);
        else if (message.t === "drop") handler.drop(message.walk);
        else {
          handler
            .handle(message, (progress) => this.#pending.progress(message.n, progress))
            .then(
              (value) => this.#pending.answer(message.n, value),
              (error) => this.#pending.fail(message.n, error),
            );
        }
      },
    });
  }

  /** Applied by this process, as the owner. */
  #applied(changes: readonly StoreChange[]): void {
    this.#hearChanges(changes);
    this.#server?.tell(changes);
  }
}
