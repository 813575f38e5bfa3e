import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { throwIfAborted } from "@agentos/core";
import type { Damage } from "./level-integrity.js";
import { readLog } from "./level-log.js";
import { type Manifest, readManifest } from "./level-manifest.js";
import { LevelReader, Malformed } from "./level-reader.js";
import { readTable } from "./level-table.js";

/** Something of a database that cannot be read. */
export interface Unreadable {
  readonly file: string;
  /** What is wrong, as part of a sentence. */
  readonly what: string;
  /** Keys that may be gone with it: those behind `after`, up to `upTo`. Undefined: no bound is known. */
  readonly after: Buffer | undefined;
  readonly upTo: Buffer | undefined;
}

/** The newest change of a key. */
export interface Newest {
  /** LevelDB's own number of the change. */
  readonly change: number;
  readonly deleted: boolean;
}

/** What a scan takes. */
export interface ScanOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { readonly files: number; readonly bytes: number }) => void) | undefined;
}

interface Change extends Newest {
  readonly key: Buffer;
  readonly value: Buffer;
}

const KEY_TRAILER = 8;

/**
 * All that can be read of a database that nobody has open, without LevelDB, which would change its files, would stop at
 * the first damage, and would bring deleted entries back when it repairs. Keys are held in memory, values are not.
 */
export class LevelScan {
  /** Newest change of each key, by the key's bytes as Latin-1. */
  readonly newest: Map<string, Newest> = new Map();
  readonly unreadable: Unreadable[] = [];
  files: number = 0;
  bytes: number = 0;
  readonly #location: string;
  readonly #options: ScanOptions;
  #live: readonly string[] = [];
  #manifest: Manifest | undefined;

  private constructor(location: string, options: ScanOptions) {
    this.#location = location;
    this.#options = options;
  }

  /** @param damage what the look before found: where files are missing, all that lie there are taken */
  static async run(location: string, damage: Damage | undefined, options: ScanOptions): Promise<LevelScan> {
    const scan = new LevelScan(location, options);
    await scan.#list(damage);
    for await (const { key, change, deleted } of scan.#changes(true)) {
      const name = key.toString("latin1");
      if ((scan.newest.get(name)?.change ?? -1) < change) scan.newest.set(name, { change, deleted });
    }
    return scan;
  }

  /** Every live entry, newest value, in no order. Reads the files again. */
  async *entries(): AsyncGenerator<{
    readonly key: Buffer;
    readonly value: Buffer;
    readonly change: number;
  }> {
    const given = new Set<string>();
    for await (const { key, value, change, deleted } of this.#changes(false)) {
      const name = key.toString("latin1");
      // The same change may lie both in a log and in the table that was made of it.
      if (deleted || this.newest.get(name)?.change !== change || given.has(name)) continue;
      given.add(name);
      yield { key, value, change };
    }
  }

  async #list(damage: Damage | undefined): Promise<void> {
    const names = await readdir(this.#location);
    if (damage?.incomplete === true) {
      const { file, what } = damage;
      this.unreadable.push({ file, what, after: undefined, upTo: undefined });
    } else {
      const current = await readFile(join(this.#location, "CURRENT"), "latin1");
      this.#manifest = readManifest(await readFile(join(this.#location, current.trim())));
    }
    const { tables, logNumber = 0, previousLogNumber } = this.#manifest ?? {};
    const isLive = (name: string): boolean => {
      const number = Number.parseInt(name, 10);
      if (/^\d+\.(ldb|sst)$/.test(name)) return tables?.has(number) ?? true;
      return /^\d+\.log$/.test(name) && (number >= logNumber || number === previousLogNumber);
    };
    this.#live = names
      .filter(isLive)
      .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1));
    for (const number of tables?.keys() ?? []) {
      if (!this.#live.some((name) => Number.parseInt(name, 10) === number && !name.endsWith(".log")))
        this.#lose(`${String(number).padStart(6, "0")}.ldb`, "it is missing", number);
    }
  }

  async *#changes(first: boolean): AsyncGenerator<Change> {
    for (const file of this.#live) {
      throwIfAborted(this.#options.signal);
      const bytes = await readFile(join(this.#location, file));
      const report = first ? this.unreadable : [];
      yield* file.endsWith(".log")
        ? logChanges(file, bytes, report)
        : this.#tableChanges(file, bytes, report);
      if (first) {
        this.files += 1;
        this.bytes += bytes.length;
        this.#options.onProgress?.({ files: this.files, bytes: this.bytes });
      }
      await setImmediate();
    }
  }

  *#tableChanges(file: string, bytes: Buffer, report: Unreadable[]): Generator<Change> {
    const range = this.#manifest?.ranges.get(Number.parseInt(file, 10));
    const entries = readTable(bytes, ({ what, after, upTo }) => {
      report.push({
        file,
        what,
        after: after === undefined ? before(userKey(range?.[0])) : userKey(after),
        upTo: userKey(upTo ?? range?.[1]),
      });
    });
    for (const [key, value] of entries) {
      const trailer = Buffer.from(key.subarray(key.length - KEY_TRAILER));
      const change = Number(trailer.readBigUInt64LE(0) >> 8n);
      yield { key: userKey(key), value: Buffer.from(value), change, deleted: trailer[0] === 0 };
    }
  }

  #lose(file: string, what: string, table: number): void {
    const range = this.#manifest?.ranges.get(table);
    this.unreadable.push({ file, what, after: before(userKey(range?.[0])), upTo: userKey(range?.[1]) });
  }
}

function* logChanges(file: string, bytes: Buffer, report: Unreadable[]): Generator<Change> {
  const lose = (what: string): void => void report.push({ file, what, after: undefined, upTo: undefined });
  for (const record of readLog(bytes, (from, to) =>
    lose(`bytes ${from} to ${to} are not what was written`),
  )) {
    try {
      yield* [...batchChanges(record)];
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      lose(`a batch in it: ${error.message}`);
    }
  }
}

/** The changes of a batch, as `write_batch.cc` of LevelDB lays them down. */
function* batchChanges(record: Buffer): Generator<Change> {
  if (record.length < 12) throw new Malformed("it is too short");
  const [start, count] = [Number(record.readBigUInt64LE(0)), record.readUInt32LE(8)];
  const reader = new LevelReader(record, 12);
  for (let index = 0; index < count; index++) {
    const kind = reader.byte();
    if (kind > 1) throw new Malformed(`a change of the unknown kind ${kind}`);
    const key = Buffer.from(reader.slice());
    const value = kind === 1 ? Buffer.from(reader.slice()) : Buffer.alloc(0);
    yield { key, value, change: start + index, deleted: kind === 0 };
  }
  if (!reader.done) throw new Malformed("it holds more changes than it says");
}

/** A key without the number and the kind of its change. */
function userKey(key: Uint8Array): Buffer;
function userKey(key: Uint8Array | undefined): Buffer | undefined;
function userKey(key: Uint8Array | undefined): Buffer | undefined {
  return key && Buffer.from(key.subarray(0, Math.max(0, key.length - KEY_TRAILER)));
}

/** A bound that lies below a key, and above all that come before it: the key without its last byte will do. */
function before(key: Buffer | undefined): Buffer | undefined {
  return key?.subarray(0, -1);
}
