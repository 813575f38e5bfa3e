import type { FindInText } from "./content-matcher.js";

/** The lines of a text with more than ASCII: where they start and where they end, in turn. Those in a row stand as one. */
export type LinesBeyondAscii = Uint32Array;

export function linesBeyondAscii(text: string): LinesBeyondAscii {
  const beyond = /[^\0-\x7f]/g;
  const lines: number[] = [];
  for (let match = beyond.exec(text); match !== null; match = beyond.exec(text)) {
    const start = match.index === 0 ? 0 : text.lastIndexOf("\n", match.index - 1) + 1;
    const feed = text.indexOf("\n", match.index);
    const end = feed < 0 ? text.length : feed;
    const isNext = lines.length > 0 && lines[lines.length - 1] === start - 1;
    if (isNext) lines[lines.length - 1] = end;
    else lines.push(start, end);
    beyond.lastIndex = end;
  }
  return Uint32Array.from(lines);
}

/**
 * Finds in each line by what suits it: most lines of most texts are ASCII, whose expressions are several times as fast.
 * @param ascii finds in lines of ASCII @param beyond finds in the others
 */
export function inEitherLines(lines: LinesBeyondAscii, ascii: FindInText, beyond: FindInText): FindInText {
  return (text, from) => {
    let at = from;
    for (let next = firstBehind(lines, from); at < text.length; next += 2) {
      const start = lines[next] ?? text.length + 1;
      const before = start > at ? findWithin(text, at, start - 1, ascii) : undefined;
      if (before !== undefined || start > text.length) return before;
      const end = lines[next + 1] ?? text.length;
      const found = findWithin(text, Math.max(at, start), end, beyond);
      if (found !== undefined) return found;
      at = end + 1;
    }
    return undefined;
  };
}

/** Whole lines by themselves say the same as within their text. */
function findWithin(text: string, start: number, end: number, find: FindInText): ReturnType<FindInText> {
  const match = find(text.slice(start, end), 0);
  return match && { start: start + match.start, end: start + match.end };
}

/** Which lines are the first that end behind a place. */
function firstBehind(lines: LinesBeyondAscii, place: number): number {
  let low = 0;
  let high = lines.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((lines[2 * middle + 1] ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}
