import { Buffer } from "node:buffer";

const BLOCK = 512;

/** One entry of an archive, as it was written: names are bytes, and may be anything. */
export interface ArchiveEntry {
  readonly name: Buffer;
  readonly kind: "file" | "folder" | "link" | "hard link" | "device" | "FIFO" | "other";
  /** Of files only. */
  readonly content: Buffer;
}

/** What an archive held. `cut`: it stopped before its end, in the entry of that name when there was one. */
export interface Archive {
  readonly entries: readonly ArchiveEntry[];
  readonly cut: boolean;
  readonly cutAt?: Buffer;
}

/**
 * Reads an archive in GNU's format, in which names are bytes. It comes from a sandbox: whatever does not fit the format
 * ends the reading, and nothing is made of its names here.
 */
export function readTar(bytes: Buffer): Archive {
  const entries: ArchiveEntry[] = [];
  let longName: Buffer | undefined;
  let position = 0;
  while (position + BLOCK <= bytes.length) {
    const header = bytes.subarray(position, position + BLOCK);
    position += BLOCK;
    if (header.every((byte) => byte === 0)) return { entries, cut: false };
    const size = numberAt(header, 124, 12);
    if (size === undefined || !checks(header)) return { entries, cut: true };
    const name = longName ?? textAt(header, 0, 100);
    const end = position + size;
    const content = bytes.subarray(position, end);
    if (end > bytes.length) return { entries, cut: true, cutAt: name };
    position = Math.ceil(end / BLOCK) * BLOCK;
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === "L") {
      longName = textAt(content, 0, content.length);
      continue;
    }
    // The long target of a link, whose entry follows.
    if (type === "K") continue;
    const kind = KINDS[type] ?? "other";
    entries.push({ name, kind, content: kind === "file" ? content : Buffer.alloc(0) });
    longName = undefined;
  }
  return { entries, cut: true };
}

const KINDS: Readonly<Record<string, ArchiveEntry["kind"]>> = {
  "0": "file",
  "\0": "file",
  "1": "hard link",
  "2": "link",
  "3": "device",
  "4": "device",
  "5": "folder",
  "6": "FIFO",
};

/** Bytes up to the first NUL. */
function textAt(block: Buffer, start: number, length: number): Buffer {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return end === -1 ? field : field.subarray(0, end);
}

/** An octal number, or one in base 256 where the first bit is set; undefined for anything else. */
function numberAt(header: Buffer, start: number, length: number): number | undefined {
  if (((header[start] ?? 0) & 0x80) !== 0) {
    const value = header.readUIntBE(start + length - 6, 6);
    const rest = header.subarray(start + 1, start + length - 6);
    return rest.some((byte) => byte !== 0) || header[start] !== 0x80 ? undefined : value;
  }
  const text = textAt(header, start, length).toString("latin1").trim();
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : undefined;
}

function checks(header: Buffer): boolean {
  let sum = 0;
  for (const [index, byte] of header.entries()) sum += index >= 148 && index < 156 ? 0x20 : byte;
  return numberAt(header, 148, 8) === sum;
}
