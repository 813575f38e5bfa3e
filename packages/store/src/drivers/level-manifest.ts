import { readLog } from "./level-log.js";
import { LevelReader, Malformed } from "./level-reader.js";

/** What a manifest says that the database consists of. */
export interface Manifest {
  /** Live tables: size in bytes by number. */
  readonly tables: ReadonlyMap<number, number>;
  /** First and last key of each live table, as LevelDB keeps them. */
  readonly ranges: ReadonlyMap<number, readonly [Uint8Array, Uint8Array]>;
  /** Logs from this number on are live. */
  readonly logNumber: number;
  /** An older live log; 0 for none. */
  readonly previousLogNumber: number;
  /** The newest change that was counted when the manifest was last written. */
  readonly lastChange: number;
}

/** Reads a manifest: a log of edits (`version_edit.cc` of LevelDB). Throws {@link Malformed}. */
export function readManifest(bytes: Buffer): Manifest {
  const tables = new Map<number, number>();
  const ranges = new Map<number, readonly [Uint8Array, Uint8Array]>();
  let [logNumber, previousLogNumber, lastChange] = [0, 0, 0];
  for (const record of readLog(bytes)) {
    const reader = new LevelReader(record);
    while (!reader.done) {
      const tag = reader.varint();
      if (tag === 1) reader.slice();
      else if (tag === 2) logNumber = reader.varint();
      else if (tag === 3) reader.varint();
      else if (tag === 4) lastChange = reader.varint();
      else if (tag === 5) {
        reader.varint();
        reader.slice();
      } else if (tag === 6) {
        reader.varint();
        tables.delete(reader.varint());
      } else if (tag === 7) {
        reader.varint();
        const table = reader.varint();
        tables.set(table, reader.varint());
        ranges.set(table, [reader.slice(), reader.slice()]);
      } else if (tag === 9) previousLogNumber = reader.varint();
      else throw new Malformed(`an edit in it has the unknown tag ${tag}`);
    }
  }
  return { tables, ranges, logNumber, previousLogNumber, lastChange };
}
