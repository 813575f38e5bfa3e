import type { CodeSymbol } from "@agentos/core";
import { childOf, type SourceNode } from "../drivers/tree-sitter/tree.js";
import type { Visibility } from "../source-parser.js";
import type { Outliner } from "./outliner.js";

/** Functions, methods, types and package-level variables of a Go tree, and its imports. */
export function outlineGo(out: Outliner): void {
  for (const node of out.tree.root.children) {
    switch (node.type) {
      case "function_declaration":
        add(out, "function", nameOf(out, node), node, undefined);
        break;
      case "method_declaration":
        add(out, "method", nameOf(out, node), node, receiver(out, node));
        break;
      case "type_declaration":
        for (const spec of specs(node, ["type_spec", "type_alias"])) type(out, node, spec);
        break;
      case "const_declaration":
      case "var_declaration":
        for (const spec of specs(node, ["const_spec", "var_spec"])) {
          const span = spanOf(node, spec);
          for (const name of spec.children.filter((child) => child.field === "name" && child.named)) {
            const text = out.tree.textOf(name);
            if (text !== "_") add(out, "variable", text, span, undefined);
          }
        }
        break;
      case "import_declaration":
        for (const spec of specs(node, ["import_spec"])) {
          const path = childOf(spec, "path");
          if (path !== undefined) out.import(out.tree.textOf(path).slice(1, -1));
        }
        break;
    }
  }
}

function add(
  out: Outliner,
  kind: CodeSymbol["kind"],
  name: string,
  span: SourceNode,
  parent: string | undefined,
): void {
  // An upper case letter in front shows a name to other packages.
  const visibility: Visibility = /^\p{Lu}/u.test(name) ? "public" : "internal";
  out.add(kind, name, span, parent, out.commentBefore(span), visibility);
}

function type(out: Outliner, declaration: SourceNode, spec: SourceNode): void {
  const name = nameOf(out, spec);
  const definition = childOf(spec, "type");
  const kinds: Readonly<Record<string, CodeSymbol["kind"]>> = {
    struct_type: "class",
    interface_type: "interface",
  };
  const kind = spec.type === "type_alias" ? "type" : (kinds[definition?.type ?? ""] ?? "type");
  const span = spanOf(declaration, spec);
  add(out, kind, name, span, undefined);
  for (const member of definition?.type === "interface_type" ? definition.children : []) {
    if (member.type === "method_elem") {
      add(out, "method", nameOf(out, member), member, name);
    }
  }
}

/** The specs of a declaration, with or without its parentheses. */
function specs(declaration: SourceNode, types: readonly string[]): SourceNode[] {
  return declaration.children.flatMap((child) =>
    types.includes(child.type) ? [child] : child.type.endsWith("_spec_list") ? specs(child, types) : [],
  );
}

/** `type T struct {` starts at `type`; a spec within parentheses starts at itself. */
function spanOf(declaration: SourceNode, spec: SourceNode): SourceNode {
  return declaration.children.some((child) => child.type === "(" || child.type.endsWith("_spec_list"))
    ? spec
    : declaration;
}

function nameOf(out: Outliner, node: SourceNode): string {
  const name = childOf(node, "name");
  return name === undefined ? "" : out.tree.textOf(name);
}

/** `T` of `(t *T[K])`. */
function receiver(out: Outliner, method: SourceNode): string | undefined {
  const list = childOf(method, "receiver");
  const pending = [...(list?.children ?? [])];
  for (let node = pending.shift(); node !== undefined; node = pending.shift()) {
    if (node.type === "type_identifier") return out.tree.textOf(node);
    pending.unshift(...node.children);
  }
  return undefined;
}
