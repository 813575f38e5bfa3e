import { childOfType, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { ReferenceRole, Term } from "../name-facts.js";
import { childOf, isLowerCase, type JavaBinder, opened, type Place, type Rules } from "./java-binder.js";
import { bindBody, inheritedTerm } from "./java-classes.js";
import { lambdaParameter, libraryCall } from "./java-library.js";
import { arrayOf, typeArgumentsOf } from "./java-types.js";

/** Fields in which an identifier is no expression: who owns it knows what it is. */
const NAMES = new Set(["name", "scope", "field", "key"]);

/** Expressions, once what they are made of is known. */
export const EXPRESSION_RULES: Rules = {
  identifier: {
    enter(binder, node, place) {
      if (node.field === undefined || !NAMES.has(node.field)) variable(binder, node, place);
      return undefined;
    },
  },
  this: {
    enter(binder, node, { self }) {
      if (self && node.field !== "field") binder.values.set(node, { is: "instance", scope: self.scope });
      return undefined;
    },
  },
  super: {
    enter(binder, node, { self }) {
      if (self) binder.values.set(node, { is: "super", scope: self.scope });
      return undefined;
    },
  },
  field_access: { leave: fieldAccess },
  method_invocation: { leave: methodInvocation },
  method_reference: {
    enter(_binder, node, place) {
      const [of] = partsOf(node);
      return (child) => (child === of || child.type === "type_arguments" ? place : undefined);
    },
    leave: methodReference,
  },
  object_creation_expression: {
    enter(binder, node, place) {
      const body = childOfType(node, "class_body");
      if (body === undefined) return undefined;
      const within = bindBody(binder, node, place, undefined);
      return (child) => (child === body ? within : place);
    },
    leave: objectCreation,
  },
  array_creation_expression: {
    leave(binder, node) {
      let array = binder.valueOf(childOf(node, "type"));
      for (const child of node.children) {
        if (child.type === "dimensions_expr") array = binder.terms.array(array);
        else if (child.type === "dimensions") array = arrayOf(binder, array, child);
      }
      binder.setValue(node, array);
    },
  },
  array_access: {
    leave(binder, node) {
      binder.setValue(node, binder.terms.element(binder.valueOf(childOf(node, "array"))));
    },
  },
  cast_expression: {
    leave(binder, node) {
      const types = node.children.filter(({ field }) => field === "type");
      binder.setValue(node, binder.terms.any(types.map((type) => binder.valueOf(type))));
    },
  },
  parenthesized_expression: {
    leave(binder, node) {
      const [inner] = partsOf(node);
      binder.setValue(node, binder.valueOf(inner));
      if (inner !== undefined && binder.streams.has(inner)) binder.streams.add(node);
    },
  },
  ternary_expression: {
    leave(binder, node) {
      const branches = [childOf(node, "consequence"), childOf(node, "alternative")];
      binder.setValue(node, binder.terms.any(branches.map((branch) => binder.valueOf(branch))));
    },
  },
  assignment_expression: {
    leave: (binder, node) => binder.setValue(node, binder.valueOf(childOf(node, "left"))),
  },
  switch_expression: {
    leave(binder, node) {
      const given = partsOf(childOf(node, "body"))
        .map((rule) => childOfType(rule, "expression_statement"))
        .map((statement) => binder.valueOf(partsOf(statement)[0]));
      binder.setValue(node, binder.terms.any(given));
    },
  },
  lambda_expression: {
    enter: lambda,
    leave(binder, node) {
      const result = binder.valueOf(childOf(node, "body"));
      if (result !== undefined) binder.results.set(node, result);
    },
  },
};

function variable(binder: JavaBinder, node: SourceNode, place: Place): void {
  const name = binder.text(node);
  const named: Term = { is: "name", name, scope: place.scope, space: "value" };
  const isCase = node.parent?.type === "switch_label";
  const term = isCase ? (binder.terms.any([named, enumConstant(binder, node)]) ?? named) : named;
  binder.facts.refer(binder.place(node), roleOf(node), term);
  binder.values.set(node, term);
  binder.setPackage(node, name);
}

/** What `case RED` may be besides a name that is in sight: a constant of the enum that is looked at. */
function enumConstant(binder: JavaBinder, name: SourceNode): Term | undefined {
  let around = name.parent;
  while (around !== undefined && around.type !== "switch_expression") around = around.parent;
  const selector = around && binder.valueOf(childOf(around, "condition"));
  return binder.terms.member(selector, binder.text(name));
}

function roleOf(node: SourceNode): ReferenceRole {
  const { parent } = node;
  if (parent?.type === "update_expression") return "write";
  if (parent?.type === "method_reference" && isConstructorReference(parent)) return "call";
  return parent?.type === "assignment_expression" && node.field === "left" ? "write" : "read";
}

/** `object.field`, `Outer.this`, `Outer.super.field`, and `package.Type`. */
function fieldAccess(binder: JavaBinder, node: SourceNode, place: Place): void {
  const field = childOf(node, "field");
  const object = childOf(node, "object");
  if (field === undefined || object === undefined) return;
  const of = objectOf(binder, node, place);
  if (field.type === "this") {
    binder.setValue(node, binder.terms.type(of));
    return;
  }
  const name = binder.text(field);
  const before = binder.packageOf(object);
  const isType = !isLowerCase(name);
  const inPackage: Term | undefined =
    before !== undefined && isType
      ? { is: "member", of: { is: "module", specifier: before }, name }
      : undefined;
  binder.setValue(node, binder.referMember(field, roleOf(node), of, inPackage));
  if (before !== undefined) binder.setPackage(node, name, before);
}

function methodInvocation(binder: JavaBinder, node: SourceNode, place: Place): void {
  const name = childOf(node, "name");
  if (name === undefined) return;
  let callee: Term | undefined;
  if (childOf(node, "object") === undefined) {
    // Variables are passed over: `int size = size();` calls a method.
    const scope = place.self?.scope ?? place.scope;
    callee = { is: "name", name: binder.text(name), scope, space: "value" };
    binder.facts.refer(binder.place(name), "call", callee);
  } else {
    callee = binder.referMember(name, "call", objectOf(binder, node, place));
  }
  const library = libraryCall(binder, node);
  const own = library?.only
    ? undefined
    : binder.terms.call(callee, argumentsOf(binder, node), typeArgumentsOf(binder, node));
  binder.setValue(node, binder.terms.any([own, library?.term]) ?? own);
}

/** What a member is taken of. */
function objectOf(binder: JavaBinder, node: SourceNode, place: Place): Term | undefined {
  const object = childOf(node, "object");
  const of = binder.valueOf(object);
  const isSuper = node.children.some(({ type, field }) => type === "super" && field === undefined);
  if (!isSuper || object === undefined) return of;
  const name = binder.text(object);
  let { self } = place;
  while (self !== undefined && self.name !== name) self = self.outer;
  // `Interface.super.method()` takes that of an interface.
  return self === undefined ? binder.terms.type(of) : { is: "super", scope: self.scope };
}

function argumentsOf(binder: JavaBinder, node: SourceNode): readonly Term[] {
  return binder.givenBy(partsOf(childOf(node, "arguments")));
}

function isConstructorReference(node: SourceNode): boolean {
  return node.children.at(-1)?.type === "new";
}

/** `Type::method`, `object::method`, `Type::new`. */
function methodReference(binder: JavaBinder, node: SourceNode): void {
  const [of] = partsOf(node);
  if (of === undefined) return;
  const value = binder.valueOf(of);
  // Of a class either may be meant: a method of its own, or one of the instance that is handed in.
  const either = binder.terms.any([binder.named.get(of) ?? value, binder.terms.type(value)]);
  const name = node.children.at(-1);
  const result =
    name?.type === "identifier"
      ? binder.terms.call(binder.referMember(name, "call", either), [], [])
      : binder.terms.type(value);
  if (result !== undefined) binder.results.set(node, result);
}

function objectCreation(binder: JavaBinder, node: SourceNode): void {
  const type = childOf(node, "type");
  const body = binder.bodies.get(node);
  if (body === undefined) {
    binder.setValue(node, binder.valueOf(type));
    return;
  }
  const above = type && inheritedTerm(binder, type);
  binder.facts.complete(body, { supers: above === undefined ? [] : [above] });
  binder.values.set(node, { is: "instance", scope: body });
}

function lambda(
  binder: JavaBinder,
  node: SourceNode,
  place: Place,
): (child: SourceNode) => Place | undefined {
  const within = opened(binder, place);
  const parameters = childOf(node, "parameters");
  const names = parameters?.type === "inferred_parameters" ? partsOf(parameters) : [parameters];
  const isTyped = parameters?.type === "formal_parameters";
  for (const [position, name] of names.entries()) {
    if (name === undefined || isTyped) continue;
    const value = lambdaParameter(binder, node, position, names.length);
    binder.facts.define(binder.place(name), within.block, "parameter", {
      space: "value",
      ...(value === undefined ? {} : { value }),
    });
  }
  return (child) => (child === parameters && !isTyped ? undefined : within);
}
