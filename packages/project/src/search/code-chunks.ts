import type { FileRecord } from "../files/file-record.js";

/** A piece of a file that says one thing, by whole lines. */
export interface CodeChunk {
  /** 1-based, both included. */
  readonly line: number;
  readonly endLine: number;
  /** The symbol that it is, or is a part of; absent between symbols. */
  readonly symbol?: FileRecord["symbols"][number];
  /** Its first line that is not blank, cut to 200 characters. */
  readonly text: string;
}

/** Lines above which a piece is cut: more says more than one thing. */
const MOST_LINES = 80;
const MOST_SHOWN = 200;
/** Pieces of one file; a file with more is made by a machine. */
const MOST_CHUNKS = 2_000;

/**
 * Cuts a file where its definitions begin and end: one piece for each that holds no other, and pieces for the lines between
 * them. In the order of the lines, none twice, blank ones left out.
 * @param lines the lines of its text
 */
export function chunksOf(
  { symbols }: Pick<FileRecord, "symbols">,
  lines: readonly string[],
): readonly CodeChunk[] {
  const chunks: CodeChunk[] = [];
  let next = 1;
  const cut = (line: number, endLine: number, symbol?: CodeChunk["symbol"]): void => {
    for (let start = line; start <= endLine && chunks.length < MOST_CHUNKS; start += MOST_LINES) {
      const end = Math.min(start + MOST_LINES - 1, endLine);
      const first = lines.slice(start - 1, end).find((text) => text.trim() !== "");
      if (first === undefined) continue;
      const text = first.trim().slice(0, MOST_SHOWN);
      chunks.push({ line: start, endLine: end, ...(symbol === undefined ? {} : { symbol }), text });
    }
  };
  for (const symbol of innermost(symbols)) {
    const first = Math.max(symbol.line, next);
    const last = Math.min(symbol.endLine, lines.length);
    if (first > last) continue;
    cut(next, first - 1);
    cut(first, last, symbol);
    next = last + 1;
  }
  cut(next, lines.length);
  return chunks;
}

/** Symbols that hold no other, in the order of their lines. */
function innermost(symbols: FileRecord["symbols"]): FileRecord["symbols"] {
  const sorted = [...symbols].sort((left, right) => left.line - right.line || right.endLine - left.endLine);
  return sorted.filter((symbol, position) => {
    const following = sorted[position + 1];
    return following === undefined || following.line > symbol.endLine || following.endLine > symbol.endLine;
  });
}
