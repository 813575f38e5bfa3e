import { type AST, RegExpParser } from "@eslint-community/regexpp";
import { projectError } from "../errors.js";
import { isBeyondAscii } from "./beyond-ascii.js";
import { lineExpression, literalCharacter, type TextKind } from "./content-expression.js";
import { lineMachine } from "./content-machine.js";
import { expressionHint, inLinesWith, runHint } from "./line-hints.js";
import { neededRuns } from "./needed-runs.js";
import { patternCore } from "./pattern-core.js";
import { patternNeed } from "./pattern-need.js";
import { requiredRun } from "./required-run.js";
import { type RequiredStrings, requiredTexts } from "./required-text.js";
import { allOf, type TextNeed } from "./text-need.js";
import { capitalSymbols, type TrigramSymbols } from "./trigram-symbols.js";
import { isTooCostly } from "./writing-cost.js";

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
  /** What a text must be like. */
  readonly need: TextNeed;
  /** Whether a text of ASCII alone holds none. */
  readonly beyondAscii: boolean;
  /** How it is found in texts of a kind, fast for most. */
  readonly find: (kind: TextKind) => FindInText;
  /** How it is found in a time that is bounded; undefined where that cannot be. */
  readonly findSteadily: (kind: TextKind) => FindInText | undefined;
}

/** Parsing and what comes after it recurse by group. */
const MOST_GROUPS = 1_000;
/** Longest text or expression, in UTF-16 units. */
const LONGEST = 32_768;

/** Throws `PROJECT_PATTERN_INVALID` for an expression that is none. */
export function contentMatcher(wanted: Wanted, symbols: TrigramSymbols): ContentMatcher {
  const { text, regex, caseSensitive, word } = wanted;
  if (text.length > LONGEST) {
    const what = regex ? "The expression" : "The text";
    throw invalid(
      `${what} has ${text.length} UTF-16 units, more than the ${LONGEST} that may be searched for`,
    );
  }
  if (regex && text.split("(", MOST_GROUPS + 2).length > MOST_GROUPS + 1)
    throw invalid(`The expression has more than ${MOST_GROUPS} groups`);
  const pattern = parse(regex ? text : text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  if (regex && isTooCostly(pattern))
    throw invalid(
      "The expression has too many classes and word boundaries (some hundreds are possible). Search for parts of it, or with `word`",
    );
  const flags = caseSensitive ? "gv" : "giv";
  // A part of it may mind case otherwise than the rest.
  const told = caseSensitive && !/\(\?[a-z-]+:/.test(pattern.raw) ? capitalSymbols(symbols) : symbols;
  const need = allOf([patternNeed(pattern, told), ...neededRuns(pattern, flags)]);
  const beyondAscii = isBeyondAscii(pattern, flags);
  // Half a character is none: the engine does not find it in a whole one.
  if (!regex && caseSensitive && !word && !/\p{Cs}/u.test(text)) {
    const find = plainFind(text);
    return { need, beyondAscii, find: () => find, findSteadily: () => find };
  }
  const run = requiredRun(pattern, flags);
  const texts = requiredTexts(pattern).map((strings) => expressionHint(stringsExpression(strings, flags)));
  const hints = run === undefined ? texts : [runHint(run.members, run.count), ...texts];
  const core = hints.length > 0 ? undefined : patternCore(pattern);
  return {
    need,
    beyondAscii,
    find: perKind((kind) => {
      const expression = new RegExp(lineExpression(pattern, kind, word), flags);
      const cores = core && [expressionHint(new RegExp(lineExpression(core, kind, false), flags))];
      return inLinesWith(cores ?? hints, (whole, from) => expressionMatch(expression, whole, from));
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
  const made: { readonly of: Made }[] = [];
  return (kind) => {
    const number = (kind.ascii ? 1 : 0) + (kind.lossy ? 2 : 0);
    const known = made[number] ?? { of: make(kind) };
    made[number] = known;
    return known.of;
  };
}

function parse(source: string): AST.Pattern {
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
