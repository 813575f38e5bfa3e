import type { AST } from "@eslint-community/regexpp";
import { ANY, allOf, holdingOneOf, oneOf, type TextNeed } from "./text-need.js";
import {
  DIGIT,
  HIGH_SURROGATE,
  inSymbols,
  LINE_FEED,
  LOW_SURROGATE,
  type TrigramSymbols,
} from "./trigram-symbols.js";

/**
 * What is known of the texts that fit a part of an expression, in symbols: which they are (`exact`), where that is a short list; else how
 * they begin and end, and what they must hold. After Cox, "Regular Expression Matching with a Trigram Index" (2012).
 */
interface Known {
  readonly exact?: ReadonlySet<string>;
  readonly prefixes: ReadonlySet<string>;
  readonly suffixes: ReadonlySet<string>;
  readonly need: TextNeed;
}

/** Strings that are told apart at once; the product of two lists may be no longer either. */
const MOST_STRINGS = 16;
/** Exact strings become a need at this length, so that long ones are not built up one unit at a time. */
const LONGEST_EXACT = 32;
/** How often a repeated part is looked at. */
const MOST_REPEATS = 4;

const NOTHING: ReadonlySet<string> = new Set([""]);
const EMPTY: Known = { exact: NOTHING, prefixes: NOTHING, suffixes: NOTHING, need: ANY };
/** Beside the start or the end of a line, a text counts as having a line feed. */
const LINE_EDGE: Known = exactly([String.fromCharCode(LINE_FEED)]);
/** Beyond the first 65,536 characters there are digits, too. */
const ANY_DIGIT: Known = exactly([
  String.fromCharCode(DIGIT),
  String.fromCharCode(HIGH_SURROGATE, LOW_SURROGATE),
]);
const ANYTHING: Known = { prefixes: NOTHING, suffixes: NOTHING, need: ANY };

/** What a text must hold to hold a match of an expression. Groups must not be nested without bound. */
export function patternNeed(pattern: AST.Pattern, symbols: TrigramSymbols): TextNeed {
  return withoutExact(ofAlternatives(pattern.alternatives, symbols)).need;
}

function ofAlternatives(alternatives: readonly AST.Alternative[], symbols: TrigramSymbols): Known {
  return either(
    alternatives.map(({ elements }) =>
      elements.map((element) => ofElement(element, symbols)).reduce(followedBy, EMPTY),
    ),
  );
}

function ofElement(element: AST.Element, symbols: TrigramSymbols): Known {
  switch (element.type) {
    case "Character":
      return exactly(writtenOf(element.value, symbols));
    case "CharacterClass":
      return ofClass(element, symbols);
    case "CharacterSet":
      return element.kind === "digit" && !element.negate ? ANY_DIGIT : ANYTHING;
    case "Group":
    case "CapturingGroup":
      return ofAlternatives(element.alternatives, symbols);
    case "Quantifier":
      return repeated(ofElement(element.element, symbols), element.min, element.max);
    case "Assertion":
      return element.kind === "start" || element.kind === "end" ? LINE_EDGE : EMPTY;
    default:
      return ANYTHING;
  }
}

function ofClass({ negate, elements }: AST.CharacterClass, symbols: TrigramSymbols): Known {
  if (negate) return ANYTHING;
  const strings = new Set<string>();
  for (const element of elements) {
    if (element.type !== "Character" && element.type !== "CharacterClassRange") return ANYTHING;
    const [from, to] =
      element.type === "Character" ? [element.value, element.value] : [element.min.value, element.max.value];
    // Upper and lower case fall together, so a list of twice as many may still be short enough.
    if (to - from > 2 * MOST_STRINGS) return ANYTHING;
    for (let point = from; point <= to; point += 1)
      for (const written of writtenOf(point, symbols)) strings.add(written);
  }
  return exactly(withoutDigits(strings));
}

/** A character in symbols: those beyond ASCII that are digits are also told as one, beside what may be any digit. */
function writtenOf(point: number, symbols: TrigramSymbols): readonly string[] {
  const text = String.fromCodePoint(point);
  const written = inSymbols(text, symbols);
  return point > 127 && point <= 0xffff && /\p{Nd}/u.test(text)
    ? [written, String.fromCharCode(DIGIT)]
    : [written];
}

/** All ten digits are one. */
function withoutDigits(strings: ReadonlySet<string>): ReadonlySet<string> {
  const others = new Set([...strings].filter((string) => !/^[0-9]$/.test(string)));
  return strings.size - others.size === 10 ? others.add(String.fromCharCode(DIGIT)) : strings;
}

