import { connect } from "node:net";
import { validate } from "@agentos/core";
import { Connection, Timeout } from "./connection.js";
import { greetOwner, HANDSHAKE_MS, type Shared } from "./handshake.js";
import type { MeetingPlace } from "./meeting-place.js";
import { type OwnerMessage, ownerMessageSchema } from "./messages.js";

/** So long it may take the owner to tell what was missed. */
const WELCOME_MS = 10_000;

/** What a client does with what its owner says. */
export interface OwnerListener {
  /** The last sequence that the client knows; undefined when it knows none. */
  readonly since: number | undefined;
  hear(message: OwnerMessage): void;
  /** The connection has ended, after it was established. */
  lost(): void;
}

/** An owner that was found. */
export interface FoundOwner {
  readonly connection: Connection;
  readonly pid: number;
}

/**
 * Connects to the owner at a place; resolves once the owner has told all that was missed. Undefined when nobody is
 * there, or nobody who knows the token. Throws `STORE_PROTOCOL_MISMATCH`, and a Timeout when somebody is there who does
 * not answer; the signal ends the attempt.
 */
export async function connectToOwner(
  place: MeetingPlace,
  identity: string,
  dir: string,
  listener: OwnerListener,
  signal: AbortSignal,
): Promise<FoundOwner | undefined> {
  const connection = await dial(place.path);
  if (connection === undefined) return undefined;
  const abort = (): void => connection.destroy();
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  const shared: Shared = { token: place.token, identity };
  try {
    const { pid, prove } = await greetOwner(connection, shared, dir);
    await welcomed(connection, prove, listener);
    return { connection, pid };
  } catch (error) {
    connection.destroy();
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** Nobody listens there any more when it is refused or missing. */
function dial(path: string): Promise<Connection | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.unref();
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Timeout("nobody accepts the connection"));
    }, HANDSHAKE_MS);
    timer.unref();
    socket.once("connect", () => {
      clearTimeout(timer);
      resolve(new Connection(socket));
    });
    socket.once("error", () => {
      clearTimeout(timer);
      resolve(undefined);
    });
  });
}

function welcomed(
  connection: Connection,
  prove: (since: number | undefined) => void,
  listener: OwnerListener,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let established = false;
    const timer = setTimeout(() => {
      reject(new Timeout("the owner does not welcome this process"));
      connection.destroy();
    }, WELCOME_MS);
    timer.unref();
    connection.open(
      (message) => {
        const said = validate(ownerMessageSchema, message, { what: "Message of the owner" });
        listener.hear(said);
        if (said.t !== "welcome") return;
        established = true;
        clearTimeout(timer);
        resolve();
      },
      () => {
        clearTimeout(timer);
        if (established) listener.lost();
        else reject(new Error("the owner closed the connection"));
      },
    );
    prove(listener.since);
  });
}
