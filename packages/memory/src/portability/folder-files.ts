import { constants } from "node:fs";
import { lstat, open, readdir, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { throwIfAborted } from "@agentos/core";

/** Why something in a folder was not read. */
export type SkipReason =
  /** A folder that holds no files of the project's own: node_modules, .git and their like. */
  | "ignored"
  /** A symbolic link, or behind one: links are not followed. */
  | "link"
  /** Named by an `@`, but not inside the folder. */
  | "outside"
  /** Named, but not there. */
  | "missing"
  /** Named by an `@`, but neither Markdown nor plain text. */
  | "not-text"
  /** Neither a file nor a folder. */
  | "special"
  /** More bytes than `maxBytes`. */
  | "too-large"
  /** Behind `maxFiles` others. */
  | "too-many"
  /** Imports that lead further than five files. */
  | "too-deep"
  /** Holds a NUL. */
  | "binary"
  | "not-utf8"
  /** The system refused; `detail` says why. */
  | "unreadable";

/** Something that was not read. */
export interface SkippedFile {
  readonly status: "skipped";
  /** Relative to the folder, with `/`; for an import that leads out of it what was written. */
  readonly path: string;
  readonly reason: SkipReason;
  readonly detail?: string;
}

/** What lies in a folder. */
export interface FolderListing {
  /** Paths of files of Markdown, relative, with `/`, sorted. */
  readonly files: readonly string[];
  readonly skipped: readonly SkippedFile[];
}

const IGNORED = new Set(["node_modules", ".git", ".hg", ".svn"]);
const NAMES = new Set([".cursorrules", ".windsurfrules", ".clinerules"]);
const MARKDOWN = /\.(md|mdc|markdown)$/i;

/** Lists the files of Markdown under a folder, by their whole path in the order of UTF-16 code units. Follows no link. */
export async function listMarkdown(root: string, signal?: AbortSignal): Promise<FolderListing> {
  const files: string[] = [];
  const skipped: SkippedFile[] = [];
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    throwIfAborted(signal);
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
      skipped.push(skippedAs(folder || ".", "unreadable", codeOf(error)));
      return [];
    });
    for (const entry of entries) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      const wanted = MARKDOWN.test(entry.name) || NAMES.has(entry.name);
      if (IGNORED.has(entry.name)) skipped.push(skippedAs(path, "ignored"));
      else if (entry.isDirectory()) folders.push(path);
      else if (!wanted) continue;
      else if (entry.isFile()) files.push(path);
      else skipped.push(skippedAs(path, entry.isSymbolicLink() ? "link" : "special"));
    }
  }
  return { files: files.sort(), skipped: skipped.sort((one, other) => (one.path < other.path ? -1 : 1)) };
}

/**
 * The text of a file in a folder, or why it was not read. Looks again at what the path is now: it may have become a link since
 * it was listed.
 */
export async function readInside(
  root: string,
  path: string,
  maxBytes: number,
): Promise<string | SkippedFile> {
  const skip = (reason: SkipReason, detail?: string): SkippedFile => skippedAs(path, reason, detail);
  const file = join(root, path);
  try {
    if ((await realpath(dirname(file))) !== dirname(file)) return skip("link");
    // Opening refuses both as well, where the system can.
    const before = await lstat(file);
    if (before.isSymbolicLink()) return skip("link");
    if (!before.isFile()) return skip("special");
    if (before.size > maxBytes) return skip("too-large", `${before.size} bytes`);
    const bytes = await readUpTo(file, maxBytes + 1);
    if (bytes === undefined) return skip("special");
    if (bytes.length > maxBytes) return skip("too-large");
    if (bytes.includes(0)) return skip("binary");
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      return skip("not-utf8");
    }
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return skip("missing");
    return code === "ELOOP" ? skip("link") : skip("unreadable", code);
  }
}

/** Reads at most so many bytes; undefined when it is no file. A link is refused, and a pipe does not block. */
async function readUpTo(file: string, most: number): Promise<Buffer | undefined> {
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const handle = await open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const { size } = await handle.stat().then((stats) => (stats.isFile() ? stats : { size: -1 }));
    if (size < 0) return undefined;
    const buffer = Buffer.alloc(Math.min(size + 1, most));
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } finally {
    await handle.close();
  }
}

/** Where an `@` path leads. */
export type ImportTarget =
  | { readonly path: string; readonly reason?: undefined }
  /** Not to be followed. */
  | { readonly path: string; readonly reason: SkipReason };

/**
 * Where an `@` path in a file leads; undefined when it is more likely a name than a path, such as `@scope/package`. Only text
 * is followed: a file of settings or keys never becomes a memory because a repository says so.
 */
export function importTarget(root: string, from: string, written: string): ImportTarget | undefined {
  const rooted = isAbsolute(written) || written.startsWith("~");
  if (!rooted && !written.startsWith(".") && !/\.\w+$/.test(written)) return undefined;
  const inside = relative(root, resolve(root, dirname(from), written));
  if (rooted || inside === "" || inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
    return { path: written, reason: "outside" };
  }
  const path = inside.split(sep).join("/");
  const name = basename(path);
  if (path.split("/").some((part) => IGNORED.has(part))) return { path, reason: "ignored" };
  return MARKDOWN.test(name) || NAMES.has(name) || /\.txt$/i.test(name)
    ? { path }
    : { path, reason: "not-text" };
}

/** Something that was not read. */
export function skippedAs(path: string, reason: SkipReason, detail?: string): SkippedFile {
  return { status: "skipped", path, reason, ...(detail === undefined ? {} : { detail }) };
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code ?? error);
}
