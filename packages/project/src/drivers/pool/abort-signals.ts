/** Hears of signals that are aborted, with one listener for each signal however many wait: Node warns of more than ten. */
export class AbortSignals {
  readonly #waiting = new Map<AbortSignal, Set<() => void>>();

  /** Calls back when the signal is aborted, until the returned function is called. */
  listen(signal: AbortSignal, stop: () => void): () => void {
    const waiting = this.#waiting.get(signal) ?? this.#begin(signal);
    waiting.add(stop);
    return () => {
      waiting.delete(stop);
      if (waiting.size === 0) this.#end(signal);
    };
  }

  #begin(signal: AbortSignal): Set<() => void> {
    const waiting = new Set<() => void>();
    this.#waiting.set(signal, waiting);
    signal.addEventListener("abort", this.#onAbort, { once: true });
    return waiting;
  }

  #end(signal: AbortSignal): void {
    this.#waiting.delete(signal);
    signal.removeEventListener("abort", this.#onAbort);
  }

  readonly #onAbort = (event: Event): void => {
    const signal = event.target as AbortSignal;
    const waiting = this.#waiting.get(signal);
    this.#end(signal);
    for (const stop of waiting ?? []) stop();
  };
}
