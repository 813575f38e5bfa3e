import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import { plainName } from "../../outline/c-declarators.js";
import type { ReferenceRole, Term } from "../name-facts.js";
import type { CBinder, Rule } from "./c-binder.js";
import { qualified, typeArguments } from "./c-names.js";
import { parameters } from "./c-parameters.js";
import { namedType } from "./c-types.js";
import { type Part, visitAll, type Walk } from "./walk.js";

/** What is done with expressions; each gives what it is a value of. */
export const EXPRESSION_RULES: Readonly<Record<string, Rule>> = {
  identifier,
  qualified_identifier: qualifiedName,
  template_function: templateFunction,
  this: (c) => c.terms.type(c.frame.self),
  field_expression: field,
  call_expression: call,
  subscript_expression: subscript,
  pointer_expression: same,
  parenthesized_expression: same,
  update_expression: same,
  comma_expression: same,
  co_await_expression: same,
  cast_expression: typed,
  new_expression: typed,
  compound_literal_expression: typed,
  sizeof_expression: unknown,
  conditional_expression: conditional,
  assignment_expression: assignment,
  binary_expression: binary,
  initializer_list: braces,
  lambda_expression: lambda,
  field_initializer: fieldInitializer,
};

/** What the value of an expression is used for. */
function roleOf(expression: SourceNode): ReferenceRole {
  const { parent, field: place } = expression;
  if (parent?.type === "call_expression" && place === "function") return "call";
  if (parent?.type === "assignment_expression" && place === "left") return "write";
  return parent?.type === "update_expression" ? "write" : "read";
}

function qualifiedName(c: CBinder, node: SourceNode): Part {
  return node.field === "type" ? namedType(c, node, "type") : qualified(c, node, roleOf(node), "value");
}

function identifier(c: CBinder, node: SourceNode): Term | undefined {
  const name = c.text(node);
  const role = roleOf(node);
  const plain = c.valueTerm(name);
  // A method's own methods may have their bodies in another file, which is found by way of the class.
  const isMethod =
    role === "call" && c.frame.self !== undefined && plain.is === "name" && plain.scope === c.frame.scope;
  const member = isMethod ? c.terms.member(c.terms.type(c.frame.self), name, "value") : undefined;
  const term = c.terms.any(plain, member) ?? plain;
  c.refer(node, role, term);
  return term;
}

function* templateFunction(c: CBinder, node: SourceNode): Walk {
  const name = plainName(node);
  const term = c.valueTerm(c.text(name));
  if (!CASTS.test(c.text(name))) c.refer(name, roleOf(node), term);
  yield typeArguments(c, node);
  return term;
}

function* field(c: CBinder, node: SourceNode): Walk {
  const of = yield c.visit(childOf(node, "argument"));
  const member = childOf(node, "field");
  if (member === undefined) return undefined;
  if (member.type === "qualified_identifier") return yield qualified(c, member, roleOf(node), "value");
  const name = plainName(member);
  yield typeArguments(c, member);
  const term = c.terms.member(of, c.text(name), "value");
  if (name.type === "field_identifier" || name.type === "identifier") c.refer(name, roleOf(node), term);
  return of && term;
}

const CASTS = /^(?:static|dynamic|const|reinterpret)_cast$/;
/** Functions of the library that give an object of the type that they are given. */
const MAKING = /_cast$|^make_(?:unique|shared)$|^(?:get|any_cast)$/;
/** Those that give what they are given. */
const GIVING: ReadonlySet<string> = new Set(["move", "forward", "ref", "cref", "as_const", "addressof"]);
/** Methods of containers that give one of what is held, or something that leads to one. */
const HELD: ReadonlySet<string> = new Set(
  "at front back top begin end cbegin cend rbegin rend find data value".split(" "),
);

function* call(c: CBinder, node: SourceNode): Walk {
  const callee = childOf(node, "function");
  const of = yield c.visit(callee);
  const given: (Term | undefined)[] = [];
  for (const argument of partsOf(childOf(node, "arguments"))) given.push(yield c.visit(argument));
  const last = lastName(callee);
  const types: (Term | undefined)[] = [];
  const written = last && childOf(last, "arguments");
  // They were walked over with what is called: here they only say what it gives.
  if (written?.type === "template_argument_list")
    for (const each of partsOf(written)) types.push(typeIn(c, each));
  const called = c.terms.call(of, given, types);
  const name = last === undefined ? "" : c.text(plainName(last));
  if (callee?.type === "field_expression") {
    return HELD.has(name) && of?.is === "member" ? c.terms.any(called, c.terms.element(of.of)) : called;
  }
  if (MAKING.test(name) && types.length > 0) return c.terms.any(called, types[0]);
  if (GIVING.has(name) && callee?.type === "qualified_identifier") return given[0];
  return called;
}

