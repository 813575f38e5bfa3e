/** Where the lines of a text start, without the text. */
export class LineIndex {
  readonly #starts: number[] = [0];

  constructor(text: string) {
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.#starts.push(at + 1);
  }

  /** The offset of a line, 1-based, and a column, 0-based; undefined where there is no such line. */
  offset(line: number, column: number): number | undefined {
    const start = this.#starts[line - 1];
    return start === undefined ? undefined : start + column;
  }

  /** The line, 1-based, and the column, 0-based, of an offset. */
  position(offset: number): { readonly line: number; readonly column: number } {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) };
  }
}
