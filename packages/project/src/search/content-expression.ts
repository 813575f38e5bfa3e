import type { AST } from "@eslint-community/regexpp";

/** What the texts are like that an expression is written for. */
export interface TextKind {
  /** All of it is ASCII: plain classes say the same and are faster. */
  readonly ascii: boolean;
  /** Bytes of it could not be decoded and stand as U+FFFD, which then fits no class of characters. */
  readonly lossy: boolean;
}

/**
 * The source of an expression, for the flags `g` and `v`, that finds within a whole text what the one given finds in each of its lines:
 * no part of it fits a line feed, and `^` and `$` stand beside one. `\d`, `\w`, `\s` and `\b` know all of Unicode (UTS 18, annex C),
 * as those of most tools for search do.
 * @param pattern parsed with the flag `u`
 * @param word whether a match must have no character of a word before and behind it
 */
export function lineExpression(pattern: AST.Pattern, kind: TextKind, word: boolean): string {
  const writer = writerOf(kind);
  const source = pattern.alternatives
    .map((alternative) => {
      const starts = startsAnywhere(alternative) && !word && !kind.lossy ? LINE_START : "";
      return starts + sequence(alternative, writer);
    })
    .join("|");
  return word ? `(?<!${writer.word})(?:${source})(?!${writer.word})` : source;
}

/** The same for a part that fits one character. */
export function characterExpression(
  element: AST.Character | AST.CharacterSet | AST.CharacterClass | AST.ExpressionCharacterClass,
  kind: TextKind,
): string {
  return elementSource(element, writerOf(kind));
}

/** The class of the characters of words. */
export function wordExpression(kind: TextKind): string {
  return writerOf(kind).word;
}

function writerOf({ ascii, lossy }: TextKind): Writer {
  const classes = ascii ? ASCII : { ...UNICODE, never: lossy ? "\\n\\u{fffd}" : "\\n" };
  return { ...classes, spellsOut: MOST_SPELLED_OUT };
}

/** How classes are written. */
interface Classes {
  readonly digit: string;
  readonly space: string;
  readonly word: string;
  readonly boundary: string;
  readonly notBoundary: string;
  /** All characters that there are. */
  readonly all: string;
  /** What fits no class. */
  readonly never: string;
}

interface Writer extends Classes {
  /** How many more repeated characters are written one by one. */
  spellsOut: number;
}

/** The engine skips ahead by characters that stand one by one, and not by those that are repeated. */
const MOST_SPELLED_OUT = 1_000;

const ASCII: Classes = {
  digit: "[0-9]",
  space: "[\\t\\v\\f\\r ]",
  word: "[0-9A-Z_a-z]",
  boundary: "\\b",
  notBoundary: "\\B",
  all: "[\\0-\\u{7f}]",
  never: "\\n",
};

const ALL = "[\\0-\\u{10ffff}]";
const WORD = "[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]";

const UNICODE: Classes = {
  digit: "\\p{Nd}",
  space: "[\\p{White_Space}--\\n]",
  word: WORD,
  boundary: `(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))`,
  notBoundary: `(?:(?<=${WORD})(?=${WORD})|(?<!${WORD})(?!${WORD}))`,
  all: ALL,
  never: "\\n",
};

const LINE_START = `(?<!${allBut("\\n")})`;
const LINE_END = `(?!${allBut("\\n")})`;
const LINE_FEED = 10;

/**
 * All characters but some. Not `[^…]`, which Node 20 gets wrong with the flag `v` where a group around it is repeated: the engine writes the
 * group out more than once and takes the complement each time.
 */
function allBut(members: string, all: string = ALL): string {
  return `[${all}--[${members}]]`;
}

/** Whether it begins with `.*`. The first match in a line then begins where the line does, and need not be sought elsewhere. */
function startsAnywhere({ elements: [first] }: AST.Alternative): boolean {
  if (first?.type !== "Quantifier" || first.min !== 0 || first.max !== Number.POSITIVE_INFINITY) return false;
  return first.element.type === "CharacterSet" && first.element.kind === "any";
}

