import { createHash, randomUUID } from "node:crypto";
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";
import { isAgentOSError } from "@agentos/core";
import { sandboxError } from "../errors.js";
import { type FileNames, javascriptNames, withFolders } from "../javascript/file-names.js";
import { stripTypes } from "../javascript/strip-types.js";
import { isTypeScript } from "../languages.js";
import { ownerMark } from "../owner-mark.js";
import { type FileContent, type FileState, readContent } from "./host-files.js";

/**
 * How a project's files are written into a base. `stripped`: TypeScript without its types, as Node runs it. `go`: with
 * times that keep the go command from writing its index of packages. `plain`: as they are.
 */
export type Variant = "plain" | "stripped" | "go";

/** One file of a base. */
export interface BaseEntry {
  /** The state of the project's file when it was read. A `modifiedMs` of -1 says that it may have changed since. */
  readonly state: FileState;
  /** SHA-256 of what the project's file held. */
  readonly hash: string;
}

/** A folder that holds a project's files as they were at one time. It is never changed once it is complete. */
export interface Base {
  readonly id: string;
  /** The folder of the files. */
  readonly tree: string;
  readonly entries: Map<string, BaseEntry>;
  readonly bytes: number;
}

/** Young files may change again without a trace in their times; in milliseconds. */
const SETTLED_MS = 50;
/** 2100-01-01 in seconds; see the archive's times. */
const GO_TIME = 4_102_444_800;

/** What a base's manifest holds. */
interface Manifest {
  readonly version: 1;
  readonly entries: readonly (readonly [path: string, ...BaseNumbers, hash: string])[];
}
type BaseNumbers = readonly [
  size: number,
  modifiedMs: number,
  changedMs: number,
  inode: number,
  kind: FileState["kind"],
];

/** The state of a file as it may be trusted later, when it was read at `now`. */
export function settled(state: FileState, now: number): FileState {
  return state.changedMs > now - SETTLED_MS ? { ...state, modifiedMs: -1 } : state;
}

/** Names what a file holds. */
export function hashOf(content: FileContent): string {
  const hash = createHash("sha256");
  if ("linkTo" in content) return `link ${hash.update(content.linkTo).digest("hex")}`;
  return hash.update(content.bytes).digest("hex");
}

/** What a base is made of. */
export interface BaseSource {
  /** The project. */
  readonly root: string;
  /** Its files; those that are gone by then are taken out. */
  readonly states: Map<string, FileState>;
  readonly variant: Variant;
  /** A base to link unchanged files from. */
  readonly older: Base | undefined;
  /** Whether a file is as it was in the older base. */
  readonly same: (path: string) => boolean;
}

/**
 * Writes a new base below `folder` and makes it the current one. What an older base holds unchanged is linked, not
 * copied: neither is ever written again. Files are open to every user id, as runs have ids of their own; `folder` must be
 * closed to others.
 */
export async function writeBase(folder: string, source: BaseSource): Promise<Base> {
  const id = `${ownerMark()}-${randomUUID().slice(0, 13)}`;
  try {
    return await writeBaseAs(id, folder, source);
  } catch (cause) {
    await removeBase(folder, id);
    if (isAgentOSError(cause)) throw cause;
    throw sandboxError(
      "SANDBOX_DRIVER_FAILED",
      `The files of ${source.root} cannot be copied below ${folder}: ${(cause as Error).message}. Make room there, or give another cacheDir.`,
      { cause },
    );
  }
}

