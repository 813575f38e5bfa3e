/** Texts of files in memory, within a budget of bytes. */
export class ContentTexts {
  readonly #budget: number;
  /** The least recently used first. */
  readonly #texts = new Map<string, { readonly text: string; readonly bytes: number }>();
  #bytes = 0;

  /** @param budget in bytes; 0 keeps nothing */
  constructor(budget: number) {
    this.#budget = budget;
  }

  /** Bytes of memory that the texts take. */
  get bytes(): number {
    return this.#bytes;
  }

  get(path: string): string | undefined {
    const kept = this.#texts.get(path);
    if (kept === undefined) return undefined;
    this.#texts.delete(path);
    this.#texts.set(path, kept);
    return kept.text;
  }

  /**
   * Keeps a text where the budget allows it.
   * @param ascii whether it is, so that one byte holds a character
   * @param wanted whether it was asked for, so that others may have to go. What is only read for the first time takes what is free:
   * a pass over more than the budget would else end with none of what was there.
   */
  put(path: string, text: string, ascii: boolean, wanted: boolean): void {
    this.delete(path);
    const bytes = ascii ? text.length : 2 * text.length;
    if (bytes > this.#budget || (!wanted && this.#bytes + bytes > this.#budget)) return;
    for (const other of this.#texts.keys()) {
      if (this.#bytes + bytes <= this.#budget) break;
      this.delete(other);
    }
    this.#texts.set(path, { text, bytes });
    this.#bytes += bytes;
  }

  delete(path: string): void {
    this.#bytes -= this.#texts.get(path)?.bytes ?? 0;
    this.#texts.delete(path);
  }
}
