import { childOfType, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { ReferenceRole, Term } from "../name-facts.js";
import { NOTHING } from "./bounded-terms.js";
import {
  childOf,
  isAnnotation,
  isLowerCase,
  type JavaBinder,
  type Place,
  type Rules,
} from "./java-binder.js";
import { isHolder } from "./java-library.js";

type TypeRole = Extract<ReferenceRole, "type" | "inherit" | "call">;

/** More dimensions of an array are not described. */
const MOST_DIMENSIONS = 20;

/** Types, and annotations, which name one. */
export const TYPE_RULES: Rules = {
  type_identifier: {
    enter(binder, node, place) {
      plainType(binder, node, place);
      return undefined;
    },
  },
  scoped_type_identifier: { leave: scopedType },
  generic_type: { leave: genericType },
  array_type: {
    leave(binder, node) {
      const element = binder.valueOf(childOf(node, "element"));
      binder.setValue(node, arrayOf(binder, element, childOf(node, "dimensions")));
    },
  },
  annotated_type: { leave: takeOverLast },
  wildcard: { leave: takeOverLast },
  catch_type: {
    leave(binder, node) {
      binder.setValue(node, binder.terms.any(partsOf(node).map((type) => binder.valueOf(type))));
    },
  },
  annotation: { enter: annotation },
  marker_annotation: { enter: annotation },
  element_value_pair: {
    leave(binder, node) {
      const key = childOf(node, "key");
      const type = node.parent?.parent;
      if (key && type) binder.referMember(key, "read", binder.terms.type(binder.named.get(type)));
    },
  },
};

/** Arrays of arrays, by the brackets of `int[][]` or `int a[][]`. */
export function arrayOf(
  binder: JavaBinder,
  element: Term | undefined,
  dimensions: SourceNode | undefined,
): Term | undefined {
  const count = dimensions?.children.filter(({ type }) => type === "[").length ?? 0;
  if (count > MOST_DIMENSIONS) return undefined;
  let array = element;
  for (let dimension = 0; dimension < count; dimension += 1) array = binder.terms.array(array);
  return array;
}

/** The arguments of a generic type, or those in front of the name of a method. */
export function typeArgumentsOf(binder: JavaBinder, node: SourceNode | undefined): readonly Term[] {
  const list = childOfType(node, "type_arguments");
  return partsOf(list).map((argument) => binder.valueOf(argument) ?? NOTHING);
}

/** Whether a type is `var`, which the value tells. */
export function isInferred(binder: JavaBinder, type: SourceNode | undefined): boolean {
  return type?.type === "type_identifier" && binder.text(type) === "var";
}

function plainType(binder: JavaBinder, node: SourceNode, place: Place): void {
  const { parent } = node;
  if (parent?.type === "type_parameter" || isInferred(binder, node)) return;
  const name = binder.text(node);
  if (parent?.type === "scoped_type_identifier") {
    // Its owner knows more of the last part.
    if (node !== partsOf(parent)[0]) return;
    if (isLowerCase(name)) {
      binder.setPackage(node, name);
      return;
    }
  }
  const role = roleOf(node);
  const qualifier = role === "call" ? qualifierOf(node) : undefined;
  if (qualifier !== undefined) {
    setNamed(binder, node, binder.referMember(node, role, binder.valueOf(qualifier)));
    return;
  }
  const term: Term = { is: "name", name, scope: place.scope, space: "type" };
  binder.facts.refer(binder.place(node), role, term);
  setNamed(binder, node, term);
}

/** `a.b.Outer.Inner`: members of a type, or of a package. */
function scopedType(binder: JavaBinder, node: SourceNode): void {
  const parts = partsOf(node);
  const [owner, last] = [parts[0], parts.at(-1)];
  if (owner === undefined || last === undefined || owner === last) return;
  const name = binder.text(last);
  const before = binder.packageOf(owner);
  const isOwner = node.parent?.type === "scoped_type_identifier" && partsOf(node.parent)[0] === node;
  if (before !== undefined && isOwner && isLowerCase(name)) {
    binder.setPackage(node, name, before);
    return;
  }
  const of: Term | undefined =
    before === undefined ? binder.named.get(owner) : { is: "module", specifier: before };
  setNamed(binder, node, binder.referMember(last, roleOf(node), of));
}

function genericType(binder: JavaBinder, node: SourceNode): void {
  const [head] = partsOf(node);
  const named = head && binder.named.get(head);
  if (head === undefined || named === undefined) return;
  binder.named.set(node, named);
  const types = typeArgumentsOf(binder, node);
  const given = binder.terms.type(named, types);
  const name = binder.text(partsOf(head).at(-1) ?? head);
  // A project may have a type of that name of its own.
  const held = isHolder(name) ? binder.terms.array(types.at(-1)) : undefined;
  binder.setValue(node, binder.terms.any([given, held]) ?? given);
}

function takeOverLast(binder: JavaBinder, node: SourceNode): void {
  const type = partsOf(node).at(-1);
  if (type === undefined || isAnnotation(type)) return;
  const named = binder.named.get(type);
  if (named !== undefined) binder.named.set(node, named);
  binder.setValue(node, binder.valueOf(type));
}

function setNamed(binder: JavaBinder, node: SourceNode, named: Term | undefined): void {
  if (named === undefined) return;
  binder.named.set(node, named);
  binder.setValue(node, binder.terms.type(named));
}

/** What is made of a type where it stands: its last name is inherited from, or called with `new`. */
function roleOf(name: SourceNode): TypeRole {
  let type = name;
  let { parent } = type;
  while (parent !== undefined && isHeadOf(type, parent)) {
    type = parent;
    parent = type.parent;
  }
  if (parent?.type === "superclass") return "inherit";
  if (parent?.type === "type_list") return parent.parent?.type === "permits" ? "type" : "inherit";
  if (parent?.type === "object_creation_expression" && type.field === "type") return "call";
  const isConstructor = parent?.type === "method_reference" && parent.children.at(-1)?.type === "new";
  return isConstructor ? "call" : "type";
}

/** Whether the last name of a type is also that of the type around it. */
function isHeadOf(type: SourceNode, around: SourceNode): boolean {
  if (around.type === "generic_type") return partsOf(around)[0] === type;
  const endsWithIt = around.type === "annotated_type" || around.type === "scoped_type_identifier";
  return endsWithIt && partsOf(around).at(-1) === type;
}

/** The `outer` of `outer.new Inner()`. */
function qualifierOf(name: SourceNode): SourceNode | undefined {
  const creation = name.parent?.type === "generic_type" ? name.parent.parent : name.parent;
  const first = creation?.children[0];
  return creation?.type === "object_creation_expression" && first?.type !== "new" ? first : undefined;
}

function annotation(
  binder: JavaBinder,
  node: SourceNode,
  place: Place,
): (child: SourceNode) => Place | undefined {
  const name = childOf(node, "name");
  if (name !== undefined) {
    const named = referQualified(binder, name, place);
    if (named !== undefined) binder.named.set(node, named);
  }
  return (child) => (child === name ? undefined : place);
}

/** Refers to the types of a dotted name, and gives what its last part names. */
export function referQualified(binder: JavaBinder, name: SourceNode, place: Place): Term | undefined {
  const parts = dottedParts(name);
  const firstType = parts.findIndex((part) => !isLowerCase(binder.text(part)));
  const packageLength = firstType < 0 ? parts.length - 1 : firstType;
  let term: Term | undefined;
  for (const [index, part] of parts.entries()) {
    if (index < packageLength) continue;
    if (index > packageLength) term = binder.referMember(part, "type", term);
    else if (index > 0) term = binder.referMember(part, "type", moduleOf(binder, parts.slice(0, index)));
    else {
      term = { is: "name", name: binder.text(part), scope: place.scope, space: "type" };
      binder.facts.refer(binder.place(part), "type", term);
    }
  }
  return term;
}

export function moduleOf(binder: JavaBinder, parts: readonly SourceNode[]): Term {
  return { is: "module", specifier: parts.map((part) => binder.text(part)).join(".") };
}

/** The identifiers of a dotted name. */
export function dottedParts(name: SourceNode): readonly SourceNode[] {
  const parts: SourceNode[] = [];
  let at: SourceNode | undefined = name;
  while (at?.type === "scoped_identifier") {
    const last = childOf(at, "name");
    if (last !== undefined) parts.push(last);
    at = childOf(at, "scope");
  }
  if (at !== undefined) parts.push(at);
  return parts.reverse();
}
