import { readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isAgentOSError, type Logger, throwIfAborted } from "@agentos/core";
import type { Level } from "level";
import { syncFolder } from "../sync.js";
import { fromLevel, fullError, isFull, isInterrupted, isIo, isLocked } from "./level-errors.js";
import { FrozenLevel } from "./level-frozen.js";
import { BUILDING, nextGeneration, retire, sweepGenerations } from "./level-generations.js";
import { openCurrent, openLevel, openSuccessor } from "./level-open.js";

/** One change of stored bytes. */
export type LevelOperation =
  | { readonly type: "put"; readonly key: string; readonly value: string }
  | { readonly type: "del"; readonly key: string };

/** A walk over stored keys, by their bytes. */
export interface LevelRange {
  /** First key, itself left out when `openLower`. */
  readonly lower: Buffer;
  readonly openLower: boolean;
  /** Bound above; never itself a member. */
  readonly upper: Buffer;
  /** At most so many; -1 for all. */
  readonly limit: number;
  readonly reverse: boolean;
  readonly signal: AbortSignal | undefined;
}

const ITERATOR_PAGE = 200;
const REOPEN_ROOM_BYTES = 1 << 20;

/**
 * LevelDB in one folder. After a failed write LevelDB's log may end in half a record, behind which nothing could be
 * recovered; so a write that follows a failed one first closes and opens the database anew.
 */
export class LevelDriver {
  readonly #dir: string;
  readonly #logger: Logger;
  /** Folder of the database in `#dir`. */
  #name: string;
  #level: Level<string, string>;
  #state: "open" | "suspect" | "closed" = "open";
  #reopening: Promise<void> | undefined;

  private constructor(dir: string, name: string, level: Level<string, string>, logger: Logger) {
    this.#dir = dir;
    this.#name = name;
    this.#level = level;
    this.#logger = logger;
  }

  /**
   * Takes the lock, looks for damage, then opens. Throws the `LEVEL_LOCKED` error as it is, so that the store can say
   * who holds it.
   */
  static async open(dir: string, logger: Logger): Promise<LevelDriver> {
    try {
      const { name, level } = await openCurrent(dir);
      await sweepGenerations(dir, name);
      return new LevelDriver(dir, name, level, logger);
    } catch (error) {
      throw isLocked(error) || isAgentOSError(error) ? error : fromLevel(error, dir, "open");
    }
  }

