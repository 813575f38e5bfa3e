import type { Span } from "./content-matcher.js";

/** A line that fits. */
export interface TextMatch {
  /** Relative to the root, with `/`. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** Where in the line the first match starts, 0-based, in UTF-16 units. */
  readonly column: number;
  /** The column behind its last unit. */
  readonly endColumn: number;
  /** The line, cut to 400 characters around the match. */
  readonly text: string;
  /** Lines before it, nearest last, cut to 400 characters; only when `context` was asked for. */
  readonly before?: readonly string[];
  /** Lines behind it, nearest first; only when `context` was asked for. */
  readonly after?: readonly string[];
}

/** A file with lines that fit. */
export interface FileMatches {
  /** Relative to the root, with `/`. */
  readonly path: string;
  /** How many of its lines fit. */
  readonly lines: number;
}

/** A line that fits, by places in the text: from `start` to before `end`, with the first match in it. */
export interface FittingLine {
  /** 1-based. */
  readonly number: number;
  readonly start: number;
  readonly end: number;
  readonly match: Span;
}

const SHOWN_LIMIT = 400;

/**
 * Visits the lines of a text that fit, in order, until `visit` returns false. A line ends with a line feed, or with the text; a carriage
 * return is part of it.
 * @param find the first match at or behind a place, which is the start of a line
 */
export function visitLines(
  text: string,
  find: (text: string, from: number) => Span | undefined,
  visit: (line: FittingLine) => boolean,
): void {
  let number = 1;
  let counted = 0;
  for (let from = 0; from < text.length; ) {
    const match = find(text, from);
    if (match === undefined) return;
    // Behind the last line feed there is no line.
    if (match.start >= text.length && text.endsWith("\n")) return;
    const start = match.start === 0 ? 0 : text.lastIndexOf("\n", match.start - 1) + 1;
    for (let next = text.indexOf("\n", counted); next >= 0 && next < start; ) {
      number += 1;
      counted = next + 1;
      next = text.indexOf("\n", counted);
    }
    const feed = text.indexOf("\n", match.start);
    const end = feed < 0 ? text.length : feed;
    if (!visit({ number, start, end, match })) return;
    from = end + 1;
  }
}

/** What is shown of a line that fits. @param context how many lines before and behind it are shown, too */
export function shownMatch(path: string, text: string, line: FittingLine, context: number): TextMatch {
  const { number, start, end, match } = line;
  const column = match.start - start;
  const length = end - start;
  const cut = length <= SHOWN_LIMIT ? 0 : Math.max(0, Math.min(column - 100, length - SHOWN_LIMIT));
  return {
    path,
    line: number,
    column,
    endColumn: match.end - start,
    text: shown(text, start + cut, end),
    ...(context > 0 && { before: linesBefore(text, start, context), after: linesAfter(text, end, context) }),
  };
}

function linesBefore(text: string, start: number, count: number): readonly string[] {
  const lines: string[] = [];
  for (let end = start - 1; end >= 0 && lines.length < count; ) {
    const previous = end === 0 ? 0 : text.lastIndexOf("\n", end - 1) + 1;
    lines.unshift(shown(text, previous, end));
    end = previous - 1;
  }
  return lines;
}

function linesAfter(text: string, end: number, count: number): readonly string[] {
  const lines: string[] = [];
  for (let start = end + 1; start < text.length && lines.length < count; ) {
    const feed = text.indexOf("\n", start);
    const next = feed < 0 ? text.length : feed;
    lines.push(shown(text, start, next));
    start = next + 1;
  }
  return lines;
}

/** A part of a line, without the carriage return at its end. */
function shown(text: string, start: number, end: number): string {
  const last = end > start && text[end - 1] === "\r" ? end - 1 : end;
  return text.slice(start, Math.min(last, start + SHOWN_LIMIT));
}
