import type { Language } from "@agentos/core";
import { LEXICONS } from "./lexicon.js";
import type { Token } from "./tokens.js";

/**
 * Names that a text binds for itself (locals, parameters, functions that only it calls), so that renaming them changes
 * nothing. A heuristic over tokens: where it is unsure it leaves a name out, and two texts then look less alike.
 */
export function boundNames(
  language: Language,
  tokens: readonly Token[],
  prompt: string,
): ReadonlySet<string> {
  const found = new Set<string>();
  const functions = new Set<string>();
  if (language === "python") findPython(tokens, found, functions);
  else if (language === "go") findGo(tokens, found, functions);
  else findJavaScript(tokens, found, functions);
  for (const name of helperNames(functions, prompt)) found.add(name);
  const { keywords } = LEXICONS[language];
  for (const name of found) {
    if (keywords.has(name) || name.startsWith("__")) found.delete(name);
    if (language === "go" && /^\p{Lu}/u.test(name)) found.delete(name);
  }
  for (const name of functions) if (prompt.includes(name)) found.delete(name);
  return found;
}

/** Functions that the prompt does not name are helpers, but only where it names one of the others. */
function helperNames(functions: ReadonlySet<string>, prompt: string): readonly string[] {
  const asked = new Set(prompt.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? []);
  const all = [...functions];
  return all.some((name) => asked.has(name)) ? all.filter((name) => !asked.has(name)) : [];
}

const isMark = (token: Token | undefined, text: string): boolean =>
  token?.kind === "mark" && token.text === text;
const isWord = (token: Token | undefined, text?: string): boolean =>
  token?.kind === "word" && (text === undefined || token.text === text);
const OPENING = new Set(["(", "[", "{"]);
const CLOSING = new Set([")", "]", "}"]);

/** Adds the words that follow `(` or a comma directly inside the parenthesis at `open`; returns the place of its end. */
function addParameters(tokens: readonly Token[], open: number, found: Set<string>): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (!token) break;
    if (token.kind === "mark" && OPENING.has(token.text)) depth += 1;
    if (token.kind === "mark" && CLOSING.has(token.text)) depth -= 1;
    if (depth === 0) return at;
    const before = tokens[at - 1];
    const starts = ["(", ",", "*", "**", "..."].some((mark) => isMark(before, mark));
    if (depth === 1 && token.kind === "word" && starts) found.add(token.text);
  }
  return tokens.length;
}

/** Adds a list of words and commas that ends before one of `ends`; nothing when it ends otherwise. */
function addList(tokens: readonly Token[], start: number, ends: readonly string[], found: Set<string>): void {
  const names: string[] = [];
  for (let at = start; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (!token) return;
    if (ends.includes(token.text)) {
      for (const name of names) found.add(name);
      return;
    }
    if (token.kind === "word") names.push(token.text);
    else if (!["(", ")", "[", "]", "{", "}", ",", "*", "..."].includes(token.text)) return;
  }
}

function findPython(tokens: readonly Token[], found: Set<string>, functions: Set<string>): void {
  tokens.forEach((token, at) => {
    const next = tokens[at + 1];
    const before = tokens[at - 1];
    if (before === undefined || before.kind === "layout") addList(tokens, at, ["="], found);
    if (token.kind === "mark" && token.text === ":=" && before?.kind === "word") found.add(before.text);
    if (token.kind !== "word" || !next) return;
    if (token.text === "def" && isMark(tokens[at + 2], "(")) {
      const first = tokens[at + 3];
      if (!isWord(first, "self") && !isWord(first, "cls")) functions.add(next.text);
      addParameters(tokens, at + 2, found);
    }
    if (token.text === "for") addList(tokens, at + 1, ["in"], found);
    if (token.text === "as" && next.kind === "word") found.add(next.text);
    if (token.text === "lambda") addList(tokens, at + 1, [":"], found);
  });
}

function findJavaScript(tokens: readonly Token[], found: Set<string>, functions: Set<string>): void {
  const notFunctions = new Set(["if", "for", "while", "switch", "with", "return"]);
  const opens: number[] = [];
  tokens.forEach((token, at) => {
    const next = tokens[at + 1];
    if (isMark(token, "(")) opens.push(at);
    if (isMark(token, ")")) {
      const open = opens.pop() ?? at;
      const caller = tokens[open - 1];
      const body = afterReturnType(tokens, at + 1);
      const isMethod = body === "{" && caller?.kind === "word" && !notFunctions.has(caller.text);
      if (body === "=>" || isMethod) addParameters(tokens, open, found);
    }
    if (token.kind !== "word") return;
    if (token.text === "function") {
      const name = isMark(next, "*") ? tokens[at + 2] : next;
      if (name?.kind === "word") functions.add(name.text);
    }
    if (["let", "const", "var"].includes(token.text)) {
      const value = tokens.slice(at + 2, at + 6);
      const isFunction =
        isMark(value[0], "=") &&
        value.some((part) => part.text === "function" || part.text === "=>" || part.text === "(");
      if (next?.kind === "word" && isFunction) functions.add(next.text);
      else if (next?.kind === "word") found.add(next.text);
      else addList(tokens, at + 1, ["=", "of", "in"], found);
    }
    if (isMark(next, "=>")) found.add(token.text);
  });
}

/** What follows a parameter list and its return type, if it has one: the mark that opens a body, or something else. */
function afterReturnType(tokens: readonly Token[], start: number): string | undefined {
  if (!isMark(tokens[start], ":")) return tokens[start]?.text;
  return tokens.slice(start, start + 12).find((token) => [";", ")", "{", "=>", "="].includes(token.text))
    ?.text;
}

function findGo(tokens: readonly Token[], found: Set<string>, functions: Set<string>): void {
  tokens.forEach((token, at) => {
    const next = tokens[at + 1];
    if (token.kind === "layout" || isMark(token, "{")) addList(tokens, at + 1, [":="], found);
    if (token.kind !== "word" || !next) return;
    if (["if", "for", "switch"].includes(token.text)) addList(tokens, at + 1, [":="], found);
    if ((token.text === "var" || token.text === "const") && next.kind === "word") found.add(next.text);
    if (token.text === "func") {
      const isMethod = isMark(next, "(");
      const end = isMethod ? addParameters(tokens, at + 1, found) : at;
      const name = tokens[end + 1];
      if (name?.kind === "word" && !isMethod) functions.add(name.text);
      if (isMark(tokens[end + 2], "(")) addParameters(tokens, end + 2, found);
    }
  });
}
