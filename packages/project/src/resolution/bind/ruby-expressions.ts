import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import { ownMessage } from "../../outline/ruby-names.js";
import type { NameSpace, ReferenceRole, Term } from "../name-facts.js";
import { FILE, type RubyBinder, type Rule, visitOnly } from "./ruby-binder.js";
import { type Part, visitAll, type Walk } from "./walk.js";

/** What is done with names and with what branches; each gives what it is a value of. */
export const EXPRESSION_RULES: Readonly<Record<string, Rule>> = {
  identifier,
  self,
  constant,
  scope_resolution: scopeResolution,
  instance_variable: variable,
  class_variable: variable,
  global_variable: variable,
  body_statement: block,
  block_body: block,
  begin: block,
  // biome-ignore lint/suspicious/noThenProperty: the grammar's name of a node
  then: block,
  else: block,
  do: block,
  parenthesized_statements: block,
  if: branches,
  unless: branches,
  elsif: branches,
  conditional: branches,
  if_modifier: modifier,
  unless_modifier: modifier,
  rescue_modifier: modifier,
  case: cases,
  case_match: cases,
  when: whenClause,
  return: returned,
  binary,
  array,
  pair,
};

/** More branches say as little as none. */
const MOST_BRANCHES = 8;

/** Names of the language that look like messages. */
const WORDS = new Set(["__FILE__", "__LINE__", "__ENCODING__", "__method__", "__dir__"]);

function identifier(ruby: RubyBinder, node: SourceNode): Term | undefined {
  const place = ruby.placeOf(node);
  if (place.start === place.end || WORDS.has(place.name)) return undefined;
  const local = ruby.frame.locals.term(place.name);
  if (local !== undefined) {
    ruby.refer(place, "read", local);
    return ruby.keep(node, local);
  }
  const term = ruby.ownMember(place.name);
  ruby.refer(place, "call", term);
  return ruby.keep(node, ruby.terms.call(term, [], []));
}

function self(ruby: RubyBinder, node: SourceNode): Term | undefined {
  return ruby.keep(node, ruby.frame.self);
}

function constant(ruby: RubyBinder, node: SourceNode): Term | undefined {
  const place = ruby.placeOf(node);
  const term: Term = { is: "name", name: place.name, scope: ruby.frame.type.scope, space: "type" };
  ruby.refer(place, roleOf(ruby, node), term);
  return ruby.keep(node, term);
}

/** `A::B`, `::A` */
function* scopeResolution(ruby: RubyBinder, node: SourceNode): Walk {
  const scope = childOf(node, "scope");
  const name = childOf(node, "name");
  const of = scope === undefined ? ({ is: "module", specifier: "::" } as const) : yield ruby.visit(scope);
  if (name === undefined) return undefined;
  const term = ruby.terms.member(of, ruby.text(name), "type");
  ruby.refer(ruby.placeOf(name), roleOf(ruby, node), term);
  return ruby.keep(node, term);
}

/** Messages whose arguments become a part of the class. */
const MIXES: ReadonlySet<string> = new Set(["include", "prepend", "extend"]);

/** What a constant is used for, by what is around it. */
function roleOf(ruby: RubyBinder, node: SourceNode): ReferenceRole {
  const { parent } = node;
  switch (parent?.type) {
    case "superclass":
      return "inherit";
    case "exceptions":
    case "pattern":
    case "as_pattern":
    case "alternative_pattern":
    case "array_pattern":
    case "keyword_pattern":
    case "in_clause":
      return "type";
    case "hash_pattern":
    case "match_pattern":
    case "test_pattern":
      return node.field === "value" ? "read" : "type";
    case "argument_list": {
      const call = parent.parent;
      const message = call && (ownMessage(ruby.tree, call) ?? `${ruby.text(childOf(call, "receiver"))}.new`);
      return message !== undefined && (MIXES.has(message) || message === "Class.new") ? "inherit" : "read";
    }
    default:
      return "read";
  }
}

