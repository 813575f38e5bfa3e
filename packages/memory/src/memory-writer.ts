import type { IdSource, Memory } from "@agentos/core";
import type { Store, WriteOperation } from "@agentos/store";
import type { Derived } from "./derived.js";
import { KeyedMutex } from "./keyed-mutex.js";
import type { Links } from "./links.js";
import type { Quarantine, Quarantines } from "./quarantine.js";
import {
  identityOf,
  inUse,
  known,
  type MemoryRecord,
  merge,
  type OutOfUse,
  searchText,
  stateOf,
  subjectKey,
  validityTouches,
} from "./record.js";
import type { MemoryChange, RecordChange, Records, WholeRecord } from "./records.js";
import type { Vectors } from "./vectors.js";

/** What writes work on. */
export interface WriterParts {
  readonly store: Store;
  readonly records: Records;
  readonly links: Links;
  readonly quarantines: Quarantines;
  readonly derived: Derived;
  /** Absent where vectors are not searched. */
  readonly vectors: Vectors | undefined;
  readonly clock: () => number;
  readonly ids: IdSource;
  /** Told of each memory that goes out of use, or comes back. */
  readonly onCount: (state: OutOfUse, by: 1 | -1) => void;
}

/** What `purge` leaves in place of a memory: that it is gone. */
export interface PurgeReceipt {
  readonly id: string;
  /** The memory that it was of. */
  readonly memoryId: string;
  /** In milliseconds since 1970. */
  readonly at: number;
  /** Entries of the store that were taken away: versions, audit, vectors and links. */
  readonly entries: number;
}

/**
 * Changes memories. Every change is one durable batch of the new version, the version before it, the audit and the vector;
 * the indexes follow when it is on the disk. Changes of one memory, one identity or one subject come one after another: keys
 * are held in the order subject, identity, id, so that none wait in a circle.
 */
export class MemoryWriter {
  readonly #parts: WriterParts;
  readonly #mutex = new KeyedMutex();

  constructor(parts: WriterParts) {
    this.#parts = parts;
  }

