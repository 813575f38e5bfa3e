import { type IdSource, type Memory, throwIfAborted } from "@agentos/core";
import type { Store, WriteOperation } from "@agentos/store";
import type { Aliases } from "./aliases.js";
import type { Derived } from "./derived.js";
import { notFound } from "./errors.js";
import { KeyedMutex } from "./keyed-mutex.js";
import type { Links, MemoryLink } from "./links.js";
import type { Quarantine, Quarantines } from "./quarantine.js";
import { identityOf, inUse, type MemoryRecord, merge, searchText, subjectKey } from "./record.js";
import {
  type MemoryChange,
  newVersion,
  type RecordChange,
  type Records,
  type WholeRecord,
} from "./records.js";
import { scopeKey } from "./scope.js";
import type { Settled } from "./settled.js";
import type { Turns } from "./turns.js";
import type { Vectors } from "./vectors.js";
import { type Judged, Standing } from "./writing/standing.js";
import { UnderWay } from "./writing/under-way.js";

/** Other names of scopes, and sources that are held back. */
export interface Names {
  readonly aliases: readonly (readonly [old: string, now: string])[];
  readonly quarantines: readonly Quarantine[];
}

/** What writes work on. */
export interface WriterParts {
  readonly store: Store;
  readonly records: Records;
  readonly links: Links;
  readonly quarantines: Quarantines;
  readonly aliases: Aliases;
  readonly derived: Derived;
  readonly settled: Settled;
  readonly turns: Turns;
  /** Called when the indexes have followed a write. */
  readonly changed: () => void;
  readonly vectors: Vectors;
  /** Whether vectors are searched. Else none are made, and those of memories that change are dropped. */
  readonly dense: boolean;
  readonly clock: () => number;
  readonly ids: IdSource;
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
  readonly #underWay = new UnderWay();
  readonly #standing: Standing;

  constructor(parts: WriterParts) {
    this.#parts = parts;
    this.#standing = new Standing(parts);
  }

  /**
   * Stores what was said, or adds it to what says the same; closes what its subject had before. When the signal aborts before it
   * is given to the disk, nothing is stored. Throws `ABORTED`.
   */
  remember(said: Memory, signal?: AbortSignal): Promise<Memory> {
    const subject = subjectKey(said);
    const keys = [`2${identityOf(said)}`, ...(subject === undefined ? [] : [`1${subject}`])];
    const work = async (): Promise<Memory> => {
      await this.#parts.turns.take();
      // What a quarantine holds back neither adds to what is in use nor closes it.
      if (this.#parts.quarantines.of(said) !== undefined) {
        await this.#commit([newVersion(undefined, { memory: said }, "remembered", this.#now())], [], signal);
        return said;
      }
      const group = JSON.stringify([scopeKey(said.scope), said.kind]);
      const written = this.#parts.derived.near && (await this.#underWay.enter(group, said.content, signal));
      try {
        return await this.#add(said, signal);
      } finally {
        written?.();
      }
    };
    return this.#mutex.runAll(keys, work, signal);
  }

  async #add(said: Memory, signal: AbortSignal | undefined): Promise<Memory> {
    const subject = subjectKey(said);
    const same = this.#parts.derived.catalogue.same(identityOf(said));
    const about = subject === undefined ? [] : this.#parts.derived.catalogue.about(subject);
    // All that are alike are judged without being held, or who remembers like things would wait in one long line.
    const near: Judged =
      same.length === 0 ? await this.#standing.judged(said, this.#standing.nominated(said)) : {};
    const target = near.merge?.memory.id ?? near.link?.to;
    const done = await this.#held(
      [...same, ...about, ...(target ? [target] : [])],
      async () => {
        const old = await this.#standing.sameAs(said, same);
        const like = target === undefined ? {} : await this.#standing.judged(said, [target]);
        // It has changed while it was judged.
        if (near.merge !== undefined && like.merge === undefined) return undefined;
        if (like.merge !== undefined) return this.#merge(like.merge, said, signal);
        const memory = old === undefined ? said : merge(old.memory, said);
        const { changes, value } = await this.#standing.closing(memory, about);
        const change = newVersion(old, { memory: value }, old ? "repeated" : "remembered", this.#now());
        const changed = old === undefined || JSON.stringify(old.memory) !== JSON.stringify(value);
        const links = changes.flatMap(({ after }) =>
          this.#parts.links.put({ from: value.id, type: "supersedes", to: after.memory.id }),
        );
        if (like.link !== undefined) links.push(...this.#parts.links.put({ from: value.id, ...like.link }));
        if (changed || changes.length > 0) await this.#commit([...changes, change], links, signal);
        return value;
      },
      signal,
    );
    return done ?? this.#add(said, signal);
  }

