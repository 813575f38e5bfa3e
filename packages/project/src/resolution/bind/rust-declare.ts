import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { DefinitionKind, NameSpace, Term } from "../name-facts.js";
import type { Module, Parameter, RustBinder } from "./rust-binder.js";

/** Items that have members, or type parameters of their own. */
const TYPES: Readonly<Record<string, DefinitionKind>> = {
  struct_item: "class",
  union_item: "class",
  enum_item: "enum",
  trait_item: "interface",
};

interface Plain {
  readonly kind: DefinitionKind;
  readonly space: NameSpace;
}

const PLAIN: Readonly<Record<string, Plain>> = {
  type_item: { kind: "type", space: "type" },
  const_item: { kind: "variable", space: "value" },
  static_item: { kind: "variable", space: "value" },
  function_item: { kind: "function", space: "value" },
  function_signature_item: { kind: "function", space: "value" },
  // Macros have names of their own.
  macro_definition: { kind: "function", space: "call" },
};

/** Nodes that hold items of the scope around them. */
const HOLDERS: ReadonlySet<string> = new Set(["foreign_mod_item", "declaration_list"]);

/** Makes the items known that stand directly in a place, and those of the modules in it: they may be used above where they stand. */
export function declareItems(
  rust: RustBinder,
  parts: readonly SourceNode[],
  scope: number,
  module: Module,
): void {
  const pending = [{ parts, scope, module }];
  for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
    for (const part of place.parts) {
      const { scope: within, module: around } = place;
      if (HOLDERS.has(part.type)) pending.push({ ...place, parts: partsOf(part) });
      else if (part.type === "use_declaration") declareUses(rust, part, within);
      else if (part.type === "extern_crate_declaration") declareCrate(rust, part, within);
      else if (part.type === "mod_item") {
        const inner = declareModule(rust, part, within, around);
        if (inner !== undefined)
          pending.push({ parts: partsOf(childOf(part, "body")), scope: inner.scope, module: inner });
      } else declareItem(rust, part, within);
    }
  }
}

/** Whether something declares a name in its block. */
export function isItem({ type }: SourceNode): boolean {
  return type in TYPES || type in PLAIN || type === "mod_item" || type === "use_declaration";
}

function declareItem(rust: RustBinder, item: SourceNode, scope: number): void {
  const name = childOf(item, "name");
  const plain = PLAIN[item.type];
  const kind = TYPES[item.type];
  if (name === undefined || rust.text(name) === "_") return;
  if (plain !== undefined) {
    const { kind: of, space } = plain;
    rust.items.set(item, rust.define(name, scope, of, { space }));
  } else if (kind !== undefined) {
    declareType(rust, item, name, scope, kind);
  }
}

function declareType(
  rust: RustBinder,
  item: SourceNode,
  name: SourceNode,
  scope: number,
  kind: DefinitionKind,
): void {
  const list = childOf(item, "type_parameters");
  const inner = list === undefined ? scope : rust.facts.scope(scope);
  const members = rust.facts.scope(inner, "none");
  // A struct that is made by a call, or by its name, is a value too.
  const isValue = item.type === "struct_item" && childOf(item, "body")?.type !== "field_declaration_list";
  const value: Term = { is: "class", scope: members };
  rust.items.set(item, rust.define(name, scope, kind, { value, ...(isValue ? {} : { space: "type" }) }));
  const parameters = defineParameters(rust, list, inner);
  if (parameters.length > 0)
    rust.facts.complete(members, { typeParameters: parameters.map(({ definition }) => definition) });
  const type = { members, inner, parameters, supers: [] };
  rust.types.set(item, type);
  rust.declareType(rust.text(name), scope, type);
}

/** Defines the types and constants in a list of type parameters. */
export function defineParameters(
  rust: RustBinder,
  list: SourceNode | undefined,
  scope: number = rust.frame.items,
): readonly Parameter[] {
  return partsOf(list).flatMap((each) => {
    const name = each.type === "lifetime_parameter" ? undefined : childOf(each, "name");
    if (name === undefined) return [];
    return { name: rust.text(name), definition: rust.define(name, scope, "typeParameter") };
  });
}

function declareModule(rust: RustBinder, item: SourceNode, scope: number, outer: Module): Module | undefined {
  const name = childOf(item, "name");
  if (name === undefined) return undefined;
  if (childOf(item, "body") === undefined) {
    // A module that is one of several things: the file that it is of is not this one.
    const value: Term = { is: "any", of: [{ is: "module", specifier: declared(rust, item) }] };
    rust.define(name, scope, "module", { value, space: "type" });
    return undefined;
  }
  const module = rust.module(outer);
  rust.modules.set(item, module);
  rust.define(name, scope, "module", { value: { is: "object", scope: module.scope }, space: "type" });
  return module;
}

/** How the file of `mod a;` is asked for: by its path, or by the modules around it. */
function declared(rust: RustBinder, item: SourceNode): string {
  const siblings = item.parent?.children ?? [];
  for (let index = item.index - 1; siblings[index]?.type === "attribute_item"; index -= 1) {
    const attribute = rust.text(siblings[index] as SourceNode);
    const written = /^#\[\s*path\s*=\s*"([^"\\]+)"/.exec(attribute)?.[1];
    if (written !== undefined) return `mod "${written}"`;
  }
  const names: string[] = [];
  for (let at: SourceNode | undefined = item; at !== undefined && names.length < 50; at = at.parent) {
    const name = at.type === "mod_item" ? childOf(at, "name") : undefined;
    if (name !== undefined) names.push(rust.text(name));
  }
  return `mod ${names.reverse().join("::")}`;
}

function declareCrate(rust: RustBinder, item: SourceNode, scope: number): void {
  const name = childOf(item, "alias") ?? childOf(item, "name");
  const crate = childOf(item, "name");
  if (name === undefined || crate === undefined || rust.text(name) === "_") return;
  const value: Term = { is: "module", specifier: rust.text(crate) };
  rust.define(name, scope, "import", { value });
}

/** Defines the names that a `use` brings in; what they stand for is found when it is walked over. */
function declareUses(rust: RustBinder, item: SourceNode, scope: number): void {
  const pending = [childOf(item, "argument")];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.type === "scoped_use_list") pending.push(childOf(node, "list"));
    else if (node.type === "use_list") pending.push(...[...partsOf(node)].reverse());
    else {
      const name = usedName(node);
      if (name !== undefined && rust.text(name) !== "_")
        rust.items.set(node, rust.define(name, scope, "import"));
    }
  }
}

/** By what name a part of a `use` is known: `b` of `a::b`, `c` of `b as c`, `a` of `a::{self}`. */
function usedName(node: SourceNode): SourceNode | undefined {
  switch (node.type) {
    case "identifier":
      return node;
    case "scoped_identifier":
      return childOf(node, "name");
    case "use_as_clause":
      return childOf(node, "alias");
    case "self": {
      const path = node.parent?.parent && childOf(node.parent.parent, "path");
      return path?.type === "scoped_identifier"
        ? childOf(path, "name")
        : path?.type === "identifier"
          ? path
          : undefined;
    }
    default:
      return undefined;
  }
}
