import { partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { NameSpace, ReferenceRole, Term } from "../name-facts.js";
import { childOf, type PhpBinder, type Place, type Rule, type Rules, relativeTerm } from "./php-binder.js";
import { assignedDefinition, isAssigned } from "./php-statements.js";

/** A function that gives more things gives any. */
const MOST_RETURNS = 16;

const NAME: Rule = {
  enter(binder, node, place) {
    anyName(binder, node, place);
    return () => undefined;
  },
};
const MEMBER: Rule = {
  enter: withoutPlainName,
  leave: (binder, node) => member(binder, node, "object", "value", isAssigned(node) ? "write" : "read"),
};
const CALL: Rule = { enter: withoutPlainName, leave: (binder, node) => memberCall(binder, node, "object") };
const FIRST: Rule = { leave: (binder, node) => binder.setValue(node, binder.valueOf(partsOf(node)[0])) };

/** Types and expressions, once what they are made of is known. */
export const EXPRESSION_RULES: Rules = {
  name: NAME,
  qualified_name: NAME,
  relative_name: NAME,
  named_type: {
    leave: (binder, node) => binder.setValue(node, binder.terms.type(binder.valueOf(partsOf(node)[0]))),
  },
  optional_type: FIRST,
  union_type: { leave: anyPart },
  intersection_type: { leave: anyPart },
  disjunctive_normal_form_type: { leave: anyPart },
  type_list: { leave: anyPart },
  relative_scope: {
    enter(binder, node, place) {
      binder.setValue(node, relativeTerm(binder.text(node), place));
      return undefined;
    },
  },
  variable_name: {
    enter(binder, node, place) {
      variable(binder, node, place);
      return () => undefined;
    },
  },
  dynamic_variable_name: {
    enter:
      (_binder, _node, place) =>
      ({ type }) =>
        type === "name" ? undefined : place,
  },
  member_access_expression: MEMBER,
  nullsafe_member_access_expression: MEMBER,
  member_call_expression: CALL,
  nullsafe_member_call_expression: CALL,
  scoped_call_expression: {
    enter: withoutPlainName,
    leave: (binder, node) => memberCall(binder, node, "scope"),
  },
  scoped_property_access_expression: {
    enter: withoutPlainName,
    leave: (binder, node) => member(binder, node, "scope", "value", isAssigned(node) ? "write" : "read"),
  },
  class_constant_access_expression: {
    enter(_binder, node, place) {
      const name = partsOf(node).at(-1);
      return (child) => (child === name && name.type === "name" ? undefined : place);
    },
    leave(binder, node) {
      const [of, name] = partsOf(node);
      if (name?.type === "name" && binder.text(name).toLowerCase() !== "class")
        binder.setValue(node, binder.referMember(name, "read", binder.valueOf(of), "value"));
    },
  },
  function_call_expression: {
    leave(binder, node) {
      const callee = binder.valueOf(childOf(node, "function"));
      binder.setValue(node, binder.terms.call(callee, argumentsOf(binder, node), []));
      bindDefine(binder, node);
    },
  },
  object_creation_expression: {
    leave(binder, node) {
      const [made] = partsOf(node);
      const value = binder.valueOf(made);
      binder.setValue(node, made?.type === "anonymous_class" ? value : binder.terms.type(value));
    },
  },
  argument: {
    // The name of a parameter.
    enter:
      (_binder, _node, place) =>
      ({ field }) =>
        field === "name" ? undefined : place,
    leave: (binder, node) => binder.setValue(node, binder.valueOf(partsOf(node).at(-1))),
  },
  parenthesized_expression: FIRST,
  clone_expression: FIRST,
  error_suppression_expression: FIRST,
  subscript_expression: {
    leave: (binder, node) => binder.setValue(node, binder.terms.element(binder.valueOf(partsOf(node)[0]))),
  },
  array_element_initializer: {
    leave: (binder, node) => binder.setValue(node, binder.valueOf(partsOf(node).at(-1))),
  },
  array_creation_expression: {
    leave(binder, node) {
      const items = partsOf(node).slice(0, MOST_RETURNS);
      const element = binder.terms.any(items.map((item) => binder.valueOf(item)));
      binder.setValue(node, binder.terms.array(element));
    },
  },
  conditional_expression: {
    leave(binder, node) {
      const first = childOf(node, "body") ?? childOf(node, "condition");
      const branches = [first, childOf(node, "alternative")];
      binder.setValue(node, binder.terms.any(branches.map((branch) => binder.valueOf(branch))));
    },
  },
  binary_expression: {
    leave(binder, node) {
      if (childOf(node, "operator")?.type !== "??") return;
      const sides = [childOf(node, "left"), childOf(node, "right")];
      binder.setValue(node, binder.terms.any(sides.map((side) => binder.valueOf(side))));
    },
  },
  match_expression: {
    leave(binder, node) {
      const arms = partsOf(childOf(node, "body")).map((arm) => childOf(arm, "return_expression"));
      binder.setValue(node, binder.terms.any(arms.map((arm) => binder.valueOf(arm))));
    },
  },
  assignment_expression: { leave: assignment },
  reference_assignment_expression: { leave: assignment },
  return_statement: {
    leave(binder, node, { returns }) {
      const value = binder.valueOf(partsOf(node)[0]);
      if (value !== undefined && returns !== undefined && returns.length < MOST_RETURNS) returns.push(value);
    },
  },
};

/** A name of a type, a function or a constant, by where it stands. */
function anyName(binder: PhpBinder, node: SourceNode, place: Place): void {
  const [space, role] = useOf(node);
  binder.setValue(node, binder.refer(node, place, space, role));
}

function useOf({ parent, field, index }: SourceNode): readonly [NameSpace, ReferenceRole] {
  switch (parent?.type) {
    case "named_type":
    case "attribute":
      return ["type", "type"];
    case "object_creation_expression":
      return ["type", "call"];
    case "class_constant_access_expression":
      return index === 0 ? ["type", "type"] : ["value", "read"];
    case "function_call_expression":
      return field === "function" ? ["call", "call"] : ["value", "read"];
    case "binary_expression":
      return field === "right" && childOf(parent, "operator")?.type === "instanceof"
        ? ["type", "type"]
        : ["value", "read"];
    default:
      return field === "scope" ? ["type", "type"] : ["value", "read"];
  }
}

function variable(binder: PhpBinder, node: SourceNode, place: Place): void {
  const { name, start, end } = binder.place(node);
  if (name === "$this") {
    if (place.self !== undefined) binder.setValue(node, { is: "instance", scope: place.self });
    return;
  }
  if (isAssigned(node)) binder.assign(node, place);
  else
    binder.facts.refer({ name, start, end }, "read", {
      is: "name",
      name,
      scope: place.scope,
      space: "value",
    });
  binder.setValue(node, { is: "name", name, scope: place.scope, space: "value" });
}

/** `define('NAME', …)`: a constant without a namespace. */
function bindDefine(binder: PhpBinder, call: SourceNode): void {
  const callee = childOf(call, "function");
  if (callee === undefined || binder.text(callee) !== "define") return;
  const [argument] = partsOf(childOf(call, "arguments"));
  const [text] = partsOf(partsOf(argument)[0]);
  if (text?.type === "string_content")
    binder.facts.define(binder.place(text), 0, "variable", { space: "value" });
}

/** The plain name of a member is no constant, and that of a property no variable. */
function withoutPlainName(
  _binder: PhpBinder,
  node: SourceNode,
  place: Place,
): (child: SourceNode) => Place | undefined {
  return (child) => (child === plainMember(node) ? undefined : place);
}

/** `name` of `->name`, `$name` of `::$name`. */
function plainMember(node: SourceNode): SourceNode | undefined {
  const name = childOf(node, "name");
  const isStatic = node.type === "scoped_property_access_expression";
  return name?.type === (isStatic ? "variable_name" : "name") ? name : undefined;
}

function member(
  binder: PhpBinder,
  node: SourceNode,
  owner: string,
  space: NameSpace,
  role: ReferenceRole,
): void {
  const plain = plainMember(node);
  const name = plain?.type === "variable_name" ? partsOf(plain)[0] : plain;
  if (name !== undefined)
    binder.setValue(node, binder.referMember(name, role, binder.valueOf(childOf(node, owner)), space));
}

function memberCall(binder: PhpBinder, node: SourceNode, owner: string): void {
  const name = plainMember(node);
  if (name === undefined) return;
  const callee = binder.referMember(name, "call", binder.valueOf(childOf(node, owner)), "call");
  binder.setValue(node, binder.terms.call(callee, argumentsOf(binder, node), []));
}

function argumentsOf(binder: PhpBinder, node: SourceNode): readonly Term[] {
  const given = partsOf(childOf(node, "arguments"));
  // Of arguments with names the places are not known.
  return given.some((argument) => childOf(argument, "name") !== undefined) ? [] : binder.givenBy(given);
}

function assignment(binder: PhpBinder, node: SourceNode, place: Place): void {
  const value = binder.valueOf(childOf(node, "right"));
  const left = childOf(node, "left");
  const isElement = left?.type === "subscript_expression";
  const target = isElement ? partsOf(left)[0] : left;
  const given = isElement ? binder.terms.array(value) : value;
  if (target !== undefined) binder.addValue(assignedDefinition(binder, target, place), given);
  binder.setValue(node, value);
}

function anyPart(binder: PhpBinder, node: SourceNode): void {
  binder.setValue(node, binder.terms.any(partsOf(node).map((part) => binder.valueOf(part))));
}
