import { childOf, type SourceNode, type SourceTree } from "../drivers/tree-sitter/tree.js";

/** Not parameters: receivers, and signs between parameters. */
const OTHERS =
  /comment|^(?:self_parameter|receiver_parameter|positional_separator|keyword_separator|attribute_list|attribute_item)$/;

/** How many parameters a function declares, without its receiver. */
export function countParameters(tree: SourceTree, node: SourceNode): number {
  if (childOf(node, "parameter") !== undefined) return 1;
  const list = parameterList(node);
  if (list === undefined) return 0;
  if (list.children.length === 0) return 1;
  let count = 0;
  for (const [position, child] of list.children.filter(isParameter).entries()) {
    if (position === 0 && isReceiver(tree, child)) continue;
    // Go: one type for several names. C#: the parts of its last one stand in the list itself.
    count += Math.max(1, child.children.filter(({ field, named }) => field === "name" && named).length);
  }
  return count;
}

/** C and C++ have it in the declarator: that of the function itself is the innermost. */
function parameterList(node: SourceNode): SourceNode | undefined {
  let found = childOf(node, "parameters");
  for (let inner = childOf(node, "declarator"); inner !== undefined; ) {
    found = childOf(inner, "parameters") ?? found;
    inner =
      childOf(inner, "declarator") ??
      (inner.type.endsWith("_declarator") ? inner.children.find((child) => child.named) : undefined);
  }
  return found;
}

function isParameter(child: SourceNode): boolean {
  if (child.parent?.type === "parameter_list" && child.field === "type") return false;
  // C's `...` has no name.
  if (child.type === "variadic_parameter" && !child.children.some(({ named }) => named)) return false;
  return child.named && !OTHERS.test(child.type);
}

/** `void` of C, TypeScript's `this`, and Python's `self` of a method. */
function isReceiver(tree: SourceTree, parameter: SourceNode): boolean {
  const text = tree.text.slice(parameter.start, Math.min(parameter.end, parameter.start + 6));
  if (/^this\b/.test(text)) return parameter.parent?.type === "formal_parameters";
  if (text === "void") return parameter.type === "parameter_declaration";
  if (text !== "self" && text !== "cls") return false;
  const definition = parameter.parent?.parent;
  const around = definition?.parent?.type === "decorated_definition" ? definition.parent : definition;
  return around?.parent?.parent?.type === "class_definition";
}
