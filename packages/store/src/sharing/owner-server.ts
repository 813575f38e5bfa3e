import { chmod } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { type Logger, validate } from "@agentos/core";
import type { StoreChange } from "../changes.js";
import { fullError, isFull } from "../drivers/level-errors.js";
import { storeError } from "../errors.js";
import { Connection } from "./connection.js";
import { encodeFrame } from "./frames.js";
import { greetClient, type Shared } from "./handshake.js";
import { announcePlace, type MeetingPlace, makePlace, sweepSockets, withdrawPlace } from "./meeting-place.js";
import { clientMessageSchema, type OwnerMessage, type Request } from "./messages.js";
import { isBrief, isLeft, type Owned, RequestHandler } from "./request-handler.js";
import { toWire } from "./wire-error.js";

/** Connections that have not proved who they are, at most. */
const STRANGERS = 64;
/** Changes in one message, when a client is told what it missed. */
const CHANGES_AT_ONCE = 256;
/** So long a closing owner waits until its clients have taken their last answers. */
const GOODBYE_MS = 500;

/**
 * What one client may have under way: requests that are read and not answered, and bytes of answers that it has not taken.
 * Beyond that it is not read, so that what it asks waits in its own memory.
 */
const BRIEF_REQUESTS = 128;
const UNREAD_BYTES = 8 * 2 ** 20;
/** A client whose pings are not read is told so often that its owner is there. */
const SIGN_OF_LIFE_MS = 1_000;

interface Peer {
  readonly connection: Connection;
  readonly handler: RequestHandler;
  /** Changes that came while it is told of earlier ones; undefined when it is up to date. */
  behind: StoreChange[] | undefined;
  /** Brief requests that are not answered yet. Others may be ended by what the client says next, and do not count. */
  brief: number;
}

/** Lets other processes of the same user work through the one that owns the folder. */
export class OwnerServer {
  readonly #owned: Owned;
  readonly #folder: string;
  readonly #shared: Shared;
  readonly #place: MeetingPlace;
  readonly #server: Server;
  readonly #logger: Logger;
  readonly #peers = new Set<Peer>();
  readonly #strangers = new Set<Connection>();
  /** The last batch that clients were told of. The engine may be one ahead. */
  #told: number;
  #closing = false;
  readonly #signs: NodeJS.Timeout;

