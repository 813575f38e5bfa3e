import { createHash } from "node:crypto";
import { ChangedKeys, type Collection, type Store, type WriteOperation } from "@agentos/store";
import type { FileRecord } from "./file-record.js";

/** Raised by one whenever records of before can no longer be read. */
const RECORD_FORMAT = 1;

interface Meta {
  readonly format: number;
  readonly outlineVersion: number;
  readonly root: string;
  /** When the last whole `index` ended; absent before the first. */
  readonly indexedAt?: number;
}

/**
 * The records of all files: in memory, and in collections of the store that carry the project's id. Several processes may
 * write them; each checks a record against its file before it answers with it, so the last one written may stand.
 */
export class Catalogue {
  readonly #files = new Map<string, FileRecord>();
  /** Changes that the store has not taken yet; `undefined` removes. */
  readonly #unsaved = new Map<string, FileRecord | undefined>();
  readonly #store: Store;
  readonly #records: Collection<FileRecord>;
  readonly #metas: Collection<Meta>;
  /** What was written to the store and is not in memory. */
  readonly #changed: ChangedKeys;
  #meta: Meta;
  #saving: Promise<void> = Promise.resolve();

  private constructor(store: Store, root: string, outlineVersion: number) {
    const id = createHash("sha256").update(root).digest("hex").slice(0, 16);
    const files = `project.${id}.files`;
    this.#store = store;
    this.#records = store.collection<FileRecord>(files);
    this.#changed = new ChangedKeys(store, files);
    this.#metas = store.collection<Meta>(`project.${id}.meta`);
    this.#meta = { format: RECORD_FORMAT, outlineVersion, root };
  }

  /** Reads what the store knows. Records of another version are dropped: they can be made anew. */
  static async open(store: Store, root: string, outlineVersion: number): Promise<Catalogue> {
    const catalogue = new Catalogue(store, root, outlineVersion);
    await catalogue.refresh();
    if (await catalogue.readMeta()) return catalogue;
    for await (const [path] of catalogue.#records.entries()) catalogue.#unsaved.set(path, undefined);
    return catalogue;
  }

  /**
   * Takes over what others wrote to the store. The paths whose records are others now. Versions that differ from this one are
   * passed over: then every process goes by what it reads itself.
   */
  refresh(): Promise<readonly string[]> {
    return this.#changed.read((changed) => this.#readChanged(changed));
  }

  async #readChanged(changed: ReadonlySet<string> | "all"): Promise<readonly string[]> {
    if (changed !== "all" && changed.size === 0) return [];
    if (!(await this.readMeta())) return [];
    const read: (readonly [string, FileRecord | undefined])[] = [];
    if (changed === "all") {
      const gone = new Set(this.#files.keys());
      for await (const [path, record] of this.#records.entries()) {
        gone.delete(path);
        read.push([path, record]);
      }
      for (const path of gone) read.push([path, undefined]);
    } else {
      for (const path of changed) read.push([path, await this.#records.get(path)]);
    }
    return read.flatMap(([path, record]) => (this.#take(path, record) ? [path] : []));
  }

  /** Whether a record of the store is news. Where this process has one to save, it is looked at again after that. */
  #take(path: string, record: FileRecord | undefined): boolean {
    if (this.#unsaved.has(path)) {
      this.#changed.giveBack(new Set([path]));
      return false;
    }
    if (record !== undefined) this.#files.set(path, record);
    return record !== undefined || this.#files.delete(path);
  }

  /** Looks when the project was indexed last. Whether the records of the store are of this version. */
  async readMeta(): Promise<boolean> {
    const meta = await this.#metas.get("meta");
    const { format, outlineVersion } = this.#meta;
    const readable = meta?.format === format && meta.outlineVersion === outlineVersion;
    if (readable) this.#meta = meta;
    return readable;
  }

  /** Hears of the store no more. */
  close(): void {
    this.#changed.close();
  }

  /** When the last whole `index` ended, in milliseconds since 1970. */
  get indexedAt(): number | undefined {
    return this.#meta.indexedAt;
  }

  get size(): number {
    return this.#files.size;
  }

  get unsaved(): number {
    return this.#unsaved.size;
  }

  get(path: string): FileRecord | undefined {
    return this.#files.get(path);
  }

  /** All records, in the order of their paths. */
  all(): FileRecord[] {
    return [...this.#files.values()].sort((left, right) => (left.path < right.path ? -1 : 1));
  }

  paths(): string[] {
    return [...this.#files.keys()];
  }

  put(record: FileRecord): void {
    this.#files.set(record.path, record);
    this.#unsaved.set(record.path, record);
  }

  delete(path: string): void {
    this.#files.delete(path);
    this.#unsaved.set(path, undefined);
  }

  /**
   * Writes what changed in one batch. What the store does not take stays for the next time. Not fsynced: all of it can
   * be read off the files again.
   */
  save(indexedAt?: number): Promise<void> {
    this.#saving = this.#saving.catch(() => {}).then(() => this.#save(indexedAt));
    return this.#saving;
  }

  async #save(indexedAt: number | undefined): Promise<void> {
    const batch = [...this.#unsaved];
    if (batch.length === 0 && indexedAt === undefined) return;
    const operations: WriteOperation[] = batch.map(([path, record]) =>
      record === undefined ? this.#records.delete(path) : this.#records.put(path, record),
    );
    const meta = indexedAt === undefined ? this.#meta : { ...this.#meta, indexedAt };
    operations.push(this.#metas.put("meta", meta));
    const sequence = await this.#store.write(operations);
    this.#meta = meta;
    for (const [path, record] of batch) {
      this.#changed.claim(path, sequence);
      if (this.#unsaved.get(path) === record) this.#unsaved.delete(path);
    }
  }
}
