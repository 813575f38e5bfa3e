import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { ReferenceRole, Term } from "../name-facts.js";
import type { Rule, RustBinder } from "./rust-binder.js";
import { closure } from "./rust-functions.js";
import { closureParameter, functionCall, methodCall } from "./rust-library.js";
import { path } from "./rust-paths.js";
import { naming } from "./terms.js";
import { type Part, visitAll, type Walk } from "./walk.js";

/** What is done with expressions; each gives what it is a value of. */
export const EXPRESSION_RULES: Readonly<Record<string, Rule>> = {
  identifier: name,
  scoped_identifier: name,
  self,
  generic_function: genericFunction,
  call_expression: call,
  field_expression: field,
  struct_expression: struct,
  index_expression: index,
  try_expression: held,
  await_expression: same,
  reference_expression: same,
  unary_expression: same,
  parenthesized_expression: same,
  type_cast_expression: cast,
  tuple_expression: tuple,
  array_expression: array,
  closure_expression: closure,
  binary_expression: unknown,
  assignment_expression: unknown,
  compound_assignment_expr: unknown,
  range_expression: unknown,
  return_expression: unknown,
  break_expression: unknown,
};

/** What the value of an expression is used for. */
function roleOf(expression: SourceNode): ReferenceRole {
  let node = expression;
  if (node.parent?.type === "generic_function" && node.field === "function") node = node.parent;
  const { parent } = node;
  if (parent?.type === "call_expression" && node.field === "function") return "call";
  const isAssigned = parent?.type === "assignment_expression" || parent?.type === "compound_assignment_expr";
  return isAssigned && node.field === "left" ? "write" : "read";
}

function name(rust: RustBinder, node: SourceNode): Part {
  return path(rust, node, { role: roleOf(node), around: "read", space: "value" });
}

function self(rust: RustBinder): Term | undefined {
  return rust.terms.type(rust.frame.self);
}

/** `f::<T>`: as what is called it is looked into by the call. */
function* genericFunction(rust: RustBinder, node: SourceNode): Walk {
  const of = yield rust.visit(childOf(node, "function"));
  yield rust.visit(childOf(node, "type_arguments"));
  return of;
}

function* call(rust: RustBinder, node: SourceNode): Walk {
  const { terms } = rust;
  const written = childOf(node, "function");
  const generic = written?.type === "generic_function" ? written : undefined;
  const callee = generic === undefined ? written : childOf(generic, "function");
  const method = callee?.type === "field_expression" ? childOf(callee, "field") : undefined;
  const of = yield rust.visit(callee);
  const types: (Term | undefined)[] = [];
  for (const type of partsOf(generic && childOf(generic, "type_arguments")))
    types.push(yield rust.visit(type));
  const owner = of?.is === "member" ? of.of : undefined;
  const methodName = method === undefined ? undefined : rust.text(method);
  const given: (Term | undefined)[] = [];
  for (const argument of partsOf(childOf(node, "arguments"))) {
    const held = methodName === undefined ? undefined : closureParameter(rust, methodName, owner);
    if (argument.type === "closure_expression" && held !== undefined) rust.closures.set(argument, held);
    given.push(yield rust.visit(argument));
  }
  const called = terms.call(of, given, types);
  if (methodName !== undefined) return methodCall(rust, methodName, owner, given, called);
  return functionCall(rust, lastNames(rust, callee), owner, given, called);
}

/** The last two names of what is called. */
function lastNames(rust: RustBinder, callee: SourceNode | undefined): readonly string[] {
  if (callee?.type === "identifier") return [rust.text(callee)];
  const last = callee?.type === "scoped_identifier" ? childOf(callee, "name") : undefined;
  if (callee === undefined || last === undefined) return [];
  const around = childOf(callee, "path");
  const type = around?.type === "generic_type" ? childOf(around, "type") : around;
  const of = type?.type.startsWith("scoped_") ? childOf(type, "name") : type;
  return [of === undefined ? "" : rust.text(of), rust.text(last)];
}

function* field(rust: RustBinder, node: SourceNode): Walk {
  const of = yield rust.visit(childOf(node, "value"));
  const member = childOf(node, "field");
  if (member === undefined) return undefined;
  const text = rust.text(member);
  if (member.type === "integer_literal") return rust.terms.element(of, Number(text));
  const role = roleOf(node);
  const term = rust.terms.member(of, text, role === "call" ? "value" : "field");
  rust.refer(member, role, term);
  return of && term;
}

function* struct(rust: RustBinder, node: SourceNode): Walk {
  const type = childOf(node, "name");
  const isPath = type?.type === "type_identifier" || type?.type === "scoped_type_identifier";
  const of =
    type && (isPath ? path(rust, type, { role: "type", around: "read", space: "type" }) : rust.visit(type));
  const value = rust.terms.type(naming(yield of));
  for (const part of partsOf(childOf(node, "body"))) {
    const [first] = partsOf(part);
    if (part.type === "shorthand_field_initializer" && first !== undefined) {
      yield rust.visit(first);
      rust.refer(first, "write", rust.terms.member(value, rust.text(first), "field"));
    } else if (part.type === "field_initializer") {
      const name = childOf(part, "field");
      if (name !== undefined && name.type !== "integer_literal")
        rust.refer(name, "write", rust.terms.member(value, rust.text(name), "field"));
      yield rust.visit(childOf(part, "value"));
    } else {
      yield rust.visit(part);
    }
  }
  return value;
}

/** A part of a sequence is one, too. */
function* index(rust: RustBinder, node: SourceNode): Walk {
  const [operand, at] = partsOf(node);
  const of = yield rust.visit(operand);
  yield rust.visit(at);
  return at?.type === "range_expression" ? of : rust.terms.element(of);
}

/** `x?` */
function* held(rust: RustBinder, node: SourceNode): Walk {
  return rust.terms.element(yield rust.visit(partsOf(node)[0]));
}

/** A reference and what it leads to are not told apart, nor is what is awaited. */
function* same(rust: RustBinder, node: SourceNode): Walk {
  return yield rust.visit(partsOf(node).findLast(({ type }) => type !== "mutable_specifier"));
}

function* cast(rust: RustBinder, node: SourceNode): Walk {
  yield rust.visit(childOf(node, "value"));
  return yield rust.visit(childOf(node, "type"));
}

function* tuple(rust: RustBinder, node: SourceNode): Walk {
  const items: (Term | undefined)[] = [];
  for (const part of partsOf(node)) items.push(yield rust.visit(part));
  return rust.terms.results(items);
}

function* array(rust: RustBinder, node: SourceNode): Walk {
  const parts = partsOf(node);
  let element: Term | undefined;
  for (const [place, part] of parts.entries()) {
    const value = yield rust.visit(part);
    if (place === 0) element = value;
  }
  return rust.terms.sequence(element);
}

function* unknown(rust: RustBinder, node: SourceNode): Walk {
  yield visitAll(rust, partsOf(node));
  return undefined;
}