function repeated(part: Known, min: number, max: number): Known {
  if (max === 0) return EMPTY;
  if (min === 0) return max === 1 ? either([part, EMPTY]) : ANYTHING;
  const times = Math.min(min, MOST_REPEATS);
  let known = part;
  for (let count = 1; count < times; count += 1) known = followedBy(known, part);
  if (min === times && max === min) return known;
  // However often more it stands there, it ends as these do.
  return { ...followedBy(known, ANYTHING), suffixes: withoutExact(known).suffixes };
}

function followedBy(left: Known, right: Known): Known {
  if (left.exact !== undefined && right.exact !== undefined) {
    const exact = product(left.exact, right.exact);
    if (exact !== undefined) return exactly(exact);
  }
  const before = withoutExact(left);
  const after = withoutExact(right);
  const bridge = product(before.suffixes, after.prefixes);
  const prefixes = left.exact === undefined ? undefined : product(left.exact, after.prefixes);
  const suffixes = right.exact === undefined ? undefined : product(before.suffixes, right.exact);
  return {
    prefixes: prefixes === undefined ? before.prefixes : shortened(prefixes, start),
    suffixes: suffixes === undefined ? after.suffixes : shortened(suffixes, end),
    need: allOf([before.need, after.need, bridge === undefined ? ANY : holdingOneOf(bridge)]),
  };
}

function either(choices: readonly Known[]): Known {
  const [first] = choices;
  if (first !== undefined && choices.length === 1) return first;
  if (choices.every(({ exact }) => exact !== undefined)) {
    const exact = new Set(choices.flatMap((choice) => [...(choice.exact ?? [])]));
    if (exact.size <= MOST_STRINGS) return exactly(exact);
  }
  const parts = choices.map(withoutExact);
  return {
    prefixes: shortened(new Set(parts.flatMap(({ prefixes }) => [...prefixes])), start),
    suffixes: shortened(new Set(parts.flatMap(({ suffixes }) => [...suffixes])), end),
    need: oneOf(parts.map(({ need }) => need)),
  };
}

function exactly(strings: Iterable<string>): Known {
  const exact = new Set(strings);
  const known: Known = { exact, prefixes: NOTHING, suffixes: NOTHING, need: ANY };
  const isShort = [...exact].every((string) => string.length < LONGEST_EXACT);
  return exact.size <= MOST_STRINGS && isShort ? known : withoutExact(known);
}

/** The same without the list of exact strings. Two units are enough at each end for all trigrams across it. */
function withoutExact(known: Known): Known {
  const { exact } = known;
  if (exact === undefined) return known;
  return { prefixes: shortened(exact, start), suffixes: shortened(exact, end), need: holdingOneOf(exact) };
}

/** Each string of one list before each of the other; undefined when those would be too many. */
function product(left: ReadonlySet<string>, right: ReadonlySet<string>): ReadonlySet<string> | undefined {
  // Some of them may be the same.
  if (left.size * right.size > 2 * MOST_STRINGS) return undefined;
  const strings = new Set<string>();
  for (const first of left) for (const second of right) strings.add(joined(first, second));
  return strings.size > MOST_STRINGS ? undefined : strings;
}

/** Two edges of a line at one place are one. Where one digit may be any, the others are, too, and no capitals are told apart. */
function joined(first: string, second: string): string {
  const isTwice = first.charCodeAt(first.length - 1) === LINE_FEED && second.charCodeAt(0) === LINE_FEED;
  const both = first + (isTwice ? second.slice(1) : second);
  if (!both.includes(String.fromCharCode(DIGIT))) return both;
  return both
    .replace(/[0-9]/g, String.fromCharCode(DIGIT))
    .replace(/[A-Z]/g, (capital) => capital.toLowerCase());
}

/** Cuts strings so that they are few: to two units, then to one, then to none. */
function shortened(
  strings: ReadonlySet<string>,
  cut: (string: string, units: number) => string,
): ReadonlySet<string> {
  for (const units of [2, 1]) {
    const cutOff = new Set([...strings].map((string) => cut(string, units)));
    if (cutOff.size <= MOST_STRINGS) return cutOff;
  }
  return NOTHING;
}

function start(string: string, units: number): string {
  return string.slice(0, units);
}

function end(string: string, units: number): string {
  return string.slice(Math.max(0, string.length - units));
}
