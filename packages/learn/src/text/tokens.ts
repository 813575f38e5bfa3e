import type { Language } from "@agentos/core";
import { LEXICONS, type Lexicon } from "./lexicon.js";

/** One token of source text. `layout` stands for what white space means: the end of a statement, or Python's blocks. */
export interface Token {
  readonly kind: "word" | "number" | "string" | "mark" | "layout";
  readonly text: string;
}

const WORD = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const NUMBER = /(?:\d|\.\d)[\w.]*/y;
const MARK =
  /\.\.\.|===|!==|\*\*=|\/\/=|>>>|<<=|>>=|=>|:=|->|[=!<>+\-*/%&|^]=|&&|\|\||\+\+|--|\*\*|\/\/|<<|>>|\?\?|\?\.|[^\s]/uy;
/** Patterns longer than this are cut as divisions: a bound keeps hostile text from costing the square of its length. */
const REGEX_LENGTH = 200;
const REGEX = /\/(?:\\[^\n]|\[(?:\\[^\n]|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/y;
const END: Token = { kind: "layout", text: ";" };
const ENTER: Token = { kind: "layout", text: "{" };
const LEAVE: Token = { kind: "layout", text: "}" };

/** Cuts source text into tokens, without comments and without white space that means nothing. Never throws. */
export function tokenize(language: Language, source: string): readonly Token[] {
  const lexicon = LEXICONS[language];
  return lexicon.indented ? indentedTokens(lexicon, source) : bracedTokens(language, lexicon, source);
}

function match(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

/** Reads the token at a place that is neither white space nor a comment. */
function readToken(
  lexicon: Lexicon,
  source: string,
  at: number,
  runes = false,
): { token: Token; length: number } {
  const string = match(lexicon.string, source, at);
  if (string)
    return { token: { kind: "string", text: runes ? string : plainString(string) }, length: string.length };
  const word = match(WORD, source, at);
  if (word) return { token: { kind: "word", text: word }, length: word.length };
  const number = match(NUMBER, source, at);
  if (number) return { token: { kind: "number", text: number }, length: number.length };
  const mark = match(MARK, source, at) ?? source.charAt(at);
  return { token: { kind: "mark", text: mark }, length: mark.length };
}

/** 'a' and "a" are the same string, but for Go; a template or a prefixed string is not. */
function plainString(text: string): string {
  return text.startsWith("'") && !text.startsWith("'''") && !text.includes('"')
    ? `"${text.slice(1, -1)}"`
    : text;
}

function indentedTokens(lexicon: Lexicon, source: string): readonly Token[] {
  const tokens: Token[] = [];
  const indents = [0];
  let depth = 0;
  let lineStart = true;
  let at = 0;
  const endStatement = (): void => {
    if (tokens.length > 0 && tokens.at(-1)?.kind !== "layout") tokens.push(END);
  };
  while (at < source.length) {
    if (lineStart && depth === 0) {
      const margin = match(/[ \t\f]*/y, source, at) ?? "";
      const next = source.charAt(at + margin.length);
      at += margin.length;
      lineStart = false;
      if (next === "" || next === "\n" || next === "\r" || next === "#") continue;
      const width = [...margin].reduce(
        (sum, character) => (character === "\t" ? sum + 8 - (sum % 8) : sum + 1),
        0,
      );
      if (width > (indents.at(-1) ?? 0)) {
        indents.push(width);
        tokens.push(ENTER);
      }
      while (width < (indents.at(-1) ?? 0)) {
        indents.pop();
        tokens.push(LEAVE);
      }
    }
    const character = source.charAt(at);
    if (character === "\n") {
      if (depth === 0) endStatement();
      lineStart = true;
      at += 1;
      continue;
    }
    if (character === "\\" && /\r?\n/y.test(source.slice(at + 1, at + 3))) {
      at = source.indexOf("\n", at) + 1;
      continue;
    }
    if (/\s/.test(character)) {
      at += 1;
      continue;
    }
    const comment = match(lexicon.comment, source, at);
    if (comment) {
      at += comment.length;
      continue;
    }
    const { token, length } = readToken(lexicon, source, at);
    at += length;
    if (token.text === "(" || token.text === "[" || token.text === "{") depth += 1;
    if (token.text === ")" || token.text === "]" || token.text === "}") depth = Math.max(0, depth - 1);
    // A string that is a whole statement is a docstring: as cosmetic as a comment.
    const last = tokens.at(-1);
    const opensStatement = last === undefined || last.kind === "layout";
    if (
      token.kind === "string" &&
      depth === 0 &&
      opensStatement &&
      /[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y.test(source.slice(at, at + 200))
    )
      continue;
    tokens.push(token);
  }
  endStatement();
  for (let open = indents.length; open > 1; open -= 1) tokens.push(LEAVE);
  return tokens;
}

/** Whether a statement can end after this token: the rule by which Go sets semicolons. */
function endsStatement(token: Token | undefined): boolean {
  if (!token || token.kind === "layout") return false;
  return token.kind !== "mark" || [")", "]", "}", "++", "--"].includes(token.text);
}

function bracedTokens(language: Language, lexicon: Lexicon, source: string): readonly Token[] {
  const tokens: Token[] = [];
  const isGo = language === "go";
  let newline = false;
  let at = 0;
  while (at < source.length) {
    const character = source.charAt(at);
    if (/\s/.test(character)) {
      newline ||= character === "\n";
      at += 1;
      continue;
    }
    const comment = match(lexicon.comment, source, at);
    if (comment) {
      newline ||= comment.startsWith("//") || comment.includes("\n");
      at += comment.length;
      continue;
    }
    const regex =
      !isGo && character === "/" && regexMayStart(tokens.at(-1))
        ? match(REGEX, source.slice(at, at + REGEX_LENGTH), 0)
        : undefined;
    const { token, length } = regex
      ? { token: { kind: "string", text: regex } satisfies Token, length: regex.length }
      : readToken(lexicon, source, at, isGo);
    at += length;
    if (newline && endsStatement(tokens.at(-1)) && newlineEnds(isGo, tokens.at(-1), token)) tokens.push(END);
    newline = false;
    if (token.text === ";" && token.kind === "mark") {
      if (tokens.at(-1) !== END && (isGo || tokens.at(-1)?.text !== "}")) tokens.push(END);
      continue;
    }
    if ((token.text === "}" || (isGo && token.text === ")")) && tokens.at(-1) === END) tokens.pop();
    tokens.push(token);
  }
  while (tokens.at(-1) === END) tokens.pop();
  return tokens;
}

function newlineEnds(isGo: boolean, previous: Token | undefined, next: Token): boolean {
  if (isGo) return true;
  if (previous?.kind === "word" && ["return", "break", "continue", "throw", "yield"].includes(previous.text))
    return true;
  if (previous?.text === "}") return false;
  return next.kind !== "mark" || next.text === "++" || next.text === "--";
}

function regexMayStart(previous: Token | undefined): boolean {
  if (!previous || previous.kind === "layout") return true;
  if (previous.kind === "word")
    return ["return", "typeof", "case", "in", "of", "await"].includes(previous.text);
  return previous.kind === "mark" && ![")", "]", "}", "++", "--"].includes(previous.text);
}