/** Where a variable of an object, a class or all is, and what it names. */
export function variableHome(
  ruby: RubyBinder,
  node: SourceNode,
): {
  readonly scope: number | undefined;
  readonly space: NameSpace | undefined;
  readonly term: Term | undefined;
} {
  const name = ruby.text(node);
  const { type, self: owner, space } = ruby.frame;
  if (node.type === "global_variable") {
    return { scope: FILE, space: undefined, term: { is: "name", name, scope: FILE } };
  }
  if (node.type === "class_variable") {
    return { scope: type.scope, space: undefined, term: { is: "name", name, scope: type.scope } };
  }
  const scope = type.scope === FILE ? ruby.functions : type.scope;
  return { scope: owner && scope, space, term: ruby.ownMember(name) };
}

function variable(ruby: RubyBinder, node: SourceNode): Term | undefined {
  const { term } = variableHome(ruby, node);
  ruby.refer(ruby.placeOf(node), "read", term);
  return ruby.keep(node, term);
}

const AFTERWARDS: ReadonlySet<string> = new Set(["rescue", "else", "ensure"]);

/** Statements one after the other: the last one says what they give. */
function* block(ruby: RubyBinder, node: SourceNode): Walk {
  let last: Term | undefined;
  for (const part of partsOf(node)) {
    const value = yield ruby.visit(part);
    if (!AFTERWARDS.has(part.type)) last = value;
  }
  return ruby.keep(node, last);
}

function* branches(ruby: RubyBinder, node: SourceNode): Walk {
  yield ruby.visit(childOf(node, "condition"));
  const one = yield ruby.visit(childOf(node, "consequence"));
  const other = yield ruby.visit(childOf(node, "alternative"));
  return ruby.terms.any([one, other]);
}

/** The condition behind is met first, though names that it defines are not known in front. */
function* modifier(ruby: RubyBinder, node: SourceNode): Walk {
  const body = yield ruby.visit(childOf(node, "body"));
  yield visitOnly(
    ruby,
    partsOf(node).filter(({ field }) => field !== "body"),
  );
  return body;
}

function* cases(ruby: RubyBinder, node: SourceNode): Walk {
  const values: Term[] = [];
  for (const part of partsOf(node)) {
    const value = yield ruby.visit(part);
    if (part.field !== "value" && value !== undefined && values.length < MOST_BRANCHES) values.push(value);
  }
  return ruby.terms.any(values);
}

function* whenClause(ruby: RubyBinder, node: SourceNode): Walk {
  for (const part of partsOf(node)) if (part.field !== "body") yield ruby.visit(part);
  return yield ruby.visit(childOf(node, "body"));
}

function* returned(ruby: RubyBinder, node: SourceNode): Walk {
  const given = partsOf(partsOf(node)[0]);
  const value = yield visitAll(ruby, given);
  const returns = ruby.frame.method?.returns;
  if (given.length === 1 && value !== undefined && returns !== undefined && returns.length < MOST_BRANCHES)
    returns.push(value);
  return undefined;
}

/** `a || b` is either. */
function* binary(ruby: RubyBinder, node: SourceNode): Walk {
  const left = yield ruby.visit(childOf(node, "left"));
  const right = yield ruby.visit(childOf(node, "right"));
  const operator = childOf(node, "operator")?.type;
  return operator === "||" || operator === "or" ? ruby.terms.any([left, right]) : undefined;
}

function* array(ruby: RubyBinder, node: SourceNode): Walk {
  const items: Term[] = [];
  for (const part of partsOf(node)) {
    const value = yield ruby.visit(part);
    if (items.length < MOST_BRANCHES) items.push(value ?? { is: "any", of: [] });
  }
  return ruby.terms.items(items);
}

/** `{ a: }` and `f(a:)` read what is called so. */
function pair(ruby: RubyBinder, node: SourceNode): Part {
  const key = childOf(node, "key");
  const isShort = key?.type === "hash_key_symbol" && childOf(node, "value") === undefined;
  if (key !== undefined && isShort) {
    identifier(ruby, key);
    return undefined;
  }
  return visitOnly(ruby, partsOf(node));
}
