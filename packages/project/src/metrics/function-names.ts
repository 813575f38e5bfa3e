import { childOf, type SourceNode, type SourceTree } from "../drivers/tree-sitter/tree.js";
import type { LanguageRules } from "./languages.js";

/** What gives a closure its name by being assigned it: the field of the name. */
const TARGETS: ReadonlyMap<string, string> = new Map([
  ["variable_declarator", "name"],
  ["field_definition", "property"],
  ["public_field_definition", "name"],
  ["pair", "key"],
  ["assignment_expression", "left"],
  ["assignment", "left"],
  ["init_declarator", "declarator"],
  ["let_declaration", "pattern"],
  ["short_var_declaration", "left"],
  ["assignment_statement", "left"],
  ["var_spec", "name"],
]);

/** What may stand around a value without changing it. */
const WRAPPERS = new Set(
  "parenthesized_expression as_expression satisfies_expression type_assertion cast_expression".split(" "),
);

/** Longer ones are no names. */
const LONGEST = 200;

/** The name of a function and, where it says so itself, what it is a member of. */
export interface FunctionName {
  readonly name: string;
  readonly owner?: string;
}

/** Undefined for a closure without a name, and for what only declares a function. */
export function functionName(
  tree: SourceTree,
  node: SourceNode,
  rules: LanguageRules,
): FunctionName | undefined {
  const found = rules.closures.has(node.type) ? closureName(tree, node) : declaredName(tree, node);
  return found === undefined || found.name.length > LONGEST ? undefined : found;
}

function declaredName(tree: SourceTree, node: SourceNode): FunctionName | undefined {
  if (node.type === "property_declaration" || node.type === "indexer_declaration") {
    // With accessors, those are the functions.
    if (childOf(node, "value")?.type !== "arrow_expression_clause") return undefined;
    return { name: memberName(tree, node) };
  }
  // A method of one expression (Ruby, C#) has that as its body.
  if (childOf(node, "body") === undefined && !isRubyMethod(node)) return undefined;
  if (node.type === "accessor_declaration") {
    const member = node.parent?.parent;
    return { name: `${member === undefined ? "" : memberName(tree, member)}.${textOf(tree, node, "name")}` };
  }
  if (node.type === "operator_declaration") return { name: `operator ${textOf(tree, node, "operator")}` };
  if (node.type === "conversion_operator_declaration")
    return { name: `operator ${textOf(tree, node, "type")}` };
  if (node.type === "destructor_declaration") return { name: `~${textOf(tree, node, "name")}` };
  const declarator = childOf(node, "declarator");
  if (declarator !== undefined) return declaratorName(tree, declarator);
  const name = textOf(tree, node, "name");
  if (name === "") return node.parent?.type === "export_statement" ? { name: "default" } : undefined;
  const receiver = childOf(node, "receiver");
  return receiver === undefined ? { name } : { name, owner: receiverType(tree, receiver) };
}

function isRubyMethod({ type }: SourceNode): boolean {
  return type === "method" || type === "singleton_method";
}

/** The property or indexer that an accessor is of. */
function memberName(tree: SourceTree, member: SourceNode): string {
  return member.type === "indexer_declaration" ? "this" : textOf(tree, member, "name");
}

function textOf(tree: SourceTree, node: SourceNode, field: string): string {
  const child = childOf(node, field);
  return child === undefined
    ? ""
    : tree.text.slice(child.start, Math.min(child.end, child.start + LONGEST + 1));
}

/** C and C++: the name is within what says how to use it. */
function declaratorName(tree: SourceTree, declarator: SourceNode): FunctionName | undefined {
  let node: SourceNode | undefined = declarator;
  let owner: string | undefined;
  while (node !== undefined) {
    if (node.type === "qualified_identifier") {
      owner = childOf(node, "scope") === undefined ? owner : textOf(tree, node, "scope");
      node = childOf(node, "name");
    } else if (node.type.endsWith("_declarator")) {
      node = childOf(node, "declarator") ?? node.children.find((child) => child.named);
    } else {
      const name = tree.text.slice(node.start, Math.min(node.end, node.start + LONGEST + 1));
      return { name, ...(owner === undefined ? {} : { owner }) };
    }
  }
  return undefined;
}

/** `T` of `(t *T[K])`. */
function receiverType(tree: SourceTree, receiver: SourceNode): string | undefined {
  const pending = [receiver];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.type === "type_identifier") return tree.textOf(node);
    for (const child of [...node.children].reverse()) pending.push(child);
  }
  return undefined;
}

function closureName(tree: SourceTree, node: SourceNode): FunctionName | undefined {
  const own = childOf(node, "name");
  if (own !== undefined) return { name: tree.textOf(own) };
  let value = node;
  while (value.parent !== undefined && WRAPPERS.has(value.parent.type)) value = value.parent;
  const around = value.parent;
  if (around?.type === "export_statement") return { name: "default" };
  // Go assigns several values at once.
  const position = around?.type === "expression_list" ? value.index : undefined;
  const assignment = position === undefined ? around : around?.parent;
  const field = assignment === undefined ? undefined : TARGETS.get(assignment.type);
  if (assignment === undefined || field === undefined) return undefined;
  const first = childOf(assignment, field);
  // Names and commas take turns on both sides.
  const target =
    position === undefined
      ? first
      : (first?.type === "expression_list" ? first : assignment).children[position];
  if (target === undefined || target.end > value.start) return undefined;
  return targetName(tree, target);
}

function targetName(tree: SourceTree, target: SourceNode): FunctionName | undefined {
  const member = childOf(target, "property") ?? childOf(target, "field") ?? childOf(target, "attribute");
  const name = member ?? target;
  if (name.children.length > 0 && name.type !== "variable_name") return undefined;
  return { name: tree.textOf(name) };
}
