import { type AST, RegExpParser } from "@eslint-community/regexpp";
import { projectError } from "../errors.js";
import { isBeyondAscii } from "./beyond-ascii.js";
import { lineExpression, literalCharacter, type TextKind } from "./content-expression.js";
import { lineMachine } from "./content-machine.js";
import { type RequiredStrings, requiredTexts } from "./required-text.js";
import { patternQuery } from "./trigram-pattern.js";
import type { TrigramQuery } from "./trigram-query.js";
import type { TrigramSymbols } from "./trigram-symbols.js";

/** Where something was found in a text, in UTF-16 units: from `start` to before `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What is sought. */
export interface Wanted {
  readonly text: string;
  /** Whether the text is a regular expression. */
  readonly regex: boolean;
  readonly caseSensitive: boolean;
  /** Whether only whole words count. */
  readonly word: boolean;
}

/** Finds the first match in a text from a place on, which is the start of a line. No match goes beyond its line. */
export type FindInText = (text: string, from: number) => Span | undefined;

/** Finds what is sought. */
export interface ContentMatcher {
  /** What the trigrams of a text must be like. */
  readonly query: TrigramQuery;
  /** Whether a text of ASCII alone holds none. */
  readonly beyondAscii: boolean;
  /** How it is found in texts of a kind, fast for most. */
  find(kind: TextKind): FindInText;
  /** How it is found in a time that is bounded; undefined where that cannot be. */
  findSteadily(kind: TextKind): FindInText | undefined;
}

/** Parsing and what comes after it recurse by group. */
const MOST_GROUPS = 1_000;
/** Longest text or expression, in UTF-16 units. */
const LONGEST = 32_768;

/** Throws `PROJECT_PATTERN_INVALID` for an expression that is none. */
export function contentMatcher(wanted: Wanted, symbols: TrigramSymbols): ContentMatcher {
  const { text, regex, caseSensitive, word } = wanted;
  if (regex && text.split("(", MOST_GROUPS + 2).length > MOST_GROUPS + 1)
    throw invalid(`The expression has more than ${MOST_GROUPS} groups`);
  const pattern = parse(regex ? text : text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  const query = patternQuery(pattern, symbols);
  const flags = caseSensitive ? "gv" : "giv";
  const beyondAscii = isBeyondAscii(pattern, flags);
  if (!regex && caseSensitive && !word) {
    const find = plainFind(text);
    return { query, beyondAscii, find: () => find, findSteadily: () => find };
  }
  const hints = requiredTexts(pattern).map((strings) => stringsExpression(strings, flags));
  return {
    query,
    beyondAscii,
    find: perKind((kind) => {
      const expression = new RegExp(lineExpression(pattern, kind, word), flags);
      return inLinesWith(hints, (whole, from) => expressionMatch(expression, whole, from));
    }),
    findSteadily: perKind((kind) => {
      const find = lineMachine(pattern, kind, { caseSensitive, word });
      return find && inLinesWith(hints, find);
    }),
  };
}

function stringsExpression(strings: RequiredStrings, flags: string): RegExp {
  const written = [...strings].map((string) => [...string].map(literalCharacter).join(""));
  return new RegExp(written.join("|"), flags);
}

/** Looks only into lines that hold what every match must hold. A line by itself says the same as within its text. */
function inLinesWith([hint, ...others]: readonly RegExp[], find: FindInText): FindInText {
  if (hint === undefined) return find;
  return (text, from) => {
    for (let at = from; ; ) {
      const held = indexIn(text, hint, at);
      if (held < 0) return undefined;
      const start = Math.max(from, held === 0 ? 0 : text.lastIndexOf("\n", held - 1) + 1);
      const feed = text.indexOf("\n", held);
      const end = feed < 0 ? text.length : feed;
      const line = text.slice(start, end);
      const match = others.every((other) => indexIn(line, other, 0) >= 0) ? find(line, 0) : undefined;
      if (match !== undefined) return { start: start + match.start, end: start + match.end };
      at = end;
    }
  };
}

function indexIn(text: string, expression: RegExp, from: number): number {
  expression.lastIndex = from;
  return expression.exec(text)?.index ?? -1;
}

function expressionMatch(expression: RegExp, text: string, from: number): Span | undefined {
  for (expression.lastIndex = from; ; ) {
    const match = expression.exec(text);
    if (match === null) return undefined;
    const { index } = match;
    // V8 lets what has no width match between the two halves of one character.
    if (!isWithinCharacter(text, index)) return { start: index, end: index + match[0].length };
    expression.lastIndex = index + 1;
  }
}

function isWithinCharacter(text: string, at: number): boolean {
  return at > 0 && (text.codePointAt(at - 1) ?? 0) > 0xffff;
}

function plainFind(wanted: string): FindInText {
  if (wanted.includes("\n")) return () => undefined;
  return (text, from) => {
    const start = text.indexOf(wanted, from);
    return start < 0 ? undefined : { start, end: start + wanted.length };
  };
}

/** Makes something once for each kind of text. */
function perKind<Made>(make: (kind: TextKind) => Made): (kind: TextKind) => Made {
  const made = new Map<string, Made>();
  return (kind) => {
    const key = `${kind.ascii} ${kind.lossy}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const fresh = make(kind);
    made.set(key, fresh);
    return fresh;
  };
}

function parse(source: string): AST.Pattern {
  if (source.length > LONGEST) throw invalid(`The text is longer than ${LONGEST} characters`);
  try {
    // What this version of JavaScript knows, which may be less than the parser does.
    new RegExp(source, "u");
    return new RegExpParser().parsePattern(source, 0, source.length, { unicode: true });
  } catch (cause) {
    throw invalid((cause as Error).message, cause);
  }
}

function invalid(message: string, cause?: unknown): Error {
  return projectError("PROJECT_PATTERN_INVALID", `${message}. Correct it, or make it simpler.`, {
    cause,
  });
}
