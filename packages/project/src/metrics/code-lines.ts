import type { SourceTree } from "../drivers/tree-sitter/tree.js";

/** The lines of a text on which code stands. */
export class CodeLines {
  readonly #tree: SourceTree;
  readonly #marked: Uint8Array;
  #before: Uint32Array | undefined;

  constructor(tree: SourceTree) {
    this.#tree = tree;
    this.#marked = new Uint8Array(tree.lineAt(tree.text.length) + 1);
  }

  /** Marks the lines of a token: where its pieces start and end, by turns. */
  mark(ranges: readonly number[]): void {
    for (let at = 0; at + 1 < ranges.length; at += 2) {
      const start = ranges[at] ?? 0;
      const end = ranges[at + 1] ?? 0;
      if (end <= start) continue;
      const first = this.#tree.lineAt(start);
      this.#marked.fill(1, first, this.#tree.lineAt(end - 1) + 1);
    }
  }

  /** How many lines from the first to the last have code. All must be marked before. */
  count(first: number, last: number): number {
    this.#before ??= this.#sums();
    return (this.#before[last] ?? 0) - (this.#before[first - 1] ?? 0);
  }

  #sums(): Uint32Array {
    const sums = new Uint32Array(this.#marked.length);
    for (let line = 1; line < sums.length; line += 1) {
      sums[line] = (sums[line - 1] ?? 0) + (this.#marked[line] ?? 0);
    }
    return sums;
  }
}
