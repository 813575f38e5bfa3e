import type { Clock } from "@agentos/core";
import type { AppliedBatch } from "./changes.js";
import type { LevelOperation } from "./drivers/level-driver.js";
import type { EntrySource } from "./engine.js";
import { prefixBounds, REQUEST_PREFIX, requestKey } from "./keys.js";

/** Records are dropped when they are older than this, or than the second while there are more than the third. */
const KEEP_MS = 10 * 60_000;
/** Longer than any client goes on asking for the same batch, so that one is never applied twice. */
const SURE_MS = 60_000;
const KEEP_RECORDS = 10_000;
/** Records that go with one write, at most. */
const TRIM_AT_ONCE = 512;

interface Logged {
  readonly sequence: number;
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly request: string;
}

/**
 * Under which ids the last batches of a shared store were asked for, each written within the batch itself, so that
 * asking again applies nothing. It names no keys: those stand in the change log. So it outlives a compaction.
 */
export class RequestLog {
  readonly #source: EntrySource;
  readonly #clock: Clock;
  readonly #requests = new Map<string, number>();
  #logged: Logged[] = [];
  /** Of {@link RequestLog.#logged}, those that are gone already. */
  #gone = 0;
  #at = 0;
  #trimming = 0;

  private constructor(source: EntrySource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  static async load(source: EntrySource, clock: Clock): Promise<RequestLog> {
    const log = new RequestLog(source, clock);
    await log.recovered(0);
    return log;
  }

  /** The sequence of the batch that was applied under this id, while it is remembered. */
  sequenceOf(request: string): number | undefined {
    return this.#requests.get(request);
  }

  /** Operations that belong into the same LevelDB batch. They are asked for again when it fails. */
  records(batches: readonly AppliedBatch[]): readonly LevelOperation[] {
    this.#at = this.#clock();
    const operations: LevelOperation[] = batches.flatMap(({ sequence, request }) =>
      request === undefined
        ? []
        : [{ type: "put", key: requestKey(sequence), value: JSON.stringify([this.#at, request]) }],
    );
    this.#trimming = this.#outdated();
    for (const { sequence } of this.#logged.slice(this.#gone, this.#gone + this.#trimming)) {
      operations.push({ type: "del", key: requestKey(sequence) });
    }
    return operations;
  }

  /** The batches are applied. */
  applied(batches: readonly AppliedBatch[]): void {
    this.#forget(this.#trimming);
    for (const { sequence, request } of batches)
      if (request !== undefined) this.#remember({ sequence, at: this.#at, request });
  }

  /** Batches from this sequence on whose write failed turned out to be there after all. */
  async recovered(from: number): Promise<void> {
    const { upper } = prefixBounds(REQUEST_PREFIX);
    const lower = Buffer.from(requestKey(from));
    const range = { lower, openLower: false, upper, limit: -1, reverse: false, signal: undefined };
    for await (const [key, value] of this.#source.entries(range)) {
      const [at, request] = JSON.parse(value) as [number, string];
      this.#remember({ sequence: Number(key.toString("utf8", REQUEST_PREFIX.length)), at, request });
    }
  }

  /** How many of the oldest records may go. */
  #outdated(): number {
    let outdated = 0;
    while (outdated < TRIM_AT_ONCE) {
      const oldest = this.#logged[this.#gone + outdated];
      if (oldest === undefined) break;
      const age = this.#at - oldest.at;
      const crowded = this.#logged.length - this.#gone - outdated > KEEP_RECORDS;
      if (age <= KEEP_MS && !(crowded && age > SURE_MS)) break;
      outdated += 1;
    }
    return outdated;
  }

  #remember(logged: Logged): void {
    this.#logged.push(logged);
    this.#requests.set(logged.request, logged.sequence);
  }

  #forget(count: number): void {
    for (const { request } of this.#logged.slice(this.#gone, this.#gone + count))
      this.#requests.delete(request);
    this.#gone += count;
    if (this.#gone > KEEP_RECORDS) {
      this.#logged = this.#logged.slice(this.#gone);
      this.#gone = 0;
    }
  }
}