/** The name that is called, with its type arguments. */
function lastName(callee: SourceNode | undefined): SourceNode | undefined {
  let at = callee;
  for (let steps = 0; at !== undefined && steps < 40; steps += 1) {
    if (at.type === "field_expression") at = childOf(at, "field");
    else if (at.type === "qualified_identifier") at = childOf(at, "name");
    else return at;
  }
  return undefined;
}

/** A value of a plain type in a list of type arguments. */
function typeIn(c: CBinder, descriptor: SourceNode): Term | undefined {
  const type = childOf(descriptor, "type");
  return type?.type === "type_identifier" ? c.terms.type(c.typeTerm(c.text(type))) : undefined;
}

function* subscript(c: CBinder, node: SourceNode): Walk {
  const of = yield c.visit(childOf(node, "argument"));
  yield visitAll(
    c,
    partsOf(node).filter(({ field: place }) => place !== "argument"),
  );
  return c.terms.element(of);
}

/** A pointer and what it points to are not told apart. */
function* same(c: CBinder, node: SourceNode): Walk {
  return yield visitAll(c, partsOf(node));
}

function* unknown(c: CBinder, node: SourceNode): Walk {
  yield visitAll(c, partsOf(node));
  return undefined;
}

/** What is written with its type. */
function* typed(c: CBinder, node: SourceNode): Walk {
  const type = childOf(node, "type");
  const value = yield c.visit(type);
  for (const part of partsOf(node)) {
    if (part === type) continue;
    if (part.type === "initializer_list" && value !== undefined) c.expected.set(part, value);
    yield c.visit(part);
  }
  return value;
}

function* conditional(c: CBinder, node: SourceNode): Walk {
  yield c.visit(childOf(node, "condition"));
  const one = yield c.visit(childOf(node, "consequence"));
  return c.terms.any(one, yield c.visit(childOf(node, "alternative")));
}

function* assignment(c: CBinder, node: SourceNode): Walk {
  const left = yield c.visit(childOf(node, "left"));
  const right = childOf(node, "right");
  if (right?.type === "initializer_list" && left !== undefined) c.expected.set(right, left);
  yield c.visit(right);
  return left;
}

/** What is added to a pointer leads to the same. */
function* binary(c: CBinder, node: SourceNode): Walk {
  const left = yield c.visit(childOf(node, "left"));
  yield c.visit(childOf(node, "right"));
  const isOffset = node.children.some(({ type }) => type === "+" || type === "-");
  return isOffset ? left : undefined;
}

/** Braces, with the names of fields in front of their values. */
function* braces(c: CBinder, node: SourceNode): Walk {
  const made = c.expected.get(node);
  const element = c.terms.element(made);
  for (const part of partsOf(node)) {
    if (part.type !== "initializer_pair") {
      if (element !== undefined) c.expected.set(part, element);
      yield c.visit(part);
      continue;
    }
    let target = made;
    for (const designator of partsOf(part).filter(({ field: place }) => place === "designator")) {
      const [name] = partsOf(designator);
      if (designator.type === "field_designator" && name !== undefined) {
        const member = c.terms.member(target, c.text(name), "value");
        c.refer(name, "write", member);
        target = target && member;
      } else {
        yield c.visit(designator);
        target = c.terms.element(target);
      }
    }
    const value = childOf(part, "value");
    if (value !== undefined && target !== undefined) c.expected.set(value, target);
    yield c.visit(value);
  }
  return undefined;
}

function lambda(c: CBinder, node: SourceNode): Part {
  return c.block(function* () {
    yield c.visit(childOf(node, "captures"));
    const indexes: number[] = [];
    const declarator = childOf(node, "declarator");
    // Outside of functions a lambda has its own names.
    const locals = c.frame.locals;
    const returned =
      declarator && locals !== undefined ? yield parameters(c, declarator, indexes) : undefined;
    yield c.visit(childOf(node, "body"));
    const returns = returned === undefined ? [] : [returned];
    return c.terms.callable({ is: "function", parameters: indexes, returns });
  });
}

/** `: field(value)` of a constructor, or a class that it inherits from. */
function* fieldInitializer(c: CBinder, node: SourceNode): Walk {
  const [name, ...given] = partsOf(node);
  if (name?.type === "field_identifier") {
    const text = c.text(name);
    const member = c.terms.member(c.terms.type(c.frame.self), text, "value");
    c.refer(name, "write", c.terms.any(member, c.typeTerm(text)) ?? member);
  } else yield c.visit(name);
  yield visitAll(c, given);
  return undefined;
}
