import { CRC_START, crc32c, crcEnd, crcStep, unmask } from "./crc32c.js";
import { LevelReader, Malformed } from "./level-reader.js";
import { unsnap } from "./snappy.js";

// Form of a table: https://github.com/google/leveldb/blob/main/doc/table_format.md
const FOOTER = 48;
const TRAILER = 5;
const MAGIC = 0xdb4775248b80fb57n;

/** Holds every block of a table against its checksum, which LevelDB's binding does not do. Throws {@link Malformed}. */
export function checkTable(bytes: Buffer): void {
  if (bytes.length < FOOTER || bytes.readBigUInt64LE(bytes.length - 8) !== MAGIC) {
    throw new Malformed("its end is not that of a table");
  }
  const footer = new LevelReader(bytes, bytes.length - FOOTER);
  checkedBlock(bytes, footer);
  for (const [, handle] of entriesOf(checkedBlock(bytes, footer)))
    checkedBlock(bytes, new LevelReader(handle), false);
}

/** The block that a handle points to, unpacked; its checksum covers it as it lies in the file. */
function checkedBlock(bytes: Buffer, handle: LevelReader, unpack = true): Uint8Array {
  const offset = handle.varint();
  const end = offset + handle.varint();
  if (end + TRAILER > bytes.length) throw new Malformed("a block lies behind its end");
  if (crc32c(bytes, offset, end + 1) !== unmask(bytes.readUInt32LE(end + 1))) {
    throw new Malformed(`bytes ${offset} to ${end} are not what was written`);
  }
  const block = bytes.subarray(offset, end);
  return unpack && bytes[end] === 1 ? unsnap(block) : block;
}

/** What a table holds, block by block; a damaged block is told and passed over. */
export function* readTable(bytes: Buffer, lost: (block: LostBlock) => void): Generator<TableEntry> {
  let handles: readonly TableEntry[];
  try {
    if (bytes.length < FOOTER || bytes.readBigUInt64LE(bytes.length - 8) !== MAGIC)
      throw new Malformed("its end is not that of a table");
    const footer = new LevelReader(bytes, bytes.length - FOOTER);
    checkedBlock(bytes, footer);
    handles = [...entriesOf(checkedBlock(bytes, footer))];
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    lost({ what: `its index: ${error.message}`, after: undefined, upTo: undefined });
    yield* blocksWithoutIndex(bytes);
    return;
  }
  let after: Uint8Array | undefined;
  for (const [upTo, handle] of handles) {
    try {
      yield* [...entriesOf(checkedBlock(bytes, new LevelReader(handle)))];
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      lost({ what: error.message, after, upTo });
    }
    after = upTo;
  }
}

/** A block that cannot be read. Its keys lay behind `after`, up to `upTo`; both as LevelDB keeps them, without, unknown. */
export interface LostBlock {
  readonly what: string;
  readonly after: Uint8Array | undefined;
  readonly upTo: Uint8Array | undefined;
}

/** A key as LevelDB keeps it (eight bytes more, for number and kind of the change), and its value. */
export type TableEntry = readonly [key: Uint8Array, value: Uint8Array];

/**
 * The entries of the blocks from the beginning of a table on, found by their checksums alone. Blocks of data come first;
 * what follows are blocks whose keys are of no change, or whose values say where the blocks of data lie.
 */
function* blocksWithoutIndex(bytes: Buffer): Generator<TableEntry> {
  const handles = new Set<string>();
  for (let offset = 0; ; ) {
    const end = endOfBlock(bytes, offset);
    if (end === undefined) return;
    let entries: readonly TableEntry[];
    try {
      const block = bytes.subarray(offset, end);
      entries = [...entriesOf(bytes[end] === 1 ? unsnap(block) : block)];
    } catch (error) {
      if (error instanceof Malformed) return;
      throw error;
    }
    const isData = entries.every(
      ([key, value]) => key.length >= 8 && (key.at(-8) ?? 2) <= 1 && !handles.has(hexOf(value)),
    );
    if (!isData) return;
    yield* entries;
    handles.add(hexOf(Uint8Array.of(...varint(offset), ...varint(end - offset))));
    offset = end + TRAILER;
  }
}

/** Where the block that starts here ends by its checksum; undefined when none fits. */
function endOfBlock(bytes: Buffer, offset: number): number | undefined {
  let crc = CRC_START;
  for (let end = offset; end + TRAILER <= bytes.length; end++) {
    const kind = bytes[end] ?? 0;
    if (kind <= 1 && crcEnd(crcStep(crc, kind)) === unmask(bytes.readUInt32LE(end + 1)) && end > offset + 4)
      return end;
    crc = crcStep(crc, kind);
  }
  return undefined;
}

function varint(value: number): readonly number[] {
  return value < 0x80 ? [value] : [0x80 | (value & 0x7f), ...varint(Math.floor(value / 128))];
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** The entries of a block. A key shares its beginning with the one before, as far as it says. */
function* entriesOf(block: Uint8Array): Generator<TableEntry> {
  const view = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
  if (view.length < 4) throw new Malformed("a block is too short");
  const end = view.length - 4 - 4 * view.readUInt32LE(view.length - 4);
  if (end < 0) throw new Malformed("a block is too short");
  const reader = new LevelReader(view.subarray(0, end));
  let key = Buffer.alloc(0);
  while (!reader.done) {
    const shared = reader.varint();
    const [own, length] = [reader.varint(), reader.varint()];
    if (shared > key.length) throw new Malformed("a key shares more than there is");
    key = Buffer.concat([key.subarray(0, shared), reader.take(own)]);
    yield [key, reader.take(length)];
  }
}