  /**
   * Makes a new version of a memory. `next` gets the record as it is, and gives what changes, or undefined to leave it.
   * Resolves to the new version; undefined where there was none.
   */
  change(
    id: string,
    change: MemoryChange,
    next: (record: MemoryRecord) => Partial<MemoryRecord> | undefined,
    signal?: AbortSignal,
  ): Promise<MemoryRecord | undefined> {
    const work = async (): Promise<MemoryRecord | undefined> => {
      const before = await this.#parts.records.get(id);
      const changed = before && next(before);
      if (before === undefined || changed === undefined) return undefined;
      const made = newVersion(before, changed, change, this.#now());
      await this.#commit([made], [], signal);
      return made.after;
    };
    return this.#held([id], work, signal);
  }

  /** Sets up a quarantine: what it holds goes out of recall at once. Resolves to how many memories that were. */
  async quarantine(quarantine: Quarantine): Promise<number> {
    const { store, quarantines } = this.#parts;
    // It holds before it is written: what is written between is held, and what was given to the disk before is on it behind this.
    quarantines.begin(quarantine);
    try {
      await store.write([quarantines.put(quarantine)], { durable: true });
    } catch (error) {
      quarantines.end(quarantine.id);
      throw error;
    }
    return this.#changeAll("quarantined", (record) =>
      record.quarantine === undefined && quarantines.of(record.memory)?.id === quarantine.id
        ? { quarantine: quarantine.id }
        : undefined,
    );
  }

