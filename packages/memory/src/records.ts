import type { Memory } from "@agentos/core";
import type { Collection, Store, WriteOperation } from "@agentos/store";
import { current, type MemoryRecord, type OutOfUse, sinceOf, stateOf } from "./record.js";

/** What was done to a memory. */
export const MEMORY_CHANGES = [
  "remembered",
  "repeated",
  "merged",
  "corrected",
  "closed",
  "forgotten",
  "archived",
  "restored",
  "quarantined",
  "released",
] as const;

/** One of {@link MEMORY_CHANGES}. */
export type MemoryChange = (typeof MEMORY_CHANGES)[number];

/** One version of a memory. */
export interface MemoryVersion {
  /** Counted from 1. */
  readonly version: number;
  readonly memory: Memory;
  /** What made this version. */
  readonly change: MemoryChange;
  /** When it was recorded, in milliseconds since 1970. */
  readonly since: number;
  /** When the next version took its place; absent for the newest. */
  readonly until?: number;
  readonly forgotten: boolean;
  readonly archived: boolean;
  /** The id of the quarantine that it was in. */
  readonly quarantine?: string;
}

/** One write, for the audit. */
export interface AuditEntry {
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly id: string;
  readonly version: number;
  readonly change: MemoryChange;
}

/** A version that another took the place of, as it is stored. */
export interface PastRecord {
  readonly record: MemoryRecord;
  readonly change: MemoryChange;
  readonly until: number;
}

/** A memory with all its versions, as it is stored. */
export interface WholeRecord {
  readonly record: StoredRecord;
  /** The versions before, oldest first. */
  readonly past: readonly PastRecord[];
}

/** The newest version, with what made it. */
export type StoredRecord = MemoryRecord & { readonly change?: MemoryChange };

/** A change of one memory: what it was, and what it is from now on. */
export interface RecordChange {
  readonly before?: MemoryRecord;
  readonly after: MemoryRecord;
  readonly change: MemoryChange;
}

/** The next version of a record: what changes is laid over what there was. */
export function newVersion(
  before: MemoryRecord | undefined,
  changed: Partial<MemoryRecord>,
  change: MemoryChange,
  at: number,
): RecordChange {
  if (before === undefined) return { after: changed as MemoryRecord, change };
  const after = { ...before, ...changed, version: (before.version ?? 1) + 1, since: at };
  return { before, after, change };
}

/** The newest version of each memory, every version before, and what was done when: the truth, in the store. */
export class Records {
  readonly #records: Collection<StoredRecord>;
  readonly #past: Collection<PastRecord>;
  readonly #audit: Collection<AuditEntry>;

  constructor(store: Store) {
    this.#records = store.collection("memory.records");
    this.#past = store.collection("memory.history");
    this.#audit = store.collection("memory.audit");
  }

  async get(id: string): Promise<StoredRecord | undefined> {
    const record = await this.#records.get(id);
    return record && current(record);
  }

