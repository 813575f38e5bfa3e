/** Something on some lines, the first and the last among them. */
export interface Span {
  readonly line: number;
  readonly endLine: number;
}

/** Spans that are asked which of them is the innermost around a line. */
export interface InnermostSpans<Item extends Span> {
  /** The one of the fewest lines around a line, of those the last. */
  at(line: number): Item | undefined;
}

/**
 * Prepares spans, which may overlap in any way, so that a question takes a binary search. The lines at which a span begins or ends cut
 * the file into pieces; the spans take these, the smallest first, and each is passed over once it is taken.
 */
export function innermostSpans<Item extends Span>(items: readonly Item[]): InnermostSpans<Item> {
  const cuts = Uint32Array.from(new Set(items.flatMap(({ line, endLine }) => [line, endLine + 1]))).sort();
  const owners: (Item | undefined)[] = new Array(cuts.length).fill(undefined);
  // By piece: the next one, itself included, that may be free.
  const free = Uint32Array.from({ length: cuts.length + 1 }, (_, piece) => piece);
  const nextFree = (from: number): number => {
    let piece = from;
    while (free[piece] !== piece) {
      const beyond = free[free[piece] ?? 0] ?? 0;
      free[piece] = beyond;
      piece = beyond;
    }
    return piece;
  };
  const smallestFirst = [...items.keys()].sort(
    (one, other) => linesOf(items[one]) - linesOf(items[other]) || other - one,
  );
  for (const index of smallestFirst) {
    const item = items[index];
    if (item === undefined) continue;
    const end = pieceAt(cuts, item.endLine + 1);
    for (let piece = nextFree(pieceAt(cuts, item.line)); piece < end; piece = nextFree(piece)) {
      owners[piece] = item;
      free[piece] = piece + 1;
    }
  }
  return { at: (line) => owners[pieceAt(cuts, line)] };
}

function linesOf(span: Span | undefined): number {
  return span === undefined ? 0 : span.endLine - span.line;
}

/** The piece that a line is in; -1 before the first. */
function pieceAt(cuts: Uint32Array, line: number): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((cuts[middle] ?? 0) <= line) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
