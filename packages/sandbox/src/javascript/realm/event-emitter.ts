type Listener = (...args: unknown[]) => void;

interface Registered {
  readonly listener: Listener;
  readonly once: boolean;
}

/** The parts of Node's `EventEmitter` that programs of one file use. */
export class EventEmitter {
  #listeners: Map<PropertyKey, Registered[]> | undefined;

  on(event: PropertyKey, listener: Listener): this {
    return this.#add(event, { listener, once: false }, false);
  }

  once(event: PropertyKey, listener: Listener): this {
    return this.#add(event, { listener, once: true }, false);
  }

  addListener(event: PropertyKey, listener: Listener): this {
    return this.on(event, listener);
  }

  prependListener(event: PropertyKey, listener: Listener): this {
    return this.#add(event, { listener, once: false }, true);
  }

  off(event: PropertyKey, listener: Listener): this {
    const list = this.#listeners?.get(event) ?? [];
    const index = list.findLastIndex((entry) => entry.listener === listener);
    if (index >= 0) this.#listeners?.set(event, list.toSpliced(index, 1));
    return this;
  }

  removeListener(event: PropertyKey, listener: Listener): this {
    return this.off(event, listener);
  }

  removeAllListeners(event?: PropertyKey): this {
    if (event === undefined) this.#listeners?.clear();
    else this.#listeners?.delete(event);
    return this;
  }

  emit(event: PropertyKey, ...args: unknown[]): boolean {
    const list = this.#listeners?.get(event) ?? [];
    if (list.length === 0 && event === "error") {
      throw args[0] instanceof Error ? args[0] : new Error(`Unhandled error. (${String(args[0])})`);
    }
    for (const entry of [...list]) {
      if (entry.once) this.off(event, entry.listener);
      entry.listener.apply(this, args);
    }
    return list.length > 0;
  }

  listeners(event: PropertyKey): Listener[] {
    return (this.#listeners?.get(event) ?? []).map((entry) => entry.listener);
  }

  listenerCount(event: PropertyKey): number {
    return this.#listeners?.get(event)?.length ?? 0;
  }

  eventNames(): PropertyKey[] {
    return [...(this.#listeners ?? [])].filter(([, list]) => list.length > 0).map(([event]) => event);
  }

  setMaxListeners(): this {
    return this;
  }

  #add(event: PropertyKey, entry: Registered, first: boolean): this {
    this.#listeners ??= new Map();
    const list = this.#listeners.get(event) ?? [];
    this.#listeners.set(event, first ? [entry, ...list] : [...list, entry]);
    return this;
  }
}
