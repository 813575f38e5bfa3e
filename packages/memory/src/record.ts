import { createHash } from "node:crypto";
import type { Memory, MemorySource } from "@agentos/core";
import { scopeKey } from "./scope.js";

/** A memory as it is stored: its newest version, and what became of it. */
export interface MemoryRecord {
  readonly memory: Memory;
  /** Counted from 1. Absent: 1. */
  readonly version?: number;
  /** When this version was recorded, in milliseconds since 1970. Absent: when the memory was. */
  readonly since?: number;
  /** When it was forgotten, in milliseconds since 1970. The record stays. */
  readonly forgottenAt?: number;
  /** When it was put into the archive. */
  readonly archivedAt?: number;
  /** The id of the quarantine that it is in. */
  readonly quarantine?: string;
  /** The id of the memory that says the same in other words, and that it was merged with. */
  readonly mergedInto?: string;
}

/** When a version was recorded. */
export function sinceOf(record: MemoryRecord): number {
  return record.since ?? record.memory.recordedAt;
}

/** Why a memory is not recalled by default. */
export type OutOfUse = "forgotten" | "quarantined" | "merged" | "archived";

/** Why a memory is not recalled by default; undefined where it is. */
export function stateOf(record: MemoryRecord): OutOfUse | undefined {
  if (record.forgottenAt !== undefined) return "forgotten";
  if (record.quarantine !== undefined) return "quarantined";
  if (record.mergedInto !== undefined) return "merged";
  return record.archivedAt === undefined ? undefined : "archived";
}

/** Whether a memory is recalled by default. */
export function inUse(record: MemoryRecord): boolean {
  return stateOf(record) === undefined;
}

/** What makes two memories the same thing said twice: scope, kind and content; 128 bits of SHA-256. */
export function identityOf(memory: Pick<Memory, "scope" | "kind" | "content">): string {
  const parts = [scopeKey(memory.scope), memory.kind, memory.content];
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64").slice(0, 22);
}

/** What is closed by a new value of its subject; undefined where there is none. */
export function subjectKey(memory: Pick<Memory, "scope" | "subject">): string | undefined {
  return memory.subject === undefined ? undefined : JSON.stringify([scopeKey(memory.scope), memory.subject]);
}

/** Whether the times at which two memories are true touch, so that together they are one time. */
export function validityTouches(a: Memory, b: Memory): boolean {
  return a.validFrom <= (b.validTo ?? Infinity) && b.validFrom <= (a.validTo ?? Infinity);
}

/**
 * One memory of two that say the same: what each knows is kept. Of one's own and one from outside, one's own stands as it
 * is: tags, names and times from outside would else be believed as one's own.
 */
export function merge(old: Memory, said: Memory): Memory {
  if (old.trust !== said.trust) {
    return old.trust === "own" ? old : { ...said, id: old.id, recordedAt: old.recordedAt };
  }
  const metadata = said.metadata && { ...old.metadata, ...said.metadata };
  return known({
    ...old,
    category: said.category ?? old.category,
    subject: said.subject ?? old.subject,
    metadata: metadata ?? old.metadata,
    source: said.source ?? old.source,
    tags: [...new Set([...old.tags, ...said.tags])],
    importance: Math.max(old.importance, said.importance),
    validFrom: Math.min(old.validFrom, said.validFrom),
    validTo: later(old.validTo, said.validTo),
    expiresAt: later(old.expiresAt, said.expiresAt),
  });
}

/** The later of two ends, where absent is never. */
function later(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : Math.max(a, b);
}

/** A memory without the fields that are not known. */
export function known(memory: Memory): Memory {
  return Object.fromEntries(
    Object.entries(memory).filter(([, value]) => value !== undefined),
  ) as unknown as Memory;
}

/** A memory as it was read; sources were once only words. */
export function current(record: MemoryRecord): MemoryRecord {
  const source: unknown = record.memory.source;
  if (typeof source !== "string") return record;
  return { ...record, memory: { ...record.memory, source: { note: source } } };
}

/** What is searched: the content, and as words the tags, the subject and the category. */
export function searchText(memory: Memory): string {
  const { tags, subject, category } = memory;
  const words = [
    ...tags,
    ...(subject === undefined ? [] : [subject]),
    ...(category === undefined ? [] : [category]),
  ];
  return words.length === 0 ? memory.content : `${memory.content}\n${words.join(" ")}`;
}

/** Whether everything that one source says, the other says, too. */
export function sourceFits(source: MemorySource | undefined, wanted: MemorySource): boolean {
  return Object.entries(wanted).every(
    ([name, value]) =>
      JSON.stringify((source as Record<string, unknown> | undefined)?.[name]) === JSON.stringify(value),
  );
}
