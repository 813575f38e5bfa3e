import { crc32c, unmask } from "./crc32c.js";
import { Malformed } from "./level-reader.js";

// Form of a log: https://github.com/google/leveldb/blob/main/doc/log_format.md
const BLOCK = 32_768;
const HEADER = 7;
const FULL = 1;
const FIRST = 2;
const LAST = 4;

/**
 * The records of a log. A write that was cut off ends the log, as LevelDB itself sees it; damage with good records
 * behind it, which LevelDB would pass over in silence, throws {@link Malformed}, or is passed over when `damaged` is given
 * and told.
 */
export function readLog(bytes: Buffer, damaged?: (from: number, to: number) => void): Buffer[] {
  const records: Buffer[] = [];
  let parts: Buffer[] = [];
  let offset = 0;
  while (offset + HEADER <= bytes.length) {
    const room = BLOCK - (offset % BLOCK);
    if (room < HEADER || isZero(bytes, offset)) {
      // The rest of a block is left empty when no header fits, or when the file was made longer before it was written.
      offset += room;
      continue;
    }
    const end = endOfRecord(bytes, offset);
    if (end === undefined) {
      const next = findRecord(bytes, offset + 1);
      if (next === undefined) return records;
      if (damaged === undefined) throw new Malformed(`bytes ${offset} to ${next} are not what was written`);
      damaged(offset, next);
      parts = [];
      offset = next;
      continue;
    }
    const type = bytes[offset + 6];
    const payload = bytes.subarray(offset + HEADER, end);
    const begins = type === FULL || type === FIRST;
    if (begins) parts = [payload];
    else if (parts.length > 0) parts.push(payload);
    // A part whose beginning is not there: only behind damage that was passed over.
    else if (damaged === undefined) throw new Malformed(`the record that ends at ${end} has no beginning`);
    if ((type === FULL || type === LAST) && parts.length > 0) {
      records.push(Buffer.concat(parts));
      parts = [];
    }
    offset = end;
  }
  return records;
}

/** Where the record that starts here ends, or undefined when it is not whole. */
function endOfRecord(bytes: Buffer, offset: number): number | undefined {
  const end = offset + HEADER + bytes.readUInt16LE(offset + 4);
  const type = bytes[offset + 6] ?? 0;
  if (type < FULL || type > LAST || end > bytes.length || end > offset - (offset % BLOCK) + BLOCK)
    return undefined;
  return crc32c(bytes, offset + 6, end) === unmask(bytes.readUInt32LE(offset)) ? end : undefined;
}

/** Where the next whole record starts: anywhere, since damage to a length hides the start of the next. */
function findRecord(bytes: Buffer, from: number): number | undefined {
  for (let offset = from; offset + HEADER <= bytes.length; offset++) {
    if (BLOCK - (offset % BLOCK) >= HEADER && endOfRecord(bytes, offset) !== undefined) return offset;
  }
  return undefined;
}

function isZero(bytes: Buffer, offset: number): boolean {
  return bytes.readUInt32LE(offset) === 0 && bytes.readUInt16LE(offset + 4) === 0 && bytes[offset + 6] === 0;
}

/** The first and the last number that LevelDB gave to the changes in a log, by its own count; undefined when it is empty. */
export function changesOf(
  records: readonly Buffer[],
): { readonly first: number; readonly last: number } | undefined {
  let [first, last]: (number | undefined)[] = [undefined, undefined];
  for (const record of records) {
    if (record.length < 12) throw new Malformed("a batch in it is too short");
    const start = Number(record.readBigUInt64LE(0));
    if (last !== undefined && start > last + 1)
      throw new Malformed(`batches ${last + 1} to ${start - 1} are missing`);
    first ??= start;
    last = start + record.readUInt32LE(8) - 1;
  }
  return first === undefined || last === undefined ? undefined : { first, last };
}
