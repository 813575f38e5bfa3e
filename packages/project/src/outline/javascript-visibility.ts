import { childOf, type SourceNode, type SourceTree } from "../drivers/tree-sitter/tree.js";
import type { Visibility } from "../source-parser.js";

/** Namespaces within one another that are looked through. */
const DEEPEST = 8;

/** What a text shows of itself in statements of their own. */
export interface ExportedNames {
  readonly names: ReadonlySet<string>;
  /** Whether the text is a module: the names of any other are seen by every script. */
  readonly isModule: boolean;
}

/** Names that are exported apart from their definition: `export { a }`, `export default a`, `exports.b = a`, `module.exports = { a }`. */
export function exportedNames(tree: SourceTree): ExportedNames {
  const names = new Set<string>();
  let isModule = false;
  for (const statement of tree.root.children) {
    if (statement.type === "import_statement") isModule = true;
    if (statement.type === "export_statement") {
      isModule = true;
      for (const name of clauseNames(statement)) names.add(tree.textOf(name));
    }
    const assignment = statement.type === "expression_statement" ? statement.children[0] : undefined;
    if (assignment?.type !== "assignment_expression" || !isExports(tree, assignment)) continue;
    isModule = true;
    for (const name of valueNames(childOf(assignment, "right"))) names.add(tree.textOf(name));
  }
  return { names, isModule };
}

/** Who may use what a declaration at module level or in a namespace defines; undefined: it is not known to end anywhere. */
export function visibilityOf(
  declaration: SourceNode,
  name: string,
  exported: ExportedNames,
  isInNamespace: boolean,
): Visibility | undefined {
  let node = declaration;
  if (node.type === "variable_declarator") node = node.parent ?? node;
  if (node.parent?.type === "ambient_declaration") node = node.parent;
  if (node.type === "export_statement" || node.parent?.type === "export_statement") return "public";
  // `declare module "a"` is what whoever imports `a` gets.
  if (isAmbient(node) || childOf(declaration, "name")?.type === "string") return "public";
  if (isInNamespace) return "private";
  if (exported.names.has(name)) return "public";
  return exported.isModule ? "private" : undefined;
}

/** Who may use a member of a class: what it says, and all where it says nothing. */
export function memberVisibility(tree: SourceTree, member: SourceNode, name: string): Visibility {
  if (name.startsWith("#")) return "private";
  const modifier = member.children.find((child) => child.type === "accessibility_modifier");
  const text = modifier === undefined ? "public" : tree.textOf(modifier);
  return text === "private" || text === "protected" ? text : "public";
}

function clauseNames(statement: SourceNode): readonly SourceNode[] {
  // Of another module, they are not this one's.
  if (childOf(statement, "source") !== undefined) return [];
  const clause = statement.children.find((child) => child.type === "export_clause");
  const value = statement.children.find((child) => child.type === "identifier");
  const specifiers = clause?.children.flatMap((child) => childOf(child, "name") ?? []) ?? [];
  return value === undefined ? specifiers : [...specifiers, value];
}

/** `exports.a = …`, `module.exports = …`, `module.exports.a = …`. */
function isExports(tree: SourceTree, assignment: SourceNode): boolean {
  const left = childOf(assignment, "left");
  if (left?.type !== "member_expression") return false;
  return /^(?:module\s*\.\s*)?exports\b/.test(
    tree.text.slice(left.start, Math.min(left.end, left.start + 80)),
  );
}

function valueNames(value: SourceNode | undefined): readonly SourceNode[] {
  if (value?.type === "identifier") return [value];
  if (value?.type !== "object") return [];
  return value.children.flatMap((child) => {
    if (child.type === "shorthand_property_identifier") return [child];
    const pairValue = child.type === "pair" ? childOf(child, "value") : undefined;
    return pairValue?.type === "identifier" ? [pairValue] : [];
  });
}

/** In `declare module` and its like everything is exported. */
function isAmbient(node: SourceNode): boolean {
  let around = node.parent;
  for (let depth = 0; depth < DEEPEST && around !== undefined; depth += 1) {
    if (around.type === "ambient_declaration") return true;
    if (!/^(?:statement_block|internal_module|module|expression_statement)$/.test(around.type)) return false;
    around = around.parent;
  }
  return false;
}
