import type { Level } from "level";

const PAGE_ENTRIES = 1_000;
const PAGE_BYTES = 1 << 20;

/** Stored bytes of a key and of its value. */
export type RawEntry = readonly [key: Buffer, value: Buffer];

/** A database as it was at one moment, as bytes. It must be closed; the newest state is kept on the disk until then. */
export class FrozenLevel {
  readonly #level: Level<string, string>;
  readonly #snapshot: ReturnType<Level<string, string>["snapshot"]>;

  constructor(level: Level<string, string>) {
    this.#level = level;
    this.#snapshot = level.snapshot();
  }

  async get(key: string): Promise<string | undefined> {
    return this.#level.get(key, { snapshot: this.#snapshot });
  }

  async lastKey(lower: Buffer, upper: Buffer): Promise<Buffer | undefined> {
    const range = { gte: lower, lt: upper, reverse: true, limit: 1, snapshot: this.#snapshot };
    return (await this.#level.keys<Buffer>({ ...range, keyEncoding: "buffer" }).all())[0];
  }

  /** Entries from `lower` up to, but without, `upper`, by pages. */
  async *pages(lower: Buffer, upper: Buffer): AsyncGenerator<readonly RawEntry[]> {
    const iterator = this.#level.iterator<Buffer, Buffer>({
      gte: lower,
      lt: upper,
      keyEncoding: "buffer",
      valueEncoding: "buffer",
      snapshot: this.#snapshot,
      fillCache: false,
      // An option of classic-level that the types of level leave out.
      ...{ highWaterMarkBytes: PAGE_BYTES },
    });
    try {
      for (;;) {
        const page = await iterator.nextv(PAGE_ENTRIES);
        if (page.length === 0) return;
        yield page;
      }
    } finally {
      await iterator.close();
    }
  }

  async close(): Promise<void> {
    await this.#snapshot.close();
  }
}
