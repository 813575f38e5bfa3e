import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, read, realpathSync, type Stats } from "node:fs";
import { dirname, join, sep } from "node:path";
import { promisify } from "node:util";

/** What was read of one file. `gone`: there is no such regular file within the root now. */
export type ReadText =
  | { readonly status: "gone" }
  | { readonly status: "unreadable" }
  | { readonly status: "same"; readonly stats: FileTimes }
  | { readonly status: "large"; readonly stats: FileTimes }
  | { readonly status: "binary"; readonly stats: FileTimes; readonly hash: string }
  | {
      readonly status: "text";
      readonly stats: FileTimes;
      readonly hash: string;
      readonly text: string;
      /** Whether bytes that are no character were replaced by U+FFFD. */
      readonly isLossy: boolean;
    };

/** Size and times of a file. */
export interface FileTimes {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

const readBytes = promisify(read);

/** Bytes at the start of a file in which a zero byte says that it is no text. */
const PROBE_BYTES = 8_192;

/**
 * Reads a file within the root without following a link, not even one that took a folder's place since the walk.
 * @param root a real path
 * @param unless size and times of which nothing is read: the file is the `same`
 */
export async function readText(
  root: string,
  path: string,
  maxBytes: number,
  unless?: (times: FileTimes) => boolean,
): Promise<ReadText> {
  const full = join(root, path);
  // Paths come from records, too, which are no better than the store that they lie in.
  if (!full.startsWith(root.endsWith(sep) ? root : root + sep)) return { status: "gone" };
  let file: number | undefined;
  try {
    // Looking is done at once: each wait for a look costs ten times what the look does. Only the content is waited for.
    if (realpathSync.native(dirname(full)) !== dirname(full)) return { status: "gone" };
    // A pipe in the file's place would block an open without O_NONBLOCK.
    file = openSync(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const found = fstatSync(file);
    if (!found.isFile()) return { status: "gone" };
    const stats = timesOf(found);
    if (unless?.(stats)) return { status: "same", stats };
    if (stats.size > maxBytes) return { status: "large", stats };
    const bytes = await readAll(file, stats.size, maxBytes);
    // It may have grown between the two calls.
    if (bytes === undefined) return { status: "large", stats };
    const hash = createHash("sha256").update(bytes).digest("hex");
    const decoded = decode(bytes);
    return decoded === undefined
      ? { status: "binary", stats, hash }
      : { status: "text", stats, hash, ...decoded };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const gone = code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP" || code === "ENXIO";
    return { status: gone ? "gone" : "unreadable" };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** All bytes of an open file of about this size; undefined when there are more than `maxBytes`. */
async function readAll(file: number, size: number, maxBytes: number): Promise<Buffer | undefined> {
  // One more than expected, so that the first read reaches the end.
  let bytes = Buffer.allocUnsafe(size + 1);
  for (let length = 0; length <= maxBytes; ) {
    const { bytesRead } = await readBytes(file, bytes, length, bytes.length - length, length);
    if (bytesRead === 0) return bytes.subarray(0, length);
    length += bytesRead;
    if (length < bytes.length && length === size) return bytes.subarray(0, length);
    if (length === bytes.length) bytes = Buffer.concat([bytes], length * 2);
  }
  return undefined;
}

function timesOf(stats: Stats): FileTimes {
  return { size: stats.size, mtimeMs: stats.mtimeMs, ctimeMs: stats.ctimeMs };
}

/** UTF-8, or UTF-16 with a byte order mark. Other encodings keep their ASCII; what they write else is replaced. */
function decode(bytes: Buffer): { readonly text: string; readonly isLossy: boolean } | undefined {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? "utf-16le"
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? "utf-16be"
        : "utf-8";
  if (encoding === "utf-8" && bytes.subarray(0, PROBE_BYTES).includes(0)) return undefined;
  const text = new TextDecoder(encoding).decode(bytes);
  return { text, isLossy: text.includes("\ufffd") && !isWhole(bytes, encoding) };
}

/** Whether each byte is a part of a character: then a U+FFFD stands in the file itself. */
function isWhole(bytes: Buffer, encoding: string): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
