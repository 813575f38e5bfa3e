import type { CodeSymbol } from "@agentos/core";
import { childOf, hasToken, type SourceNode, type SourceTree } from "../drivers/tree-sitter/tree.js";
import { FOR_ALL } from "../graph/namespace-index.js";
import type { Visibility } from "../source-parser.js";
import { dottedName, importedName } from "./csharp-names.js";
import { firstDocLine, type Outliner, walkPlaces } from "./outliner.js";

type Kind = CodeSymbol["kind"];

const TYPES: Readonly<Record<string, Kind>> = {
  class_declaration: "class",
  struct_declaration: "class",
  record_declaration: "class",
  interface_declaration: "interface",
  enum_declaration: "enum",
};
const MEMBERS: Readonly<Record<string, Kind>> = {
  method_declaration: "method",
  constructor_declaration: "method",
  property_declaration: "variable",
  event_declaration: "variable",
  enum_member_declaration: "variable",
};
const FIELDS = new Set(["field_declaration", "event_field_declaration"]);

interface Place {
  readonly node: SourceNode;
  /** The namespace or the type around. */
  readonly parent: string | undefined;
  /** `interface` and `enum`: whose members are public. */
  readonly level: "namespace" | "type" | "interface" | "enum" | "member";
}

/** Namespaces, types and their members of a C# tree, and its imports. */
export function outlineCSharp(out: Outliner): void {
  const seen = new Set<string>();
  const declared = out.tree.root.children.find(({ type }) => type === "file_scoped_namespace_declaration");
  const namespace = declared && dottedName(out.tree, childOf(declared, "name"));
  walkPlaces<Place>({ node: out.tree.root, parent: namespace, level: "namespace" }, (place) =>
    visit(out, place, seen),
  );
  out.namespaces.push(...seen);
}

/** Adds what a node defines, and says where its children stand. */
function visit(out: Outliner, place: Place, seen: Set<string>): Place {
  const { node, parent, level } = place;
  switch (node.type) {
    case "using_directive":
      importOf(out, node);
      return place;
    case "file_scoped_namespace_declaration":
      if (parent === undefined) return place;
      seen.add(parent);
      addNamespace(out, parent, parent, { ...node, end: out.tree.text.length });
      return place;
    case "namespace_declaration": {
      const name = dottedName(out.tree, childOf(node, "name"));
      if (name === undefined) return place;
      const full = parent === undefined ? name : `${parent}.${name}`;
      seen.add(full);
      addNamespace(out, full, name, node);
      return { ...place, parent: full };
    }
    case "delegate_declaration":
      if (parent === undefined) seen.add("");
      addNamed(out, place, "type");
      return { ...place, level: "member" };
    case "local_function_statement":
      if (node.parent?.type === "global_statement")
        addNamed(out, { ...place, parent: undefined }, "function");
      return { ...place, level: "member" };
  }
  const type = TYPES[node.type];
  if (type !== undefined && parent === undefined) seen.add("");
  if (type !== undefined) {
    addNamed(out, place, type);
    const name = childOf(node, "name");
    if (node.type === "record_declaration") addComponents(out, node, name && out.tree.textOf(name));
    const inside = type === "interface" || type === "enum" ? type : "type";
    return { node, parent: name && out.tree.textOf(name), level: inside };
  }
  if (level === "member") return place;
  const member = MEMBERS[node.type];
  if (member !== undefined)
    addNamed(out, place, level === "namespace" && member === "method" ? "function" : member);
  if (FIELDS.has(node.type)) addFields(out, place);
  return member !== undefined || node.type.endsWith("_declaration") ? { ...place, level: "member" } : place;
}

function addNamespace(out: Outliner, full: string, name: string, span: SourceNode): void {
  const outer = name.length < full.length ? full.slice(0, full.length - name.length - 1) : undefined;
  out.add("module", name, span, outer, docOf(out, span));
}

function addNamed(out: Outliner, place: Place, kind: Kind): void {
  const { node, parent } = place;
  const name = childOf(node, "name");
  if (name === undefined) return;
  const visibility = kind === "function" ? undefined : visibilityOf(out.tree, place);
  out.add(kind, out.tree.textOf(name), spanOf(node), parent, docOf(out, node), visibility);
}

function addFields(out: Outliner, place: Place): void {
  const { node, parent } = place;
  const declaration = node.children.find(({ type }) => type === "variable_declaration");
  for (const declarator of declaration?.children ?? []) {
    const name = childOf(declarator, "name");
    if (name === undefined || declarator.type !== "variable_declarator") continue;
    const visibility = visibilityOf(out.tree, place);
    out.add("variable", out.tree.textOf(name), spanOf(node), parent, docOf(out, node), visibility);
  }
}

/** The parameters of a record are properties of it. */
function addComponents(out: Outliner, record: SourceNode, parent: string | undefined): void {
  const list = record.children.find(({ type }) => type === "parameter_list");
  for (const parameter of list?.children ?? []) {
    const name = parameter.type === "parameter" ? childOf(parameter, "name") : undefined;
    if (name !== undefined)
      out.add("variable", out.tree.textOf(name), parameter, parent, undefined, "public");
  }
}

/** What the modifiers say, else what holds without one. */
function visibilityOf(tree: SourceTree, { node, level }: Place): Visibility {
  const modifiers = new Set(
    node.children.filter(({ type }) => type === "modifier").map((child) => tree.textOf(child)),
  );
  if (modifiers.has("public")) return "public";
  if (modifiers.has("protected")) return modifiers.has("private") ? "internal" : "protected";
  if (modifiers.has("internal") || modifiers.has("file")) return "internal";
  if (modifiers.has("private")) return "private";
  if (level === "namespace") return "internal";
  return level === "type" || level === "member" ? "private" : "public";
}

/** From behind the attributes on: those may take up lines of their own. */
function spanOf(node: SourceNode): SourceNode {
  const first = node.children.find(({ type }) => !/^attribute_list$|comment|^preproc/.test(type));
  return first === undefined ? node : { ...node, start: first.start };
}

/** First line that says something in the comments that end on the line before the declaration, without tags of XML. */
function docOf(out: Outliner, node: SourceNode): string | undefined {
  const siblings = node.parent?.children ?? [];
  const comments: string[] = [];
  let line = out.tree.lineAt(node.start);
  for (let index = node.index - 1; index >= 0; index -= 1) {
    const sibling = siblings[index];
    if (sibling?.type !== "comment" || out.tree.lineAt(sibling.end) < line - 1) break;
    line = out.tree.lineAt(sibling.start);
    const before = siblings[index - 1];
    // A comment behind code on its own line belongs to that code.
    if (before !== undefined && before.type !== "comment" && out.tree.lineAt(before.end) === line) break;
    comments.push(out.tree.textOf(sibling).slice(0, 4_000));
  }
  const text = comments.slice(-20).reverse().join("\n");
  // `<see cref="Type"/>` stands for the name.
  const plain = text.replace(/<\w+ (?:cref|name|langword)="([^"\n]{1,200})"\s*\/>/g, "$1");
  return firstDocLine(plain.replace(/<\/?[a-z][^<>\n]*>/gi, ""));
}

function importOf(out: Outliner, directive: SourceNode): void {
  const name = dottedName(out.tree, importedName(directive));
  if (name !== undefined) out.import(hasToken(directive, "global") ? `${FOR_ALL}${name}` : name);
}
