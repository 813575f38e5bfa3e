import type { FileHandle } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { crc32 } from "node:zlib";
import { throwIfAborted } from "@agentos/core";
import * as v from "valibot";

// A snapshot file:
//   8 bytes   MAGIC, which ends in the version of this form
//   4 bytes   length of the header; 4 bytes: CRC-32 of the header (little-endian)
//   header    JSON, filled up with blanks so that it ends on a multiple of 8
//   parts     one behind the other, each filled up with zeros to a multiple of 8

const MAGIC = Buffer.from("AOSSNAP1", "latin1");
const FIXED = 16;
const HEADER_MAXIMUM = 16 << 20;
const CHUNK = 4 << 20;
const CRC_DIGITS = 10;

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const headerSchema = v.strictObject({
  store: v.string(),
  name: v.string(),
  sequence: whole,
  parts: v.array(v.strictObject({ name: v.string(), bytes: whole, crc: v.string() })),
});

/** What a snapshot says of itself. */
export interface SnapshotHeader {
  /** Id of the store that it belongs to. */
  readonly store: string;
  readonly name: string;
  readonly sequence: number;
  readonly parts: readonly { readonly name: string; readonly bytes: number; readonly crc: string }[];
}

/** Says that a file is no snapshot, or a damaged one. */
export class BadSnapshot extends Error {
  override readonly name = "BadSnapshot";
}

/** Writes a snapshot to an open, empty file. The caller syncs it. The parts must not change meanwhile. */
export async function writeSnapshot(
  file: FileHandle,
  head: Omit<SnapshotHeader, "parts">,
  parts: ReadonlyMap<string, Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const entries = [...parts];
  const unknown = entries.map(([name, { byteLength }]) => ({ name, bytes: byteLength, crc: 0 }));
  // The checksums come to be while the parts are written, so the header, whose length is known, is written last.
  let position = encodeHeader({ ...head, parts: unknown.map(fixCrc) }).length;
  const known: SnapshotHeader["parts"][number][] = [];
  for (const [name, part] of entries) {
    let crc = 0;
    for (let at = 0; at < part.byteLength; at += CHUNK) {
      throwIfAborted(signal);
      const chunk = part.subarray(at, at + CHUNK);
      crc = crc32(chunk, crc);
      await writeAll(file, chunk, position + at);
    }
    const end = position + part.byteLength;
    position = padded(end);
    if (position > end) await writeAll(file, Buffer.alloc(position - end), end);
    known.push(fixCrc({ name, bytes: part.byteLength, crc }));
  }
  throwIfAborted(signal);
  await writeAll(file, encodeHeader({ ...head, parts: known }), 0);
}

/** Reads the header alone. Throws {@link BadSnapshot}. */
export async function readHeader(
  file: FileHandle,
): Promise<{ readonly header: SnapshotHeader; readonly end: number }> {
  const { size } = await file.stat();
  if (size < FIXED) throw new BadSnapshot("it is too short");
  const fixed = await readExactly(file, FIXED, 0);
  if (!fixed.subarray(0, MAGIC.length).equals(MAGIC)) throw new BadSnapshot("it is no snapshot");
  const length = fixed.readUInt32LE(8);
  if (length > HEADER_MAXIMUM || FIXED + length > size) throw new BadSnapshot("it was cut short");
  const json = await readExactly(file, length, FIXED);
  if (crc32(json) !== fixed.readUInt32LE(12)) throw new BadSnapshot("its header is damaged");
  const header = v.safeParse(headerSchema, parseJson(json));
  if (!header.success) throw new BadSnapshot("its header is of another form");
  const end = FIXED + length;
  const expected = header.output.parts.reduce((at, { bytes }) => at + padded(bytes), end);
  if (size !== expected) throw new BadSnapshot(`it has ${size} bytes where ${expected} were written`);
  return { header: header.output, end };
}

/**
 * Reads a whole snapshot; every part has a buffer of its own, so that numbers of any kind can be laid over it. `keep` false
 * only checks. Throws {@link BadSnapshot}.
 */
export async function readSnapshot(
  file: FileHandle,
  options: { readonly keep: boolean; readonly signal?: AbortSignal | undefined },
): Promise<{ readonly header: SnapshotHeader; readonly parts: ReadonlyMap<string, Uint8Array> }> {
  const { header, end } = await readHeader(file);
  const parts = new Map<string, Uint8Array>();
  const scratch = options.keep ? undefined : new Uint8Array(CHUNK);
  let position = end;
  for (const { name, bytes, crc } of header.parts) {
    const part = scratch ?? new Uint8Array(bytes);
    let sum = 0;
    for (let at = 0; at < bytes; at += CHUNK) {
      throwIfAborted(options.signal);
      const length = Math.min(CHUNK, bytes - at);
      const chunk = scratch?.subarray(0, length) ?? part.subarray(at, at + length);
      await readInto(file, chunk, position + at);
      sum = crc32(chunk, sum);
    }
    if (fixCrc({ name, bytes, crc: sum }).crc !== crc) throw new BadSnapshot(`its part "${name}" is damaged`);
    const filling = await readExactly(file, padded(bytes) - bytes, position + bytes);
    if (filling.some((byte) => byte !== 0))
      throw new BadSnapshot(`what follows its part "${name}" is damaged`);
    position += padded(bytes);
    if (options.keep) parts.set(name, part);
    // Parts that come from the cache of the system would otherwise be read in one go.
    await setImmediate();
  }
  return { header, parts };
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

function encodeHeader(header: SnapshotHeader): Buffer {
  const json = JSON.stringify(header);
  const bytes = Buffer.byteLength(json);
  const text = Buffer.from(json + " ".repeat(padded(FIXED + bytes) - FIXED - bytes), "utf8");
  const encoded = Buffer.concat([MAGIC, Buffer.alloc(8), text]);
  encoded.writeUInt32LE(text.length, 8);
  encoded.writeUInt32LE(crc32(text), 12);
  return encoded;
}

/** A checksum as text of one length, so that the length of a header does not depend on it. */
function fixCrc(part: {
  readonly name: string;
  readonly bytes: number;
  readonly crc: number;
}): SnapshotHeader["parts"][number] {
  return { ...part, crc: String(part.crc).padStart(CRC_DIGITS, "0") };
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.byteLength; ) {
    at += (await file.write(bytes, at, bytes.byteLength - at, position + at)).bytesWritten;
  }
}

async function readExactly(file: FileHandle, length: number, position: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  await readInto(file, bytes, position);
  return bytes;
}

async function readInto(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.byteLength; ) {
    const { bytesRead } = await file.read(bytes, at, bytes.byteLength - at, position + at);
    if (bytesRead === 0) throw new BadSnapshot("it was cut short");
    at += bytesRead;
  }
}
