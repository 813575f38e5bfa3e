import type { Trust } from "./brief.js";

/** What kind of thing a memory holds. */
export type MemoryKind = "fact" | "event" | "lesson" | "skill" | "preference";

/** Every {@link MemoryKind}. */
export const MEMORY_KINDS: readonly MemoryKind[] = ["fact", "event", "lesson", "skill", "preference"];

/** Whose a memory is. `user` and `shared` are seen from every project; `project` and `agent` carry an id. */
export interface Scope {
  readonly level: "user" | "project" | "agent" | "shared";
  /** The project's or agent's id; required for those two levels, absent for the others. */
  readonly id?: string;
}

/** One stored record. */
export interface Memory {
  readonly id: string;
  readonly content: string;
  readonly kind: MemoryKind;
  readonly scope: Scope;
  readonly tags: readonly string[];
  /** 0 (trivial) to 1 (vital). */
  readonly importance: number;
  readonly trust: Trust;
  /** Where it came from: an outcome id, a file and line, a person. */
  readonly source?: string;
  /** From when it is true, in milliseconds since 1970. */
  readonly validFrom: number;
  /** Until when it is true; absent means still. */
  readonly validTo?: number;
  /** When it was recorded, in milliseconds since 1970. */
  readonly recordedAt: number;
}

/** A memory that was recalled, with how well it fits the query. */
export interface RecalledMemory {
  readonly memory: Memory;
  /** 0 to 1, comparable within one recall only. */
  readonly score: number;
}
