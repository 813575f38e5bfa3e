/** Knows up to which sequence of the store everything has reached the indexes. */
export class Settled {
  readonly #begun = new Set<{ readonly sequence: number }>();

  /** A write begins, when the store is at that sequence. Gives what says that its work is done. */
  begin(sequence: number): () => void {
    const one = { sequence };
    this.#begun.add(one);
    return () => {
      this.#begun.delete(one);
    };
  }

  /** @param now the store's sequence */
  upTo(now: number): number {
    let least = now;
    for (const { sequence } of this.#begun) least = Math.min(least, sequence);
    return least;
  }
}
