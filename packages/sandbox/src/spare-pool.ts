import { availableParallelism } from "node:os";
import { performance } from "node:perf_hooks";
import { coreError } from "@agentos/core";
import { unlessAborted } from "./unless-aborted.js";

/** Something that is started ahead of the work, used once and ended. */
export interface Spare {
  /** Resolves when it can take work; rejects when it cannot start. */
  readonly ready: Promise<void>;
  /** Resolves when nothing of it is left. Never rejects. */
  readonly gone: Promise<unknown>;
  readonly ended: boolean;
  /** Ends it at once; `gone` follows. */
  kill(): void;
  /** Whether it keeps the host's event loop alive. */
  hold(held: boolean): void;
  /** Its memory now, in bytes, where that can be read. Asked once, when it is ready: one that waits does not grow. */
  residentBytes?(): number | undefined;
}

/** Bounds of a {@link SparePool}. */
export interface PoolOptions {
  /**
   * The most that wait for work, of all policies together. A policy gets one more whenever work found none ready.
   * @default twice the processors, at least 2 and at most 8
   */
  readonly spares?: number;
  /** A spare that waited this long, in milliseconds, is ended. @default 30_000 */
  readonly idleMs?: number;
}

/** What a pool did so far, and holds now. */
export interface PoolMetrics {
  /** Takers that were served. */
  readonly taken: number;
  /** How many of them got one that was ready at once. */
  readonly hits: number;
  /** `hits / taken`; 0 before the first. */
  readonly hitRate: number;
  /** Started so far. */
  readonly started: number;
  /** Not gone yet: at work, spare or ending. */
  readonly alive: number;
  readonly spares: number;
  /** How many of the spares have loaded. */
  readonly ready: number;
  /** Memory of the spares that are ready, in bytes; absent where it cannot be read. */
  readonly idleRssBytes?: number;
}

/** One that is ready, and how it was come by. */
export interface Taken<Item> {
  readonly item: Item;
  /** How long the taker waited, in milliseconds. */
  readonly queueMs: number;
  /** Whether it had been started ahead. */
  readonly warm: boolean;
}

/** When the next are started, in milliseconds after one was taken: late enough to slow no short run. */
const REFILL_DELAY_MS = 60;
/** The same after all that were taken are gone: their results are told first. */
const IDLE_DELAY_MS = 5;

/** One that loads for longer than this is given up, in milliseconds. */
const PATIENCE_MS = 10_000;

/** The spares of one policy. */
interface Shelf<Policy, Item> {
  readonly key: string;
  readonly policy: Policy;
  readonly spares: Item[];
  /** How many spares it should have. */
  wanted: number;
}

/**
 * Starts things ahead of the work, in the background. Each is used once. What belongs to one policy is
 * never handed out for another.
 */
export class SparePool<Policy, Item extends Spare> {
  readonly #start: (policy: Policy) => Item;
  readonly #keyOf: (policy: Policy) => string;
  readonly #most: number;
  readonly #idleMs: number;
  /** By key; the one used last is last. */
  readonly #shelves = new Map<string, Shelf<Policy, Item>>();
  /** Every one that is not gone yet. */
  readonly #alive = new Set<Item>();
  readonly #warm = new WeakSet<Item>();
  /** Those that have loaded, each with its memory in bytes, where that can be read. */
  readonly #ready = new WeakMap<Item, number | undefined>();
  /** Those that were taken and are not gone yet. */
  readonly #working = new Set<Item>();
  readonly #closing = new AbortController();
  #refill: NodeJS.Timeout | undefined;
  /** How many are being started ahead. */
  #starting = 0;
  /** How much work goes on beside the pool. */
  #beside = 0;
  #taken = 0;
  #hits = 0;
  #started = 0;

  /**
   * @param start starts one; what it throws, the taker gets
   * @param keyOf policies with the same key are the same
   */
  constructor(start: (policy: Policy) => Item, keyOf: (policy: Policy) => string, options: PoolOptions = {}) {
    this.#start = start;
    this.#keyOf = keyOf;
    this.#most = options.spares ?? Math.min(8, Math.max(2, 2 * availableParallelism()));
    this.#idleMs = options.idleMs ?? 30_000;
  }

