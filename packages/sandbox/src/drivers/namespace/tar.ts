import { Buffer } from "node:buffer";

const BLOCK = 512;
/**
 * 2100-01-01. The go command keeps an index of packages in its cache unless a file was changed just now, which it takes
 * this for; runs may not write that cache. Where it is not wanted, tar is told to set the time of unpacking.
 */
const MODIFIED = 4_102_444_800;

/** One entry of an archive. Folders are made by tar as they are needed. */
export type TarEntry =
  | { readonly path: string; readonly content: string | Uint8Array; readonly executable?: boolean }
  | { readonly path: string; readonly linkTo: string };

/** Writes entries as a tar archive (POSIX ustar, with pax headers for long and non-ASCII names). */
export function writeTar(entries: Iterable<TarEntry>): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    const link = "linkTo" in entry;
    const content = link ? new Uint8Array() : bytesOf(entry.content);
    if (needsPax(entry.path) || (link && needsPax(entry.linkTo))) {
      const records = paxRecord("path", entry.path) + (link ? paxRecord("linkpath", entry.linkTo) : "");
      push(parts, header("pax", Buffer.byteLength(records), "x", "", 0o644), Buffer.from(records));
    }
    const mode = !link && entry.executable ? 0o755 : 0o644;
    push(
      parts,
      header(entry.path, content.length, link ? "2" : "0", link ? entry.linkTo : "", mode),
      content,
    );
  }
  parts.push(new Uint8Array(2 * BLOCK));
  return Buffer.concat(parts);
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? Buffer.from(content, "utf8") : content;
}

function needsPax(path: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII as a whole
  return path.length > 99 || /[^\x00-\x7f]/.test(path);
}

function push(parts: Uint8Array[], head: Uint8Array, content: Uint8Array): void {
  parts.push(head, content);
  const rest = content.length % BLOCK;
  if (rest > 0) parts.push(new Uint8Array(BLOCK - rest));
}

/** `length key=value\n`, where the length counts itself. */
function paxRecord(key: string, value: string): string {
  const body = ` ${key}=${value}\n`;
  const size = Buffer.byteLength(body);
  let length = size + String(size).length;
  if (String(length).length > String(size).length) length = size + String(length).length;
  return `${length}${body}`;
}

function header(path: string, size: number, type: string, linkTo: string, mode: number): Uint8Array {
  const block = Buffer.alloc(BLOCK);
  block.write(path.slice(0, 99), 0, "latin1");
  block.write(octal(mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(MODIFIED, 11), 136);
  block.write("        ", 148);
  block.write(type, 156);
  block.write(linkTo.slice(0, 99), 157, "latin1");
  block.write("ustar\u000000", 257, "latin1");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\u0000 `, 148, "latin1");
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}
