import type { Clock } from "@agentos/core";
import { type AppliedBatch, changeOf, type StoreChange } from "../changes.js";
import type { LevelOperation } from "../drivers/level-driver.js";
import type { EntrySource } from "../engine.js";
import { prefixBounds } from "../keys.js";
import type { BatchFollower } from "../writer.js";

/** Records are dropped when they are older than this, or than the second while there are more than the third. */
const KEEP_MS = 10 * 60_000;
/** Longer than any client goes on asking for the same batch, so that one is never applied twice. */
const SURE_MS = 60_000;
const KEEP_BATCHES = 10_000;
/** Records that go with one write, at most. */
const TRIM_AT_ONCE = 512;

const PREFIX = "m:batch:";
const DIGITS = 16;

interface Logged {
  readonly sequence: number;
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly request: string | undefined;
}

/** What stands in the store for each batch. */
interface Stored {
  readonly at: number;
  readonly request?: string;
  readonly changed: readonly (readonly [collection: string, key: string])[];
}

/**
 * The last batches of a shared store, each written within the batch itself: under which id it was asked for, so that
 * asking again applies nothing, and what it changed, so that a process that was cut off is told what it missed.
 */
export class BatchLog implements BatchFollower {
  readonly #source: EntrySource;
  readonly #clock: Clock;
  readonly #tell: (changes: readonly StoreChange[]) => void;
  readonly #requests = new Map<string, number>();
  #logged: Logged[] = [];
  /** Of {@link BatchLog.#logged}, those that are gone already. */
  #gone = 0;
  #at = 0;
  #trimming = 0;

  private constructor(source: EntrySource, clock: Clock, tell: (changes: readonly StoreChange[]) => void) {
    this.#source = source;
    this.#clock = clock;
    this.#tell = tell;
  }

  static async load(
    source: EntrySource,
    clock: Clock,
    tell: (changes: readonly StoreChange[]) => void,
  ): Promise<BatchLog> {
    const log = new BatchLog(source, clock, tell);
    for await (const { sequence, at, request } of log.#read(0)) log.#remember({ sequence, at, request });
    return log;
  }

  /** The sequence of the batch that was applied under this id, while it is remembered. */
  sequenceOf(request: string): number | undefined {
    return this.#requests.get(request);
  }

  /** What was applied after `sequence` up to `last`; undefined when not all of it is remembered. */
  async since(sequence: number, last: number): Promise<readonly StoreChange[] | undefined> {
    const changes: StoreChange[] = [];
    if (sequence === last) return changes;
    for await (const { sequence: at, changed } of this.#read(sequence + 1)) {
      if (at > last) break;
      if (at !== sequence + 1 + changes.length) return undefined;
      changes.push({ sequence: at, changed: changed.map(([collection, key]) => ({ collection, key })) });
    }
    return changes.length === last - sequence ? changes : undefined;
  }

  records(batches: readonly AppliedBatch[]): readonly LevelOperation[] {
    this.#at = this.#clock();
    const operations: LevelOperation[] = batches.map(({ sequence, operations, request }) => {
      const changed = operations.map(({ collection, key }) => [collection, key] as const);
      const stored: Stored = { at: this.#at, request, changed };
      return { type: "put", key: keyOf(sequence), value: JSON.stringify(stored) };
    });
    this.#trimming = this.#outdated();
    for (const { sequence } of this.#logged.slice(this.#gone, this.#gone + this.#trimming)) {
      operations.push({ type: "del", key: keyOf(sequence) });
    }
    return operations;
  }

  applied(batches: readonly AppliedBatch[]): void {
    this.#forget(this.#trimming);
    for (const { sequence, request } of batches) this.#remember({ sequence, at: this.#at, request });
    this.#tell(batches.map(changeOf));
  }

  async recovered(from: number, to: number): Promise<void> {
    for await (const { sequence, at, request } of this.#read(from)) this.#remember({ sequence, at, request });
    this.#tell((await this.since(from - 1, to)) ?? [{ sequence: to, changed: "unknown" }]);
  }

  /** How many of the oldest records may go. */
  #outdated(): number {
    let outdated = 0;
    while (outdated < TRIM_AT_ONCE) {
      const oldest = this.#logged[this.#gone + outdated];
      if (oldest === undefined) break;
      const age = this.#at - oldest.at;
      const crowded = this.#logged.length - this.#gone - outdated > KEEP_BATCHES;
      if (age <= KEEP_MS && !(crowded && age > SURE_MS)) break;
      outdated += 1;
    }
    return outdated;
  }

  #remember(logged: Logged): void {
    this.#logged.push(logged);
    if (logged.request !== undefined) this.#requests.set(logged.request, logged.sequence);
  }

  #forget(count: number): void {
    for (let i = 0; i < count; i++) {
      const request = this.#logged[this.#gone]?.request;
      if (request !== undefined) this.#requests.delete(request);
      this.#gone += 1;
    }
    if (this.#gone > KEEP_BATCHES) {
      this.#logged = this.#logged.slice(this.#gone);
      this.#gone = 0;
    }
  }

  async *#read(from: number): AsyncGenerator<Logged & { readonly changed: Stored["changed"] }> {
    const { upper } = prefixBounds(PREFIX);
    const lower = Buffer.from(keyOf(from));
    const range = { lower, openLower: false, upper, limit: -1, reverse: false, signal: undefined };
    for await (const [key, value] of this.#source.entries(range)) {
      const { at, request, changed } = JSON.parse(value) as Stored;
      yield { sequence: Number(key.toString("utf8", PREFIX.length)), at, request, changed };
    }
  }
}

function keyOf(sequence: number): string {
  return PREFIX + String(sequence).padStart(DIGITS, "0");
}