  /**
   * One that is ready. Undefined when the signal aborts before. One that does not start is tried once more; then this
   * rejects with why. Rejects with `CLOSED` once the pool is closed.
   */
  async take(policy: Policy, signal?: AbortSignal): Promise<Taken<Item> | undefined> {
    const asked = performance.now();
    this.#guard();
    let item: Item | undefined;
    try {
      item = signal?.aborted ? undefined : await this.#nextReady(this.#shelfOf(policy), signal);
      if (item === undefined) return undefined;
    } finally {
      this.#refillLater();
    }
    const queueMs = performance.now() - asked;
    this.#taken++;
    this.#work(item);
    return { item, queueMs, warm: this.#warm.has(item) };
  }

  /**
   * One that was started ahead: ready, or the first of those that load, for which this waits. Undefined when there is none, when
   * it does not start within 10 s, or when the signal aborts before: for takers who have a quicker way than one that could
   * take any work. The next work of that policy is prepared for. Rejects with `CLOSED` once the pool is closed.
   */
  async takeAhead(policy: Policy, signal?: AbortSignal): Promise<Taken<Item> | undefined> {
    this.#guard();
    const asked = performance.now();
    const shelf = this.#shelfOf(policy);
    this.#taken++;
    this.#refillLater();
    const ready = shelf.spares.find((spare) => this.#ready.has(spare) && !spare.ended);
    if (ready) this.#hits++;
    else shelf.wanted = Math.min(this.#most, shelf.wanted + 1);
    const item = ready ?? shelf.spares.find((spare) => !spare.ended);
    if (!item) return undefined;
    this.#remove(shelf, item);
    item.hold(true);
    this.#work(item);
    if (!ready) {
      const patience = setTimeout(() => item.kill(), PATIENCE_MS);
      const loaded = await unlessAborted(loading(item), signal).catch(() => false);
      clearTimeout(patience);
      if (!loaded) {
        item.kill();
        this.#guard();
        return undefined;
      }
    }
    return { item, queueMs: performance.now() - asked, warm: true };
  }

  /**
   * Does work that none of these does, for want of one that is ready. While such work takes the processors, none is started
   * ahead: it would hold up the work that is there, and take more of the processors than it saves the next.
   */
  async beside<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#beside++;
    try {
      return await work();
    } finally {
      this.#beside--;
      this.#refillLater();
    }
  }

  /** What it did and holds. */
  metrics(): PoolMetrics {
    const spares = [...this.#shelves.values()].flatMap((shelf) => shelf.spares);
    const ready = spares.filter((spare) => this.#ready.has(spare));
    const resident = ready.map((spare) => this.#ready.get(spare));
    const known = resident.every((bytes) => bytes !== undefined);
    return {
      taken: this.#taken,
      hits: this.#hits,
      hitRate: this.#taken === 0 ? 0 : this.#hits / this.#taken,
      started: this.#started,
      alive: this.#alive.size,
      spares: spares.length,
      ready: ready.length,
      ...(known ? { idleRssBytes: resident.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0) } : {}),
    };
  }

  /** Ends every one, also those at work, and waits until they are gone. */
  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#refill);
    this.#shelves.clear();
    const alive = [...this.#alive];
    for (const item of alive) {
      // A spare does not keep the process alive, but waiting for its end must.
      item.hold(true);
      item.kill();
    }
    await Promise.all(alive.map((item) => item.gone));
  }

  #guard(): void {
    if (this.#closing.signal.aborted) throw coreError("CLOSED", "This pool is closed. Open a new driver.");
  }

  #shelfOf(policy: Policy): Shelf<Policy, Item> {
    const key = this.#keyOf(policy);
    const shelf = this.#shelves.get(key) ?? { key, policy, spares: [], wanted: 0 };
    this.#shelves.delete(key);
    // Without spares there is nothing to remember.
    if (this.#most > 0) this.#shelves.set(key, shelf);
    return shelf;
  }

  async #nextReady(shelf: Shelf<Policy, Item>, signal: AbortSignal | undefined): Promise<Item | undefined> {
    for (let attempt = 0; ; attempt++) {
      let item = this.#nextSpare(shelf);
      if (item && this.#ready.has(item)) this.#hits++;
      // Work came faster than spares: keep more of them.
      else shelf.wanted = Math.min(this.#most, shelf.wanted + 1);
      item ??= this.#begin(shelf.policy);
      item.hold(true);
      try {
        if (await unlessAborted(loading(item), signal)) return item;
      } catch (error) {
        this.#guard();
        if (attempt === 0) continue;
        throw error;
      }
      // Nobody waits for it any more, and it has seen no work.
      this.#shelve(shelf, item);
      return undefined;
    }
  }

  #nextSpare(shelf: Shelf<Policy, Item>): Item | undefined {
    for (;;) {
      const spare = shelf.spares.shift();
      if (!spare?.ended) return spare;
    }
  }

  #begin(policy: Policy): Item {
    const item = this.#start(policy);
    this.#started++;
    this.#alive.add(item);
    item.ready.then(
      () => this.#ready.set(item, item.residentBytes?.()),
      () => {},
    );
    void item.gone.then(() => this.#alive.delete(item));
    return item;
  }

  #shelve(shelf: Shelf<Policy, Item>, item: Item): void {
    if (this.#closing.signal.aborted || shelf.spares.length >= shelf.wanted) {
      item.kill();
      return;
    }
    item.hold(false);
    this.#warm.add(item);
    shelf.spares.push(item);
    const idle = setTimeout(() => {
      // Fewer are needed than there are.
      if (!this.#remove(shelf, item)) return;
      shelf.wanted = Math.max(1, shelf.wanted - 1);
      if (shelf.spares.length === 0) this.#shelves.delete(shelf.key);
      item.kill();
    }, this.#idleMs).unref();
    void item.gone.then(() => {
      clearTimeout(idle);
      this.#remove(shelf, item);
    });
  }

  #remove(shelf: Shelf<Policy, Item>, item: Item): boolean {
    const at = shelf.spares.indexOf(item);
    if (at >= 0) shelf.spares.splice(at, 1);
    return at >= 0;
  }

  #work(item: Item): void {
    this.#working.add(item);
    void item.gone.then(() => {
      this.#working.delete(item);
      if (this.#working.size > 0) return;
      clearTimeout(this.#refill);
      this.#refill = undefined;
      this.#refillLater(IDLE_DELAY_MS);
    });
  }

  #refillLater(delayMs: number = REFILL_DELAY_MS): void {
    if (this.#closing.signal.aborted || this.#most === 0) return;
    this.#refill ??= setTimeout(() => {
      this.#refill = undefined;
      this.#fill();
    }, delayMs).unref();
  }

  /** Starts what is missing, no more at one time than there are processors: work needs them, too. */
  #fill(): void {
    while (this.#starting + this.#beside < availableParallelism()) {
      const shelf = this.#lacking();
      if (!shelf) return;
      let item: Item;
      try {
        item = this.#begin(shelf.policy);
      } catch {
        // The next that takes one is told why it does not start.
        return;
      }
      this.#starting++;
      this.#shelve(shelf, item);
      const next = (): void => {
        this.#starting--;
        this.#fill();
      };
      // One that does not start is no reason to try again before somebody asks.
      item.ready.then(next, () => this.#starting--);
    }
  }

  /**
   * The shelf with the fewest spares of those with too few, once there is room for one more: policies that are used in turn,
   * as by the two halves of a verdict, share the room.
   */
  #lacking(): Shelf<Policy, Item> | undefined {
    if (this.#closing.signal.aborted) return undefined;
    // The one used last comes first.
    const shelves = [...this.#shelves.values()].reverse();
    const [lacking] = shelves
      .filter((shelf) => shelf.spares.length < shelf.wanted)
      .sort((one, other) => one.spares.length - other.spares.length);
    const total = shelves.reduce((sum, shelf) => sum + shelf.spares.length, 0);
    if (!lacking || total < this.#most) return lacking;
    const donor = this.#donor(shelves, lacking);
    if (!donor) return undefined;
    donor.wanted = donor.spares.length - 1;
    donor.spares.shift()?.kill();
    return lacking;
  }

  /** Room is made where work came longest ago, of those that would not have fewer then than who gets it. */
  #donor(
    latestFirst: readonly Shelf<Policy, Item>[],
    lacking: Shelf<Policy, Item>,
  ): Shelf<Policy, Item> | undefined {
    const at = latestFirst.indexOf(lacking);
    const none = lacking.spares.length === 0;
    return latestFirst.findLast(
      ({ spares }, index) =>
        spares.length > lacking.spares.length + 1 || (none && spares.length > 0 && index > at),
    );
  }
}

/** True once it has loaded. */
async function loading(item: Spare): Promise<true> {
  await item.ready;
  return true;
}
