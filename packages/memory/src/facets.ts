import type { Memory } from "@agentos/core";
import type { MemoryFilter } from "./options.js";
import { sourceFits } from "./record.js";
import { DEFAULT_SCOPES, scopeKey } from "./scope.js";

/** What filters look at beside times. */
export type Facet = Pick<Memory, "scope" | "kind" | "category" | "tags" | "trust" | "metadata" | "source">;

/**
 * The different facets of many memories, numbered: most memories share theirs with others, so a filter is asked once for
 * each facet, and not once for each memory. The number of a facet that nobody has any more is given to the next new one.
 */
export class Facets {
  readonly #facets: (Facet | undefined)[] = [];
  readonly #numbers = new Map<string, number>();
  /** How many memories have each. */
  readonly #holders: number[] = [];
  readonly #free: number[] = [];

  /** The number of a memory's facet, which one memory more has from now on. */
  take(memory: Facet): number {
    const facet = facetOf(memory);
    const key = JSON.stringify(facet);
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#free.pop() ?? this.#facets.length;
      this.#facets[number] = facet;
      this.#holders[number] = 0;
      this.#numbers.set(key, number);
    }
    this.hold(number);
    return number;
  }

  /** One memory more has a facet that is there. */
  hold(number: number): void {
    this.#holders[number] = (this.#holders[number] ?? 0) + 1;
  }

  /** One memory less has a facet. */
  release(number: number): void {
    const facet = this.#facets[number];
    const holders = (this.#holders[number] ?? 0) - 1;
    this.#holders[number] = holders;
    if (holders > 0 || facet === undefined) return;
    this.#numbers.delete(JSON.stringify(facet));
    this.#facets[number] = undefined;
    this.#free.push(number);
  }

  of(number: number): Facet | undefined {
    return this.#facets[number];
  }

  /** A byte for each facet: 1 where the filter lets it through. */
  allowed(filter: MemoryFilter, scopes: ScopeNames): Uint8Array {
    const matches = filterOf(filter, scopes);
    return Uint8Array.from(this.#facets, (facet) => (facet !== undefined && matches(facet) ? 1 : 0));
  }

  /** As JSON, and read again. */
  toJSON(): readonly (Facet | null)[] {
    return this.#facets.map((facet) => facet ?? null);
  }

  /** What `toJSON` gave, by the same numbers; nobody has them yet. */
  static from(facets: readonly (Facet | null)[]): Facets {
    const made = new Facets();
    facets.forEach((read, number) => {
      // In the order of names that `take` gives them: undefined ones are not in JSON.
      const facet = read === null ? undefined : facetOf(read);
      made.#facets.push(facet);
      made.#holders.push(0);
      if (facet === undefined) made.#free.push(number);
      else made.#numbers.set(JSON.stringify(facet), number);
    });
    return made;
  }
}

function facetOf({ scope, kind, category, tags, trust, metadata, source }: Facet): Facet {
  return { scope, kind, category, tags, trust, metadata, source };
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
