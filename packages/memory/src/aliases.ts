import type { Scope } from "@agentos/core";
import type { Collection, Store, WriteOperation } from "@agentos/store";
import { scopeKey } from "./scope.js";

/** Names that scopes had before: a project that moved is found under both. */
export class Aliases {
  readonly #collection: Collection<string>;
  readonly #names = new Map<string, string>();

  constructor(store: Store) {
    this.#collection = store.collection("memory.aliases");
  }

  async load(): Promise<void> {
    const read = new Map<string, string>();
    for await (const [old, now] of this.#collection.entries()) read.set(old, now);
    this.#names.clear();
    for (const [old, now] of read) this.#names.set(old, now);
  }

  /** Old and new keys, in the order of the old ones. */
  get all(): readonly (readonly [old: string, now: string])[] {
    return [...this.#names].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** The key of the scope that a key stands for now. */
  resolve(key: string): string {
    let at = key;
    // Each step leads to a name that stands for itself, or on; a circle is refused when it is made. None is longer than there are
    // names, so that even one that a store has from elsewhere ends.
    for (let left = this.#names.size; left > 0; left--) {
      const next = this.#names.get(at);
      if (next === undefined) break;
      at = next;
    }
    return at;
  }

  /** The scope that a scope stands for now. Throws `MEMORY_SCOPE_INVALID`. */
  scope(scope: Scope): Scope {
    const key = scopeKey(scope);
    const now = this.resolve(key);
    return now === key ? scope : { level: scope.level, id: now.slice(scope.level.length + 1) };
  }

  /** What a key is an alias of, at the first step. */
  now(old: string): string | undefined {
    return this.#names.get(old);
  }

  put(old: string, now: string): WriteOperation {
    return this.#collection.put(old, now);
  }

  set(old: string, now: string): void {
    this.#names.set(old, now);
  }

  /** Takes back what `set` did. */
  unset(old: string): void {
    this.#names.delete(old);
  }
}
