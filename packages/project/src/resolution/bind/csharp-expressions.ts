import { childOfType, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import { identifierOf } from "../../outline/csharp-names.js";
import type { ReferenceRole, Term } from "../name-facts.js";
import { type CSharpBinder, childOf, firstPart, opened, type Place, type Rules } from "./csharp-binder.js";
import { initialised, matched } from "./csharp-initialisers.js";
import { lambdaParameter, libraryCall } from "./csharp-library.js";
import { inNamespaces } from "./csharp-namespaces.js";
import { plainType, roleOfType, setNamed, typeArgumentsOf } from "./csharp-types.js";

/** Nodes that know what the name is that they have. */
const OWNERS = new Set([
  "qualified_name",
  "member_access_expression",
  "member_binding_expression",
  "alias_qualified_name",
]);
/** How far above a member its condition is looked for. */
const MOST_STEPS_UP = 200;
const UPDATES = new Set(["++", "--"]);

/** Expressions, once what they are made of is known. */
export const EXPRESSION_RULES: Rules = {
  identifier: {
    enter(binder, node, place) {
      plainName(binder, node, place);
      return undefined;
    },
  },
  this: {
    enter(binder, node, { self }) {
      if (self !== undefined) binder.values.set(node, { is: "instance", scope: self.scope });
      return undefined;
    },
  },
  base: {
    enter(binder, node, { self }) {
      if (self !== undefined) binder.values.set(node, { is: "super", scope: self.scope });
      return undefined;
    },
  },
  member_access_expression: {
    leave(binder, node, place) {
      const object = childOf(node, "expression");
      const name = identifierOf(childOf(node, "name"));
      if (name === undefined) return;
      const within = inNamespaces(binder, object, binder.text(name), place);
      binder.setValue(node, binder.referMember(name, roleOf(node), binder.valueOf(object), within));
    },
  },
  member_binding_expression: {
    leave(binder, node) {
      const name = identifierOf(childOf(node, "name"));
      if (name !== undefined)
        binder.setValue(node, binder.referMember(name, roleOf(node), conditionOf(binder, node)));
    },
  },
  element_binding_expression: {
    leave: (binder, node) => binder.setValue(node, binder.terms.element(conditionOf(binder, node))),
  },
  conditional_access_expression: { leave: takeOverLast },
  element_access_expression: {
    leave: (binder, node) =>
      binder.setValue(node, binder.terms.element(binder.valueOf(childOf(node, "expression")))),
  },
  invocation_expression: { leave: invocation },
  argument: {
    // The name of a parameter.
    enter:
      (_binder, _node, place) =>
      ({ field }) =>
        field === "name" ? undefined : place,
    leave: takeOverLast,
  },
  attribute_argument: {
    enter(_binder, node, place) {
      const name = childOf(node, "name");
      return (child) => (child === name ? undefined : place);
    },
  },
  object_creation_expression: {
    leave: (binder, node) => binder.setValue(node, binder.valueOf(childOf(node, "type"))),
  },
  implicit_object_creation_expression: {
    enter(binder, node) {
      binder.setValue(node, initialised(binder, node));
      return undefined;
    },
  },
  with_initializer: {
    enter(binder, node, place) {
      const name = childOfType(node, "identifier");
      if (name !== undefined) binder.referMember(name, "write", binder.valueOf(firstPart(node.parent)));
      return (child) => (child === name ? undefined : place);
    },
  },
  with_expression: { leave: takeOverFirst },
  anonymous_object_creation_expression: { enter: anonymousObject },
  array_creation_expression: {
    leave: (binder, node) => binder.setValue(node, binder.valueOf(childOf(node, "type"))),
  },
  cast_expression: { leave: (binder, node) => binder.setValue(node, binder.valueOf(childOf(node, "type"))) },
  as_expression: { leave: (binder, node) => binder.setValue(node, binder.valueOf(childOf(node, "right"))) },
  default_expression: {
    leave: (binder, node) => binder.setValue(node, binder.valueOf(childOf(node, "type"))),
  },
  await_expression: {
    leave: (binder, node) => binder.setValue(node, binder.terms.awaited(binder.valueOf(partsOf(node)[0]))),
  },
  parenthesized_expression: {
    leave(binder, node) {
      takeOverFirst(binder, node);
      const [inner] = partsOf(node);
      if (inner !== undefined && binder.queries.has(inner)) binder.queries.add(node);
    },
  },
  checked_expression: { leave: takeOverFirst },
  ref_expression: { leave: takeOverFirst },
  postfix_unary_expression: {
    // `value!` is the value.
    leave: takeOverFirst,
  },
  conditional_expression: {
    leave(binder, node) {
      const branches = [childOf(node, "consequence"), childOf(node, "alternative")];
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
  assignment_expression: {
    leave: (binder, node) => binder.setValue(node, binder.valueOf(childOf(node, "left"))),
  },
  switch_expression_arm: { leave: takeOverLast },
  switch_expression: {
    leave(binder, node) {
      const arms = partsOf(node).filter(({ type }) => type === "switch_expression_arm");
      binder.setValue(node, binder.terms.any(arms.map((arm) => binder.valueOf(arm))));
    },
  },
  subpattern: {
    enter(binder, node, place) {
      const [name] = partsOf(node);
      const isProperty = node.parent?.type === "property_pattern_clause";
      if (!isProperty || name?.type !== "identifier") return undefined;
      binder.setValue(name, binder.referMember(name, "read", matched(binder, node)));
      return (child) => (child === name ? undefined : place);
    },
  },
  lambda_expression: {
    enter: lambda,
    leave(binder, node) {
      const result = binder.valueOf(childOf(node, "body"));
      if (result !== undefined) binder.results.set(node, result);
    },
  },
  anonymous_method_expression: {
    enter(binder, _node, place) {
      const within = opened(binder, place);
      return () => within;
    },
  },
};

function plainName(binder: CSharpBinder, node: SourceNode, place: Place): void {
  const head = node.parent?.type === "generic_name" ? node.parent : node;
  const owner = head.parent?.type ?? "";
  if (head.field === "name" && OWNERS.has(owner)) return;
  const type = roleOfType(node);
  if (type !== undefined) {
    plainType(binder, node, place, type);
    return;
  }
  const written = binder.place(node);
  if (written.name === "value" && place.assigned !== undefined) {
    binder.setValue(node, binder.valueOf(childOf(place.assigned, "type")));
    return;
  }
  if (node.parent?.type === "assignment_expression" && node.field === "left") {
    const holder = node.parent.parent;
    if (holder?.type === "initializer_expression") {
      binder.setValue(node, binder.referMember(node, "write", initialised(binder, holder)));
      return;
    }
  }
  const term: Term = { is: "name", name: written.name, scope: place.scope };
  binder.facts.refer(written, roleOf(head), term);
  setNamed(binder, node, term);
}

/** What is done with an expression. */
function roleOf(node: SourceNode): ReferenceRole {
  let at = node;
  // The last member behind `?.` is what is called.
  while (at.parent?.type === "conditional_access_expression" && at.field === undefined) at = at.parent;
  const { parent, field } = at;
  if (parent?.type === "invocation_expression" && field === "function") return "call";
  if (parent?.type === "assignment_expression" && field === "left") return "write";
  if (parent?.type === "argument")
    return parent.children.some(({ type }) => type === "out") ? "write" : "read";
  const isUpdate = parent?.type === "postfix_unary_expression" || parent?.type === "prefix_unary_expression";
  return isUpdate && parent.children.some(({ type }) => UPDATES.has(type)) ? "write" : "read";
}

/** What stands in front of the `?` that a member or an element belongs to. */
function conditionOf(binder: CSharpBinder, node: SourceNode): Term | undefined {
  let at = node;
  for (let steps = 0; steps < MOST_STEPS_UP && at.parent !== undefined; steps += 1) {
    if (at.parent.type === "conditional_access_expression" && at.field !== "condition")
      return binder.valueOf(childOf(at.parent, "condition"));
    at = at.parent;
  }
  return undefined;
}

function invocation(binder: CSharpBinder, node: SourceNode): void {
  const callee = childOf(node, "function");
  const library = libraryCall(binder, node);
  const member = callee && (childOf(callee, "name") ?? callee);
  const own = library?.only
    ? undefined
    : binder.terms.call(binder.valueOf(callee), argumentsOf(binder, node), typeArgumentsOf(binder, member));
  binder.setValue(node, binder.terms.any([own, library?.term]) ?? own);
}

function argumentsOf(binder: CSharpBinder, node: SourceNode): readonly Term[] {
  const given = partsOf(childOf(node, "arguments"));
  // Of arguments with names the places are not known.
  return given.some((argument) => childOf(argument, "name") !== undefined) ? [] : binder.givenBy(given);
}

/** `new { Name = value }`: an object with members of its own. */
function anonymousObject(
  binder: CSharpBinder,
  node: SourceNode,
  place: Place,
): (child: SourceNode) => Place | undefined {
  const scope = binder.facts.scope(place.scope, "none");
  const names = node.children.filter(
    ({ type, index }) => type === "identifier" && node.children[index + 1]?.type === "=",
  );
  for (const name of names) binder.facts.define(binder.place(name), scope, "property", { space: "value" });
  binder.values.set(node, { is: "object", scope });
  const defining = new Set(names);
  return (child) => (defining.has(child) ? undefined : place);
}

function lambda(
  binder: CSharpBinder,
  node: SourceNode,
  place: Place,
): (child: SourceNode) => Place | undefined {
  const within = opened(binder, place);
  const parameters = childOf(node, "parameters");
  const [first] = partsOf(parameters);
  const isPlain = parameters?.type === "implicit_parameter";
  const untyped = isPlain ? parameters : first;
  const value = lambdaParameter(binder, node);
  if (isPlain && untyped !== undefined) {
    const name = childOfType(untyped, "identifier") ?? untyped;
    binder.facts.define(binder.place(name), within.scope, "parameter", {
      space: "value",
      ...(value === undefined ? {} : { value }),
    });
    return (child) => (child === parameters ? undefined : within);
  }
  if (untyped?.type === "parameter" && childOf(untyped, "type") === undefined && value !== undefined)
    binder.setValue(untyped, value);
  return () => within;
}

function takeOverFirst(binder: CSharpBinder, node: SourceNode): void {
  binder.setValue(node, binder.valueOf(partsOf(node)[0]));
}

function takeOverLast(binder: CSharpBinder, node: SourceNode): void {
  binder.setValue(node, binder.valueOf(partsOf(node).at(-1)));
}