  /** Stores what was said, or adds it to what says the same; closes what its subject had before. */
  remember(said: Memory): Promise<Memory> {
    const subject = subjectKey(said);
    const keys = [`2${identityOf(said)}`, ...(subject === undefined ? [] : [`1${subject}`])];
    return this.#mutex.runAll(keys, async () => {
      const same = this.#parts.derived.catalogue.same(identityOf(said));
      const about = subject === undefined ? [] : this.#parts.derived.catalogue.about(subject);
      return this.#held([...same, ...about], async () => {
        const old = await this.#sameAs(said, same);
        const memory = old === undefined ? said : merge(old.memory, said);
        const { changes, value } = await this.#closing(memory, about);
        const change = newVersion(old, { memory: value }, old ? "repeated" : "remembered", this.#now());
        const changed = old === undefined || JSON.stringify(old.memory) !== JSON.stringify(value);
        const links = changes.flatMap(({ after }) =>
          this.#parts.links.put({ from: value.id, type: "supersedes", to: after.memory.id }),
        );
        if (changed || changes.length > 0) await this.#commit([...changes, change], links);
        return value;
      });
    });
  }

  /**
   * Makes a new version of a memory. `next` gets the record as it is, and gives what changes, or undefined to leave it.
   * Resolves to the new version; undefined where there was none.
   */
  change(
    id: string,
    change: MemoryChange,
    next: (record: MemoryRecord) => Partial<MemoryRecord> | undefined,
  ): Promise<MemoryRecord | undefined> {
    return this.#held([id], async () => {
      const before = await this.#parts.records.get(id);
      const changed = before && next(before);
      if (before === undefined || changed === undefined) return undefined;
      const made = newVersion(before, changed, change, this.#now());
      await this.#commit([made]);
      return made.after;
    });
  }

  /** Sets up a quarantine: what it holds goes out of recall at once. Resolves to how many memories that were. */
  async quarantine(quarantine: Quarantine): Promise<number> {
    const { store, quarantines } = this.#parts;
    await store.write([quarantines.put(quarantine)], { durable: true });
    quarantines.begin(quarantine);
    return this.#changeAll("quarantined", (record) =>
      record.quarantine === undefined && quarantines.of(record.memory)?.id === quarantine.id
        ? { quarantine: quarantine.id }
        : undefined,
    );
  }

  /** Ends a quarantine. Resolves to how many memories came back; those that another one holds do not. */
  async release(id: string): Promise<number> {
    const { store, quarantines, derived } = this.#parts;
    await store.write([quarantines.delete(id)], { durable: true });
    quarantines.end(id);
    const count = await this.#changeAll("released", (record) =>
      record.quarantine === id ? { quarantine: quarantines.of(record.memory)?.id } : undefined,
    );
    derived.forgetPast();
    return count;
  }

  /** Takes every trace of a memory away. Undefined where there was none. */
  purge(id: string): Promise<PurgeReceipt | undefined> {
    return this.#held([id], async () => {
      const { store, records, links, derived, vectors } = this.#parts;
      const record = await records.get(id);
      if (record === undefined) return undefined;
      const operations: WriteOperation[] = [...(await records.purge(id))];
      for (const link of await links.of(id)) operations.push(...links.delete(link));
      if (vectors !== undefined) operations.push(vectors.delete(id));
      const receipt = { id: this.#parts.ids(), memoryId: id, at: this.#now(), entries: operations.length };
      const receipts = store.collection<PurgeReceipt>("memory.receipts");
      await store.write([...operations, receipts.put(receipt.id, receipt)], { durable: true });
      derived.purge(id);
      const state = stateOf(record);
      if (state !== undefined) this.#parts.onCount(state, -1);
      return receipt;
    });
  }

  /** Stores memories that are not here yet with all their versions, as they are. Not durable by itself. */
  async restoreAll(wholes: readonly WholeRecord[]): Promise<void> {
    const { store, records, derived, vectors } = this.#parts;
    const ids = wholes.map(({ record }) => record.memory.id);
    await this.#held(ids, async () => {
      const texts = wholes
        .filter(({ record }) => inUse(record))
        .map(({ record }) => searchText(record.memory));
      const made = (await vectors?.embed(texts))?.values();
      const operations: WriteOperation[] = [];
      const placed = wholes.map(({ record, past }) => {
        const vector = inUse(record) ? (made?.next().value as Float32Array | undefined) : undefined;
        operations.push(...records.putWhole({ record, past }));
        if (vectors && vector) operations.push(vectors.put(record.memory.id, vector));
        return { record, vector };
      });
      await store.write(operations);
      for (const { record, vector } of placed) {
        derived.place(record, vector);
        const state = stateOf(record);
        if (state !== undefined) this.#parts.onCount(state, 1);
      }
    });
    derived.forgetPast();
  }

  /** Does something while nothing else changes these memories. */
  #held<T>(ids: readonly string[], work: () => Promise<T>): Promise<T> {
    return this.#mutex.runAll(
      ids.map((id) => `3${id}`),
      work,
    );
  }

  async #changeAll(
    change: MemoryChange,
    next: (record: MemoryRecord) => Partial<MemoryRecord> | undefined,
  ): Promise<number> {
    let count = 0;
    for await (const record of this.#parts.records.entries()) {
      if (next(record) === undefined) continue;
      if (await this.change(record.memory.id, change, next)) count += 1;
    }
    return count;
  }

  async #sameAs(said: Memory, ids: readonly string[]): Promise<MemoryRecord | undefined> {
    for (const id of ids) {
      const record = await this.#parts.records.get(id);
      if (record !== undefined && inUse(record) && validityTouches(record.memory, said)) return record;
    }
    return undefined;
  }

  /** What a new value of a subject does to the other values: the one before it ends where it begins. */
  async #closing(
    memory: Memory,
    about: readonly string[],
  ): Promise<{ readonly changes: readonly RecordChange[]; readonly value: Memory }> {
    const changes: RecordChange[] = [];
    let { validTo } = memory;
    for (const id of about) {
      const before = id === memory.id ? undefined : await this.#parts.records.get(id);
      if (before === undefined || !inUse(before)) continue;
      const other = before.memory;
      if (other.validFrom > memory.validFrom) {
        // A value that was true before one that is known already.
        validTo = Math.min(validTo ?? Infinity, other.validFrom);
      } else if ((other.validTo ?? Infinity) > memory.validFrom) {
        const closed = { memory: { ...other, validTo: memory.validFrom } };
        changes.push(newVersion(before, closed, "closed", this.#now()));
      }
    }
    return { changes, value: known({ ...memory, validTo }) };
  }

  async #commit(changes: readonly RecordChange[], others: readonly WriteOperation[] = []): Promise<void> {
    const { store, records, derived, vectors, quarantines } = this.#parts;
    const now = this.#now();
    const held = changes.map((change) => {
      if (change.before !== undefined) return change;
      const quarantine = quarantines.of(change.after.memory)?.id;
      return quarantine === undefined ? change : { ...change, after: { ...change.after, quarantine } };
    });
    const texts = held.filter(({ after }) => inUse(after)).map(({ after }) => searchText(after.memory));
    const made = (await vectors?.embed(texts))?.values();
    const placed = held.map(({ after }) => ({
      after,
      vector: inUse(after) ? (made?.next().value as Float32Array | undefined) : undefined,
    }));
    const operations = [...held.flatMap((change) => records.write(change, now)), ...others];
    for (const { after, vector } of placed) {
      if (vectors === undefined) continue;
      const { id } = after.memory;
      operations.push(vector === undefined ? vectors.delete(id) : vectors.put(id, vector));
    }
    await store.write(operations, { durable: true });
    for (const { after, vector } of placed) derived.place(after, vector);
    for (const { before, after } of held) {
      const [was, is] = [before && stateOf(before), stateOf(after)];
      if (was !== undefined) this.#parts.onCount(was, -1);
      if (is !== undefined) this.#parts.onCount(is, 1);
    }
  }

  #now(): number {
    return this.#parts.clock();
  }
}

/** The next version of a record: what changes is laid over what there was. */
function newVersion(
  before: MemoryRecord | undefined,
  changed: Partial<MemoryRecord>,
  change: MemoryChange,
  at: number,
): RecordChange {
  if (before === undefined) return { after: changed as MemoryRecord, change };
  const after = { ...before, ...changed, version: (before.version ?? 1) + 1, since: at };
  return { before, after, change };
}
