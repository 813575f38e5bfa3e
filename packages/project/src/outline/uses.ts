import type { SourceNode, SourceTree } from "../drivers/tree-sitter/tree.js";

/** Leaves that are names: `identifier`, `type_identifier`, …; `constant` in Ruby, `name` in PHP, and the words of commands in Bash. */
const NAME = /identifier$|^(?:constant|name|variable_name)$/;
/** Nodes whose `name` is no declaration's. */
const USES_BY_NAME =
  /^(?:attribute|scope_resolution|qualified_name|alias_qualified_name|(?:nullsafe_)?member_(?:access|binding|call)_expression|scoped_call_expression)$/;
/** Shorter names say nothing of where they come from, longer ones are data. */
const SHORTEST = 3;
const LONGEST = 80;

/** How often each name is used in a tree. What a declaration names is none: the `name` of its node. */
export function usesOf(tree: SourceTree): Readonly<Record<string, number>> {
  const uses = new Map<string, number>();
  for (const node of tree.nodes) {
    const length = node.end - node.start;
    if (length < SHORTEST || length > LONGEST || node.children.length > 0 || !isUse(node)) continue;
    const name = tree.textOf(node);
    uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  return Object.fromEntries(uses);
}

function isUse(node: SourceNode): boolean {
  if (node.type === "word") return node.parent?.type === "command_name";
  if (!NAME.test(node.type)) return false;
  return node.field !== "name" || USES_BY_NAME.test(node.parent?.type ?? "");
}
