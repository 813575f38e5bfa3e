import * as v from "valibot";
import type { StoreChange } from "./changes.js";
import type { LevelDriver, LevelOperation } from "./drivers/level-driver.js";
import { LOG_PREFIX, logKey, prefixBounds, SEQUENCE_KEY } from "./keys.js";
import type { WriteOperation } from "./operations.js";

/** Keys that the log names at most before its oldest entries go, needed or not; a few more until it is looked at. */
const KEYS_MAXIMUM = 200_000;

/** Keys that it keeps even when every snapshot is newer: a snapshot may be in the making. */
const KEYS_MINIMUM = 10_000;

/** So many new entries come before old ones are looked for, and twice as many go at most. */
const TRIM_STEP = 256;

/** A changed key. */
export interface Change {
  readonly collection: string;
  readonly key: string;
}

/** What a write touched, by runs of one collection: its name, then P and a key for each put, D and a key for each delete. */
export type Touched = readonly (readonly [collection: string, ...keys: string[]])[];

const touchedSchema = v.tupleWithRest([v.string()], v.pipe(v.string(), v.regex(/^[PD]/)));

/** Keys that were ever logged, this entry included; then what each write of the batch touched. */
const entrySchema = v.tuple([v.number(), v.array(v.array(touchedSchema))]);

/** An entry of the log as it is read back. */
export interface LoggedBatch {
  /** Sequence of its first write and of its last. */
  readonly first: number;
  readonly last: number;
  /** Keys that were ever logged, this entry included. */
  readonly keys: number;
  /** Changes of every write, in the order in which they were applied. */
  readonly writes: readonly (readonly (Change & { readonly deleted: boolean })[])[];
}

/** Where a store's records are read. */
export interface SequenceSource {
  get(key: string): Promise<string | undefined>;
  /** The last stored key from `lower` up to, but without, `upper`. */
  lastKey(lower: Buffer, upper: Buffer): Promise<Buffer | undefined>;
}

/**
 * Sequence of the newest batch; NaN when the record of it is damaged. The log's last entry tells it; the record is written
 * where the log may be empty.
 */
export async function storedSequence(source: SequenceSource): Promise<number> {
  const { lower, upper } = prefixBounds(LOG_PREFIX);
  const last = await source.lastKey(lower, upper);
  const logged = last === undefined ? 0 : sequenceOf(last);
  const record = (await source.get(SEQUENCE_KEY)) ?? "0";
  return /^\d+$/.test(record) ? Math.max(Number(record), logged) : Number.NaN;
}

/**
 * Which keys each write touched, so that a derived index that was kept at a sequence is brought up to date by looking at
 * what changed behind it. An entry is part of the batch that it tells of. The log is bounded: the oldest entries go, in small
 * steps, once no snapshot needs them or it names too many keys.
 */
export class ChangeLog {
  readonly #driver: LevelDriver;
  readonly #oldestNeeded: () => number;
  /** Keys that were ever logged. */
  #keys = 0;
  #sinceTrim = 0;

  private constructor(driver: LevelDriver, oldestNeeded: () => number) {
    this.#driver = driver;
    this.#oldestNeeded = oldestNeeded;
  }

  /** @param oldestNeeded the sequence behind which entries are needed; Infinity when none is */
  static async open(driver: LevelDriver, oldestNeeded: () => number): Promise<ChangeLog> {
    const log = new ChangeLog(driver, oldestNeeded);
    await log.reload();
    return log;
  }

