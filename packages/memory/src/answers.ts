import type { Memory, MemoryKind, RecalledMemory, Scope } from "@agentos/core";
import type { MemoryLink } from "./links.js";

/** A part of a memory that fits a query. */
export interface Passage {
  readonly memory: Memory;
  /** Where it lies in the memory's content, in UTF-16 code units: from the first, up to the second. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** 0 to 1; comparable within one answer only. */
  readonly score: number;
}

/** A memory that others lead to. */
export interface RelatedMemory {
  readonly memory: Memory;
  /** How many links away it is, from 1. */
  readonly distance: number;
  /** The link by which it was reached. */
  readonly link: MemoryLink;
}

/** A project that knows something, with what it knows. */
export interface KnowingProject {
  /** The project's id. */
  readonly project: string;
  /** That of its best memory, 0 to 1. */
  readonly score: number;
  /** Best first. */
  readonly memories: readonly RecalledMemory[];
}

/** What a memory holds. */
export interface MemoryStats {
  /** Memories that are in use: in none of the states below; whether true now or not. */
  readonly memories: number;
  readonly forgotten: number;
  readonly archived: number;
  readonly quarantined: number;
  /** Near duplicates that were merged with another memory. */
  readonly merged: number;
  readonly byKind: Readonly<Record<MemoryKind, number>>;
  readonly byLevel: Readonly<Record<Scope["level"], number>>;
  /** Bytes of content in use, as UTF-8. */
  readonly bytes: number;
  /** Different terms in the lexical index. */
  readonly terms: number;
  readonly embedder: { readonly name: string; readonly dimensions: number };
}
