import { childOf, hasToken, partsOf, type SourceNode } from "../../../drivers/tree-sitter/tree.js";
import type { Term } from "../../name-facts.js";
import { naming } from "../terms.js";
import type { Walk } from "../walk.js";
import type { GoBinder, Rule } from "./binder.js";
import { functionBody } from "./declarations.js";
import { withoutParentheses } from "./nodes.js";
import { roleOfValue } from "./roles.js";
import { isPredeclared, signature } from "./types.js";

/** What is done with expressions; each gives what it is a value of. */
export const EXPRESSION_RULES: Readonly<Record<string, Rule>> = {
  identifier,
  selector_expression: selector,
  call_expression: call,
  type_conversion_expression: conversion,
  type_instantiation_expression: instantiation,
  composite_literal: composite,
  func_literal: functionLiteral,
  index_expression: index,
  slice_expression: slice,
  type_assertion_expression: assertion,
  unary_expression: unary,
  binary_expression: binary,
  parenthesized_expression: within,
};

/** Functions of Go itself that give what their first argument is, or is a type of. */
const GIVING_FIRST: ReadonlySet<string> = new Set(["append", "make", "max", "min", "new"]);

function identifier(go: GoBinder, node: SourceNode): Term | undefined {
  const name = go.tree.textOf(node);
  if (name === "_" || isPredeclared(go, name)) return undefined;
  const term = go.nameTerm(name);
  go.refer(node, roleOfValue(node), term);
  return term;
}

function* selector(go: GoBinder, node: SourceNode, scope: number): Walk {
  const of = yield go.visit(childOf(node, "operand"), scope);
  const field = childOf(node, "field");
  if (field === undefined) return undefined;
  const term = go.terms.member(of, go.tree.textOf(field));
  go.refer(field, roleOfValue(node), term);
  return of && term;
}

function* call(go: GoBinder, node: SourceNode, scope: number): Walk {
  const callee = withoutParentheses(childOf(node, "function"));
  const table = callee?.type === "index_expression" ? callee : undefined;
  const of = yield go.visit(table === undefined ? callee : childOf(table, "operand"), scope);
  const types: (Term | undefined)[] = [];
  if (table !== undefined) types.push(go.terms.type(yield go.visit(childOf(table, "index"), scope)));
  for (const type of partsOf(childOf(node, "type_arguments"))) types.push(yield go.visit(type, scope));
  const given: (Term | undefined)[] = [];
  for (const each of partsOf(childOf(node, "arguments"))) given.push(yield go.visit(each, scope));
  if (table !== undefined) return calledByIndex(go, of, given, types);
  if (callee?.type === "identifier") {
    const name = go.tree.textOf(callee);
    if (GIVING_FIRST.has(name) && !go.sees(name)) return given[0];
  }
  return namesType(go, of) ? go.terms.type(of, types) : go.terms.call(of, given, types);
}

/** What is called by `f[T](x)` or `table[i](x)`, which are written alike: a function with a type, or one of several functions. */
function calledByIndex(
  go: GoBinder,
  of: Term | undefined,
  given: readonly (Term | undefined)[],
  types: readonly (Term | undefined)[],
): Term | undefined {
  return go.terms.any(go.terms.call(of, given, types), go.terms.call(go.terms.element(of), given));
}

/** Whether a term names a type that the file declares. */
function namesType(go: GoBinder, term: Term | undefined): boolean {
  return term?.is === "name" && go.typeNamed(term.name) !== undefined;
}

/** `[]T(x)`; with one argument also `f[T](x)` and `table[i](x)`, which look like a conversion to a generic type. */
function* conversion(go: GoBinder, node: SourceNode, scope: number): Walk {
  const type = yield go.visit(childOf(node, "type"), scope);
  const given = [yield go.visit(childOf(node, "operand"), scope)];
  if (childOf(node, "type")?.type !== "generic_type" || type?.is !== "type") return type;
  if (namesType(go, type.of)) return type;
  return calledByIndex(go, type.of, given, type.types ?? []);
}

