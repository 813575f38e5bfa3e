import { createHash } from "node:crypto";
import type { Collection, Store, WriteOperation } from "@agentos/store";
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

/** The records of all files: in memory, and in collections of the store that carry the project's id. */
export class Catalogue {
  readonly #files = new Map<string, FileRecord>();
  /** Changes that the store has not taken yet; `undefined` removes. */
  readonly #unsaved = new Map<string, FileRecord | undefined>();
  readonly #store: Store;
  readonly #records: Collection<FileRecord>;
  readonly #metas: Collection<Meta>;
  #meta: Meta;
  #saving: Promise<void> = Promise.resolve();

  private constructor(store: Store, root: string, outlineVersion: number) {
    const id = createHash("sha256").update(root).digest("hex").slice(0, 16);
    this.#store = store;
    this.#records = store.collection<FileRecord>(`project.${id}.files`);
    this.#metas = store.collection<Meta>(`project.${id}.meta`);
    this.#meta = { format: RECORD_FORMAT, outlineVersion, root };
  }

  /** Reads what the store knows. Records of another version are dropped: they can be made anew. */
  static async open(store: Store, root: string, outlineVersion: number): Promise<Catalogue> {
    const catalogue = new Catalogue(store, root, outlineVersion);
    const meta = await catalogue.#metas.get("meta");
    const readable = meta?.format === RECORD_FORMAT && meta.outlineVersion === outlineVersion;
    if (readable) catalogue.#meta = meta;
    for await (const [path, record] of catalogue.#records.entries()) {
      if (readable) catalogue.#files.set(path, record);
      else catalogue.#unsaved.set(path, undefined);
    }
    return catalogue;
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
    await this.#store.write(operations);
    this.#meta = meta;
    for (const [path, record] of batch) {
      if (this.#unsaved.get(path) === record) this.#unsaved.delete(path);
    }
  }
}
