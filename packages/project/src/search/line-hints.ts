import type { FindInText } from "./content-matcher.js";

/** Where a text holds, from a place on, what a line must hold to hold a match; -1 where it does not. */
export type LineHint = (text: string, from: number) => number;

/** Looks only into lines that hold all of the hints. A line by itself says the same as within its text. */
export function inLinesWith([hint, ...others]: readonly LineHint[], find: FindInText): FindInText {
  if (hint === undefined) return find;
  return (text, from) => {
    for (let at = from; at <= text.length; ) {
      const held = hint(text, at);
      if (held < 0) return undefined;
      const start = Math.max(from, held === 0 ? 0 : text.lastIndexOf("\n", held - 1) + 1);
      const feed = text.indexOf("\n", held);
      const end = feed < 0 ? text.length : feed;
      const line = text.slice(start, end);
      const match = others.every((other) => other(line, 0) >= 0) ? find(line, 0) : undefined;
      if (match !== undefined) return { start: start + match.start, end: start + match.end };
      at = end + 1;
    }
    return undefined;
  };
}

/** @param expression with the flag `g` */
export function expressionHint(expression: RegExp): LineHint {
  return (text, from) => {
    expression.lastIndex = from;
    return expression.exec(text)?.index ?? -1;
  };
}

/**
 * So many characters of a class one behind the other. Of each so many characters one is of the class if they are such a run: most are never
 * looked at, as in the search of Boyer and Moore (1977).
 * @param members which characters of ASCII are of the class; all others may be
 */
export function runHint(members: readonly boolean[], count: number): LineHint {
  const isMember = Uint8Array.from(members, Number);
  return (text, from) => {
    for (let last = from + count - 1; last < text.length; ) {
      let at = last;
      while (at > last - count) {
        const unit = text.charCodeAt(at);
        if (unit < 128 && isMember[unit] === 0) break;
        at -= 1;
      }
      if (at === last - count) return at + 1;
      last = at + count;
    }
    return -1;
  };
}
