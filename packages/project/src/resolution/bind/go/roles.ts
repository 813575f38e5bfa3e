import { hasToken, partsOf, type SourceNode } from "../../../drivers/tree-sitter/tree.js";
import type { ReferenceRole } from "../../name-facts.js";
import { childrenOf, withParentheses } from "./nodes.js";

/** Statements whose left sides are written to. */
const WRITING: ReadonlySet<string> = new Set(["assignment_statement", "range_clause", "receive_statement"]);

/** What the value of an expression, a name or a selector, is used for. */
export function roleOfValue(expression: SourceNode): ReferenceRole {
  let node = withParentheses(expression);
  // `f[T](x)` calls `f`.
  if (node.parent?.type === "index_expression" && node.field === "operand") {
    const indexed = withParentheses(node.parent);
    if (indexed.parent?.type === "call_expression" && indexed.field === "function") node = indexed;
  }
  const { parent } = node;
  if (parent?.type === "call_expression" && node.field === "function") return "call";
  if (parent?.type === "inc_statement" || parent?.type === "dec_statement") return "write";
  if (parent?.type !== "expression_list" || parent.field !== "left") return "read";
  return WRITING.has(parent.parent?.type ?? "") ? "write" : "read";
}

/** What a type, which is named by a node, is used for. */
export function roleOfType(name: SourceNode): ReferenceRole {
  // `pkg.T` and `T[int]` are one type.
  let node = name;
  if (node.parent?.type === "qualified_type") node = node.parent;
  if (node.parent?.type === "generic_type" && node.field === "type") node = node.parent;
  // `f[int](x)` and `table[i](x)` are read as conversions to the type `f[int]`.
  if (node.type === "generic_type" && node.parent?.type === "type_conversion_expression") return "call";
  return isEmbedded(node) ? "inherit" : "type";
}

/** Whether a type stands in a struct or an interface without a name of its own. */
function isEmbedded(type: SourceNode): boolean {
  const { parent } = type;
  if (parent?.type === "field_declaration") return childrenOf(parent, "name").length === 0;
  return (
    parent?.type === "type_elem" &&
    parent.parent?.type === "interface_type" &&
    partsOf(parent).length === 1 &&
    !hasToken(type, "~")
  );
}