  private constructor(
    owned: Owned,
    folder: string,
    identity: string,
    place: MeetingPlace,
    server: Server,
    logger: Logger,
  ) {
    this.#owned = owned;
    this.#folder = folder;
    this.#shared = { token: place.token, identity };
    this.#place = place;
    this.#server = server;
    this.#logger = logger;
    this.#told = owned.engine.sequence;
    this.#signs = setInterval(() => {
      for (const peer of this.#peers)
        if (peer.brief >= BRIEF_REQUESTS && peer.connection.backlog === 0) this.#say(peer, { t: "pong" });
    }, SIGN_OF_LIFE_MS);
    this.#signs.unref();
  }

  /** Listens where nobody finds it yet. Throws `STORE_UNOPENABLE`. */
  static async listen(owned: Owned, folder: string, identity: string, logger: Logger): Promise<OwnerServer> {
    const place = await makePlace();
    const server = createServer();
    const owner = new OwnerServer(owned, folder, identity, place, server, logger);
    server.on("connection", (socket) => void owner.#accept(socket));
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(place.path, resolve);
      });
      server.on("error", (error) => logger.warn({ error }, "the store's socket failed"));
      server.unref();
      if (process.platform !== "win32") await chmod(place.path, 0o600);
      return owner;
    } catch (error) {
      await owner.close();
      throw unshareable(folder, error);
    }
  }

  /** Tells clients where to find it. Throws `STORE_UNOPENABLE`, `STORE_FULL`. */
  async announce(): Promise<void> {
    try {
      await announcePlace(this.#folder, this.#place);
    } catch (error) {
      throw unshareable(this.#folder, error);
    }
    void sweepSockets();
  }

  /** Tells all clients of batches, in order. */
  tell(changes: readonly StoreChange[]): void {
    this.#told = changes.at(-1)?.sequence ?? this.#told;
    if (this.#peers.size === 0) return;
    const frames = framesOf(changes);
    for (const peer of this.#peers) {
      if (peer.behind !== undefined) peer.behind.push(...changes);
      else for (const frame of frames) peer.connection.push(frame);
    }
  }

  /** Answers what is under way, except what is left to the next owner, and sends everybody away. What is not answered is asked of the next owner. */
  async close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#signs);
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const stranger of this.#strangers) stranger.destroy();
    await Promise.all(
      [...this.#peers].map(async ({ connection, handler }) => {
        await handler.close();
        await connection.end(GOODBYE_MS);
      }),
    );
    await withdrawPlace(this.#folder, this.#place);
    await closed;
  }

  async #accept(socket: Socket): Promise<void> {
    const connection = new Connection(socket);
    if (this.#closing || this.#strangers.size >= STRANGERS) return connection.destroy();
    this.#strangers.add(connection);
    try {
      const greeting = await greetClient(connection, this.#shared);
      if (greeting !== undefined && !this.#closing) await this.#admit(connection, greeting.since);
    } catch (error) {
      this.#logger.debug({ error }, "a connection to the store's owner was refused");
      connection.destroy();
    } finally {
      this.#strangers.delete(connection);
    }
  }

  async #admit(connection: Connection, since: number | undefined): Promise<void> {
    const handler = new RequestHandler(this.#owned);
    const peer: Peer = { connection, handler, behind: [], brief: 0 };
    connection.onDrain(() => goOn(peer));
    this.#peers.add(peer);
    connection.open(
      (message) => this.#hear(peer, message),
      () => {
        this.#peers.delete(peer);
        void handler.close();
      },
    );
    await this.#catchUp(peer, since);
    // From here to the end nothing waits, so no change is left out or told twice.
    const { behind } = peer;
    peer.behind = undefined;
    for (const frame of framesOf(behind ?? [])) connection.push(frame);
    this.#say(peer, { t: "welcome", sequence: this.#told });
  }

  /** Tells a client that was here before what it missed. */
  async #catchUp(peer: Peer, since: number | undefined): Promise<void> {
    const sequence = this.#told;
    if (since === undefined || since >= sequence) return;
    const missed = await this.#owned.engine.since(since, sequence);
    const changes: readonly StoreChange[] = missed ?? [{ sequence, changed: "unknown" }];
    for (const frame of framesOf(changes)) peer.connection.push(frame);
  }

  #hear(peer: Peer, message: unknown): void {
    if (this.#closing) return;
    const said = validate(clientMessageSchema, message, { what: "Message of a client" });
    if (said.t === "ping") this.#say(peer, { t: "pong" });
    else if (said.t === "cancel") peer.handler.cancel(said.n);
    else if (said.t === "drop") peer.handler.drop(said.walk);
    else void this.#answer(peer, said);
    if (isBusy(peer)) peer.connection.hold();
  }

  async #answer(peer: Peer, request: Request): Promise<void> {
    const { n } = request;
    const counted = isBrief(request) ? 1 : 0;
    peer.brief += counted;
    try {
      const value = await peer.handler.handle(request, (progress) =>
        this.#say(peer, { t: "progress", n, progress }),
      );
      this.#say(peer, { t: "answer", n, value });
    } catch (error) {
      // What was ended because this owner closes is the next one's.
      if (this.#closing && isLeft(request)) return;
      this.#say(peer, { t: "error", n, error: toWire(error) });
    } finally {
      peer.brief -= counted;
      goOn(peer);
    }
  }

  #say(peer: Peer, message: OwnerMessage): void {
    if (!peer.connection.destroyed) peer.connection.send(message);
  }
}

function isBusy({ brief, connection }: Peer): boolean {
  return brief >= BRIEF_REQUESTS || connection.backlog > UNREAD_BYTES;
}

function goOn(peer: Peer): void {
  if (!isBusy(peer)) peer.connection.resume();
}

function framesOf(changes: readonly StoreChange[]): readonly Buffer[] {
  if (changes.length === 0) return [];
  if (changes.length > CHANGES_AT_ONCE) {
    return [...framesOf(changes.slice(0, CHANGES_AT_ONCE)), ...framesOf(changes.slice(CHANGES_AT_ONCE))];
  }
  try {
    return [encodeFrame({ t: "changes", changes })];
  } catch {
    // Too much for one message. A single batch always fits: its size was bounded when it was written.
    const half = changes.length >> 1;
    return half === 0 ? [] : [...framesOf(changes.slice(0, half)), ...framesOf(changes.slice(half))];
  }
}

function unshareable(folder: string, error: unknown): Error {
  if (isFull(error)) return fullError(folder, error);
  return storeError("STORE_UNOPENABLE", `The store in ${folder} cannot be shared: ${error}`, {
    cause: error,
    details: { dir: folder },
  });
}
