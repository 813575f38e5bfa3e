import { childOf, type SourceNode, type SourceTree } from "../drivers/tree-sitter/tree.js";
import type { Outliner } from "./outliner.js";

/** Longer paths are made by a machine. */
const LONGEST_PATH = 1_000;
const MOST_PARTS = 50;

/** A part of what is used, with the path in front of it. */
interface Used {
  readonly node: SourceNode;
  readonly prefix: string;
}

/**
 * Imports what a `use` names: each name by its whole path (`crate::a::b`), `*` for all of a module.
 * @param modules those around within the file, against which `self` and `super` are read
 */
export function importUse(out: Outliner, declaration: SourceNode, modules: readonly string[]): void {
  const argument = childOf(declaration, "argument");
  const pending: Used[] = argument === undefined ? [] : [{ node: argument, prefix: "" }];
  for (let used = pending.pop(); used !== undefined; used = pending.pop()) {
    const { node, prefix } = used;
    if (prefix.length > LONGEST_PATH) continue;
    switch (node.type) {
      case "scoped_use_list":
        pending.push({
          node: childOf(node, "list") ?? node,
          prefix: joined(out.tree, prefix, childOf(node, "path")),
        });
        break;
      case "use_list":
        for (const child of [...node.children].reverse())
          if (child.named) pending.push({ node: child, prefix });
        break;
      case "use_as_clause":
        importPath(out, joined(out.tree, prefix, childOf(node, "path")), modules);
        break;
      case "use_wildcard":
        importPath(
          out,
          joined(
            out.tree,
            prefix,
            node.children.find(({ named }) => named),
          ),
          modules,
          ["*"],
        );
        break;
      case "identifier":
      case "scoped_identifier":
      case "self":
      case "crate":
      case "super":
        importPath(out, joined(out.tree, prefix, node), modules);
    }
  }
}

/** Imports a path that is written out where it is used: of the crate, or of a name that the file does not bring in. */
export function inlinePath(
  out: Outliner,
  path: SourceNode,
  modules: readonly string[],
  known: ReadonlySet<string>,
): void {
  if (path.field === "path" && path.parent?.type.startsWith("scoped_")) return;
  const parts = partsOf(out.tree, path);
  const first = parts[0] ?? "";
  const isModule = first === "crate" || first === "super" || (/^[a-z]\w*$/.test(first) && !known.has(first));
  if (isModule && parts.length > 1) importPath(out, parts.join("::"), modules);
}

/** The names that a file's own modules and what it uses have, by which paths may begin. */
export function namesBroughtIn(tree: SourceTree): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of tree.nodes) {
    if (node.type === "mod_item" || node.type === "extern_crate_declaration") {
      const name = childOf(node, "alias") ?? childOf(node, "name");
      if (name !== undefined) names.add(tree.textOf(name));
    } else if (node.type === "use_list" || node.type === "use_declaration" || node.type === "use_as_clause") {
      for (const child of node.children) {
        const name = usedName(node, child);
        if (name !== undefined) names.add(tree.textOf(name));
      }
    }
  }
  return names;
}

/** By what name a part of a `use` is known. */
function usedName(around: SourceNode, node: SourceNode): SourceNode | undefined {
  if (around.type === "use_as_clause") return node.field === "alias" ? node : undefined;
  if (node.type === "identifier") return node;
  if (node.type === "scoped_identifier") return childOf(node, "name");
  if (node.type !== "self") return undefined;
  const path = around.parent && childOf(around.parent, "path");
  return path?.type === "scoped_identifier" ? childOf(path, "name") : path;
}

/** A path behind a prefix, where `self` as a name of its own means the prefix. */
function joined(tree: SourceTree, prefix: string, path: SourceNode | undefined): string {
  if (path === undefined) return prefix;
  const text = partsOf(tree, path).join("::");
  if (prefix === "") return text;
  return text === "self" ? prefix : `${prefix}::${text}`;
}

/** The names of a path, without type arguments; none where it starts with a type. */
function partsOf(tree: SourceTree, path: SourceNode): readonly string[] {
  const parts: string[] = [];
  let at: SourceNode | undefined = path;
  while (at?.type === "scoped_identifier" || at?.type === "scoped_type_identifier") {
    const name = childOf(at, "name");
    if (name === undefined || parts.push(tree.textOf(name)) > MOST_PARTS) return [];
    at = childOf(at, "path");
  }
  if (at !== undefined && at.children.length > 0) return [];
  return at === undefined ? parts.reverse() : [...parts, tree.textOf(at)].reverse();
}

/** Within `mod a { mod b { … } }` of a file `super` may mean the file itself. */
function importPath(
  out: Outliner,
  path: string,
  modules: readonly string[],
  names?: readonly string[],
): void {
  const parts = path.split("::");
  let above = 0;
  if (parts[0] === "self") parts.shift();
  else if (parts[0] !== "super") {
    out.import(path, names);
    return;
  }
  while (parts[above] === "super") above += 1;
  const rest = parts.slice(above);
  const outside = Array.from({ length: above - modules.length }, () => "super");
  const start = above > modules.length ? outside : ["self", ...modules.slice(0, modules.length - above)];
  out.import([...start, ...rest].join("::"), names);
}
