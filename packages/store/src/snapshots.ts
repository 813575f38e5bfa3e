import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { coreError, isAgentOSError, type Logger } from "@agentos/core";
import { fullError, isFull } from "./drivers/level-errors.js";
import { storeError } from "./errors.js";
import { requireKey } from "./keys.js";
import {
  BadSnapshot,
  readHeader,
  readSnapshot,
  type SnapshotHeader,
  writeSnapshot,
} from "./snapshot-file.js";
import { syncFolder } from "./sync.js";

const SUFFIX = ".snapshot";
const UNFINISHED = ".unfinished";
/** Below what file systems allow for a name, with room for the suffixes. */
const NAME_BYTES = 180;

/** What a snapshot holds. */
export interface SnapshotContent {
  /** The store's sequence that the parts stand for. */
  readonly sequence: number;
  /** Each has a buffer of its own, so that arrays of any kind of number can be laid over it. */
  readonly parts: ReadonlyMap<string, Uint8Array>;
}

/** The snapshots of one store: files in a folder of their own. None of them is needed: each can be made again. */
export class Snapshots {
  readonly #dir: string;
  readonly #storeId: string;
  #sequence: () => number;
  readonly #logger: Logger;
  /** Sequence of every snapshot by file, those that are being written included. */
  readonly #known = new Map<string, number>();
  /** The change log begins here: what stands for less cannot be brought up to date. */
  #floor = 0;

  private constructor(dir: string, storeId: string, sequence: () => number, logger: Logger) {
    this.#dir = snapshotFolder(dir);
    this.#storeId = storeId;
    this.#sequence = sequence;
    this.#logger = logger;
  }

  /**
   * Looks at what is there and removes what can never be used: unfinished and unreadable files, those of another store,
   * and those that are ahead of the store, whose sequences will be given to other writes.
   */
  static async open(dir: string, storeId: string, sequence: number, logger: Logger): Promise<Snapshots> {
    const snapshots = new Snapshots(dir, storeId, () => sequence, logger);
    for (const file of await listFolder(snapshots.#dir)) {
      if (file.endsWith(UNFINISHED)) await rm(join(snapshots.#dir, file), { force: true });
      else if (file.endsWith(SUFFIX)) {
        const header = await snapshots.#read(file, async (handle) => (await readHeader(handle)).header);
        if (header !== undefined) snapshots.#known.set(file, header.sequence);
      }
    }
    return snapshots;
  }

  /** Names who knows the store's sequence from now on. */
  follow(sequence: () => number): void {
    this.#sequence = sequence;
  }

  /** Sequence of the oldest snapshot; Infinity when there is none. */
  get oldest(): number {
    return Math.min(Number.POSITIVE_INFINITY, ...this.#known.values());
  }

  async read(name: string, signal: AbortSignal | undefined): Promise<SnapshotContent | undefined> {
    const read = await this.#read(fileName(name), (handle) => readSnapshot(handle, { keep: true, signal }));
    return read && { sequence: read.header.sequence, parts: read.parts };
  }

  async write(
    name: string,
    sequence: number,
    parts: ReadonlyMap<string, Uint8Array>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const file = fileName(name);
    if (sequence > this.#sequence()) {
      throw coreError(
        "INPUT_INVALID",
        `The snapshot "${name}" stands for sequence ${sequence}, but the store is at ${this.#sequence()}.`,
      );
    }
    const temporary = `${file}.${randomUUID()}${UNFINISHED}`;
    const path = join(this.#dir, temporary);
    this.#known.set(temporary, sequence);
    try {
      await mkdir(this.#dir, { recursive: true });
      const handle = await open(path, "wx");
      try {
        await writeSnapshot(handle, { store: this.#storeId, name, sequence }, parts, signal);
        await handle.sync();
      } finally {
        await handle.close();
      }
      if (sequence < this.#floor) {
        this.#logger.info({ name, sequence }, "a snapshot was overtaken by a compaction and is not kept");
        await rm(path, { force: true });
        return;
      }
      this.#known.set(file, sequence);
      await rename(path, join(this.#dir, file));
      await syncFolder(this.#dir);
    } catch (error) {
      await rm(path, { force: true });
      if (isFull(error)) throw fullError(this.#dir, error);
      if (isAgentOSError(error)) throw error;
      throw storeError("STORE_IO", `The snapshot "${name}" could not be written. Check the disk.`, {
        cause: error,
        details: { path },
      });
    } finally {
      this.#known.delete(temporary);
    }
  }

  async delete(name: string): Promise<void> {
    await this.#remove(fileName(name));
  }

  /** Removes those that stand for less than the store holds now, and takes no more of them. */
  async deleteOlder(): Promise<void> {
    this.#floor = this.#sequence();
    for (const [file, sequence] of this.#known) {
      if (sequence < this.#floor && file.endsWith(SUFFIX)) await this.#remove(file);
    }
  }

  /** Undefined when there is none, and when it is of no use: then it is told and removed. */
  async #read<T extends SnapshotHeader | { readonly header: SnapshotHeader }>(
    file: string,
    work: (handle: FileHandle) => Promise<T>,
  ): Promise<T | undefined> {
    let reason: string;
    try {
      const handle = await open(join(this.#dir, file), "r");
      try {
        const read = await work(handle);
        const problem = this.#problem("header" in read ? read.header : read, file);
        if (problem === undefined) return read;
        reason = problem;
      } finally {
        await handle.close();
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      if (isAgentOSError(error)) throw error;
      if (!(error instanceof BadSnapshot)) {
        // The disk, or the right to read: the file may be good, so it stays.
        this.#logger.warn({ error, file }, "a snapshot could not be read and is not used");
        return undefined;
      }
      reason = error.message;
    }
    this.#logger.warn({ file, reason }, "a snapshot is of no use and is removed; its index is built anew");
    await this.#remove(file);
    return undefined;
  }

  #problem(header: SnapshotHeader, file: string): string | undefined {
    return snapshotProblem(header, file, this.#storeId, this.#sequence());
  }

  async #remove(file: string): Promise<void> {
    this.#known.delete(file);
    await rm(join(this.#dir, file), { force: true });
  }
}

/** Why a snapshot whose header is whole may not be used; undefined when it may. */
export function snapshotProblem(
  header: SnapshotHeader,
  file: string,
  storeId: string,
  sequence: number,
): string | undefined {
  if (header.store !== storeId) return "it belongs to another store";
  if (fileName(header.name) !== file) return `it is that of "${header.name}"`;
  if (header.sequence > sequence)
    return `it stands for batch ${header.sequence}, but the store ends at ${sequence}`;
  return undefined;
}

/** Where the snapshots of a store lie. */
export function snapshotFolder(dir: string): string {
  return join(dir, "snapshots");
}

/** Files that are, or claim to be, snapshots. */
export async function listSnapshots(dir: string): Promise<readonly string[]> {
  return (await listFolder(snapshotFolder(dir))).filter((file) => file.endsWith(SUFFIX)).sort();
}

async function listFolder(dir: string): Promise<readonly string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** A name as one of a file. Capital letters are encoded too: not every file system tells them from small ones. */
function fileName(name: string): string {
  const encoded = Array.from(Buffer.from(requireKey(name), "utf8"), (byte) => {
    const character = String.fromCharCode(byte);
    return /[a-z0-9_-]/.test(character) ? character : `%${byte.toString(16).padStart(2, "0")}`;
  }).join("");
  if (encoded.length <= NAME_BYTES) return encoded + SUFFIX;
  throw storeError("STORE_KEY_INVALID", `The name of a snapshot is too long: ${name.slice(0, 40)}…`);
}
