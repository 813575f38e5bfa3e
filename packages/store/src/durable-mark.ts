import { type FileHandle, open, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { Logger } from "@agentos/core";

const FILE = "durable";
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
    const path = join(dir, FILE);
    // "r+" does not create and "w+" empties, so a first open needs "a".
    await (await open(path, "a")).close();
    return new DurableMark(await open(path, "r+"), logger);
  }

  /** The newest durable sequence; 0 when the file is new or unreadable. */
  async get(): Promise<number> {
    const text = await this.#file.readFile("utf8");
    const sequence = decode(text);
    if (sequence !== undefined) return sequence;
    this.#logger.warn({ text }, "the store's file of its durable sequence is damaged and not used");
    return 0;
  }

  /** A failure is logged: the batch itself is on the disk, only a check of the next opening is weaker. */
  async set(sequence: number): Promise<void> {
    const text = encode(sequence);
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

/** The mark of a store that nobody has open; 0 when there is none, undefined when it is damaged. */
export async function readDurable(dir: string): Promise<number | undefined> {
  return decode(await readFile(join(dir, FILE), "utf8").catch(() => ""));
}

/** Sets the mark of a store that nobody has open. */
export async function writeDurable(dir: string, sequence: number): Promise<void> {
  // A new file: nothing may be written through a link that lies there.
  await rm(join(dir, FILE), { force: true });
  await writeFile(join(dir, FILE), encode(sequence), { flag: "wx", flush: true });
}

function decode(text: string): number | undefined {
  if (text === "") return 0;
  const sequence = Number(text.slice(0, DIGITS));
  return Number.isSafeInteger(sequence) && text === encode(sequence) ? sequence : undefined;
}

function encode(sequence: number): string {
  const digits = String(sequence).padStart(DIGITS, "0");
  return `${digits} ${crc32(digits).toString(16).padStart(8, "0")}\n`;
}