function* instantiation(go: GoBinder, node: SourceNode, scope: number): Walk {
  const [type, ...given] = partsOf(node);
  const of = yield go.visit(type, scope);
  for (const each of given) yield go.visit(each, scope);
  return naming(of);
}

function* composite(go: GoBinder, node: SourceNode, scope: number): Walk {
  const value = yield go.visit(childOf(node, "type"), scope);
  yield literal(go, childOf(node, "body"), scope, value);
  return value;
}

/** The braces of a literal; `value` is what they make. */
function* literal(go: GoBinder, node: SourceNode | undefined, scope: number, value: Term | undefined): Walk {
  const keyed = hasFields(go, value);
  const element = keyed ? undefined : go.terms.element(value);
  for (const part of partsOf(node)) {
    if (part.type !== "keyed_element") {
      yield literalPart(go, part, scope, element);
      continue;
    }
    const [key] = partsOf(childOf(part, "key"));
    if (keyed && key?.type === "identifier") {
      go.refer(key, "write", go.terms.member(value, go.tree.textOf(key)));
    } else {
      yield literalPart(go, childOf(part, "key"), scope, undefined);
    }
    yield literalPart(go, childOf(part, "value"), scope, element);
  }
  return undefined;
}

/** An element of a literal may leave out its type: `[]T{{…}, {…}}`. */
function* literalPart(
  go: GoBinder,
  part: SourceNode | undefined,
  scope: number,
  value: Term | undefined,
): Walk {
  const [inner] = partsOf(part);
  return inner?.type === "literal_value"
    ? yield literal(go, inner, scope, value)
    : yield go.visit(inner, scope);
}

/** Whether the keys of a literal name fields. What is not known of another file is taken for a struct. */
function hasFields(go: GoBinder, value: Term | undefined): boolean {
  if (value === undefined || value.is === "array") return false;
  return value.is !== "type" || value.of.is !== "name" || (go.typeNamed(value.of.name)?.keyed ?? true);
}

function* functionLiteral(go: GoBinder, node: SourceNode, parent: number): Walk {
  const scope = go.openFunction(parent);
  const value = yield signature(go, node, scope);
  yield functionBody(go, node, scope);
  go.closeFunction(scope);
  return value;
}

function* index(go: GoBinder, node: SourceNode, scope: number): Walk {
  const of = yield go.visit(childOf(node, "operand"), scope);
  yield go.visit(childOf(node, "index"), scope);
  return go.terms.element(of);
}

function* slice(go: GoBinder, node: SourceNode, scope: number): Walk {
  const [operand, ...bounds] = partsOf(node);
  const of = yield go.visit(operand, scope);
  for (const bound of bounds) yield go.visit(bound, scope);
  return of;
}

function* assertion(go: GoBinder, node: SourceNode, scope: number): Walk {
  yield go.visit(childOf(node, "operand"), scope);
  return yield go.visit(childOf(node, "type"), scope);
}

/** A pointer and what it points to are not told apart. */
function* unary(go: GoBinder, node: SourceNode, scope: number): Walk {
  const operand = yield go.visit(childOf(node, "operand"), scope);
  if (hasToken(node, "<-")) return go.terms.element(operand);
  return hasToken(node, "!") ? undefined : operand;
}

/** Operators whose results are truth values. */
const JUDGING: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">=", "&&", "||"]);

/** Both sides of an arithmetic operator are of one type, which a constant does not say. */
function* binary(go: GoBinder, node: SourceNode, scope: number): Walk {
  const left = yield go.visit(childOf(node, "left"), scope);
  const right = yield go.visit(childOf(node, "right"), scope);
  return node.children.some((child) => JUDGING.has(child.type)) ? undefined : (left ?? right);
}

function* within(go: GoBinder, node: SourceNode, scope: number): Walk {
  const [inner] = partsOf(node);
  return yield go.visit(inner, scope);
}
