/** CRC-32C (Castagnoli), eight bytes at a time (M. Kounavis and F. Berry, "Novel Table Lookup-Based Algorithms", 2008). */
const LANES = 8;
const TABLES = makeTables();

/** The checksum of a part of a buffer. */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  const at = (lane: number, byte: number): number => TABLES[lane * 256 + (byte & 0xff)] ?? 0;
  let crc = 0xffffffff;
  let i = start;
  for (; i + LANES <= end; i += LANES) {
    const low = crc ^ word(bytes, i);
    const high = word(bytes, i + 4);
    crc =
      at(7, low) ^
      at(6, low >>> 8) ^
      at(5, low >>> 16) ^
      at(4, low >>> 24) ^
      at(3, high) ^
      at(2, high >>> 8) ^
      at(1, high >>> 16) ^
      at(0, high >>> 24);
  }
  for (; i < end; i++) crc = (crc >>> 8) ^ at(0, crc ^ (bytes[i] ?? 0));
  return (crc ^ 0xffffffff) >>> 0;
}

/** What a checksum that is made byte by byte begins with. */
export const CRC_START = 0xffffffff;

/** The state of such a checksum behind one more byte. */
export function crcStep(crc: number, byte: number): number {
  return (crc >>> 8) ^ (TABLES[(crc ^ byte) & 0xff] ?? 0);
}

/** The checksum of such a state. */
export function crcEnd(crc: number): number {
  return (crc ^ 0xffffffff) >>> 0;
}

/** A stored checksum as it was before LevelDB masked it. */
export function unmask(masked: number): number {
  const rotated = (masked - 0xa282ead8) >>> 0;
  return ((rotated >>> 17) | (rotated << 15)) >>> 0;
}

function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  );
}

function makeTables(): Int32Array {
  const tables = new Int32Array(LANES * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    tables[byte] = crc;
  }
  for (let i = 256; i < tables.length; i++) {
    const before = tables[i - 256] ?? 0;
    tables[i] = (before >>> 8) ^ (tables[before & 0xff] ?? 0);
  }
  return tables;
}
