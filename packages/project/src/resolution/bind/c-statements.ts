import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import { declaredBy } from "../../outline/c-declarators.js";
import type { Term } from "../name-facts.js";
import { type CBinder, FILE, type Rule } from "./c-binder.js";
import { parameterList } from "./c-parameters.js";
import { declaredType } from "./c-types.js";
import { type Part, visitAll, type Walk } from "./walk.js";

/** What is done with statements, and with what the preprocessor reads. */
export const STATEMENT_RULES: Readonly<Record<string, Rule>> = {
  compound_statement: scoped,
  for_statement: scoped,
  if_statement: scoped,
  while_statement: scoped,
  switch_statement: scoped,
  case_statement: scoped,
  for_range_loop: forEach,
  catch_clause: catchClause,
  requires_expression: requires,
  labeled_statement: labeled,
  goto_statement: jump,
  preproc_def: macro,
  preproc_function_def: macro,
  preproc_call: directive,
  preproc_include: nothing,
};

function nothing(): undefined {
  return undefined;
}

function scoped(c: CBinder, node: SourceNode): Part {
  return c.block(() => visitAll(c, partsOf(node)));
}

/** `for (type name : values)` */
function forEach(c: CBinder, node: SourceNode): Part {
  return c.block(function* () {
    yield c.visit(childOf(node, "initializer"));
    const type = yield c.visit(childOf(node, "type"));
    const values = yield c.visit(childOf(node, "right"));
    const declarator = childOf(node, "declarator");
    const declared = declarator && declaredBy(declarator);
    const element = type ?? c.terms.element(values);
    if (declared?.name.type === "identifier")
      c.define(declared.name, "variable", declaredType(c, declared, element), "value");
    else for (const name of partsOf(declared?.name)) c.define(name, "variable", undefined, "value");
    return yield c.visit(childOf(node, "body"));
  });
}

function catchClause(c: CBinder, node: SourceNode): Part {
  return c.block(function* () {
    const list = childOf(node, "parameters");
    if (list !== undefined) yield parameterList(c, list, []);
    return yield c.visit(childOf(node, "body"));
  });
}

function requires(c: CBinder, node: SourceNode): Part {
  return c.block(function* () {
    for (const part of partsOf(node)) {
      if (part.type === "parameter_list" && c.frame.locals !== undefined) yield parameterList(c, part, []);
      else yield c.visit(part);
    }
    return undefined;
  });
}

function* labeled(c: CBinder, node: SourceNode): Walk {
  const label = childOf(node, "label");
  const { labels } = c.frame;
  if (label !== undefined && labels !== undefined) c.defineIn(label, labels, "label", {});
  yield visitAll(
    c,
    partsOf(node).filter((part) => part !== label),
  );
  return undefined;
}

/** A label may stand behind the jump that leads to it. */
function jump(c: CBinder, node: SourceNode): undefined {
  const label = childOf(node, "label");
  const { labels } = c.frame;
  if (label === undefined || labels === undefined) return undefined;
  const term: Term = { is: "member", of: { is: "object", scope: labels }, name: c.text(label) };
  c.refer(label, "read", term);
  return undefined;
}

/** A macro is of the whole file, wherever it stands. */
function macro(c: CBinder, node: SourceNode): undefined {
  const name = childOf(node, "name");
  if (name === undefined) return undefined;
  c.defineIn(name, FILE, node.type === "preproc_def" ? "variable" : "function", {});
  const own = new Set(partsOf(childOf(node, "parameters")).map((each) => c.text(each)));
  const value = childOf(node, "value");
  if (value !== undefined) words(c, value, own);
  return undefined;
}

/** `#undef NAME` and the like; what is written for people is left. */
function directive(c: CBinder, node: SourceNode): undefined {
  const [name] = partsOf(node);
  const argument = childOf(node, "argument");
  if (name !== undefined && argument !== undefined && /^#\s*(?:undef|if|elif)/.test(c.text(name)))
    words(c, argument, new Set());
  return undefined;
}

/** Strings, characters, comments and numbers, or a word with what is in front of it. */
const WORD =
  /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\/[^\n]*|\/\*[\s\S]*?\*\/|\.?\d[\w.]*|(->|\.|::|#)?\s*\b([A-Za-z_]\w*)\s*(\()?/g;

const KEYWORDS: ReadonlySet<string> = new Set(
  (
    "if else for while do switch case default break continue return goto sizeof typeof struct union enum class const volatile static " +
    "extern inline void char short int long float double signed unsigned bool true false nullptr NULL defined typedef register auto this " +
    "new delete template typename using namespace operator public private protected virtual throw try catch __VA_ARGS__ __VA_OPT__"
  ).split(" "),
);

/** The names in the text of a macro: as they are where it is defined, without its parameters and members of what they are. */
function words(c: CBinder, text: SourceNode, own: ReadonlySet<string>): void {
  for (const match of c.text(text).matchAll(WORD)) {
    const [whole, before, name, call] = match;
    if (name === undefined || before !== undefined || own.has(name) || KEYWORDS.has(name)) continue;
    const start = text.start + match.index + whole.indexOf(name);
    const place = { name, start, end: start + name.length };
    c.facts.refer(place, call === undefined ? "read" : "call", { is: "name", name, scope: FILE });
  }
}
