import { childOfType, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import { hasModifier } from "../../outline/csharp-names.js";
import type { Term } from "../name-facts.js";
import { type CSharpBinder, childOf, opened, type Place, type Rule, type Rules } from "./csharp-binder.js";

/** What has a scope. */
const SCOPE: Rule = {
  enter(binder, _node, place) {
    const within = opened(binder, place);
    return () => within;
  },
};
/** Blocks whose names share the scope of what they are the body of. */
const OPENED = new Set([
  "method_declaration",
  "local_function_statement",
  "constructor_declaration",
  "destructor_declaration",
  "operator_declaration",
  "conversion_operator_declaration",
  "accessor_declaration",
  "lambda_expression",
  "anonymous_method_expression",
  "catch_clause",
]);
const ITSELF = new Set(["field_declaration", "event_field_declaration"]);

/** Statements, fields, parameters and local variables. */
export const STATEMENT_RULES: Rules = {
  block: {
    enter(binder, node, place) {
      if (OPENED.has(node.parent?.type ?? "")) return undefined;
      const within = opened(binder, place);
      return () => within;
    },
  },
  for_statement: SCOPE,
  while_statement: SCOPE,
  using_statement: SCOPE,
  fixed_statement: SCOPE,
  lock_statement: SCOPE,
  catch_clause: SCOPE,
  switch_section: SCOPE,
  switch_expression_arm: SCOPE,
  query_expression: SCOPE,
  global_attribute: SCOPE,
  foreach_statement: {
    enter(binder, node, place) {
      const within = opened(binder, place);
      const name = childOf(node, "left");
      binder.define(node, name, within.scope, "variable", { space: "value" });
      return (child) => (child === name && name.type === "identifier" ? undefined : within);
    },
    leave(binder, node) {
      const element = binder.terms.element(binder.valueOf(childOf(node, "right")));
      binder.setDefined(node, declared(binder, childOf(node, "type"), element));
    },
  },
  variable_declarator: {
    enter(binder, node, place) {
      const name = childOf(node, "name");
      const owner = node.parent?.parent;
      if (owner !== undefined && ITSELF.has(owner.type)) {
        const isStatic =
          hasModifier(binder.tree, owner, "static") || hasModifier(binder.tree, owner, "const");
        binder.define(node, name, place.scope, "property", { space: "value", static: isStatic });
        // What a field is set to may declare names of its own.
        const within = opened(binder, place);
        return (child) => (child === name ? undefined : within);
      }
      binder.define(node, name, place.scope, "variable", { space: "value" });
      return (child) => (child === name ? undefined : place);
    },
    leave(binder, node) {
      const value = partsOf(node).at(-1);
      const type = node.parent && childOf(node.parent, "type");
      const inferred = value?.field === "name" ? undefined : binder.valueOf(value);
      binder.setDefined(node, declared(binder, type, inferred));
    },
  },
  parameter: {
    enter(binder, node, place) {
      const name = childOf(node, "name");
      const isComponent = node.parent?.parent?.type === "record_declaration";
      binder.define(node, name, place.scope, isComponent ? "property" : "parameter", {
        space: "value",
        ...(isComponent ? { static: false } : {}),
      });
      return (child) => (child === name ? undefined : place);
    },
    // Without a type it is of a lambda, which may know more.
    leave: (binder, node) =>
      binder.setDefined(node, binder.valueOf(childOf(node, "type")) ?? binder.valueOf(node)),
  },
  // `params T[] name` stands in the list itself.
  parameter_list: {
    enter(binder, node, place) {
      const name = childOf(node, "name");
      binder.define(node, name, place.scope, "parameter", { space: "value" });
      return (child) => (child === name ? undefined : place);
    },
    leave: (binder, node) => binder.setDefined(node, binder.valueOf(childOf(node, "type"))),
  },
  catch_declaration: { enter: named, leave: typed },
  declaration_expression: { enter: named, leave: typed },
  declaration_pattern: { enter: named, leave: typed },
  recursive_pattern: { enter: named, leave: typed },
  var_pattern: { enter: named },
  list_pattern: { enter: named },
  tuple_pattern: { enter: namedAll },
  parenthesized_variable_designation: { enter: namedAll },
  from_clause: {
    enter: named,
    leave(binder, node) {
      const element = binder.terms.element(binder.valueOf(partsOf(node).at(-1)));
      binder.setDefined(node, declared(binder, childOf(node, "type"), element));
    },
  },
  join_clause: { enter: firstNamed },
  join_into_clause: { enter: firstNamed },
  let_clause: {
    enter: firstNamed,
    leave: (binder, node) => binder.setDefined(node, binder.valueOf(partsOf(node).at(-1))),
  },
  labeled_statement: {
    enter(binder, node, place) {
      const [name] = partsOf(node);
      if (place.labels !== undefined) binder.define(node, name, place.labels, "label");
      return (child) => (child === name ? undefined : place);
    },
  },
  goto_statement: {
    enter(binder, node, place) {
      const label = childOfType(node, "identifier");
      const isCase = node.children.some(({ type }) => type === "case");
      if (label === undefined || isCase) return undefined;
      if (place.labels !== undefined)
        binder.facts.refer(binder.place(label), "read", {
          is: "name",
          name: binder.text(label),
          scope: place.labels,
        });
      return () => undefined;
    },
  },
  // What follows `#` is for the compiler.
  preproc_if: { enter: withoutCondition },
  preproc_elif: { enter: withoutCondition },
  preproc_if_in_attribute_list: { enter: withoutCondition },
  preproc_pragma: { enter: () => () => undefined },
};

/** The value of a declared type, or what is given where that is `var`. */
function declared(
  binder: CSharpBinder,
  type: SourceNode | undefined,
  inferred: Term | undefined,
): Term | undefined {
  return type === undefined || type.type === "implicit_type" ? inferred : binder.valueOf(type);
}

/** What defines its `name` where it stands. */
function named(
  binder: CSharpBinder,
  node: SourceNode,
  place: Place,
): (child: SourceNode) => Place | undefined {
  const name = childOf(node, "name");
  const kind = node.type === "catch_declaration" ? "parameter" : "variable";
  binder.define(node, name, place.scope, kind, { space: "value" });
  return (child) => (child === name ? undefined : place);
}

function typed(binder: CSharpBinder, node: SourceNode): void {
  binder.setDefined(node, binder.valueOf(childOf(node, "type")));
}

function firstNamed(
  binder: CSharpBinder,
  node: SourceNode,
  place: Place,
): (child: SourceNode) => Place | undefined {
  const name = partsOf(node).find(({ field }) => field !== "type");
  binder.define(node, name, place.scope, "variable", { space: "value" });
  return (child) => (child === name ? undefined : place);
}

function namedAll(
  binder: CSharpBinder,
  node: SourceNode,
  place: Place,
): (child: SourceNode) => Place | undefined {
  for (const child of node.children)
    if (child.field === "name" && child.type === "identifier")
      binder.facts.define(binder.place(child), place.scope, "variable", { space: "value" });
  return (child) => (child.field === "name" && child.type === "identifier" ? undefined : place);
}

function withoutCondition(
  _binder: CSharpBinder,
  _node: SourceNode,
  place: Place,
): (child: SourceNode) => Place | undefined {
  return (child) => (child.field === "condition" ? undefined : place);
}
