/** Removes a listener. */
export type Unsubscribe = () => void;

/** A typed event source. A listener that throws is reported to `onListenerError` and never stops the work. */
export class Events<Map extends object> {
  readonly #listeners = new Set<(name: keyof Map, data: Map[keyof Map]) => void>();
  readonly #onListenerError: (error: unknown) => void;

  constructor(onListenerError: (error: unknown) => void = () => {}) {
    this.#onListenerError = onListenerError;
  }

  /** Calls `listener` at each event of that name. */
  on<Name extends keyof Map>(name: Name, listener: (data: Map[Name]) => void): Unsubscribe {
    return this.onAny((emitted, data) => {
      if (emitted === name) listener(data as Map[Name]);
    });
  }

  /** Calls `listener` at every event. */
  onAny(listener: (name: keyof Map, data: Map[keyof Map]) => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Tells all listeners. */
  emit<Name extends keyof Map>(name: Name, data: Map[Name]): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(name, data);
      } catch (error) {
        this.#onListenerError(error);
      }
    }
  }
}
