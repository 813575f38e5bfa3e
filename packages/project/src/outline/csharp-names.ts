import { childOf, type SourceNode, type SourceTree } from "../drivers/tree-sitter/tree.js";

/** Longer dotted names are made by a machine. */
const MOST_PARTS = 50;

/**
 * The identifiers of a dotted name, without type arguments and without an alias in front (`global::`); undefined for what is no such
 * name.
 */
export function dottedParts(name: SourceNode): readonly SourceNode[] | undefined {
  const parts: SourceNode[] = [];
  let at: SourceNode | undefined = name;
  while (at?.type === "qualified_name" || at?.type === "member_access_expression") {
    const last = identifierOf(childOf(at, "name"));
    if (last === undefined || parts.push(last) > MOST_PARTS) return undefined;
    at = childOf(at, "qualifier") ?? childOf(at, "expression");
  }
  if (at?.type === "alias_qualified_name") at = childOf(at, "name");
  const first = identifierOf(at);
  return first === undefined ? undefined : [...parts, first].reverse();
}

/** The text of a dotted name, as {@link dottedParts} reads it. */
export function dottedName(tree: SourceTree, name: SourceNode | undefined): string | undefined {
  return name && dottedParts(name)?.map(tree.textOf, tree).join(".");
}

/** A name itself, without its type arguments. */
export function identifierOf(name: SourceNode | undefined): SourceNode | undefined {
  const head = name?.type === "generic_name" ? name.children[0] : name;
  return head?.type === "identifier" ? head : undefined;
}

/** What the name of a namespace may mean within another: that itself, or a part of the other or of one of those around it. */
export function withinEach(namespace: string, name: string): readonly string[] {
  const all = [name];
  for (let around = namespace; around !== ""; around = outerOf(around)) all.push(`${around}.${name}`);
  return all;
}

/** `A.B` of `A.B.C`; empty for a name without a dot. */
export function outerOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf(".")));
}

/** What a `using` directive imports. */
export function importedName(directive: SourceNode): SourceNode | undefined {
  return directive.children.find(({ named, field, type }) => named && field !== "name" && type !== "comment");
}

export function hasModifier(tree: SourceTree, node: SourceNode, modifier: string): boolean {
  return node.children.some((child) => child.type === "modifier" && tree.textOf(child) === modifier);
}
