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

/** Where a memory came from. Each part stands for itself; those that are known are given. */
export interface MemorySource {
  /** Who said it: a person, an agent, a tool. */
  readonly by?: string;
  /** The id of the outcome that taught it. */
  readonly outcome?: string;
  /** The repository, as its remote or any name that stays. */
  readonly repository?: string;
  /** The file in it, and its lines: the first and the last, from 1. */
  readonly path?: string;
  readonly lines?: readonly [first: number, last: number];
  readonly url?: string;
  /** Anything else, in words. */
  readonly note?: string;
}

/** Facts of one's own about a memory, by name. */
export type MemoryMetadata = Readonly<Record<string, string | number | boolean>>;

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
  /** A heading of one's own, beside the kind: "deployment", "review". */
  readonly category?: string;
  readonly metadata?: MemoryMetadata;
  readonly source?: MemorySource;
  /**
   * What it gives the value of, for example "build.command": of the memories of one scope with one subject, one is true at a
   * time, and a new one closes the one before.
   */
  readonly subject?: string;
  /** From when it is true, in milliseconds since 1970. */
  readonly validFrom: number;
  /** Until when it is true; absent means still. */
  readonly validTo?: number;
  /** From when on it is not recalled any more, true or not, in milliseconds since 1970; absent means never. */
  readonly expiresAt?: number;
  /** When it was recorded, in milliseconds since 1970. */
  readonly recordedAt: number;
}

/** A memory that was recalled, with how well it fits the query. */
export interface RecalledMemory {
  readonly memory: Memory;
  /** 0 to 1, comparable within one recall only. */
  readonly score: number;
  /** How the score came about, where that was asked for. */
  readonly explanation?: RecallExplanation;
}

/** What a score is made of; see the memory's page in docs/architecture. All shares are 0 to 1. */
export interface RecallExplanation {
  /** How well its words fit, beside the best. */
  readonly lexical: number;
  /** How near its vector is, beside the best. */
  readonly dense: number;
  /** What importance and age leave of that. */
  readonly boost: number;
  /** How well it fits the context, beside the best; 0 without one. */
  readonly context: number;
  /** What is left of that because of the times that the query names: 1 in one of them, or where it names none. */
  readonly time: number;
  /** The words of the query that it has, as they are compared. */
  readonly terms: readonly string[];
  /** Words that it has in the place of others of the query: near in meaning, in another language, or spelt nearly so. */
  readonly alike: readonly string[];
}
