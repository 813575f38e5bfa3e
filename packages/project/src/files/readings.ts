/**
 * Keeps readings of one file in the order in which they began: of two that overlap, the one that began first may have seen what the
 * other found replaced, however late it ends.
 */
export class Readings {
  #last = 0;
  #underWay = 0;
  /** The latest reading that ended, by path, while any is under way. */
  readonly #ended = new Map<string, number>();

  /** What a reading finds; undefined when it was overtaken. */
  async run<Found>(path: string, read: () => Promise<Found>): Promise<Found | undefined> {
    this.#underWay += 1;
    this.#last += 1;
    const turn = this.#last;
    try {
      const found = await read();
      if ((this.#ended.get(path) ?? 0) > turn) return undefined;
      this.#ended.set(path, turn);
      return found;
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#ended.clear();
    }
  }

  /** What is known of a path now is newer than what readings under way will find. */
  overtake(path: string): void {
    if (this.#underWay > 0) {
      this.#last += 1;
      this.#ended.set(path, this.#last);
    }
  }
}
