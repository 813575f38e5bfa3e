import { availableParallelism } from "node:os";
import {
  type Admission,
  abortedError,
  coreError,
  throwIfAborted,
  validate,
  type WaitOptions,
} from "@agentos/core";
import * as v from "valibot";
import { type HeldName, OF_NOBODY, takeName } from "./sharing/host-name.js";
import { hostSecret } from "./sharing/host-secret.js";
import { lostNames } from "./sharing/lost-names.js";

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
/** After so many milliseconds of waiting it is looked, again and again, at who holds what. */
const LOOK_MS = 1_000;
/** So long counts what was seen then: a stopped process may go on, and a stranger leave. */
const LOST_MS = 60_000;
/** Names of one place, each of which is used while those before it are lost. */
const MOST_NAMES = 4;

interface Waiter {
  readonly admit: (leave: () => void) => void;
  readonly refuse: (error: Error) => void;
}

/**
 * Places that all processes of a user on this machine share: together they do no more at one time than there are places. Each place is the
 * name of a socket on which one process at a time can listen. When a process ends, however it ends, the system frees its names: nothing is
 * left to be cleaned up, and none is held by a process that is gone. One more name is the turn: whoever waits holds it until it has a
 * place, so that nobody who comes back at once is always the first. What a process holds that was stopped, or another user, is
 * made up for by a further name. On macOS, which has no such names, each process counts for itself.
 */
export class HostPlaces implements Admission, AsyncDisposable {
  readonly #places: number;
  /** What the names of all its places begin with. */
  readonly #prefix: string;
  readonly #held = new Map<number, HeldName>();
  readonly #waiting: Waiter[] = [];
  /** Held by the process that gets the next place. */
  #turn: HeldName | undefined;
  /** Names that nobody will give back, as far as is known. */
  #lost: ReadonlySet<string> = new Set();
  #lookedAt = 0;
  #asking = false;
  #isClosed = false;

  private constructor(places: number, prefix: string) {
    this.#places = places;
    this.#prefix = prefix;
  }

  /** Throws `OPTIONS_INVALID`, and `STORE_UNOPENABLE` where this user's folder for sockets cannot be used. */
  static async open(options: HostPlacesOptions = {}): Promise<HostPlaces> {
    const valid = validate(optionsSchema, options, { what: "HostPlaces options" });
    const { places = availableParallelism(), name = "work" } = valid;
    return new HostPlaces(places, `agentos-${await hostSecret()}-${name}`);
  }

  /** Throws `CLOSED` once it is closed, and `STORE_IO` where the process may open no more files. */
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

  /** Whether somebody waits for a place, in this process or another one. */
  async wanted(): Promise<boolean> {
    if (this.#waiting.length > 0) return true;
    if (this.#isClosed) return false;
    const turn = await this.#takeName("turn");
    turn?.release();
    return turn === undefined;
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

  /** Admits whoever waits, in the order in which they came, as places come free. */
  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    let looked = performance.now();
    try {
      while (this.#waiting.length > 0) {
        const place = await this.#takeInTurn();
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
        if (performance.now() - looked < LOOK_MS) continue;
        this.#lost = await lostNames(this.#names());
        this.#lookedAt = looked = performance.now();
      }
    } catch (error) {
      for (const { refuse } of this.#waiting.splice(0)) refuse(error as Error);
    } finally {
      this.#passTurn();
      this.#asking = false;
    }
  }

  /** A place, as soon as it is this process's turn and there is one. */
  async #takeInTurn(): Promise<number | undefined> {
    this.#turn ??= await this.#takeName("turn");
    if (this.#turn === undefined) return undefined;
    const place = await this.#take();
    if (place !== undefined) this.#passTurn();
    return place;
  }

  #passTurn(): void {
    this.#turn?.release();
    this.#turn = undefined;
  }

  /** A place that nobody holds. Processes begin at different ones. */
  async #take(): Promise<number | undefined> {
    const first = process.pid % this.#places;
    for (let count = 0; count < this.#places; count += 1) {
      const place = (first + count) % this.#places;
      if (this.#held.has(place)) continue;
      const name = await this.#takeName(place);
      if (name === undefined) continue;
      this.#held.set(place, name);
      return place;
    }
    return undefined;
  }

  /** Takes the first name of a place that is not lost. Where all are, nobody is left to share it with. */
  async #takeName(of: number | "turn"): Promise<HeldName | undefined> {
    if (this.#lost.size > 0 && performance.now() - this.#lookedAt > LOST_MS) this.#lost = new Set();
    const name = this.#namesOf(of).find((each) => !this.#lost.has(each));
    return name === undefined ? OF_NOBODY : takeName(name);
  }

  #namesOf(of: number | "turn"): readonly string[] {
    return Array.from({ length: MOST_NAMES }, (_, number) => `${this.#prefix}-${of}.${number}`);
  }

  #names(): ReadonlySet<string> {
    const all = ["turn" as const, ...Array(this.#places).keys()];
    return new Set(all.flatMap((of) => this.#namesOf(of)));
  }

  #giveUp(place: number): void {
    this.#held.get(place)?.release();
    this.#held.delete(place);
  }
}

function closed(): Error {
  return coreError("CLOSED", "These places are closed. Open them anew.");
}
