import { createContext, Script } from "node:vm";
import { projectError } from "../errors.js";

/** A line that fits. */
export interface TextMatch {
  /** Relative to the root, with `/`. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** Where in the line the match starts, 1-based, in UTF-16 units. */
  readonly column: number;
  /** The line, cut to 400 characters around the match. */
  readonly text: string;
}

/** Finds where a line fits: an offset, or -1 for each line. */
export type LineMatcher = (lines: readonly string[]) => readonly number[];

/** What is looked at of one line: longer ones are machine-made. */
const LINE_LIMIT = 20_000;
const SHOWN_LIMIT = 400;
/** Milliseconds that a regular expression may take for one file. */
const PATTERN_TIMEOUT_MS = 1_000;

/** Matches a plain text. */
export function plainMatcher(text: string, caseSensitive: boolean): LineMatcher {
  const wanted = caseSensitive ? text : text.toLowerCase();
  return (lines) => lines.map((line) => (caseSensitive ? line : line.toLowerCase()).indexOf(wanted));
}

/** Matches a regular expression. One that backtracks without end is stopped: it runs under the timeout of `node:vm`. */
export function patternMatcher(pattern: string, caseSensitive: boolean): LineMatcher {
  const flags = caseSensitive ? "u" : "iu";
  try {
    new RegExp(pattern, flags);
  } catch (cause) {
    throw projectError(
      "PROJECT_PATTERN_INVALID",
      `${(cause as Error).message}. Correct it, or search without regex.`,
      {
        cause,
      },
    );
  }
  const state = createContext({ pattern, flags, lines: [] as readonly string[] });
  const script = new Script(
    "{ const compiled = new RegExp(pattern, flags); lines.map((line) => line.search(compiled)); }",
  );
  return (lines) => {
    state["lines"] = lines;
    try {
      return script.runInContext(state, { timeout: PATTERN_TIMEOUT_MS }) as number[];
    } catch (cause) {
      throw projectError(
        "PROJECT_PATTERN_INVALID",
        `The regular expression took longer than ${PATTERN_TIMEOUT_MS} ms on one file. Make it simpler: nested repetition is the usual reason.`,
        { cause },
      );
    }
  };
}

/** The lines of a text that fit, at most `limit`. */
export function matchesIn(path: string, text: string, matcher: LineMatcher, limit: number): TextMatch[] {
  const lines = text.split(/\r?\n/).map((line) => line.slice(0, LINE_LIMIT));
  const matches: TextMatch[] = [];
  for (const [index, column] of matcher(lines).entries()) {
    if (column < 0) continue;
    const line = lines[index] ?? "";
    const start =
      line.length <= SHOWN_LIMIT ? 0 : Math.max(0, Math.min(column - 100, line.length - SHOWN_LIMIT));
    matches.push({ path, line: index + 1, column: column + 1, text: line.slice(start, start + SHOWN_LIMIT) });
    if (matches.length >= limit) break;
  }
  return matches;
}
