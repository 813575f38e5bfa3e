import type { SourceNode } from "../../../drivers/tree-sitter/tree.js";

/** The children that are no tokens and no comments. */
export function namedChildren(node: SourceNode | undefined): readonly SourceNode[] {
  return node?.children.filter((child) => child.named && child.type !== "comment") ?? [];
}

/** The children, without tokens, that fill a field. */
export function childrenOf(node: SourceNode, field: string): readonly SourceNode[] {
  return namedChildren(node).filter((child) => child.field === field);
}

/** Whether a token stands directly in a node. */
export function hasToken(node: SourceNode, token: string): boolean {
  return node.children.some((child) => child.type === token);
}

const BRACKETS: ReadonlySet<string> = new Set(["parenthesized_expression", "parenthesized_type"]);

/** What parentheses, however many, are around. */
export function withoutParentheses(node: SourceNode | undefined): SourceNode | undefined {
  let inner = node;
  while (inner !== undefined && BRACKETS.has(inner.type)) [inner] = namedChildren(inner);
  return inner;
}

/** The outermost parentheses around a node, or itself. */
export function withParentheses(node: SourceNode): SourceNode {
  let outer = node;
  while (outer.parent !== undefined && BRACKETS.has(outer.parent.type)) outer = outer.parent;
  return outer;
}
