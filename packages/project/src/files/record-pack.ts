import { setImmediate as nextTurn } from "node:timers/promises";
import type { FileRecord, RecordTimes, SkipReason } from "./file-record.js";
import { isRecord } from "./is-record.js";

/** Numbers of a record's times, one behind the other. */
const TIMES = 4;
const HASH_BYTES = 32;
/** Records that are encoded before others have their turn: some milliseconds. */
const PIECE = 1_000;

/** What is asked of many records at once; of each, the rest is decoded when it is asked for. */
interface Columns {
  readonly paths: readonly string[];
  /** Names of each file's symbols, lowered, one a line. */
  readonly names: readonly string[];
  /** How many symbols each file has. */
  readonly symbols: readonly number[];
  readonly skipped: readonly (readonly [row: number, reason: SkipReason])[];
}

/**
 * All records of a project in a few blocks of bytes, so that tens of thousands open in some milliseconds and take no more memory than
 * they do on the disk. Rows are counted from 0.
 */
export class RecordPack {
  readonly #columns: Columns;
  readonly #times: Float64Array;
  readonly #hashes: Buffer;
  /** The first four bytes of each hash. */
  readonly #hashStarts: Uint32Array;
  readonly #ends: Uint32Array;
  readonly #records: Buffer;

  private constructor(columns: Columns, parts: Blocks) {
    this.#columns = columns;
    this.#times = parts.times;
    this.#hashes = parts.hashes;
    this.#hashStarts = Uint32Array.from(columns.paths, (_path, row) =>
      parts.hashes.readUInt32BE(row * HASH_BYTES),
    );
    this.#ends = parts.ends;
    this.#records = parts.records;
  }

  /** Reads what `encodeRecords` made; undefined when it is something else. */
  static decode(parts: ReadonlyMap<string, Uint8Array>): RecordPack | undefined {
    const [columns, times, hashes, ends, records] = PARTS.map((name) => parts.get(name));
    if (!columns || !times || !hashes || !ends || !records) return undefined;
    try {
      const read: unknown = JSON.parse(Buffer.from(columns.buffer).toString("utf8"));
      const blocks: Blocks = {
        times: new Float64Array(times.buffer),
        hashes: Buffer.from(hashes.buffer),
        ends: new Uint32Array(ends.buffer),
        records: Buffer.from(records.buffer),
      };
      return areColumns(read) && fit(read, blocks) ? new RecordPack(read, blocks) : undefined;
    } catch {
      return undefined;
    }
  }

  get paths(): readonly string[] {
    return this.#columns.paths;
  }

  get skipped(): Columns["skipped"] {
    return this.#columns.skipped;
  }

  /** Undefined where what is there is no record of that file. */
  record(row: number): FileRecord | undefined {
    const start = row === 0 ? 0 : (this.#ends[row - 1] ?? 0);
    try {
      const read: unknown = JSON.parse(this.#records.toString("utf8", start, this.#ends[row]));
      return isRecord(read, this.#columns.paths[row] ?? "") ? read : undefined;
    } catch {
      return undefined;
    }
  }

  times(row: number): RecordTimes {
    const at = row * TIMES;
    const times = this.#times;
    return {
      size: times[at] ?? 0,
      mtimeMs: times[at + 1] ?? 0,
      ctimeMs: times[at + 2] ?? 0,
      readAt: times[at + 3] ?? 0,
    };
  }

  hash(row: number): string | undefined {
    if (this.#hashStarts[row] === 0 && this.#hashes.readUInt32BE(row * HASH_BYTES + 4) === 0)
      return undefined;
    return this.#hashes.toString("hex", row * HASH_BYTES, row * HASH_BYTES + HASH_BYTES);
  }

  /** Rows with a hash. */
  *withHash(hash: string): Iterable<number> {
    const start = Number.parseInt(hash.slice(0, 8), 16);
    for (let row = this.#hashStarts.indexOf(start); row >= 0; row = this.#hashStarts.indexOf(start, row + 1))
      if (this.hash(row) === hash) yield row;
  }

  names(row: number): string {
    return this.#columns.names[row] ?? "";
  }

  symbols(row: number): number {
    return this.#columns.symbols[row] ?? 0;
  }
}

interface Blocks {
  readonly times: Float64Array;
  readonly hashes: Buffer;
  readonly ends: Uint32Array;
  readonly records: Buffer;
}

function areColumns(value: unknown): value is Columns {
  const { paths, names, symbols, skipped } = (value ?? {}) as Partial<Record<keyof Columns, unknown>>;
  return (
    [paths, names].every(
      (texts) => Array.isArray(texts) && texts.every((text) => typeof text === "string"),
    ) &&
    Array.isArray(symbols) &&
    symbols.every((count) => typeof count === "number") &&
    Array.isArray(skipped) &&
    skipped.every((one) => Array.isArray(one) && typeof one[0] === "number" && typeof one[1] === "string")
  );
}

function fit({ paths, names, symbols }: Columns, { times, hashes, ends, records }: Blocks): boolean {
  const rows = paths.length;
  const isRising = ends.every((end, row) => end >= (ends[row - 1] ?? 0));
  return (
    names.length === rows &&
    symbols.length === rows &&
    times.length === rows * TIMES &&
    hashes.length === rows * HASH_BYTES &&
    ends.length === rows &&
    isRising &&
    (ends[rows - 1] ?? 0) <= records.length
  );
}

const PARTS = ["columns", "times", "hashes", "ends", "records"] as const;

/** The names of a record's symbols, lowered, one a line. */
export function namesOf({ symbols }: FileRecord): string {
  return symbols.map(({ name }) => name.toLowerCase()).join("\n");
}

/** Records as bytes. */
export async function encodeRecords(records: readonly FileRecord[]): Promise<Map<string, Uint8Array>> {
  const columns: Columns = {
    paths: records.map(({ path }) => path),
    names: records.map(namesOf),
    symbols: records.map(({ symbols }) => symbols.length),
    skipped: records.flatMap(({ skipped }, row) => (skipped === undefined ? [] : [[row, skipped] as const])),
  };
  const times = new Float64Array(records.length * TIMES);
  const hashes = new Uint8Array(records.length * HASH_BYTES);
  const ends = new Uint32Array(records.length);
  const texts: Buffer[] = [];
  let end = 0;
  for (const [row, record] of records.entries()) {
    const { size, mtimeMs, ctimeMs, readAt, hash } = record;
    times.set([size, mtimeMs, ctimeMs, readAt], row * TIMES);
    if (hash !== undefined) hashes.set(Buffer.from(hash, "hex"), row * HASH_BYTES);
    const text = Buffer.from(JSON.stringify(record), "utf8");
    texts.push(text);
    end += text.length;
    ends[row] = end;
    if (row % PIECE === PIECE - 1) await nextTurn();
  }
  const blocks = [Buffer.from(JSON.stringify(columns), "utf8"), times, hashes, ends, Buffer.concat(texts)];
  return new Map(
    blocks.map(({ buffer, byteOffset, byteLength }, at) => [
      PARTS[at] ?? "",
      new Uint8Array(buffer, byteOffset, byteLength),
    ]),
  );
}