function sequence({ elements }: AST.Alternative, writer: Writer): string {
  return elements.map((element) => elementSource(element, writer)).join("");
}

function choice(alternatives: readonly AST.Alternative[], writer: Writer): string {
  return alternatives.map((alternative) => sequence(alternative, writer)).join("|");
}

function elementSource(element: AST.Element, writer: Writer): string {
  switch (element.type) {
    case "Character":
      return element.value === LINE_FEED ? "[]" : character(element.value);
    case "CharacterSet":
      return element.kind === "any"
        ? allBut(writer.never, writer.all)
        : `[${setSource(element, writer)}--[${writer.never}]]`;
    case "CharacterClass":
      return classSource(element, writer);
    case "ExpressionCharacterClass":
      return `[${element.raw}--[${writer.never}]]`;
    case "Group":
      return `(?${modifiers(element)}:${choice(element.alternatives, writer)})`;
    case "CapturingGroup":
      return `(${element.name === null ? "" : `?<${element.name}>`}${choice(element.alternatives, writer)})`;
    case "Quantifier":
      return quantified(element, writer);
    case "Backreference":
      // A digit that follows would be read as part of its number.
      return `(?:${element.raw})`;
    case "Assertion":
      return assertion(element, writer);
  }
}

function assertion(element: AST.Assertion, writer: Writer): string {
  switch (element.kind) {
    case "start":
      return LINE_START;
    case "end":
      return LINE_END;
    case "word":
      return element.negate ? writer.notBoundary : writer.boundary;
    case "lookahead":
      return `(?${element.negate ? "!" : "="}${choice(element.alternatives, writer)})`;
    case "lookbehind":
      return `(?<${element.negate ? "!" : "="}${choice(element.alternatives, writer)})`;
  }
}

function classSource({ negate, elements }: AST.CharacterClass, writer: Writer): string {
  const members = elements.map((element) => memberSource(element, writer)).join("");
  return negate ? allBut(members + writer.never, writer.all) : `[[${members}]--[${writer.never}]]`;
}

function memberSource(element: AST.CharacterClassElement, writer: Writer): string {
  switch (element.type) {
    case "Character":
      return character(element.value);
    case "CharacterClassRange":
      return `${character(element.min.value)}-${character(element.max.value)}`;
    case "CharacterSet":
      return setSource(element, writer);
    default:
      return element.raw;
  }
}

function setSource(element: Exclude<AST.CharacterSet, AST.AnyCharacterSet>, writer: Writer): string {
  // Node 20 ends over a class with nothing but `\P{Any}` in it.
  if (element.kind === "property") return element.raw === "\\P{Any}" ? "[]" : element.raw;
  const source = writer[element.kind];
  return element.negate ? `[^${source}]` : source;
}

function quantified({ element, min, max, greedy }: AST.Quantifier, writer: Writer): string {
  const source = elementSource(element, writer);
  const spelled = isCharacter(element) && min <= writer.spellsOut ? min : 0;
  writer.spellsOut -= spelled;
  const most = max === Number.POSITIVE_INFINITY ? "" : String(max - spelled);
  // A group that never takes part is still counted.
  const others =
    max === spelled && isCharacter(element) ? "" : `${source}{${min - spelled},${most}}${greedy ? "" : "?"}`;
  return source.repeat(spelled) + others;
}

function isCharacter({ type }: AST.Element): boolean {
  return type === "Character" || type === "CharacterSet" || type === "CharacterClass";
}

/** Whether a group minds case is kept; that `.` fits all and that `^` stands at each line is so anyway, or never. */
function modifiers({ modifiers: given }: AST.Group): string {
  if (given?.add.ignoreCase) return "i";
  return given?.remove?.ignoreCase ? "-i" : "";
}

/** The source that fits one character as it is. */
export function literalCharacter(text: string): string {
  return character(text.codePointAt(0) ?? 0);
}

function character(value: number): string {
  const isPlain =
    (value >= 48 && value <= 57) || (value >= 65 && value <= 90) || (value >= 97 && value <= 122);
  return isPlain ? String.fromCharCode(value) : `\\u{${value.toString(16)}}`;
}
