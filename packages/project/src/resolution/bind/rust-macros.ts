import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import type { Rule, RustBinder } from "./rust-binder.js";
import { moduleNamed, path } from "./rust-paths.js";
import type { Walk } from "./walk.js";

/** What is done with calls of macros, whose arguments are tokens and no expressions. */
export const MACRO_RULES: Readonly<Record<string, Rule>> = {
  macro_invocation: invocation,
  token_tree: tokens,
};

/** Macros of the standard library and of common loggers whose text names variables in braces. */
const FORMATTING =
  /^(?:e?print(?:ln)?|format(?:_args)?|writeln?|write|panic|assert(?:_eq|_ne)?|debug_assert(?:_eq|_ne)?|todo|unimplemented|unreachable|trace|debug|info|warn|error|bail|anyhow|ensure)$/;

function* invocation(rust: RustBinder, node: SourceNode): Walk {
  const macro = childOf(node, "macro");
  const tree = partsOf(node).find(({ type }) => type === "token_tree");
  if (macro?.type === "identifier") rust.refer(macro, "call", rust.itemTerm(rust.text(macro), "call"));
  else if (macro !== undefined) yield path(rust, macro, { role: "call", around: "read", space: "call" });
  if (tree === undefined) return undefined;
  const last = macro?.type === "scoped_identifier" ? childOf(macro, "name") : macro;
  if (last !== undefined && FORMATTING.test(rust.text(last))) formatted(rust, tree);
  return yield rust.visit(tree);
}

