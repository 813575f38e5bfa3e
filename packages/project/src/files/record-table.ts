import type { Dialect } from "../source-parser.js";
import type { FileRecord, RecordTimes, SkipReason } from "./file-record.js";
import { namesOf, type RecordPack } from "./record-pack.js";

/** Records by path. Those that came in a pack are decoded when they are asked for whole. */
export class RecordTable {
  /** A number is a row of the pack. */
  readonly #files = new Map<string, FileRecord | number>();
  #pack: RecordPack | undefined;
  /** Path of the last file put with each content, made when first asked for; it may hold something else since. */
  #byHash: Map<string, string> | undefined;

  /** Begins with what is in a pack. */
  usePack(pack: RecordPack): void {
    this.#pack = pack;
    for (const [row, path] of pack.paths.entries()) this.#files.set(path, row);
  }

  get size(): number {
    return this.#files.size;
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  get(path: string): FileRecord | undefined {
    const found = this.#files.get(path);
    if (typeof found !== "number") return found;
    const record = this.#pack?.record(found);
    // What cannot be read is as if it had never been: the next look at the file reads it anew.
    if (record !== undefined) this.#files.set(path, record);
    else this.#files.delete(path);
    return record;
  }

  set(record: FileRecord): void {
    this.#files.set(record.path, record);
    if (record.hash !== undefined) this.#byHash?.set(record.hash, record.path);
  }

  delete(path: string): boolean {
    return this.#files.delete(path);
  }

  paths(): string[] {
    return [...this.#files.keys()];
  }

  /** All records, in the order of their paths. */
  all(): FileRecord[] {
    const all: FileRecord[] = [];
    for (const path of this.paths().sort()) {
      const record = this.get(path);
      if (record !== undefined) all.push(record);
    }
    return all;
  }

  times(path: string): RecordTimes | undefined {
    const found = this.#files.get(path);
    return typeof found === "number" ? this.#pack?.times(found) : found;
  }

  /** SHA-256 of a file's text; undefined where it was not read. */
  hash(path: string): string | undefined {
    const found = this.#files.get(path);
    return typeof found === "number" ? this.#pack?.hash(found) : found?.hash;
  }

  /** Names of a file's symbols, lowered, one a line. */
  names(path: string): string {
    const found = this.#files.get(path);
    if (typeof found === "number") return this.#pack?.names(found) ?? "";
    return found === undefined ? "" : namesOf(found);
  }

  /** How many symbols all files have. */
  get symbols(): number {
    let symbols = 0;
    for (const found of this.#files.values())
      symbols += typeof found === "number" ? (this.#pack?.symbols(found) ?? 0) : found.symbols.length;
    return symbols;
  }

  /** Files whose content is not in the index, in the order of their paths. */
  skipped(): { readonly path: string; readonly reason: SkipReason }[] {
    const rows = new Map(this.#pack?.skipped);
    const skipped: { readonly path: string; readonly reason: SkipReason }[] = [];
    for (const [path, found] of this.#files) {
      const reason = typeof found === "number" ? rows.get(found) : found.skipped;
      if (reason !== undefined) skipped.push({ path, reason });
    }
    return skipped.sort((left, right) => (left.path < right.path ? -1 : 1));
  }

  /** A file of this content and grammar whose symbols are known. */
  twin(hash: string, dialect: Dialect): FileRecord | undefined {
    if (this.#byHash === undefined) {
      this.#byHash = new Map();
      for (const [path, found] of this.#files)
        if (typeof found !== "number" && found.hash !== undefined) this.#byHash.set(found.hash, path);
    }
    const paths = [this.#byHash.get(hash), ...this.#packedWith(hash)];
    for (const path of paths) {
      const record = path === undefined ? undefined : this.get(path);
      if (record?.hash === hash && record.dialect === dialect && record.skipped === undefined) return record;
    }
    return undefined;
  }

  #packedWith(hash: string): string[] {
    return [...(this.#pack?.withHash(hash) ?? [])].flatMap((row) => this.#pack?.paths[row] ?? []);
  }
}
