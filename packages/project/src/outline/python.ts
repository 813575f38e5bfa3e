import { childOf, type SourceNode } from "../drivers/tree-sitter/tree.js";
import type { Visibility } from "../source-parser.js";
import { firstDocLine, type Outliner } from "./outliner.js";

/** Statements whose bodies are still at module level. */
const TRANSPARENT = new Set(
  `if_statement elif_clause else_clause try_statement except_clause finally_clause with_statement block
  for_statement while_statement match_statement case_clause expression_statement`.split(/\s+/),
);

interface Place {
  readonly node: SourceNode;
  readonly parent: string | undefined;
  readonly level: "module" | "class" | "function";
}

/** Functions, methods, classes and module-level variables of a Python tree, and its imports. */
export function outlinePython(out: Outliner): void {
  const pending: Place[] = [{ node: out.tree.root, parent: undefined, level: "module" }];
  for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
    const { node, parent, level } = place;
    let inner: Place = place;
    if (node.type === "function_definition" || node.type === "class_definition") {
      const isClass = node.type === "class_definition";
      const nameNode = childOf(node, "name");
      const name = nameNode === undefined ? "" : out.tree.textOf(nameNode);
      const kind = isClass ? "class" : level === "class" ? "method" : "function";
      out.add(kind, name, node, parent, docstring(out, node), visibilityOf(name, level));
      inner = { node, parent: name, level: isClass ? "class" : "function" };
    } else if (node.type === "assignment" && level === "module") {
      variables(out, node);
    } else if (node.type === "type_alias_statement") {
      const name = firstIdentifier(childOf(node, "left"));
      if (name !== undefined) {
        const text = out.tree.textOf(name);
        out.add("type", text, node, parent, undefined, visibilityOf(text, level));
      }
    } else if (node.type === "import_statement") {
      importStatement(out, node);
    } else if (node.type === "import_from_statement") {
      fromStatement(out, node);
    }
    for (const child of [...node.children].reverse()) {
      if (child.named && (inner !== place || holdsStatements(child, node)))
        pending.push({ ...inner, node: child });
    }
  }
}

/** By custom: one underscore in front keeps a name to its module or class. What is within a function is nobody else's. */
function visibilityOf(name: string, level: Place["level"]): Visibility {
  const isSpecial = name.length > 4 && name.startsWith("__") && name.endsWith("__");
  return level === "function" || (name.startsWith("_") && !isSpecial) ? "private" : "public";
}

function holdsStatements(child: SourceNode, node: SourceNode): boolean {
  return node.type === "module" || node.type === "decorated_definition" || TRANSPARENT.has(node.type)
    ? child.type !== "comment"
    : false;
}

function variables(out: Outliner, assignment: SourceNode): void {
  const left = childOf(assignment, "left");
  if (left === undefined) return;
  const targets = left.type === "identifier" ? [left] : left.type === "pattern_list" ? left.children : [];
  for (const target of targets) {
    if (target.type !== "identifier") continue;
    const name = out.tree.textOf(target);
    out.add("variable", name, assignment, undefined, undefined, visibilityOf(name, "module"));
  }
  const right = childOf(assignment, "right");
  if (right?.type === "assignment") variables(out, right);
}

function docstring(out: Outliner, definition: SourceNode): string | undefined {
  const first = childOf(definition, "body")?.children.find(
    (child) => child.named && child.type !== "comment",
  );
  const string = first?.type === "expression_statement" ? first.children[0] : undefined;
  return string?.type === "string" ? firstDocLine(out.tree.textOf(string)) : undefined;
}

function firstIdentifier(node: SourceNode | undefined): SourceNode | undefined {
  let current = node;
  while (current !== undefined && current.type !== "identifier") current = current.children[0];
  return current;
}

function importStatement(out: Outliner, node: SourceNode): void {
  for (const child of node.children) {
    const name = child.type === "aliased_import" ? childOf(child, "name") : child;
    if (name?.type === "dotted_name") out.import(dotted(out, name));
  }
}

function fromStatement(out: Outliner, node: SourceNode): void {
  const module = childOf(node, "module_name");
  if (module === undefined) return;
  const names: string[] = [];
  for (const child of node.children) {
    if (child.type === "wildcard_import") names.push("*");
    else if (child.field === "name") {
      const name = child.type === "aliased_import" ? childOf(child, "name") : child;
      if (name !== undefined) names.push(dotted(out, name));
    }
  }
  out.import(dotted(out, module), names);
}

/** A dotted name without the blanks that may stand between its parts. */
function dotted(out: Outliner, node: SourceNode): string {
  return out.tree.textOf(node).replace(/\s+/g, "");
}
