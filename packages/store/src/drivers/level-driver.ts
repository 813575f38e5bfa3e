import { readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isAgentOSError, type Logger, throwIfAborted } from "@agentos/core";
import { Level } from "level";
import { corruptError, fromLevel, fullError, isFull, isInterrupted, isIo, isLocked } from "./level-errors.js";
import { findDamage } from "./level-integrity.js";

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
  readonly #location: string;
  readonly #logger: Logger;
  #level: Level<string, string>;
  #state: "open" | "suspect" | "closed" = "open";
  #reopening: Promise<void> | undefined;

  private constructor(dir: string, level: Level<string, string>, logger: Logger) {
    this.#dir = dir;
    this.#location = level.location;
    this.#level = level;
    this.#logger = logger;
  }

  /**
   * Takes the lock, looks for damage, then opens. Throws the `LEVEL_LOCKED` error as it is, so that the store can say
   * who holds it.
   * @param tables whether the check reads tables too
   */
  static async open(dir: string, logger: Logger, tables = true): Promise<LevelDriver> {
    const location = join(dir, "level");
    try {
      await requireUnlocked(location);
      const damage = await findDamage(location, tables);
      if (damage !== undefined) {
        // A process that opened the store meanwhile is changing the files that were just read.
        await requireUnlocked(location);
        throw corruptError(dir, damage.what, { file: damage.file });
      }
      return new LevelDriver(dir, await openLevel(location), logger);
    } catch (error) {
      throw isLocked(error) || isAgentOSError(error) ? error : fromLevel(error, dir, "open");
    }
  }

  async get(key: string): Promise<string | undefined> {
    const level = await this.#database();
    try {
      return await level.get(key);
    } catch (error) {
      throw fromLevel(error, this.#dir, "read");
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
      this.#level = await openLevel(this.#location);
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
      for (const name of await readdir(this.#location)) {
        if (name.endsWith(".log")) bytes += (await stat(join(this.#location, name))).size;
      }
      await writeFile(probe, Buffer.alloc(bytes, "room"), { flush: true });
    } catch (error) {
      throw isFull(error) ? fullError(this.#dir, error) : fromLevel(error, this.#dir, "write");
    } finally {
      await rm(probe, { force: true });
    }
  }
}

async function openLevel(location: string): Promise<Level<string, string>> {
  const level = new Level<string, string>(location, { keyEncoding: "utf8", valueEncoding: "utf8" });
  await level.open();
  return level;
}

/**
 * Throws LevelDB's own error when another process or handle holds the lock. Asked to fail where a database exists,
 * LevelDB takes the lock, fails and lets go, with no file changed.
 */
async function requireUnlocked(location: string): Promise<void> {
  const level = new Level(location, { createIfMissing: false, errorIfExists: true });
  try {
    await level.open();
  } catch (error) {
    if (isLocked(error)) throw error;
  } finally {
    await level.close();
  }
}
