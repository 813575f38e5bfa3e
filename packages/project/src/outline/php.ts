import type { CodeSymbol } from "@agentos/core";
import { childOf, partsOf, type SourceNode } from "../drivers/tree-sitter/tree.js";
import type { Visibility } from "../source-parser.js";
import { type Outliner, walkPlaces } from "./outliner.js";
import { fullNameOf, includedPath, usedNames } from "./php-names.js";

const TYPES: Readonly<Record<string, CodeSymbol["kind"]>> = {
  class_declaration: "class",
  trait_declaration: "class",
  interface_declaration: "interface",
  enum_declaration: "enum",
};

interface Place {
  readonly node: SourceNode;
  /** The type around; absent in what is in none. */
  readonly type: string | undefined;
  readonly level: "file" | "type" | "body";
}

/** The namespace of the text that follows. */
interface State {
  namespace: string;
  readonly seen: Set<string>;
}

/** Namespaces, functions, types and their members of a PHP tree, and its imports. */
export function outlinePhp(out: Outliner): void {
  const state: State = { namespace: "", seen: new Set() };
  walkPlaces<Place>({ node: out.tree.root, type: undefined, level: "file" }, (place) =>
    visit(out, place, state),
  );
}

/** Adds what a node defines, and says where its children stand. */
function visit(out: Outliner, place: Place, state: State): Place {
  const { node, type, level } = place;
  const body: Place = { ...place, level: "body" };
  const around = state.namespace === "" ? undefined : state.namespace;
  switch (node.type) {
    case "namespace_definition":
      namespace(out, node, state);
      return place;
    case "namespace_use_declaration":
      for (const { name } of usedNames(out.tree, node)) out.import(name);
      return body;
    case "qualified_name": {
      const name = fullNameOf(out.tree, node);
      if (name !== undefined) out.import(name);
      return body;
    }
    case "require_expression":
    case "require_once_expression":
    case "include_expression":
    case "include_once_expression": {
      const path = includedPath(out.tree, node);
      if (path !== undefined) out.import(path);
      return body;
    }
    case "function_definition":
      addNamed(out, node, "function", around, "public");
      return body;
    case "anonymous_class":
      return { ...place, type: undefined, level: "body" };
    case "method_declaration":
      if (level === "type") addNamed(out, node, "method", type, visibilityOf(out, node));
      return body;
    case "property_promotion_parameter":
      if (type !== undefined) addVariable(out, node, childOf(node, "name"), type, visibilityOf(out, node));
      return body;
    case "enum_case":
      addNamed(out, node, "variable", type, "public");
      return body;
    case "property_declaration":
    case "const_declaration":
      if (level === "body" && type === undefined) return body;
      addElements(out, node, type ?? around);
      return body;
    case "function_call_expression":
      constant(out, node);
      return body;
  }
  const kind = TYPES[node.type];
  if (kind === undefined) return place;
  const name = addNamed(out, node, kind, around, "public");
  return { node, type: name, level: "type" };
}

function namespace(out: Outliner, node: SourceNode, state: State): void {
  const name = childOf(node, "name");
  state.namespace = name === undefined ? "" : out.tree.textOf(name).replace(/\s+/g, "");
  if (!state.seen.has(state.namespace)) out.namespaces.push(state.namespace);
  state.seen.add(state.namespace);
  const isBlock = childOf(node, "body") !== undefined;
  const end = isBlock ? node.end : (nextNamespace(node)?.start ?? out.tree.text.length);
  out.add("module", state.namespace, { ...node, end }, undefined, out.commentBefore(node));
}

function nextNamespace({ parent, index }: SourceNode): SourceNode | undefined {
  const siblings = parent?.children ?? [];
  for (let at = index + 1; at < siblings.length; at += 1)
    if (siblings[at]?.type === "namespace_definition") return siblings[at];
  return undefined;
}

function addNamed(
  out: Outliner,
  node: SourceNode,
  kind: CodeSymbol["kind"],
  parent: string | undefined,
  visibility: Visibility,
): string | undefined {
  const name = childOf(node, "name");
  if (name === undefined) return undefined;
  const text = out.tree.textOf(name);
  out.add(kind, text, spanOf(node), parent, out.commentBefore(node), visibility);
  return text;
}

function addVariable(
  out: Outliner,
  node: SourceNode,
  name: SourceNode | undefined,
  parent: string | undefined,
  visibility: Visibility,
): void {
  if (name === undefined) return;
  const text = out.tree.textOf(name).replace(/^&?\s*\$/, "");
  out.add("variable", text, spanOf(node), parent, out.commentBefore(node), visibility);
}

/** The properties or constants of one declaration. */
function addElements(out: Outliner, node: SourceNode, parent: string | undefined): void {
  const visibility = visibilityOf(out, node);
  for (const element of node.children) addVariable(out, node, elementName(element), parent, visibility);
}

function elementName(element: SourceNode): SourceNode | undefined {
  if (element.type === "property_element") return childOf(element, "name");
  return element.type === "const_element" ? partsOf(element)[0] : undefined;
}

/** `define('NAME', …)`: a constant without a namespace. */
function constant(out: Outliner, call: SourceNode): void {
  const callee = childOf(call, "function");
  if (callee === undefined || out.tree.textOf(callee) !== "define") return;
  const [argument] = partsOf(childOf(call, "arguments"));
  const [text] = partsOf(partsOf(argument)[0]);
  if (text?.type === "string_content")
    out.add("variable", out.tree.textOf(text), call, undefined, undefined, "public");
}

/** Members are public unless they say otherwise. */
function visibilityOf(out: Outliner, node: SourceNode): Visibility {
  const modifier = node.children.find(({ type }) => type === "visibility_modifier");
  const text = modifier === undefined ? "" : out.tree.textOf(modifier).toLowerCase();
  return /^private/.test(text) ? "private" : /^protected/.test(text) ? "protected" : "public";
}

/** From behind the attributes on: those may take up lines of their own. */
function spanOf(node: SourceNode): SourceNode {
  const [first, second] = node.children;
  return first?.type === "attribute_list" && second !== undefined ? { ...node, start: second.start } : node;
}