  async *entries(range: { after?: string; signal?: AbortSignal } = {}): AsyncGenerator<MemoryRecord> {
    for await (const [, record] of this.#records.entries(range)) yield current(record);
  }

  /** How many memories are out of use, by why. Reads all of them. */
  async outOfUse(): Promise<Readonly<Record<OutOfUse, number>>> {
    const counts = { forgotten: 0, quarantined: 0, merged: 0, archived: 0 };
    for await (const record of this.entries()) {
      const state = stateOf(record);
      if (state !== undefined) counts[state] += 1;
    }
    return counts;
  }

  /** Operations that record a change at a time. */
  write({ before, after, change }: RecordChange, at: number): readonly WriteOperation[] {
    const { id } = after.memory;
    const version = after.version ?? 1;
    const entry: AuditEntry = { at, id, version, change };
    return [
      this.#records.put(id, { ...after, change }),
      this.putAudit(entry),
      ...(before === undefined ? [] : [this.#past.put(pastKey(id, before.version ?? 1), pastOf(before, at))]),
    ];
  }

  /** Every version of a memory, oldest first; none where there is no such memory. */
  async versions(id: string): Promise<readonly MemoryVersion[]> {
    const versions: MemoryVersion[] = [];
    for await (const past of this.past(id)) versions.push(versionOf(past.record, past.change, past.until));
    const newest = await this.#records.get(id);
    if (newest) versions.push(versionOf(current(newest), newest.change ?? "remembered"));
    return versions;
  }

  /** The versions of one memory, or of all, that another took the place of. */
  async *past(id?: string): AsyncGenerator<PastRecord> {
    const range = id === undefined ? {} : { prefix: pastKey(id) };
    for await (const [, past] of this.#past.entries(range)) yield { ...past, record: current(past.record) };
  }

  /** What was written, oldest first. */
  async *audit(range: { from: number; to: number; signal?: AbortSignal }): AsyncGenerator<AuditEntry> {
    const { from, to, signal } = range;
    const after = from > 0 ? timeKey(from) : undefined;
    for await (const [, entry] of this.#audit.entries({ after, signal })) {
      if (entry.at >= to) return;
      if (entry.at >= from) yield entry;
    }
  }

  /** Every memory with all its versions, by id. */
  async *whole(signal?: AbortSignal): AsyncGenerator<WholeRecord> {
    for await (const [id, record] of this.#records.entries({ signal })) {
      // Most have one version, and none to look for.
      const past = (record.version ?? 1) > 1 ? await this.#pastOf(id) : [];
      yield { record: current(record), past };
    }
  }

  /** One memory with all its versions. */
  async wholeOf(id: string): Promise<WholeRecord | undefined> {
    const record = await this.get(id);
    return record && { record, past: await this.#pastOf(id) };
  }

  async #pastOf(id: string): Promise<readonly PastRecord[]> {
    const past: PastRecord[] = [];
    for await (const one of this.past(id)) past.push(one);
    return past;
  }

  /** Operations that store a memory with all its versions as they are, and nothing in the audit. */
  putWhole({ record, past }: WholeRecord): readonly WriteOperation[] {
    const { id } = record.memory;
    return [
      this.#records.put(id, record),
      ...past.map((one) => this.#past.put(pastKey(id, one.record.version ?? 1), one)),
    ];
  }

  /** An operation that notes a write in the audit. */
  putAudit(entry: AuditEntry): WriteOperation {
    return this.#audit.put(auditKey(entry), entry);
  }

  /** Operations that take away every trace of a memory, and how many entries that are. */
  async purge(id: string): Promise<readonly WriteOperation[]> {
    const operations: WriteOperation[] = [this.#records.delete(id)];
    for await (const [key] of this.#past.entries({ prefix: pastKey(id) }))
      operations.push(this.#past.delete(key));
    for await (const [key, entry] of this.#audit.entries())
      if (entry.id === id) operations.push(this.#audit.delete(key));
    return operations;
  }
}

function pastOf(record: StoredRecord, until: number): PastRecord {
  const { change = "remembered", ...rest } = record;
  return { record: rest, change, until };
}

function versionOf(record: MemoryRecord, change: MemoryChange, until?: number): MemoryVersion {
  const { quarantine } = record;
  return {
    version: record.version ?? 1,
    memory: record.memory,
    change,
    since: sinceOf(record),
    ...(until === undefined ? {} : { until }),
    forgotten: record.forgottenAt !== undefined,
    archived: record.archivedAt !== undefined,
    ...(quarantine === undefined ? {} : { quarantine }),
  };
}

/** Keys of one memory's versions come one after another; ids may hold anything but a control character. */
function pastKey(id: string, version?: number): string {
  return `${id}\u0001${version === undefined ? "" : String(version).padStart(8, "0")}`;
}

function auditKey({ at, id, version }: AuditEntry): string {
  return `${timeKey(at)}\u0001${id}\u0001${version}`;
}

/** Times in the order of text; none lies before 1970. */
function timeKey(at: number): string {
  return String(Math.max(0, Math.floor(at))).padStart(16, "0");
}