async function writeBaseAs(id: string, folder: string, source: BaseSource): Promise<Base> {
  const { root, states, variant, older, same } = source;
  const tree = join(folder, id, "tree");
  makeFolder(join(folder, id, "users"), 0o700);
  makeFolder(tree, 0o777);
  const made = new Set([tree]);
  const entries = new Map<string, BaseEntry>();
  const takenNow = withFolders(states.keys());
  const takenBefore = withFolders(older?.entries.keys() ?? []);
  const names = (path: string, taken: ReadonlySet<string>): FileNames =>
    variant === "stripped" && isTypeScript(path)
      ? javascriptNames(path, (other) => taken.has(other))
      : { file: path, links: [] };
  let bytes = 0;
  let index = 0;
  for (const [path, state] of states) {
    if (index++ % 100 === 99) await breathe();
    const { file, links } = names(path, takenNow);
    const place = join(tree, file);
    makeParents(dirname(place), made);
    const known = older?.entries.get(path);
    if (
      older !== undefined &&
      known !== undefined &&
      state.kind !== "link" &&
      same(path) &&
      names(path, takenBefore).file === file &&
      linked(join(older.tree, file), place)
    ) {
      entries.set(path, { state, hash: known.hash });
    } else {
      const content = readContent(root, path);
      if (content === undefined) {
        states.delete(path);
        continue;
      }
      entries.set(path, { state: settled(state, Date.now()), hash: hashOf(content) });
      writeContent(place, content, path, variant);
    }
    bytes += state.size;
    for (const link of links) symlinkSync(file.slice(file.lastIndexOf("/") + 1), join(tree, link));
  }
  const base = { id, tree, entries, bytes };
  await saveManifest(folder, base);
  return base;
}

/** Reads the current base of a folder; undefined when there is none that can be read. */
export function readBase(folder: string): Base | undefined {
  try {
    const id = readFileSync(join(folder, "current"), "utf8");
    if (!/^[\w-]+$/.test(id)) return undefined;
    const manifest = JSON.parse(readFileSync(join(folder, id, "manifest.json"), "utf8")) as Manifest;
    if (manifest.version !== 1) return undefined;
    const entries = new Map<string, BaseEntry>();
    let bytes = 0;
    for (const [path, size, modifiedMs, changedMs, inode, kind, hash] of manifest.entries) {
      entries.set(path, { state: { size, modifiedMs, changedMs, inode, kind }, hash });
      bytes += size;
    }
    return { id, tree: join(folder, id, "tree"), entries, bytes };
  } catch {
    return undefined;
  }
}

async function saveManifest(folder: string, base: Base): Promise<void> {
  const manifest: Manifest = {
    version: 1,
    entries: [...base.entries].map(([path, { state, hash }]) => {
      const { size, modifiedMs, changedMs, inode, kind } = state;
      return [path, size, modifiedMs, changedMs, inode, kind, hash] as const;
    }),
  };
  await writeFile(join(folder, base.id, "manifest.json"), JSON.stringify(manifest));
  const current = join(folder, `.current-${base.id}`);
  await writeFile(current, base.id);
  await rename(current, join(folder, "current"));
}

/** Removes a base. */
export async function removeBase(folder: string, id: string): Promise<void> {
  // First what others find it by.
  await rm(join(folder, id, "manifest.json"), { force: true });
  await rm(join(folder, id), { recursive: true, force: true });
}

function writeContent(place: string, content: FileContent, path: string, variant: Variant): void {
  if ("linkTo" in content) {
    symlinkSync(content.linkTo, place);
    return;
  }
  writeFileSync(place, variant === "stripped" ? strippedBytes(path, content.bytes) : content.bytes, {
    flag: "wx",
  });
  chmodSync(place, content.executable ? 0o777 : 0o666);
  if (variant === "go") utimesSync(place, GO_TIME, GO_TIME);
}

/** A file that does not parse stays as it is: a project may hold files that nothing runs. */
function strippedBytes(path: string, bytes: Uint8Array): string | Uint8Array {
  if (!isTypeScript(path)) return bytes;
  const result = stripTypes(Buffer.from(bytes).toString("utf8"), path);
  return result.ok ? result.code : bytes;
}

function makeParents(folder: string, made: Set<string>): void {
  if (made.has(folder)) return;
  makeParents(dirname(folder), made);
  makeFolder(folder, 0o777);
  made.add(folder);
}

function makeFolder(folder: string, mode: number): void {
  mkdirSync(folder, { recursive: true });
  // The mask of this process may take bits away.
  chmodSync(folder, mode);
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch {
    return false;
  }
}
