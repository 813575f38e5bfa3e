/** Knows whether everybody who was reading at some moment is done. */
export class Readers {
  #begun = 0;
  /** In the order in which they began. */
  readonly #active = new Set<number>();

  /** Somebody begins to read. Gives what says that it is done. */
  begin(): () => void {
    const number = this.#begun++;
    this.#active.add(number);
    return () => {
      this.#active.delete(number);
    };
  }

  /** This moment, for {@link Readers.gone}. */
  get now(): number {
    return this.#begun;
  }

  /** Whether all are done that began before a moment. */
  gone(moment: number): boolean {
    for (const oldest of this.#active) return oldest >= moment;
    return true;
  }
}
