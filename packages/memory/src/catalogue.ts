import type { Memory, MemoryKind } from "@agentos/core";
import type { LexicalIndex } from "./lexical-index.js";
import type { MemoryFilter } from "./options.js";
import { identityOf, searchText } from "./record.js";
import { DEFAULT_SCOPES, scopeKey } from "./scope.js";

/** What is held in memory of each record, without its content. */
export interface Entry {
  readonly id: string;
  readonly identity: string;
  readonly scope: string;
  readonly kind: MemoryKind;
  readonly tags: ReadonlySet<string>;
  readonly importance: number;
  readonly validFrom: number;
  readonly validTo: number;
  readonly recordedAt: number;
}

/**
 * What is known of all memories, derived from the store: who may be seen, and where the words are. A memory that
 * changes gets a new slot; the old one is emptied.
 */
export class Catalogue {
  readonly #lexical: LexicalIndex;
  readonly #entries: (Entry | undefined)[] = [];
  readonly #slots = new Map<string, number>();
  readonly #identities = new Map<string, Set<string>>();

  constructor(lexical: LexicalIndex) {
    this.#lexical = lexical;
  }

  /** Adds a memory, or puts it in the place of the one with its id. Gives the slot that it has, and had. */
  set(memory: Memory): { slot: number; before: number | undefined } {
    const before = this.delete(memory.id);
    const slot = this.#lexical.add(searchText(memory));
    const entry: Entry = {
      id: memory.id,
      identity: identityOf(memory),
      scope: scopeKey(memory.scope),
      kind: memory.kind,
      tags: new Set(memory.tags),
      importance: memory.importance,
      validFrom: memory.validFrom,
      validTo: memory.validTo ?? Infinity,
      recordedAt: memory.recordedAt,
    };
    this.#entries[slot] = entry;
    this.#slots.set(memory.id, slot);
    const same = this.#identities.get(entry.identity) ?? new Set();
    this.#identities.set(entry.identity, same.add(memory.id));
    return { slot, before };
  }

  /** Takes a memory out. Gives the slot that it had. */
  delete(id: string): number | undefined {
    const slot = this.#slots.get(id);
    if (slot === undefined) return undefined;
    const identity = this.#entries[slot]?.identity ?? "";
    this.#entries[slot] = undefined;
    this.#slots.delete(id);
    const same = this.#identities.get(identity);
    same?.delete(id);
    if (same?.size === 0) this.#identities.delete(identity);
    return slot;
  }

  get size(): number {
    return this.#slots.size;
  }

  get terms(): number {
    return this.#lexical.terms;
  }

  get lexical(): LexicalIndex {
    return this.#lexical;
  }

  entry(slot: number): Entry | undefined {
    return this.#entries[slot];
  }

  /** The slot of a memory that is not forgotten. */
  slotOf(id: string): number | undefined {
    return this.#slots.get(id);
  }

  /** Every entry that is not forgotten. */
  entries(): readonly Entry[] {
    return this.#entries.filter((entry) => entry !== undefined);
  }

  /** Ids of the memories that say the same. */
  same(identity: string): readonly string[] {
    return [...(this.#identities.get(identity) ?? [])];
  }

  /** A byte for each slot: 1 where the filter lets it through and it is true at that time. */
  allowed(filter: MemoryFilter, at: number): Uint8Array {
    const matches = filterOf(filter);
    const mask = new Uint8Array(this.#entries.length);
    this.#entries.forEach((entry, slot) => {
      if (entry !== undefined && entry.validFrom <= at && at < entry.validTo && matches(entry))
        mask[slot] = 1;
    });
    return mask;
  }
}

/** What a filter looks at. */
export type Filterable = Pick<Entry, "scope" | "kind" | "tags">;

/** Whether a filter lets an entry through. Throws `MEMORY_SCOPE_INVALID`. */
export function filterOf(filter: MemoryFilter): (entry: Filterable) => boolean {
  const scopes = new Set((filter.scopes ?? DEFAULT_SCOPES).map(scopeKey));
  const kinds = filter.kinds && new Set(filter.kinds);
  const tags = filter.tags ?? [];
  return (entry) =>
    scopes.has(entry.scope) && (kinds?.has(entry.kind) ?? true) && tags.every((tag) => entry.tags.has(tag));
}
