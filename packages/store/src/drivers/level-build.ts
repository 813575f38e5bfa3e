import { rm } from "node:fs/promises";
import { Level } from "level";
import { syncFiles } from "../sync.js";

const BATCH_BYTES = 1 << 20;

type Operation =
  | { readonly type: "put"; readonly key: Buffer; readonly value: Buffer }
  | { readonly type: "del"; readonly key: Buffer };

/** A database in the making. Nothing of it counts before `finish` resolved. */
export class LevelBuild {
  readonly location: string;
  readonly #level: Level<Buffer, Buffer>;
  #batch: Operation[] = [];
  #bytes = 0;

  private constructor(location: string, level: Level<Buffer, Buffer>) {
    this.location = location;
    this.#level = level;
  }

  /** Begins with an empty folder: what lies there is removed. */
  static async create(location: string): Promise<LevelBuild> {
    await rm(location, { recursive: true, force: true });
    const level = new Level<Buffer, Buffer>(location, { keyEncoding: "buffer", valueEncoding: "buffer" });
    await level.open();
    return new LevelBuild(location, level);
  }

  async put(key: Buffer, value: Buffer): Promise<void> {
    await this.#add({ type: "put", key, value }, key.length + value.length);
  }

  async delete(key: Buffer): Promise<void> {
    await this.#add({ type: "del", key }, key.length);
  }

  /** Writes what is left and closes; all files are on the disk then. */
  async finish(): Promise<void> {
    await this.#flush();
    await this.#level.close();
    // LevelDB may leave a log that it had no time to turn into a table, and that nobody synced.
    await syncFiles(this.location);
  }

  /** Gives up, and removes the folder. */
  async discard(): Promise<void> {
    await this.#level.close();
    await rm(this.location, { recursive: true, force: true });
  }

  async #add(operation: Operation, bytes: number): Promise<void> {
    this.#batch.push(operation);
    this.#bytes += bytes;
    if (this.#bytes >= BATCH_BYTES) await this.#flush();
  }

  async #flush(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    this.#bytes = 0;
    if (batch.length > 0) await this.#level.batch(batch);
  }
}
