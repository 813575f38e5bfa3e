import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
} from "node:fs";
import { join, posix, sep } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";

/** What tells that a file of the host is what it was. Times in milliseconds since 1970. */
export interface FileState {
  readonly size: number;
  readonly modifiedMs: number;
  readonly changedMs: number;
  readonly inode: number;
  readonly kind: "file" | "executable" | "link";
}

/** What a project's file holds. A link is kept as it is written, and followed by nobody here. */
export type FileContent =
  | { readonly bytes: Uint8Array; readonly executable: boolean }
  | { readonly linkTo: string };

/** The states of files and links below a root, by path; whatever else a path leads to is left out. */
export async function statesOf(root: string, paths: readonly string[]): Promise<Map<string, FileState>> {
  const states = new Map<string, FileState>();
  const folders = new Map<string, boolean>();
  for (const [index, path] of paths.entries()) {
    // Synchronous calls take a third of the time; the event loop gets its turn in between.
    if (index % 500 === 499) await breathe();
    const folder = posix.dirname(path);
    let real = folders.get(folder);
    if (real === undefined) {
      real = isReal(root, folder);
      folders.set(folder, real);
    }
    const found = real ? lstatSync(join(root, path), { throwIfNoEntry: false }) : undefined;
    if (found === undefined || !(found.isFile() || found.isSymbolicLink())) continue;
    const kind = found.isSymbolicLink() ? "link" : (found.mode & 0o100) === 0 ? "file" : "executable";
    const { size, mtimeMs, ctimeMs, ino } = found;
    states.set(path, { size, modifiedMs: mtimeMs, changedMs: ctimeMs, inode: ino, kind });
  }
  return states;
}

/** Whether two states are the same one. */
export function sameState(one: FileState, other: FileState | undefined): boolean {
  return (
    one.size === other?.size &&
    one.modifiedMs === other.modifiedMs &&
    one.changedMs === other.changedMs &&
    one.inode === other.inode &&
    one.kind === other.kind
  );
}

/** Reads a file or link as it is now; undefined when it is gone, or has become anything else. */
export function readContent(root: string, path: string): FileContent | undefined {
  if (!isReal(root, posix.dirname(path))) return undefined;
  const place = join(root, path);
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  try {
    const descriptor = openSync(place, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const found = fstatSync(descriptor);
      if (!found.isFile()) return undefined;
      return { bytes: readFileSync(descriptor), executable: (found.mode & 0o100) !== 0 };
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ELOOP") return undefined;
    try {
      return { linkTo: readlinkSync(place) };
    } catch {
      return undefined;
    }
  }
}

/** Whether a folder is where its path says: no link on the way to it. */
function isReal(root: string, folder: string): boolean {
  if (folder === ".") return true;
  try {
    return realpathSync.native(join(root, folder)) === `${root === sep ? "" : root}${sep}${folder}`;
  } catch {
    return false;
  }
}
