import { type AgentOSError, isAgentOSError, throwIfAborted } from "@agentos/core";
import { storeError } from "../errors.js";
import { type Connection, Timeout } from "./connection.js";
import { oneAtATime } from "./election.js";
import { pause } from "./keep-alive.js";
import { findPlace, folderIdentity, type MeetingPlace } from "./meeting-place.js";
import { connectToOwner, type OwnerListener } from "./owner-link.js";

/** So long an opening waits for an owner that has the folder and is not to be found yet. */
const LOCKED_MS = 10_000;
/** The same when it does not share, or not with this user, as it seems: what it left there may be the last owner's. */
const ALONE_MS = 1_000;
/** So long an opening waits for an owner that does not answer. */
const SILENT_MS = 9_000;
/** So long an opening leaves a dead owner's place to the clients that it had: they need no full check of the folder. */
const SURVIVORS_MS = 150;
/** Between two attempts: at random, so that those who seek at the same time do not get into each other's way. */
const SOON_MS = 50;
const LATER_MS = 500;
/** So many attempts come soon. */
const SOON_ATTEMPTS = 60;
const REST_MS = 1_000;

/** What a process that looks for the owner of a store has found: that it is the owner itself, or a way to it. */
export type Found<Opened> =
  | { readonly role: "owner"; readonly opened: Opened }
  | { readonly role: "client"; readonly connection: Connection; readonly pid: number };

/** What a {@link Search} is given. */
export interface SearchOptions<Opened> {
  readonly dir: string;
  readonly folder: string;
  /** Throws `STORE_LOCKED` when another process has the folder. */
  readonly open: () => Promise<Opened>;
  readonly listener: OwnerListener;
}

/**
 * Looks for the owner of a store. LevelDB's lock decides who that is: whoever gets it owns the store, all others
 * connect to the one who did.
 */
export class Search<Opened> {
  /** Which folder it is: it must not become another one while this process works with it. */
  readonly identity: string;
  /** Why the last attempt found nobody. */
  lastError: unknown;
  readonly #options: SearchOptions<Opened>;
  readonly #stop = new AbortController();
  #damaged = false;
  #placeKnown = false;

  /** @param identity of the folder */
  constructor(identity: string, options: SearchOptions<Opened>) {
    this.identity = identity;
    this.#options = options;
  }

  /** For an opening: throws when nobody is found in time. */
  async first(signal: AbortSignal | undefined): Promise<Found<Opened>> {
    const started = performance.now();
    for (let attempt = 0; ; attempt++) {
      throwIfAborted(signal);
      const found = await this.#attempt(attempt === 0, signal);
      if (found !== undefined) return found;
      if (performance.now() - started > this.#patience()) {
        const { lastError } = this;
        throw isAgentOSError(lastError)
          ? lastError
          : unreachableError(this.#options.dir, undefined, lastError);
      }
      await this.#pause(SOON_MS, signal);
    }
  }

  #patience(): number {
    const { lastError } = this;
    if (lastError instanceof Timeout) return SILENT_MS;
    const shared = isAgentOSError(lastError, "STORE_LOCKED") ? lastError.details["shared"] : undefined;
    return shared === false || (shared === true && !this.#placeKnown) ? ALONE_MS : LOCKED_MS;
  }

  /** When the owner was lost: goes on until somebody is found; undefined once it was stopped. Throws what is no matter of time. */
  async again(): Promise<Found<Opened> | undefined> {
    for (let attempt = 0; ; attempt++) {
      await this.#pause(attempt < SOON_ATTEMPTS ? SOON_MS : LATER_MS);
      if (this.#stop.signal.aborted) return undefined;
      const found = await this.#attempt(false, undefined);
      if (found !== undefined) return found;
    }
  }

  /** Waits a while after a failure. */
  async rest(): Promise<void> {
    await pause(REST_MS, this.#stop.signal);
  }

  stop(): void {
    this.#stop.abort();
  }

  #pause(ms: number, signal?: AbortSignal): Promise<void> {
    return pause((0.2 + 0.8 * Math.random()) * ms, this.#end(signal));
  }

  /** What ends a wait. */
  #end(signal: AbortSignal | undefined): AbortSignal {
    return signal === undefined ? this.#stop.signal : AbortSignal.any([this.#stop.signal, signal]);
  }

  /** @param others whether others may come first when the owner is dead */
  async #attempt(others: boolean, signal: AbortSignal | undefined): Promise<Found<Opened> | undefined> {
    const place = await findPlace(this.#options.folder);
    this.#placeKnown = place !== undefined;
    if (place === undefined) return this.#open();
    const found = await this.#connect(place, this.#end(signal));
    if (found === "silent") return undefined;
    if (found === undefined && others) {
      await pause(SURVIVORS_MS, this.#end(signal));
      return undefined;
    }
    return found ?? oneAtATime(place, this.#end(signal), () => this.#open());
  }

  /** Undefined when nobody is there; "silent" when somebody is who does not answer. */
  async #connect(place: MeetingPlace, end: AbortSignal): Promise<Found<Opened> | "silent" | undefined> {
    const { dir, listener } = this.#options;
    try {
      const owner = await connectToOwner(place, this.identity, dir, listener, end);
      return owner && { role: "client", ...owner };
    } catch (error) {
      if (isAgentOSError(error)) throw error;
      this.lastError = error;
      return error instanceof Timeout || end.aborted ? "silent" : undefined;
    }
  }

  async #open(): Promise<Found<Opened> | undefined> {
    const { open, folder, dir } = this.#options;
    if ((await folderIdentity(folder).catch(() => undefined)) !== this.identity) {
      throw storeError(
        "STORE_UNOPENABLE",
        `The folder ${dir} was removed or replaced while its store was open. Open the store again.`,
        { details: { dir } },
      );
    }
    try {
      const opened = await open();
      this.#damaged = false;
      return { role: "owner", opened };
    } catch (error) {
      this.lastError = error;
      if (isAgentOSError(error, "STORE_LOCKED")) return undefined;
      // Files change under the eyes of the one who checks them when another process opens and closes the store meanwhile.
      const again = isAgentOSError(error, "STORE_CORRUPT") && !this.#damaged;
      this.#damaged = true;
      if (again) return undefined;
      throw error;
    }
  }
}

/** The error for an owner that is there and does not answer. */
export function unreachableError(dir: string, pid: number | undefined, cause: unknown): AgentOSError {
  const who = pid === undefined ? "" : ` (last known: pid ${pid})`;
  return storeError(
    "STORE_OWNER_UNREACHABLE",
    `The process that owns the store in ${dir}${who} does not answer. Let it go on or end it: another one then takes over. A write that failed so may have been applied, or be applied when that process goes on; read before you write again.`,
    { cause, details: { dir, ...(pid === undefined ? {} : { pid }) } },
  );
}
