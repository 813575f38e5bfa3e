import type { Memory, MemorySource } from "@agentos/core";
import type { Collection, Store, WriteOperation } from "@agentos/store";
import { sourceFits } from "./record.js";

/** A source whose memories nobody recalls. */
export interface Quarantine {
  readonly id: string;
  /** Every memory whose source says all of this is held back, those that come later too. */
  readonly source: MemorySource;
  readonly reason?: string;
  /** In milliseconds since 1970. */
  readonly at: number;
}

/** The quarantines of a store. */
export class Quarantines {
  readonly #collection: Collection<Quarantine>;
  readonly #active = new Map<string, Quarantine>();

  constructor(store: Store) {
    this.#collection = store.collection("memory.quarantines");
  }

  async load(): Promise<void> {
    const held = new Map<string, Quarantine>();
    for await (const [id, quarantine] of this.#collection.entries()) held.set(id, quarantine);
    this.#active.clear();
    for (const [id, quarantine] of held) this.#active.set(id, quarantine);
  }

  /** Those that hold, by id. */
  get active(): readonly Quarantine[] {
    return [...this.#active.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** The quarantine that a memory is held by. */
  of(memory: Memory): Quarantine | undefined {
    return this.active.find(({ source }) => sourceFits(memory.source, source));
  }

  get(id: string): Quarantine | undefined {
    return this.#active.get(id);
  }

  /** An operation that sets one up. It holds from `begin` on. */
  put(quarantine: Quarantine): WriteOperation {
    return this.#collection.put(quarantine.id, quarantine);
  }

  begin(quarantine: Quarantine): void {
    this.#active.set(quarantine.id, quarantine);
  }

  delete(id: string): WriteOperation {
    return this.#collection.delete(id);
  }

  /** Gives the one that ended, where there was one. */
  end(id: string): Quarantine | undefined {
    const ended = this.#active.get(id);
    this.#active.delete(id);
    return ended;
  }
}