/** `{name}` in a text that is formatted. */
function formatted(rust: RustBinder, tree: SourceNode): void {
  for (const { type, start, end } of tree.children) {
    if (type !== "string_literal" && type !== "raw_string_literal") continue;
    const text = rust.tree.text.slice(start, end);
    for (const match of text.matchAll(/\{\{|\{([a-z_]\w*)(?=[:}])/g)) {
      const [, name] = match;
      const term = name === undefined ? undefined : rust.frame.locals.term(name);
      if (name === undefined || term === undefined) continue;
      const at = start + match.index + 1;
      rust.facts.refer({ name, start: at, end: at + name.length }, "read", term);
    }
  }
}

/** A place in the tokens of a tree. */
interface Cursor {
  readonly tokens: readonly SourceNode[];
  at: number;
}

/** Refers to the names in the tokens that a macro is given, as far as these read like paths, members and calls. */
function* tokens(rust: RustBinder, node: SourceNode): Walk {
  const { locals } = rust.frame;
  const mark = locals.mark();
  const cursor: Cursor = { tokens: node.children.filter(({ type }) => !type.endsWith("_comment")), at: 0 };
  for (; cursor.at < cursor.tokens.length; ) {
    const token = cursor.tokens[cursor.at];
    if (token?.type === "|" && beginsExpression(cursor)) closureParameters(rust, cursor);
    else if (token?.type === "token_tree") {
      cursor.at += 1;
      yield rust.visit(token);
    } else if (token !== undefined && isName(token) && !isSkipped(cursor)) yield chain(rust, cursor);
    else cursor.at += 1;
  }
  locals.close(mark);
  return undefined;
}

function isName({ type }: SourceNode): boolean {
  return type === "identifier" || type === "self" || type === "crate" || type === "super";
}

/** Names in front of a single `:` or `=` are those of fields and of arguments; those behind `.`, `'` and `#` are of something unknown. */
function isSkipped({ tokens: all, at }: Cursor): boolean {
  const next = all[at + 1]?.type;
  const before = all[at - 1]?.type;
  if (before === "'" || before === "#" || before === "." || before === "let" || before === "fn") return true;
  return next === ":" || (next === "=" && all[at + 2]?.type !== "=") || next === "=>";
}

/** Whether a token stands where an expression may begin. */
function beginsExpression({ tokens: all, at }: Cursor): boolean {
  const before = all[at - 1]?.type ?? "(";
  return /^(?:[({[,;=]|move|=>|return|&&|\|\|)$/.test(before);
}

/** `|a, b|`: names that hide others until the tree ends. */
function closureParameters(rust: RustBinder, cursor: Cursor): void {
  const { tokens: all } = cursor;
  let end = cursor.at + 1;
  while (end < all.length && all[end]?.type !== "|") end += 1;
  if (end === all.length) {
    cursor.at += 1;
    return;
  }
  for (let at = cursor.at + 1; at < end; at += 1) {
    const token = all[at];
    if (token?.type !== "identifier" || !/^[a-z_]/.test(rust.text(token))) continue;
    let type: Term | undefined;
    if (all[at + 1]?.type === ":") {
      // `a: &mut T`; of a longer type it is not known.
      at += 2;
      while (at < end && /^(?:&|mut|mutable_specifier)$/.test(all[at]?.type ?? "")) at += 1;
      const name = all[at];
      if (name?.type === "identifier" && at < end && /^[,|]$/.test(all[at + 1]?.type ?? "")) {
        type = rust.itemTerm(rust.text(name), "type");
        rust.refer(name, "type", type);
      }
      while (at < end && all[at]?.type !== ",") at += 1;
    }
    rust.frame.locals.define(rust.placeOf(token), "parameter", rust.terms.type(type));
  }
  cursor.at = end + 1;
}

/** A path with the members and calls behind it. */
function* chain(rust: RustBinder, cursor: Cursor): Walk {
  const { tokens: all } = cursor;
  const names: SourceNode[] = [];
  const first = all[cursor.at];
  if (first === undefined) return undefined;
  names.push(first);
  cursor.at += 1;
  while (all[cursor.at]?.type === "::" && isNameAt(all, cursor.at + 1)) {
    names.push(all[cursor.at + 1] as SourceNode);
    cursor.at += 2;
  }
  skipTurbofish(cursor);
  const isMacro = all[cursor.at]?.type === "!" && all[cursor.at + 1]?.type === "token_tree";
  let term = pathTerm(rust, names, isMacro ? "macro" : isCall(rust, cursor) ? "call" : "read");
  if (isMacro) {
    cursor.at += 1;
    return undefined;
  }
  while (true) {
    if (isCall(rust, cursor)) {
      const call = all[cursor.at] as SourceNode;
      cursor.at += 1;
      yield rust.visit(call);
      term = rust.terms.call(term);
    } else if (all[cursor.at]?.type === "." && all[cursor.at + 1]?.type === "identifier") {
      const name = all[cursor.at + 1] as SourceNode;
      cursor.at += 2;
      skipTurbofish(cursor);
      const role = isCall(rust, cursor) ? "call" : "read";
      const member = rust.terms.member(term, rust.text(name), role === "call" ? "value" : "field");
      if (rust.text(name) !== "await") rust.refer(name, role, member);
      term = term && member;
    } else return undefined;
  }
}

function isNameAt(all: readonly SourceNode[], at: number): boolean {
  const token = all[at];
  return token !== undefined && isName(token);
}

/** Whether parentheses stand at a place. */
function isCall(rust: RustBinder, { tokens: all, at }: Cursor): boolean {
  const token = all[at];
  return token?.type === "token_tree" && rust.tree.text.startsWith("(", token.start);
}

/** `::<T>`; what is in it is not looked at. */
function skipTurbofish(cursor: Cursor): void {
  const { tokens: all } = cursor;
  if (all[cursor.at]?.type !== "::" || all[cursor.at + 1]?.type !== "<") return;
  let depth = 0;
  for (let at = cursor.at + 1; at < all.length && at < cursor.at + 100; at += 1) {
    const type = all[at]?.type ?? "";
    if (type === "<") depth += 1;
    if (type === ">" || type === ">>") depth -= type.length;
    if (depth > 0) continue;
    cursor.at = at + 1;
    return;
  }
}

/** Refers to the names of a path of tokens, and gives what the last one names. */
function pathTerm(
  rust: RustBinder,
  names: readonly SourceNode[],
  use: "macro" | "call" | "read",
): Term | undefined {
  const space = use === "macro" ? "call" : "value";
  let term: Term | undefined;
  for (const [place, node] of names.entries()) {
    const isLast = place === names.length - 1;
    const text = rust.text(node);
    if (place > 0) term = term && rust.terms.member(term, text, isLast ? space : "type");
    else term = firstTerm(rust, node, isLast, space);
    if (term === undefined || node.type !== "identifier") continue;
    rust.refer(node, !isLast || use === "read" ? "read" : "call", term);
  }
  return term;
}

function firstTerm(
  rust: RustBinder,
  node: SourceNode,
  isLast: boolean,
  space: "call" | "value",
): Term | undefined {
  const text = rust.text(node);
  const { frame } = rust;
  if (node.type === "self")
    return isLast ? rust.terms.type(frame.self) : { is: "object", scope: frame.module.scope };
  if (node.type === "crate") return { is: "module", specifier: "crate" };
  if (node.type === "super") {
    const { outer } = frame.module;
    return outer === undefined ? { is: "module", specifier: "super" } : { is: "object", scope: outer.scope };
  }
  if (text === "Self") return frame.self;
  if (!isLast) return moduleNamed(rust, text);
  if (space === "call") return rust.itemTerm(text, "call");
  // A type may be named, too: what a macro makes of a token is not known.
  return frame.locals.term(text) ?? rust.itemTerm(text, /^\p{Lu}/u.test(text) ? undefined : "value");
}
