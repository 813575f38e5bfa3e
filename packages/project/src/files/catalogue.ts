import { createHash } from "node:crypto";
import { isAgentOSError } from "@agentos/core";
import { ChangedKeys, type Collection, type Store, type WriteOperation } from "@agentos/store";
import type { Dialect } from "../source-parser.js";
import type { FileRecord, RecordTimes, SkipReason } from "./file-record.js";
import { isRecord } from "./is-record.js";
import { encodeRecords, RecordPack } from "./record-pack.js";
import { RecordTable } from "./record-table.js";

/** Raised by one whenever records of before can no longer be read. */
const RECORD_FORMAT = 2;

/** So many records, and such a share of them, change before all are written together anew. */
const LEAST_CHANGED = 1_000;
const CHANGED_SHARE = 0.05;

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
  readonly #files = new RecordTable();
  /** Changes that the store has not taken yet; `undefined` removes. */
  readonly #unsaved = new Map<string, FileRecord | undefined>();
  readonly #id: string;
  /** Tells the form of records, and of what parsing finds, too. */
  readonly #packName: string;
  /** Records that changed since all were written together. */
  #changedSincePack = 0;
  readonly #store: Store;
  readonly #records: Collection<FileRecord>;
  readonly #metas: Collection<Meta>;
  /** What was written to the store and is not in memory. */
  readonly #changed: ChangedKeys;
  #version = 0;
  #edition = 0;
  #meta: Meta;
  #saving: Promise<void> = Promise.resolve();

  private constructor(store: Store, root: string, outlineVersion: number) {
    const id = createHash("sha256").update(root).digest("hex").slice(0, 16);
    this.#id = `project.${id}`;
    this.#packName = `${this.#id}.${RECORD_FORMAT}.${outlineVersion}`;
    const files = `${this.#id}.files`;
    this.#store = store;
    this.#records = store.collection<FileRecord>(files);
    this.#changed = new ChangedKeys(store, files);
    this.#metas = store.collection<Meta>(`project.${id}.meta`);
    this.#meta = { format: RECORD_FORMAT, outlineVersion, root };
  }

  /** Reads what the store knows. Records of another version are dropped: they can be made anew. */
  static async open(store: Store, root: string, outlineVersion: number): Promise<Catalogue> {
    const catalogue = new Catalogue(store, root, outlineVersion);
    const isReadable = await catalogue.readMeta();
    const isPacked = isReadable && (await catalogue.#readPack());
    await catalogue.refresh();
    if (!isPacked) catalogue.#changedSincePack = catalogue.size;
    if (isReadable) return catalogue;
    for await (const [path] of catalogue.#records.entries()) catalogue.#unsaved.set(path, undefined);
    return catalogue;
  }

  /** Begins with the records that were written together, and what was written since. */
  async #readPack(): Promise<boolean> {
    // What is written from here on is told.
    this.#changed.take();
    const content = await unlessNotOwner(() => this.#store.snapshot(this.#packName).read());
    const pack = content && RecordPack.decode(content.parts);
    const changes = pack && (await this.#store.changes(content.sequence, [`${this.#id}.files`]));
    if (pack === undefined || changes === undefined) {
      this.#changed.giveBack("all");
      return false;
    }
    this.#files.usePack(pack);
    this.#changed.giveBack(new Set(changes.map(({ key }) => key)));
    this.#changedSincePack = changes.length;
    return true;
  }

  /** Writes all records together where enough of them changed, so that the next opening is quick. Can be done without. @param takeOver what others wrote */
  async pack(takeOver: () => Promise<void>): Promise<void> {
    if (this.#changedSincePack < Math.max(LEAST_CHANGED, this.#files.size * CHANGED_SHARE)) return;
    // Of what is written behind this sequence, nothing needs to be in it.
    const { sequence } = this.#store;
    await takeOver();
    const before = this.#changedSincePack;
    const parts = await encodeRecords(this.#files.all());
    await unlessNotOwner(() => this.#store.snapshot(this.#packName).write(sequence, parts));
    this.#changedSincePack -= before;
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
      const gone = new Set(this.#files.paths());
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
  #take(path: string, stored: unknown): boolean {
    if (this.#unsaved.has(path)) {
      this.#changed.giveBack(new Set([path]));
      return false;
    }
    // What is no record of that file was not written by an index: the file is read anew.
    const record = isRecord(stored, path) ? stored : undefined;
    if ((record !== undefined) !== this.#files.has(path)) this.#version += 1;
    this.#edition += 1;
    if (record !== undefined) this.#files.set(record);
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

  /** Another one whenever a file has come or gone. */
  get version(): number {
    return this.#version;
  }

  /** Another one whenever a record has come, gone or changed. */
  get edition(): number {
    return this.#edition;
  }

  /** SHA-256 of a file's text; undefined where it was not read. */
  hash(path: string): string | undefined {
    return this.#files.hash(path);
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

  has(path: string): boolean {
    return this.#files.has(path);
  }

  /** Size and times of a file as it was read. */
  times(path: string): RecordTimes | undefined {
    return this.#files.times(path);
  }

  /** Names of a file's symbols, lowered, one a line. */
  names(path: string): string {
    return this.#files.names(path);
  }

  /** All records, in the order of their paths. */
  all(): FileRecord[] {
    return this.#files.all();
  }

  /** How many symbols all files have. */
  get symbols(): number {
    return this.#files.symbols;
  }

  /** Files whose content is not in the index, in the order of their paths. */
  skipped(): readonly { readonly path: string; readonly reason: SkipReason }[] {
    return this.#files.skipped();
  }

  paths(): string[] {
    return this.#files.paths();
  }

  /** A file of this content and grammar whose symbols are known. */
  twin(hash: string, dialect: Dialect): FileRecord | undefined {
    return this.#files.twin(hash, dialect);
  }

  put(record: FileRecord): void {
    if (!this.#files.has(record.path)) this.#version += 1;
    this.#edition += 1;
    this.#files.set(record);
    this.#unsaved.set(record.path, record);
  }

  delete(path: string): void {
    if (this.#files.delete(path)) this.#version += 1;
    this.#edition += 1;
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
    this.#changedSincePack += batch.length;
    for (const [path, record] of batch) {
      this.#changed.claim(path, sequence);
      if (this.#unsaved.get(path) === record) this.#unsaved.delete(path);
    }
  }
}

/** Snapshots are the owner's of a shared store: others go without. */
async function unlessNotOwner<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isAgentOSError(error, "STORE_NOT_OWNER")) return undefined;
    throw error;
  }
}
