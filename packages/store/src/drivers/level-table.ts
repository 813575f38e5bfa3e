import { crc32c, unmask } from "./crc32c.js";
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
  for (const handle of valuesOf(checkedBlock(bytes, footer)))
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

/** The values of a block's entries. Its keys share beginnings, which does not matter here. */
function* valuesOf(block: Uint8Array): Generator<Uint8Array> {
  const view = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
  if (view.length < 4) throw new Malformed("its index is too short");
  const end = view.length - 4 - 4 * view.readUInt32LE(view.length - 4);
  if (end < 0) throw new Malformed("its index is too short");
  const reader = new LevelReader(view.subarray(0, end));
  while (!reader.done) {
    reader.varint();
    const [own, length] = [reader.varint(), reader.varint()];
    reader.take(own);
    yield reader.take(length);
  }
}
