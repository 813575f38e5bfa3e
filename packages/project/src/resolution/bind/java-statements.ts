import { childOfType, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import {
  apart,
  childOf,
  hasModifier,
  type JavaBinder,
  opened,
  type Place,
  type Rule,
  type Rules,
} from "./java-binder.js";
import { arrayOf, isInferred } from "./java-types.js";

/** What binds names for itself alone by patterns. */
const APART: Rule = {
  enter(_binder, _node, place) {
    const within = apart(place);
    return () => within;
  },
};
/** What has a scope. */
const SCOPE: Rule = {
  enter(binder, _node, place) {
    const within = opened(binder, place);
    return () => within;
  },
};
/** What refers to a label. */
const JUMP: Rule = { enter: jump };

/** Blocks whose names share the scope of what they are the body of. */
const OPENED = new Set([
  "method_declaration",
  "compact_constructor_declaration",
  "lambda_expression",
  "catch_clause",
  "for_statement",
  "enhanced_for_statement",
]);

/** Statements, fields, parameters and local variables. */
export const STATEMENT_RULES: Rules = {
  expression_statement: APART,
  return_statement: APART,
  throw_statement: APART,
  yield_statement: APART,
  assert_statement: APART,
  local_variable_declaration: APART,
  field_declaration: APART,
  constant_declaration: APART,
  ternary_expression: APART,
  if_statement: APART,
  while_statement: APART,
  do_statement: APART,
  switch_rule: APART,
  switch_block_statement_group: APART,
  switch_block: SCOPE,
  for_statement: SCOPE,
  catch_clause: SCOPE,
  block: {
    enter(binder, node, place) {
      if (OPENED.has(node.parent?.type ?? "")) return undefined;
      const within = opened(binder, place);
      return () => within;
    },
  },
  try_with_resources_statement: {
    enter(binder, _node, place) {
      const within = opened(binder, place);
      return ({ field }) => (field === "resources" || field === "body" ? within : place);
    },
  },
  enhanced_for_statement: {
    enter(binder, node, place) {
      const within = opened(binder, place);
      defineNamed(binder, node, within, "variable");
      return ({ field }) => (field === "body" ? within : place);
    },
    leave(binder, node) {
      const type = childOf(node, "type");
      const element = (): Term | undefined => binder.terms.element(binder.valueOf(childOf(node, "value")));
      setDeclared(binder, node, type, element);
    },
  },
  resource: {
    enter(binder, node, place) {
      if (childOf(node, "type") !== undefined) defineNamed(binder, node, place, "variable");
      return undefined;
    },
    leave(binder, node) {
      setDeclared(binder, node, childOf(node, "type"), () => binder.valueOf(childOf(node, "value")));
    },
  },
  variable_declarator: { enter: declarator, leave: declaratorEnds },
  formal_parameter: {
    enter(binder, node, place) {
      if (!defineComponent(binder, node, childOf(node, "name")))
        defineNamed(binder, node, place, "parameter");
      return undefined;
    },
    leave: (binder, node) => setDeclared(binder, node, childOf(node, "type"), () => undefined),
  },
  catch_formal_parameter: {
    enter(binder, node, place) {
      defineNamed(binder, node, place, "parameter");
      return undefined;
    },
    leave: (binder, node) => setDeclared(binder, node, childOfType(node, "catch_type"), () => undefined),
  },
  receiver_parameter: {
    enter:
      (_binder, _node, place) =>
      ({ type }) =>
        type === "identifier" || type === "this" ? undefined : place,
  },
  labeled_statement: { enter: labeled },
  break_statement: JUMP,
  continue_statement: JUMP,
};

function defineNamed(
  binder: JavaBinder,
  node: SourceNode,
  place: Place,
  kind: "variable" | "parameter",
): void {
  const name = childOf(node, "name");
  if (name?.type !== "identifier") return;
  const definition = binder.facts.define(binder.place(name), place.block, kind, { space: "value" });
  binder.definitions.set(node, definition);
}

/** Says what a declared name stands for: its type, or where that is `var` what `inferred` gives. */
function setDeclared(
  binder: JavaBinder,
  node: SourceNode,
  type: SourceNode | undefined,
  inferred: () => Term | undefined,
): void {
  const definition = binder.definitions.get(node);
  if (definition === undefined) return;
  const value = isInferred(binder, type) ? inferred() : binder.valueOf(type);
  const declared = arrayOf(binder, value, childOf(node, "dimensions"));
  binder.facts.setValue(definition, isComponent(node) ? accessible(declared) : declared);
}

/** A component of a record is a field, and a method that gives it. */
function accessible(value: Term | undefined): Term {
  const accessor: Term = { is: "function", parameters: [], returns: value === undefined ? [] : [value] };
  return value === undefined ? accessor : { is: "any", of: [value, accessor] };
}

function isComponent({ parent }: SourceNode): boolean {
  return parent?.parent?.type === "record_declaration";
}

function defineComponent(binder: JavaBinder, node: SourceNode, name: SourceNode | undefined): boolean {
  const record = node.parent?.parent;
  const scope = record?.type === "record_declaration" ? binder.bodies.get(record) : undefined;
  if (name === undefined || scope === undefined) return false;
  const more = { space: "value", static: false } as const;
  binder.definitions.set(node, binder.facts.define(binder.place(name), scope, "property", more));
  return true;
}

/** A field, a local variable, or the name of a parameter with dots. */
function declarator(binder: JavaBinder, node: SourceNode, place: Place): undefined {
  const { parent } = node;
  if (parent?.type === "spread_parameter") {
    const name = childOf(node, "name");
    if (!defineComponent(binder, parent, name)) defineNamed(binder, node, place, "parameter");
    const definition = binder.definitions.get(node);
    if (definition !== undefined) binder.definitions.set(parent, definition);
    return;
  }
  const isConstant = parent?.type === "constant_declaration";
  if (!isConstant && parent?.type !== "field_declaration") {
    defineNamed(binder, node, place, "variable");
    return;
  }
  const name = childOf(node, "name");
  if (name?.type !== "identifier") return;
  const definition = binder.facts.define(binder.place(name), place.block, "property", {
    space: "value",
    static: isConstant || hasModifier(parent, "static"),
  });
  binder.definitions.set(node, definition);
}

function declaratorEnds(binder: JavaBinder, node: SourceNode): void {
  const { parent } = node;
  if (parent?.type !== "spread_parameter") {
    const type = parent && childOf(parent, "type");
    setDeclared(binder, node, type, () => binder.valueOf(childOf(node, "value")));
    return;
  }
  const definition = binder.definitions.get(parent);
  const type = partsOf(parent).find((child) => child !== node && child.type !== "modifiers");
  const array = binder.terms.array(binder.valueOf(type));
  if (definition !== undefined)
    binder.facts.setValue(definition, isComponent(parent) ? accessible(array) : array);
}

/** A label has a scope of its own, where only those look who jump to it: its name is no variable's. */
function labeled(
  binder: JavaBinder,
  node: SourceNode,
  place: Place,
): ((child: SourceNode) => Place | undefined) | undefined {
  const [name] = partsOf(node);
  if (name === undefined) return undefined;
  const scope = binder.facts.scope(place.scope, "own");
  binder.facts.define(binder.place(name), scope, "label");
  const within: Place = { ...place, label: { name: binder.text(name), scope, outer: place.label } };
  return (child) => (child === name ? undefined : within);
}

function jump(binder: JavaBinder, node: SourceNode, place: Place): () => undefined {
  const [name] = partsOf(node);
  if (name !== undefined) {
    let { label } = place;
    while (label !== undefined && label.name !== binder.text(name)) label = label.outer;
    if (label !== undefined)
      binder.facts.refer(binder.place(name), "read", { is: "name", name: label.name, scope: label.scope });
  }
  return () => undefined;
}
