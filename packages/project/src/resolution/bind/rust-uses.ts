import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import type { RustBinder } from "./rust-binder.js";
import { type PathUse, path } from "./rust-paths.js";
import type { Part, Walk } from "./walk.js";

/** Refers to what a `use` names, and says what the names stand for that it brings in. */
export function useDeclaration(rust: RustBinder, node: SourceNode): Part {
  const definitions = new Set<number>();
  const pending = [childOf(node, "argument")];
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    const definition = rust.items.get(part);
    if (definition !== undefined) definitions.add(definition);
    if (part.type === "scoped_use_list" || part.type === "use_list") pending.push(...partsOf(part));
  }
  const use: PathUse = { role: "import", around: "import", isOwn: (each) => definitions.has(each) };
  return used(rust, childOf(node, "argument"), use);
}

function* used(rust: RustBinder, argument: SourceNode | undefined, use: PathUse): Walk {
  const pending: { readonly node: SourceNode; readonly prefix: Term | undefined }[] = [];
  if (argument !== undefined) pending.push({ node: argument, prefix: undefined });
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    const { node, prefix } = part;
    const here: PathUse = { ...use, ...(prefix === undefined ? {} : { prefix }) };
    if (node.type === "use_list") {
      for (const child of [...partsOf(node)].reverse()) pending.push({ node: child, prefix });
    } else if (node.type === "scoped_use_list") {
      const list = childOf(node, "list");
      const of = childOf(node, "path");
      const inner = of === undefined ? prefix : yield path(rust, of, here);
      // A list behind something that is not known names nothing that is.
      if (list !== undefined && (of === undefined || inner !== undefined))
        pending.push({ node: list, prefix: inner });
    } else if (node.type === "use_wildcard") {
      const [of] = partsOf(node);
      const all = of === undefined ? prefix : yield path(rust, of, here);
      if (all !== undefined) rust.frame.globs.push(all);
    } else {
      const [named] = node.type === "use_as_clause" ? [childOf(node, "path")] : [node];
      const value = named && (yield path(rust, named, here));
      const definition = rust.items.get(node);
      if (definition !== undefined) rust.facts.setValue(definition, value);
    }
  }
  return undefined;
}