  async get(key: string): Promise<string | undefined> {
    for (;;) {
      const level = await this.#database();
      try {
        return await level.get(key);
      } catch (error) {
        if (isInterrupted(error) && (await this.#database()) !== level) continue;
        throw fromLevel(error, this.#dir, "read");
      }
    }
  }

  /** Applies all operations or none. */
  async write(operations: readonly LevelOperation[], sync: boolean): Promise<void> {
    if (this.#state !== "open") throw fullError(this.#dir, new Error("The database is not open."));
    try {
      await this.#level.batch([...operations], { sync });
    } catch (error) {
      if (isIo(error)) this.#state = "suspect";
      throw fromLevel(error, this.#dir, "write");
    }
  }

  /** Deletes all keys from `first` to `last`, the first ones first; not as one batch. */
  async clear(first: Buffer, last: Buffer): Promise<void> {
    try {
      await this.#level.clear<Buffer>({ gte: first, lte: last, keyEncoding: "buffer" });
    } catch (error) {
      if (isIo(error)) this.#state = "suspect";
      throw fromLevel(error, this.#dir, "write");
    }
  }

  /** The last stored key from `lower` up to, but without, `upper`. */
  async lastKey(lower: Buffer, upper: Buffer): Promise<Buffer | undefined> {
    const range = { lower, openLower: false, upper, limit: 1, reverse: true, signal: undefined };
    for await (const [key] of this.entries(range)) return key;
    return undefined;
  }

  /** Whether a write failed, so that {@link LevelDriver.reopen} must come before the next one. */
  get suspect(): boolean {
    return this.#state !== "open";
  }

  /** Closes and opens the database. Reads wait for it; walks go on behind the last key that they gave. */
  async reopen(): Promise<void> {
    this.#reopening ??= this.#reopen().finally(() => {
      this.#reopening = undefined;
    });
    await this.#reopening;
  }

  async *entries(range: LevelRange): AsyncGenerator<readonly [key: Buffer, value: string]> {
    let { lower, openLower, upper, limit } = range;
    while (limit !== 0) {
      const level = await this.#database();
      const iterator = level.iterator<Buffer, string>({
        ...(openLower ? { gt: lower } : { gte: lower }),
        lt: upper,
        reverse: range.reverse,
        limit,
        keyEncoding: "buffer",
        valueEncoding: "utf8",
      });
      try {
        for (;;) {
          throwIfAborted(range.signal);
          const page = await iterator.nextv(ITERATOR_PAGE);
          if (page.length === 0) return;
          for (const [key, value] of page) {
            throwIfAborted(range.signal);
            yield [key, value];
            if (range.reverse) upper = key;
            else [lower, openLower] = [key, true];
            if (limit > 0) limit -= 1;
          }
        }
      } catch (error) {
        const current = await this.#database();
        if (isInterrupted(error) && current !== level) continue;
        throw isAgentOSError(error) ? error : fromLevel(error, this.#dir, "read");
      } finally {
        await iterator.close();
      }
    }
  }

  /**
   * Reads everything as it is now while writes go on. When the database is opened anew meanwhile, what was read counts for
   * nothing and the work begins again.
   */
  async frozen<T>(work: (source: FrozenLevel) => Promise<T>): Promise<T> {
    for (;;) {
      const level = await this.#database();
      const source = new FrozenLevel(level);
      try {
        return await work(source);
      } catch (error) {
        if (isInterrupted(error) && (await this.#database()) !== level) continue;
        throw isAgentOSError(error) ? error : fromLevel(error, this.#dir, "read");
      } finally {
        await source.close();
      }
    }
  }

  /**
   * Puts the database that was made in the folder {@link BUILDING} in the place of this one, which is removed. Nothing may
   * be written meanwhile. Walks go on behind the last key that they gave.
   */
  async replace(): Promise<void> {
    const [old, oldName, name] = [this.#level, this.#name, nextGeneration(this.#name)];
    try {
      await rename(join(this.#dir, BUILDING), join(this.#dir, name));
      // From here on the new one counts, whatever happens.
      this.#name = name;
      await syncFolder(this.#dir);
      // The old lock is held until the new one is: nobody else gets the store between the two.
      this.#level = await openSuccessor(join(this.#dir, name));
    } catch (error) {
      if (this.#name === name) {
        this.#state = "closed";
        await old.close();
      }
      throw fromLevel(error, this.#dir, "write");
    }
    await old.close();
    await retire(this.#dir, oldName);
  }

  async close(): Promise<void> {
    await this.#reopening?.catch(() => {});
    await this.#level.close();
  }

  async #database(): Promise<Level<string, string>> {
    if (this.#reopening !== undefined) await this.#reopening;
    if (this.#state === "closed") await this.reopen();
    return this.#level;
  }

  async #reopen(): Promise<void> {
    // While there is no room the old handle still reads; closing it would take even that away.
    await this.#requireRoom();
    await this.#level.close();
    this.#state = "closed";
    try {
      this.#level = await openLevel(join(this.#dir, this.#name));
    } catch (error) {
      throw fromLevel(error, this.#dir, "open");
    }
    this.#state = "open";
    this.#logger.info({ dir: this.#dir }, "store reopened after a failed write");
  }

  /** Opening writes what the log holds into a table; makes sure that there is room for it. */
  async #requireRoom(): Promise<void> {
    const probe = join(this.#dir, "probe");
    try {
      let bytes = REOPEN_ROOM_BYTES;
      const location = join(this.#dir, this.#name);
      for (const name of await readdir(location)) {
        if (name.endsWith(".log")) bytes += (await stat(join(location, name))).size;
      }
      await writeFile(probe, Buffer.alloc(bytes, "room"), { flush: true });
    } catch (error) {
      throw isFull(error) ? fullError(this.#dir, error) : fromLevel(error, this.#dir, "write");
    } finally {
      await rm(probe, { force: true });
    }
  }
}
