import type { IdSource, Memory } from "@agentos/core";
import type { Store, WriteOperation } from "@agentos/store";
import type { Aliases } from "./aliases.js";
import type { Derived } from "./derived.js";
import { KeyedMutex } from "./keyed-mutex.js";
import type { Links, MemoryLink } from "./links.js";
import type { Quarantine, Quarantines } from "./quarantine.js";
import {
  identityOf,
  inUse,
  known,
  type MemoryRecord,
  merge,
  searchText,
  subjectKey,
  validityTouches,
} from "./record.js";
import type { MemoryChange, RecordChange, Records, WholeRecord } from "./records.js";
import { scopeKey } from "./scope.js";
import type { Settled } from "./settled.js";
import type { Turns } from "./turns.js";
import type { Vectors } from "./vectors.js";
import { judge } from "./writing/judge.js";
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

  constructor(parts: WriterParts) {
    this.#parts = parts;
  }

  /** Stores what was said, or adds it to what says the same; closes what its subject had before. */
  remember(said: Memory): Promise<Memory> {
    const subject = subjectKey(said);
    const keys = [`2${identityOf(said)}`, ...(subject === undefined ? [] : [`1${subject}`])];
    return this.#mutex.runAll(keys, async () => {
      await this.#parts.turns.take();
      // What a quarantine holds back neither adds to what is in use nor closes it.
      if (this.#parts.quarantines.of(said) !== undefined) {
        await this.#commit([newVersion(undefined, { memory: said }, "remembered", this.#now())]);
        return said;
      }
      const group = JSON.stringify([scopeKey(said.scope), said.kind]);
      const written = this.#parts.derived.near && (await this.#underWay.enter(group, said.content));
      try {
        return await this.#add(said);
      } finally {
        written?.();
      }
    });
  }

  async #add(said: Memory): Promise<Memory> {
    const subject = subjectKey(said);
    const same = this.#parts.derived.catalogue.same(identityOf(said));
    const about = subject === undefined ? [] : this.#parts.derived.catalogue.about(subject);
    // All that are alike are judged without being held, or who remembers like things would wait in one long line.
    const near: Judged = same.length === 0 ? await this.#judged(said, this.#nominated(said)) : {};
    const target = near.merge?.memory.id ?? near.link?.to;
    const done = await this.#held([...same, ...about, ...(target ? [target] : [])], async () => {
      const old = await this.#sameAs(said, same);
      const like = target === undefined ? {} : await this.#judged(said, [target]);
      // It has changed while it was judged.
      if (near.merge !== undefined && like.merge === undefined) return undefined;
      if (like.merge !== undefined) return this.#merge(like.merge, said);
      const memory = old === undefined ? said : merge(old.memory, said);
      const { changes, value } = await this.#closing(memory, about);
      const change = newVersion(old, { memory: value }, old ? "repeated" : "remembered", this.#now());
      const changed = old === undefined || JSON.stringify(old.memory) !== JSON.stringify(value);
      const links = changes.flatMap(({ after }) =>
        this.#parts.links.put({ from: value.id, type: "supersedes", to: after.memory.id }),
      );
      if (like.link !== undefined) links.push(...this.#parts.links.put({ from: value.id, ...like.link }));
      if (changed || changes.length > 0) await this.#commit([...changes, change], links);
      return value;
    });
    return done ?? this.#add(said);
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
      if ((await records.get(id)) === undefined) return undefined;
      const operations: WriteOperation[] = [];
      // What was merged with it says the same.
      const ids = [id, ...(await this.#mergedInto(id))];
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
    });
  }

  /** Stores memories that are not here yet with all their versions, as they are. Not durable by itself. */
  async restoreAll(wholes: readonly WholeRecord[]): Promise<void> {
    const { store, records, derived, vectors } = this.#parts;
    const ids = wholes.map(({ record }) => record.memory.id);
    await this.#held(ids, async () => {
      const made = await this.#vectorsOf(wholes.map(({ record }) => record));
      const operations: WriteOperation[] = [];
      for (const { record, past } of wholes) {
        operations.push(...records.putWhole({ record, past }));
        const vector = made.get(record);
        if (vector !== undefined) operations.push(vectors.put(record.memory.id, vector));
      }
      await this.#written(
        () => store.write(operations),
        () => {
          for (const { record } of wholes) derived.place(record, made.get(record));
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
  #held<T>(ids: readonly string[], work: () => Promise<T>): Promise<T> {
    return this.#mutex.runAll(
      ids.map((id) => `3${id}`),
      work,
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

  async #sameAs(said: Memory, ids: readonly string[]): Promise<MemoryRecord | undefined> {
    for (const id of ids) {
      const record = await this.#parts.records.get(id);
      if (record !== undefined && inUse(record) && validityTouches(record.memory, said)) return record;
    }
    return undefined;
  }

  /** Ids of memories that may say the same in other words. */
  #nominated(said: Memory): readonly string[] {
    const { derived, clock } = this.#parts;
    const { near, catalogue } = derived;
    if (near === undefined) return [];
    const now = clock();
    const filter = { scopes: [said.scope], kinds: [said.kind] };
    const allowed = catalogue.allowed(filter, { now, at: said.validFrom }, (key) => key);
    return near.nominate(said.content, { allowed }).flatMap(({ slot }) => catalogue.entry(slot)?.key ?? []);
  }

  /** The memory that says the same, or how the nearest of the others stands to what is said. */
  async #judged(said: Memory, ids: readonly string[]): Promise<Judged> {
    let link: Pick<MemoryLink, "type" | "to"> | undefined;
    for (const id of ids) {
      const record = await this.#parts.records.get(id);
      if (record === undefined || !inUse(record)) continue;
      const old = record.memory;
      // What comes from outside changes nothing that is our own, and values of two subjects are not one.
      if (old.subject !== said.subject || (old.trust === "own" && said.trust === "outside")) continue;
      await this.#parts.turns.take();
      const { verdict } = judge(old.content, said.content);
      // The words of the other would be believed as those of this one.
      if (verdict === "merge" && old.trust === said.trust && validityTouches(old, said))
        return { merge: record };
      if (verdict === "supersedes" || verdict === "contradicts") link ??= { type: verdict, to: id };
    }
    return { link };
  }

  /** Adds what is said to a memory that says the same in other words, and keeps it aside, so that it can be taken back. */
  async #merge(old: MemoryRecord, said: Memory): Promise<Memory> {
    const memory = merge(old.memory, said);
    const aside = { after: { memory: said, mergedInto: memory.id }, change: "merged" } as const;
    await this.#commit([newVersion(old, { memory }, "merged", this.#now()), aside]);
    return memory;
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
      // What comes from outside ends nothing that is our own.
      if (other.trust === "own" && memory.trust === "outside") continue;
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
      if (change.after.quarantine !== undefined) return change;
      const quarantine = quarantines.of(change.after.memory)?.id;
      return quarantine === undefined ? change : { ...change, after: { ...change.after, quarantine } };
    });
    await this.#parts.turns.take();
    const made = await this.#vectorsOf(held.map(({ after }) => after));
    const operations = [...held.flatMap((change) => records.write(change, now)), ...others];
    for (const { before, after } of held) {
      const vector = made.get(after);
      if (vector !== undefined) operations.push(vectors.put(after.memory.id, vector));
      else if (before !== undefined) operations.push(vectors.delete(after.memory.id));
    }
    await this.#written(
      () => store.write(operations, { durable: true }),
      () => {
        for (const { after } of held) derived.place(after, made.get(after));
      },
    );
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

  /** Vectors of the records that are in use, where vectors are searched. */
  async #vectorsOf(records: readonly MemoryRecord[]): Promise<ReadonlyMap<MemoryRecord, Float32Array>> {
    const embedded = this.#parts.dense ? records.filter(inUse) : [];
    if (embedded.length === 0) return new Map();
    const made = await this.#parts.vectors.embed(embedded.map(({ memory }) => searchText(memory)));
    return new Map(embedded.map((record, at) => [record, made[at] ?? new Float32Array()]));
  }

  #now(): number {
    return this.#parts.clock();
  }
}

/** How what is said stands to what is there. */
interface Judged {
  /** What says the same. */
  readonly merge?: MemoryRecord;
  /** What says something else about it. */
  readonly link?: Pick<MemoryLink, "type" | "to">;
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
