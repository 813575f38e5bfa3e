import { childOfType, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import { identifierOf } from "../../outline/csharp-names.js";
import type { ReferenceRole, Term } from "../name-facts.js";
import { NOTHING } from "./bounded-terms.js";
import { type CSharpBinder, childOf, type Place, type Rules } from "./csharp-binder.js";
import { heldType } from "./csharp-library.js";
import { inNamespaces } from "./csharp-namespaces.js";

/** Fields that hold types, and nodes whose parts do. */
const TYPE_FIELDS = new Set(["type", "returns"]);
const HOLD_TYPES = new Set([
  "base_list",
  "type_argument_list",
  "type_parameter_constraint",
  "type_parameter_constraints_clause",
  "explicit_interface_specifier",
  "tuple_element",
  "calling_convention",
]);
/** Names that are made of other names. */
const COMPOUND = new Set(["generic_name", "qualified_name", "alias_qualified_name"]);
/** How far above a part of a name the whole name is looked for. */
const MOST_STEPS_UP = 50;
/** Dimensions of an array; with more it is not described. */
const MOST_DIMENSIONS = 20;

/** Types, and attributes, which name one. Plain names are those of expressions (`csharp-expressions.ts`), too. */
export const TYPE_RULES: Rules = {
  generic_name: { leave: (binder, node) => genericName(binder, node) },
  qualified_name: { leave: qualifiedName },
  alias_qualified_name: {
    enter: (_binder, _node, place) => (child) => (child.type === "identifier" ? undefined : place),
    leave(binder, node, place) {
      const name = identifierOf(childOf(node, "name"));
      const alias = childOf(node, "alias");
      if (name === undefined || alias === undefined) return;
      const text = binder.text(alias);
      const of: Term =
        text === "global" ? { is: "module", specifier: "" } : { is: "name", name: text, scope: place.scope };
      setNamed(binder, node, binder.referMember(name, roleOfType(node) ?? "read", of));
    },
  },
  array_type: {
    leave(binder, node) {
      const rank = childOf(node, "rank");
      let depth = 0;
      for (let at = node.parent; at?.type === "array_type" && depth < MOST_DIMENSIONS; at = at.parent)
        depth += 1;
      const element = binder.valueOf(childOf(node, "type"));
      if (rank !== undefined && depth < MOST_DIMENSIONS) binder.setValue(node, binder.terms.array(element));
    },
  },
  nullable_type: { leave: takeOver },
  ref_type: { leave: takeOver },
  scoped_type: { leave: takeOver },
  type_pattern: { leave: takeOver },
  attribute: {
    enter: (binder, node, place) => {
      const name = childOf(node, "name");
      if (name?.type !== "identifier") return undefined;
      attributeName(binder, name, place);
      return (child) => (child === name ? undefined : place);
    },
  },
};

/** What is made of the type that a name is in; undefined for a name that is in none. */
export function roleOfType(name: SourceNode): ReferenceRole | undefined {
  let type = name;
  let { parent } = type;
  for (
    let steps = 0;
    parent !== undefined && COMPOUND.has(parent.type) && type.field !== "alias";
    steps += 1
  ) {
    if (type.field === "qualifier") return isType(outermost(parent)) ? "type" : undefined;
    if (steps > MOST_STEPS_UP) return undefined;
    type = parent;
    parent = type.parent;
  }
  if (parent === undefined || !isType(type)) return undefined;
  const isBase = parent.type === "base_list" || parent.type === "primary_constructor_base_type";
  if (isBase) return parent.parent?.type === "enum_declaration" ? "type" : "inherit";
  return parent.type === "object_creation_expression" ? "call" : "type";
}

function outermost(name: SourceNode): SourceNode {
  let at = name;
  for (let steps = 0; at.parent !== undefined && COMPOUND.has(at.parent.type); steps += 1) {
    if (steps > MOST_STEPS_UP) break;
    at = at.parent;
  }
  return at;
}

function isType({ field, parent }: SourceNode): boolean {
  if (parent === undefined) return false;
  if (field !== undefined && TYPE_FIELDS.has(field)) return true;
  if (field === "right") return parent.type === "is_expression" || parent.type === "as_expression";
  if (field === "name") return parent.type === "attribute";
  return HOLD_TYPES.has(parent.type);
}

/** A plain name of a type. */
export function plainType(binder: CSharpBinder, node: SourceNode, place: Place, role: ReferenceRole): void {
  const { name, start, end } = binder.place(node);
  const term: Term = { is: "name", name, scope: place.scope, space: "type" };
  binder.facts.refer({ name, start, end }, role, term);
  setNamed(binder, node, term);
}

/** Keeps what a type names, and that a value of it is one. */
export function setNamed(binder: CSharpBinder, node: SourceNode, named: Term | undefined): void {
  if (named === undefined) return;
  binder.named.set(node, named);
  binder.setValue(node, roleOfType(node) === undefined ? named : binder.terms.type(named));
}

/** The arguments of a generic name. */
export function typeArgumentsOf(binder: CSharpBinder, node: SourceNode | undefined): readonly Term[] {
  const list = childOfType(node, "type_argument_list");
  return partsOf(list).map((argument) => binder.valueOf(argument) ?? NOTHING);
}

/** Types that are declared as `where T : Base`, by the name of their parameter. */
export function boundsOf(binder: CSharpBinder, declaration: SourceNode): ReadonlyMap<string, Term> {
  const bounds = new Map<string, Term>();
  for (const clause of declaration.children) {
    if (clause.type !== "type_parameter_constraints_clause") continue;
    const [name, ...constraints] = partsOf(clause);
    const types = constraints.map((constraint) => binder.valueOf(childOf(constraint, "type")));
    const bound = binder.terms.any(types);
    if (name !== undefined && bound !== undefined) bounds.set(binder.text(name), bound);
  }
  return bounds;
}

/** Gives a generic name what its head names, with its arguments. */
function genericName(binder: CSharpBinder, node: SourceNode, head = node.children[0]): void {
  const named = head && binder.named.get(head);
  if (head === undefined || named === undefined) return;
  binder.named.set(node, named);
  if (roleOfType(node) === undefined) {
    binder.setValue(node, named);
    return;
  }
  const types = typeArgumentsOf(binder, node);
  const held = heldType(binder, binder.text(head), types);
  binder.setValue(
    node,
    held?.only ? held.term : binder.terms.any([binder.terms.type(named, types), held?.term]),
  );
}

/** `a.b.Outer.Inner`: a member of a type, or of a namespace. */
function qualifiedName(binder: CSharpBinder, node: SourceNode, place: Place): void {
  const qualifier = childOf(node, "qualifier");
  const last = childOf(node, "name");
  const name = identifierOf(last);
  if (last === undefined || name === undefined || qualifier === undefined) return;
  const role = roleOfType(node) ?? "type";
  const within = inNamespaces(binder, qualifier, binder.text(name), place);
  const term = binder.referMember(name, role, binder.named.get(qualifier), within);
  setNamed(binder, node, term);
  if (last.type !== "generic_name" || term === undefined) return;
  binder.named.set(name, term);
  genericName(binder, last, name);
  binder.setValue(node, binder.valueOf(last));
}

function takeOver(binder: CSharpBinder, node: SourceNode): void {
  const type = childOf(node, "type");
  const named = type && binder.named.get(type);
  if (named !== undefined) binder.named.set(node, named);
  binder.setValue(node, binder.valueOf(type));
}

/** `[Name]` stands for `Name` or `NameAttribute`. */
function attributeName(binder: CSharpBinder, node: SourceNode, place: Place): void {
  const { name, start, end } = binder.place(node);
  for (const each of [name, `${name}Attribute`]) {
    const term: Term = { is: "name", name: each, scope: place.scope, space: "type" };
    binder.facts.refer({ name: each, start, end }, "type", term);
  }
}
