import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { Logger } from "@agentos/core";

const DIGITS = 16;

/**
 * Remembers, in a file beside LevelDB, the newest sequence that is known to be on the disk. LevelDB takes a log that
 * was cut short for one that was never written to its end; this tells the two apart. It is written after the fsync,
 * and not synced itself, so it is never ahead of the truth.
 */
export class DurableMark {
  readonly #file: FileHandle;
  readonly #logger: Logger;

  private constructor(file: FileHandle, logger: Logger) {
    this.#file = file;
    this.#logger = logger;
  }

  static async open(dir: string, logger: Logger): Promise<DurableMark> {
    const path = join(dir, "durable");
    // "r+" does not create and "w+" empties, so a first open needs "a".
    await (await open(path, "a")).close();
    return new DurableMark(await open(path, "r+"), logger);
  }

  /** The newest durable sequence; 0 when the file is new or unreadable. */
  async get(): Promise<number> {
    const text = await this.#file.readFile("utf8");
    if (text === "") return 0;
    const digits = text.slice(0, DIGITS);
    if (text === encode(digits)) return Number(digits);
    this.#logger.warn({ text }, "the store's file of its durable sequence is damaged and not used");
    return 0;
  }

  /** A failure is logged: the batch itself is on the disk, only a check of the next opening is weaker. */
  async set(sequence: number): Promise<void> {
    const text = encode(String(sequence).padStart(DIGITS, "0"));
    try {
      await this.#file.write(text, 0, "utf8");
    } catch (error) {
      this.#logger.warn({ error }, "the store's file of its durable sequence could not be written");
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

function encode(digits: string): string {
  return `${digits} ${crc32(digits).toString(16).padStart(8, "0")}\n`;
}
