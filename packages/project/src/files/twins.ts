import type { Dialect } from "../source-parser.js";
import type { FileRecord } from "./file-record.js";

/** Where records of files are found by what is in them. */
interface TwinSource {
  twin(hash: string, dialect: Dialect): FileRecord | undefined;
}

/** Finds a record of a file with the same content; waits for one that is being parsed. */
export type FindTwin = (hash: string, dialect: Dialect) => Promise<FileRecord | undefined>;

/** Sees to it that of several files with the same content that are read at once, one is parsed. */
export class Twins {
  readonly #source: TwinSource;
  /** Ends of readings that parse, by content and grammar. */
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(source: TwinSource) {
    this.#source = source;
  }

  /** Does a reading, and what it brings counts for others when the promise resolves. */
  async run<Found>(read: (twin: FindTwin) => Promise<Found>, take: (found: Found) => void): Promise<void> {
    let end = (): void => {};
    try {
      take(
        await read(async (hash, dialect) => {
          const key = `${dialect} ${hash}`;
          let other = this.#underWay.get(key);
          while (other !== undefined) {
            await other;
            other = this.#underWay.get(key);
          }
          const twin = this.#source.twin(hash, dialect);
          if (twin === undefined) end = this.#begin(key);
          return twin;
        }),
      );
    } finally {
      end();
    }
  }

  #begin(key: string): () => void {
    let end = (): void => {};
    this.#underWay.set(key, new Promise((resolve) => (end = resolve)));
    return () => {
      this.#underWay.delete(key);
      end();
    };
  }
}