  /** Ends a quarantine. Resolves to how many memories came back; those that another one holds do not. */
  async release(id: string): Promise<number> {
    const { store, quarantines, derived } = this.#parts;
    const before = quarantines.end(id);
    try {
      await store.write([quarantines.delete(id)], { durable: true });
    } catch (error) {
      if (before) quarantines.begin(before);
      throw error;
    }
    const count = await this.#changeAll("released", (record) =>
      record.quarantine === id ? { quarantine: quarantines.of(record.memory)?.id } : undefined,
    );
    derived.forgetPast();
    return count;
  }

  /** Takes every trace of a memory away, and of what was merged into it, which says the same. Undefined where there was none. */
  async purge(id: string): Promise<PurgeReceipt | undefined> {
    for (let ids: readonly string[] = [id]; ; ) {
      let all = ids;
      const receipt = await this.#held(ids, async () => {
        all = [id, ...(await this.#mergedInto(id))];
        return all.every((one) => ids.includes(one)) ? this.#purgeHeld(id, all) : undefined;
      });
      // What is merged into it must be held, too; while it is not, it may become a memory of its own again.
      if (all.every((one) => ids.includes(one))) return receipt;
      ids = all;
    }
  }

  async #purgeHeld(id: string, ids: readonly string[]): Promise<PurgeReceipt | undefined> {
    const { store, records, links, derived, vectors } = this.#parts;
    if ((await records.get(id)) === undefined) return undefined;
    const operations: WriteOperation[] = [];
    for (const each of ids) {
      operations.push(...(await records.purge(each)), vectors.delete(each));
      for (const link of await links.of(each)) operations.push(...links.delete(link));
    }
    const receipt = { id: this.#parts.ids(), memoryId: id, at: this.#now(), entries: operations.length };
    const receipts = store.collection<PurgeReceipt>("memory.receipts");
    await this.#written(
      () => store.write([...operations, receipts.put(receipt.id, receipt)], { durable: true }),
      () => {
        for (const each of ids) derived.purge(each);
      },
    );
    return receipt;
  }

  /** Says how one memory stands to another. Whether that is new. Throws `MEMORY_NOT_FOUND`. */
  link(link: MemoryLink): Promise<boolean> {
    const ends = [link.from, link.to];
    return this.#held(ends, async () => {
      const { store, records, links } = this.#parts;
      for (const id of ends) if ((await records.get(id)) === undefined) throw notFound(id);
      if (await links.has(link)) return false;
      await store.write(links.put(link), { durable: true });
      return true;
    });
  }

  /** Takes a link away. Whether there was one. */
  unlink(link: MemoryLink): Promise<boolean> {
    return this.#held([link.from, link.to], async () => {
      const { store, links } = this.#parts;
      if (!(await links.has(link))) return false;
      await store.write(links.delete(link), { durable: true });
      return true;
    });
  }

  /** Stores memories that are not here yet with all their versions, as they are. Not durable by itself. */
  async restoreAll(wholes: readonly WholeRecord[]): Promise<void> {
    const { store, records, derived, vectors } = this.#parts;
    const ids = wholes.map(({ record }) => record.memory.id);
    await this.#held(ids, async () => {
      const made = await this.#vectorsOf(wholes.map(({ record }) => record));
      const operations: WriteOperation[] = [];
      wholes.forEach((whole, at) => {
        operations.push(...records.putWhole(whole));
        const vector = made[at];
        if (vector !== undefined) operations.push(vectors.put(whole.record.memory.id, vector));
      });
      await this.#written(
        () => store.write(operations),
        () => {
          for (const [at, { record }] of wholes.entries()) derived.place(record, made[at]);
        },
      );
    });
    derived.forgetPast();
  }

  /** Sets up aliases and quarantines of an import: they hold as soon as they are on the disk. */
  async restoreNames(names: Names): Promise<void> {
    const { store, aliases, quarantines } = this.#parts;
    const operations = [
      ...names.aliases.map(([old, now]) => aliases.put(old, now)),
      ...names.quarantines.map((quarantine) => quarantines.put(quarantine)),
    ];
    await store.write(operations, { durable: true });
    for (const [old, now] of names.aliases) aliases.set(old, now);
    for (const quarantine of names.quarantines) quarantines.begin(quarantine);
  }

  /** Does something while nothing else changes these memories. */
  #held<T>(ids: readonly string[], work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.#mutex.runAll(
      ids.map((id) => `3${id}`),
      work,
      signal,
    );
  }

  async #mergedInto(id: string): Promise<readonly string[]> {
    const ids: string[] = [];
    for await (const record of this.#parts.records.entries())
      if (record.mergedInto === id) ids.push(record.memory.id);
    return ids;
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

  /** Adds what is said to a memory that says the same in other words, and keeps it aside, so that it can be taken back. */
  async #merge(old: MemoryRecord, said: Memory, signal: AbortSignal | undefined): Promise<Memory> {
    const memory = merge(old.memory, said);
    const aside = { after: { memory: said, mergedInto: memory.id }, change: "merged" } as const;
    await this.#commit([newVersion(old, { memory }, "merged", this.#now()), aside], [], signal);
    return memory;
  }

  async #commit(
    changes: readonly RecordChange[],
    others: readonly WriteOperation[] = [],
    signal?: AbortSignal,
  ): Promise<void> {
    const { store, records, derived, vectors } = this.#parts;
    const now = this.#now();
    await this.#parts.turns.take();
    const made = await this.#vectorsOf(
      changes.map(({ after }) => this.#heldBack(after)),
      signal,
    );
    throwIfAborted(signal);
    // From here to the write nothing else runs, so that no quarantine begins between.
    const placed = changes.map((change, at) => {
      const after = this.#heldBack(change.after);
      return { ...change, after, vector: inUse(after) ? made[at] : undefined };
    });
    const operations = [...placed.flatMap((change) => records.write(change, now)), ...others];
    for (const { before, after, vector } of placed) {
      if (vector !== undefined) operations.push(vectors.put(after.memory.id, vector));
      else if (before !== undefined) operations.push(vectors.delete(after.memory.id));
    }
    await this.#written(
      () => store.write(operations, { durable: true }),
      () => {
        for (const { after, vector } of placed) derived.place(after, vector);
      },
    );
  }

  /** A record as a quarantine leaves it. */
  #heldBack(record: MemoryRecord): MemoryRecord {
    const quarantine = record.quarantine ?? this.#parts.quarantines.of(record.memory)?.id;
    return quarantine === undefined ? record : { ...record, quarantine };
  }

  /** Keeps a vector that was made in the background, unless the memory has changed since: its change has made one. */
  keepVector(memory: Memory, vector: Float32Array): Promise<void> {
    return this.#held([memory.id], async () => {
      const { store, records, vectors, derived } = this.#parts;
      const now = await records.get(memory.id);
      const slot = derived.catalogue.slot(memory.id);
      if (now === undefined || slot === undefined || searchText(now.memory) !== searchText(memory)) return;
      await this.#written(
        () => store.write([vectors.put(memory.id, vector)]),
        () => derived.setVector(memory.id, vector),
      );
    });
  }

  /** Writes, then follows with the indexes; meanwhile they lag behind the store. */
  async #written(write: () => Promise<unknown>, follow: () => void): Promise<void> {
    const { store, derived, settled } = this.#parts;
    const done = settled.begin(store.sequence);
    try {
      await write();
      await this.#parts.turns.take();
      follow();
      this.#parts.changed();
    } catch (error) {
      // What failed in the end may be on the disk all the same, and the indexes do not know it.
      derived.unfit = true;
      throw error;
    } finally {
      done();
    }
  }

  /** The vector of each record that is in use, where vectors are searched. */
  async #vectorsOf(
    records: readonly MemoryRecord[],
    signal?: AbortSignal,
  ): Promise<readonly (Float32Array | undefined)[]> {
    const used = this.#parts.dense ? records.filter(inUse) : [];
    if (used.length === 0) return [];
    const made = await this.#parts.vectors.embed(
      used.map(({ memory }) => searchText(memory)),
      { signal },
    );
    const vectors = new Map(used.map((record, at) => [record, made[at]]));
    return records.map((record) => vectors.get(record));
  }

  #now(): number {
    return this.#parts.clock();
  }
}
