import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";

const HEADER_BYTES = 12;
const MAGIC = "AOPS";

// A snapshot file is "AOPS", the length and the CRC-32 of what follows (32 bits each, little endian), then the bytes.

/** The bytes of a snapshot file, or undefined when it is missing, cut short or damaged. */
export function openSnapshot(path: string): Uint8Array | undefined {
  let file: Buffer;
  try {
    file = readFileSync(path);
  } catch {
    return undefined;
  }
  if (file.length < HEADER_BYTES || file.toString("latin1", 0, 4) !== MAGIC) return undefined;
  const body = file.subarray(HEADER_BYTES);
  return file.readUInt32LE(4) === body.length && file.readUInt32LE(8) === crc32(body) ? body : undefined;
}

/** Writes a snapshot so that its name only ever shows a whole one. */
export async function writeSnapshot(path: string, bytes: Uint8Array): Promise<void> {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC, "latin1");
  header.writeUInt32LE(bytes.length, 4);
  header.writeUInt32LE(crc32(bytes), 8);
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(Buffer.concat([header, bytes]));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
