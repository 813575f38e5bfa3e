import { partsOf, type SourceNode } from "../../../drivers/tree-sitter/tree.js";

/** The children, without tokens, that fill a field. */
export function childrenOf(node: SourceNode, field: string): readonly SourceNode[] {
  return partsOf(node).filter((child) => child.field === field);
}

const BRACKETS: ReadonlySet<string> = new Set(["parenthesized_expression", "parenthesized_type"]);

/** What parentheses, however many, are around. */
export function withoutParentheses(node: SourceNode | undefined): SourceNode | undefined {
  let inner = node;
  while (inner !== undefined && BRACKETS.has(inner.type)) [inner] = partsOf(inner);
  return inner;
}

/** The outermost parentheses around a node, or itself. */
export function withParentheses(node: SourceNode): SourceNode {
  let outer = node;
  while (outer.parent !== undefined && BRACKETS.has(outer.parent.type)) outer = outer.parent;
  return outer;
}