  /** Looks again at what is stored: the database was opened anew, or a batch failed. */
  async reload(): Promise<void> {
    this.#keys = 0;
    // Else many processes that each write little would never trim.
    this.#sinceTrim = TRIM_STEP;
    for await (const entry of this.#entries({ reverse: true, limit: 1 })) this.#keys = entry.keys;
  }

  /**
   * The operation that logs these writes, the last of which has the sequence `last`. It belongs behind those of the writes,
   * in the same batch. When that fails, {@link ChangeLog.reload}.
   */
  record(last: number, writes: readonly Touched[]): LevelOperation {
    for (const write of writes) {
      // An empty write has an entry too, and must come to an end with the others.
      if (write.length === 0) this.#keys += 1;
      for (const group of write) this.#keys += group.length - 1;
    }
    this.#sinceTrim += 1;
    return { type: "put", key: logKey(last), value: JSON.stringify([this.#keys, writes]) };
  }

  /** Whether enough entries have come for {@link ChangeLog.trim}. */
  get isLong(): boolean {
    return this.#sinceTrim >= TRIM_STEP;
  }

  /** Drops entries that nobody needs, a few at a time. */
  async trim(): Promise<void> {
    this.#sinceTrim = 0;
    const needed = this.#oldestNeeded();
    const { lower, upper } = prefixBounds(LOG_PREFIX);
    let behind: Buffer | undefined;
    const range = { lower, openLower: false, upper, limit: 2 * TRIM_STEP, reverse: false, signal: undefined };
    for await (const [key, value] of this.#driver.entries(range)) {
      // An entry begins with the number of keys; to read all of it would cost more than the rest.
      const younger = this.#keys - Number.parseInt(value.slice(1), 10);
      if (!(younger >= KEYS_MINIMUM)) break;
      if (sequenceOf(key) > needed && younger <= KEYS_MAXIMUM) break;
      behind = key;
    }
    if (behind !== undefined) await this.#driver.clear(lower, behind);
  }

  /**
   * Every key that a write behind `after`, up to `sequence`, touched, once; undefined when the log does not reach back.
   * @param collections only of these; undefined for all
   */
  async changes(
    after: number,
    sequence: number,
    collections: readonly string[] | undefined,
  ): Promise<readonly Change[] | undefined> {
    if (after > sequence) return undefined;
    if (after === sequence) return [];
    const touched = new Map((collections ?? []).map((name) => [name, new Set<string>()]));
    let expected: number | undefined;
    for await (const { first, last, writes } of this.#entries({ after })) {
      // The first one may begin at or before `after`; from then on each must follow the one before.
      if (expected === undefined ? first > after + 1 : first !== expected) return undefined;
      expected = last + 1;
      writes.forEach((write, index) => {
        if (first + index <= after) return;
        for (const { collection, key } of write) {
          if (collections === undefined && !touched.has(collection)) touched.set(collection, new Set());
          touched.get(collection)?.add(key);
        }
      });
    }
    if (expected === undefined || expected <= sequence) return undefined;
    return [...touched].flatMap(([collection, keys]) => Array.from(keys, (key) => ({ collection, key })));
  }

  /** Every write behind `after`, up to `sequence`, in order; undefined when the log does not reach back. */
  async since(after: number, sequence: number): Promise<readonly StoreChange[] | undefined> {
    if (after > sequence) return undefined;
    const told: StoreChange[] = [];
    if (after === sequence) return told;
    for await (const { first, writes } of this.#entries({ after })) {
      // The first one may begin at or before `after`; from then on each must follow the one before.
      if (first > after + 1 + told.length) return undefined;
      for (const write of writes.slice(after + 1 + told.length - first)) {
        const changed = write.map(({ collection, key }) => ({ collection, key }));
        told.push({ sequence: after + 1 + told.length, changed });
        if (told.length === sequence - after) return told;
      }
    }
    return undefined;
  }

  async *#entries(
    range: { readonly after?: number; readonly limit?: number; readonly reverse?: boolean } = {},
  ): AsyncGenerator<LoggedBatch> {
    const { after, limit = -1, reverse = false } = range;
    const { lower, upper } = prefixBounds(LOG_PREFIX);
    const from = after === undefined ? lower : Buffer.from(logKey(after), "utf8");
    const openLower = after !== undefined;
    const walk = { lower: from, openLower, upper, limit, reverse, signal: undefined };
    for await (const [key, value] of this.#driver.entries(walk)) {
      const entry = parseLogEntry(key, value);
      if (entry === undefined) return;
      yield entry;
    }
  }
}

/** An entry of the log; undefined when it is none. */
export function parseLogEntry(key: Buffer, json: string): LoggedBatch | undefined {
  const last = sequenceOf(key);
  if (!Number.isSafeInteger(last) || key.toString("latin1") !== logKey(last)) return undefined;
  let read: unknown;
  try {
    read = JSON.parse(json);
  } catch {
    return undefined;
  }
  const result = v.safeParse(entrySchema, read);
  if (!result.success) return undefined;
  const [keys, writes] = result.output;
  return { first: last - writes.length + 1, last, keys, writes: writes.map(decodeWrite) };
}

/** What a write touches, as the log keeps it. */
export function touchedBy(operations: readonly WriteOperation[]): Touched {
  const groups: [string, ...string[]][] = [];
  for (const { type, collection, key } of operations) {
    let group = groups.at(-1);
    if (group?.[0] !== collection) {
      group = [collection];
      groups.push(group);
    }
    group.push((type === "put" ? "P" : "D") + key);
  }
  return groups;
}

function decodeWrite(groups: Touched): readonly (Change & { readonly deleted: boolean })[] {
  return groups.flatMap(([collection, ...keys]) =>
    keys.map((key) => ({ collection, key: key.slice(1), deleted: key.startsWith("D") })),
  );
}

/** The sequence that a key of the log ends with. */
function sequenceOf(key: Buffer): number {
  return Number(key.toString("latin1", LOG_PREFIX.length));
}
