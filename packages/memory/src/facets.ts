import type { Memory } from "@agentos/core";
import type { MemoryFilter } from "./options.js";
import { sourceFits } from "./record.js";
import { DEFAULT_SCOPES, scopeKey } from "./scope.js";

/** What filters look at beside times. */
export type Facet = Pick<Memory, "scope" | "kind" | "category" | "tags" | "trust" | "metadata" | "source">;

/**
 * The different facets of many memories, numbered: most memories share theirs with others, so a filter is asked once for
 * each facet, and not once for each memory.
 */
export class Facets {
  readonly #facets: Facet[] = [];
  readonly #numbers = new Map<string, number>();

  /** The number of a memory's facet. */
  numberOf(memory: Facet): number {
    const { scope, kind, category, tags, trust, metadata, source } = memory;
    const facet: Facet = { scope, kind, category, tags, trust, metadata, source };
    const key = JSON.stringify(facet);
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#facets.length;
      this.#facets.push(facet);
      this.#numbers.set(key, number);
    }
    return number;
  }

  of(number: number): Facet | undefined {
    return this.#facets[number];
  }

  /** A byte for each facet: 1 where the filter lets it through. */
  allowed(filter: MemoryFilter, scopes: ScopeNames): Uint8Array {
    const matches = filterOf(filter, scopes);
    return Uint8Array.from(this.#facets, (facet) => (matches(facet) ? 1 : 0));
  }

  /** As JSON, and read again. */
  toJSON(): readonly Facet[] {
    return this.#facets;
  }

  static from(facets: readonly Facet[]): Facets {
    const made = new Facets();
    for (const facet of facets) made.numberOf(facet);
    return made;
  }
}

/** Gives the key of a scope, or that of the scope that it is now known as. */
export type ScopeNames = (key: string) => string;

/** Whether a filter lets a memory through, times aside. Throws `MEMORY_SCOPE_INVALID`. */
export function filterOf(filter: MemoryFilter, scopes: ScopeNames): (facet: Facet) => boolean {
  const wanted =
    filter.scopes === "all"
      ? undefined
      : new Set((filter.scopes ?? DEFAULT_SCOPES).map((scope) => scopes(scopeKey(scope))));
  const kinds = filter.kinds && new Set(filter.kinds);
  const metadata = Object.entries(filter.metadata ?? {});
  const { tags = [], category, trust, source } = filter;
  return (facet) =>
    (wanted?.has(scopes(scopeKey(facet.scope))) ?? true) &&
    (kinds?.has(facet.kind) ?? true) &&
    (category === undefined || facet.category === category) &&
    (trust === undefined || facet.trust === trust) &&
    (source === undefined || sourceFits(facet.source, source)) &&
    tags.every((tag) => facet.tags.includes(tag)) &&
    metadata.every(([name, value]) => facet.metadata?.[name] === value);
}
