import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import {
  type Admission,
  abortedError,
  coreError,
  throwIfAborted,
  validate,
  type WaitOptions,
} from "@agentos/core";
import * as v from "valibot";
import { makeSocketFolder, privateFolder } from "./sharing/meeting-place.js";

/** Options of {@link HostPlaces.open}. */
export interface HostPlacesOptions {
  /** How many there are. Processes that say otherwise share the first ones. @default what the machine can run at once */
  readonly places?: number;
  /** Those of another name are others: letters, digits and hyphens, 32 at most. @default "work" */
  readonly name?: string;
}

const optionsSchema = v.strictObject({
  places: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_024))),
  name: v.optional(
    v.pipe(v.string(), v.regex(/^[a-zA-Z0-9-]{1,32}$/, "must be letters, digits and hyphens")),
  ),
});

/** While all places are taken, one is asked for again after so many milliseconds, up to twice as many: then not all ask at once. */
const POLL_MS = 5;

interface Waiter {
  readonly admit: (leave: () => void) => void;
  readonly refuse: (error: Error) => void;
}

/**
 * Places that all processes of a user on this machine share: together they do no more at one time than there are places. Each place is the
 * name of a socket on which one process at a time can listen. When a process ends, however it ends, the system frees its names: nothing is
 * left to be cleaned up, and none is held by a process that is gone. On macOS, which has no such names, each process counts for itself.
 */
export class HostPlaces implements Admission, AsyncDisposable {
  readonly #places: number;
  /** What the names of all its places begin with. */
  readonly #prefix: string;
  /** The sockets of places that are held here; undefined where there are no names to hold. */
  readonly #held = new Map<number, Server | undefined>();
  readonly #waiting: Waiter[] = [];
  #asking = false;
  #isClosed = false;

  private constructor(places: number, prefix: string) {
    this.#places = places;
    this.#prefix = prefix;
  }

  /** Throws `OPTIONS_INVALID`, and `STORE_UNOPENABLE` where this user's folder for sockets is somebody else's. */
  static async open(options: HostPlacesOptions = {}): Promise<HostPlaces> {
    const valid = validate(optionsSchema, options, { what: "HostPlaces options" });
    const { places = availableParallelism(), name = "work" } = valid;
    return new HostPlaces(places, `agentos-${await sharedSecret()}-${name}`);
  }

  /** Throws `CLOSED` once it is closed. */
  async enter({ signal }: WaitOptions = {}): Promise<() => void> {
    throwIfAborted(signal);
    if (this.#isClosed) throw closed();
    let forget: (() => void) | undefined;
    try {
      return await new Promise<() => void>((resolve, reject) => {
        const waiter: Waiter = { admit: resolve, refuse: reject };
        const onAbort = (): void => {
          const at = this.#waiting.indexOf(waiter);
          if (at >= 0) this.#waiting.splice(at, 1);
          reject(abortedError(signal as AbortSignal));
        };
        signal?.addEventListener("abort", onAbort, { once: true });
        forget = () => signal?.removeEventListener("abort", onAbort);
        this.#waiting.push(waiter);
        void this.#ask();
      });
    } finally {
      forget?.();
    }
  }

  /** Gives up all places; who waits gets `CLOSED`. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { refuse } of this.#waiting.splice(0)) refuse(closed());
    for (const place of [...this.#held.keys()]) this.#giveUp(place);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Admits whoever waits, in turn, as places come free. */
  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      while (this.#waiting.length > 0) {
        const place = await this.#take();
        const waiter = this.#waiting.shift();
        if (place !== undefined && waiter !== undefined) {
          let isHeld = true;
          waiter.admit(() => {
            if (isHeld) this.#giveUp(place);
            isHeld = false;
          });
          continue;
        }
        // Who waited has gone meanwhile, or there is no place.
        if (place !== undefined) this.#giveUp(place);
        if (waiter !== undefined) this.#waiting.unshift(waiter);
        await new Promise((resolve) => setTimeout(resolve, POLL_MS * (1 + Math.random())));
      }
    } finally {
      this.#asking = false;
    }
  }

  /** A place that nobody holds. Processes begin at different ones. */
  async #take(): Promise<number | undefined> {
    const first = process.pid % this.#places;
    for (let count = 0; count < this.#places; count += 1) {
      const place = (first + count) % this.#places;
      if (this.#held.has(place)) continue;
      const name = this.#nameOf(place);
      const socket = name === undefined ? undefined : await listenOn(name);
      if (name !== undefined && socket === undefined) continue;
      this.#held.set(place, socket);
      return place;
    }
    return undefined;
  }

  #nameOf(place: number): string | undefined {
    if (process.platform === "linux") return `\0${this.#prefix}-${place}`;
    return process.platform === "win32" ? `\\\\.\\pipe\\${this.#prefix}-${place}` : undefined;
  }

  #giveUp(place: number): void {
    this.#held.get(place)?.close();
    this.#held.delete(place);
  }
}

/** The socket of a name, unless another has it. */
function listenOn(path: string): Promise<Server | undefined> {
  return new Promise((resolve) => {
    // Nobody has anything to say to it.
    const server = createServer((socket) => socket.destroy());
    server.once("error", () => resolve(undefined));
    server.listen({ path, exclusive: true }, () => {
      // A place that is held does not keep a process alive; the work for which it is held does.
      server.unref();
      resolve(server);
    });
  });
}

/** Part of the names, so that another user cannot take them first. */
async function sharedSecret(): Promise<string> {
  await makeSocketFolder();
  const file = join(privateFolder(), "places");
  const { O_APPEND, O_CREAT, O_RDWR, O_NOFOLLOW = 0 } = constants;
  const handle = await open(file, O_APPEND | O_CREAT | O_RDWR | O_NOFOLLOW, 0o600);
  try {
    const known = await handle.readFile("latin1");
    if (/^[0-9a-f]{32}/.test(known)) return known.slice(0, 32);
    // Two that begin at once both write at the end: the first one counts for both.
    await handle.appendFile(randomBytes(16).toString("hex"));
  } finally {
    await handle.close();
  }
  return sharedSecret();
}

function closed(): Error {
  return coreError("CLOSED", "These places are closed. Open them anew.");
}
