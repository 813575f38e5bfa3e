import type { CodeSymbol } from "@agentos/core";
import { childOf, hasToken, type SourceNode } from "../drivers/tree-sitter/tree.js";
import type { Visibility } from "../source-parser.js";
import {
  type ClassParts,
  classParts,
  declaratorsOf,
  declaredBy,
  namespaceNames,
  nameText,
  plainName,
  qualifiedParts,
} from "./c-declarators.js";
import { type Outliner, walkPlaces } from "./outliner.js";

type Kind = CodeSymbol["kind"];

const CLASSES: ReadonlySet<string> = new Set(["class_specifier", "struct_specifier", "union_specifier"]);
/** What holds no definitions that others could use. */
const CLOSED: ReadonlySet<string> = new Set([
  "compound_statement",
  "initializer_list",
  "lambda_expression",
  "parameter_list",
]);

interface Place {
  readonly node: SourceNode;
  /** The namespace or the class around. */
  readonly parent: string | undefined;
  readonly level: "namespace" | "class" | "closed";
  /** Of what stands here; in a namespace without a name only the file sees it. */
  readonly visibility: Visibility;
  /** In a class: of each part of its body. */
  readonly access: ReadonlyMap<SourceNode, Visibility>;
  /** The body of the class around. */
  readonly body: SourceNode | undefined;
  /** A template around, which is where a definition begins. */
  readonly span: SourceNode | undefined;
}

/** What a tree says before its definitions are gathered. */
interface Known {
  /** Functions with bodies: their prototypes are left out. */
  readonly bodies: ReadonlySet<string>;
  readonly namespaces: ReadonlySet<string>;
}

/** Functions, types, macros and variables of a C or C++ tree, in all branches of its conditions, and what it includes. */
export function outlineC(out: Outliner): void {
  const known = knownOf(out);
  const first: Place = {
    node: out.tree.root,
    parent: undefined,
    level: "namespace",
    visibility: "public",
    access: new Map(),
    body: undefined,
    span: undefined,
  };
  walkPlaces<Place>(first, (place) => visit(out, place, known));
}

function knownOf(out: Outliner): Known {
  const bodies = new Set<string>();
  const namespaces = new Set<string>();
  for (const node of out.tree.nodes) {
    if (node.type === "namespace_definition")
      for (const name of namespaceNames(node)) namespaces.add(out.tree.textOf(name));
    if (node.type !== "function_definition") continue;
    const [declarator] = declaratorsOf(node);
    const declared = declarator && declaredBy(declarator);
    if (declared === undefined) continue;
    const parts = qualifiedParts(declared.name).map((part) => nameText(out.tree, plainName(part)));
    const around = parts.length > 1 ? parts.at(-2) : classAround(out, node);
    bodies.add(`${around ?? ""}::${parts.at(-1)}`);
  }
  return { bodies, namespaces };
}

/** The name of the class in whose body a node stands directly. */
function classAround(out: Outliner, node: SourceNode): string | undefined {
  const outer = node.parent?.type === "template_declaration" ? node.parent.parent : node.parent;
  const around = outer?.type === "field_declaration_list" ? outer.parent : undefined;
  const name = around && childOf(around, "name");
  return name && out.tree.textOf(plainName(name));
}

/** Adds what a node defines, and says where its children stand. */
function visit(out: Outliner, place: Place, known: Known): Place {
  const { node, level } = place;
  const inner: Place = { ...place, span: undefined };
  if (node === place.body) return inner;
  if (level === "closed" || CLOSED.has(node.type)) return { ...inner, level: "closed" };
  const parts = classParts(node);
  if (parts !== undefined) return classOf(out, place, parts);
  if (CLASSES.has(node.type)) return { ...inner, level: "closed" };
  switch (node.type) {
    case "preproc_include":
      include(out, node);
      return inner;
    case "preproc_def":
      if (!isGuard(out, node)) add(out, place, "variable", childOf(node, "name"), "public");
      return inner;
    case "preproc_function_def":
      add(out, place, "function", childOf(node, "name"), "public");
      return inner;
    case "namespace_definition":
      return namespaceOf(out, place);
    case "template_declaration":
      return { ...place, span: place.span ?? node };
    case "enum_specifier":
      enumOf(out, place);
      return { ...inner, level: "closed" };
    case "concept_definition":
      add(out, place, "type", childOf(node, "name"));
      return { ...inner, level: "closed" };
    case "alias_declaration":
      add(out, place, "type", childOf(node, "name"));
      return inner;
    case "type_definition":
      typedefOf(out, place);
      return inner;
    case "function_definition":
      declarationOf(out, place, known);
      return { ...inner, level: "closed" };
    case "declaration":
    case "field_declaration":
      declarationOf(out, place, known);
      return inner;
    case "access_specifier":
    case "friend_declaration":
      return { ...inner, level: "closed" };
    default:
      return inner;
  }
}

/** `#ifndef A`, `#define A`: by which a header is read but once. */
function isGuard(out: Outliner, definition: SourceNode): boolean {
  const around = definition.parent?.type === "preproc_ifdef" ? childOf(definition.parent, "name") : undefined;
  const name = childOf(definition, "name");
  if (around === undefined || name === undefined || childOf(definition, "value") !== undefined) return false;
  return out.tree.textOf(around) === out.tree.textOf(name);
}

/** What is written in quotes as it is, what is written in angles with those. */
function include(out: Outliner, node: SourceNode): void {
  const path = childOf(node, "path");
  if (path === undefined || path.type === "identifier") return;
  const text = out.tree.textOf(path);
  out.import(path.type === "string_literal" ? text.slice(1, -1) : text);
}

function add(
  out: Outliner,
  place: Place,
  kind: Kind,
  name: SourceNode | undefined,
  visibility: Visibility | undefined = visibilityHere(place),
  parent: string | undefined = place.parent,
  span: SourceNode = spanOf(place),
): void {
  if (name === undefined) return;
  out.add(kind, nameText(out.tree, plainName(name)), span, parent, out.commentBefore(span), visibility);
}

/** A definition begins where its template does, and ends with the declaration that it is a part of. */
function spanOf({ node, span }: Place): SourceNode {
  const declaration = node.parent;
  const holds = declaration?.type === "type_definition" || declaration?.type === "declaration";
  return span ?? (holds && node.type.endsWith("_specifier") ? declaration : node);
}

/** In a class as the last access specifier before it says. */
function visibilityHere({ node, level, visibility, access }: Place): Visibility {
  if (level !== "class") return visibility;
  let at: SourceNode | undefined = node;
  while (at !== undefined && !access.has(at)) at = at.parent;
  return (at && access.get(at)) ?? visibility;
}

/** What the access specifiers in the body of a class say of what stands behind them. */
function accessIn(out: Outliner, body: SourceNode, first: Visibility): ReadonlyMap<SourceNode, Visibility> {
  let access = first;
  const all = new Map<SourceNode, Visibility>();
  for (const part of body.children) {
    // Where the grammar takes a class for a function, they are labels.
    const label = part.type === "labeled_statement" ? childOf(part, "label") : undefined;
    const written =
      part.type === "access_specifier" ? part.children[0]?.type : label && out.tree.textOf(label);
    if (written === "public" || written === "protected" || written === "private") access = written;
    all.set(part, access);
  }
  return all;
}

function classOf(out: Outliner, place: Place, { name, body }: ClassParts): Place {
  const { node } = place;
  const isClass = node.type === "class_specifier" || childOf(node, "type")?.type === "class_specifier";
  const inside: Visibility = isClass ? "private" : "public";
  const parts = name === undefined ? [] : qualifiedParts(name);
  const owner = parts.at(-2);
  const last = parts.at(-1);
  add(
    out,
    place,
    "class",
    last,
    undefined,
    owner === undefined ? place.parent : out.tree.textOf(plainName(owner)),
  );
  const parent =
    last === undefined ? (typedefName(out, node) ?? place.parent) : out.tree.textOf(plainName(last));
  return {
    ...place,
    parent,
    level: "class",
    visibility: inside,
    access: accessIn(out, body, inside),
    body,
    span: undefined,
  };
}

function namespaceOf(out: Outliner, place: Place): Place {
  const { node } = place;
  const names = namespaceNames(node);
  if (names.length === 0) return { ...place, visibility: "internal", span: undefined };
  let { parent } = place;
  for (const name of names) {
    add(out, place, "module", name, undefined, parent);
    const text = out.tree.textOf(name);
    // What is in an inline namespace is in the one around it.
    if (hasToken(node, "inline")) continue;
    parent = parent === undefined ? text : `${parent}::${text}`;
    if (!out.namespaces.includes(parent)) out.namespaces.push(parent);
  }
  return { ...place, parent, span: undefined };
}

function enumOf(out: Outliner, place: Place): void {
  const { node } = place;
  const name = childOf(node, "name");
  const body = childOf(node, "body");
  if (body === undefined) return;
  if (name !== undefined) add(out, place, "enum", name);
  const parent = name === undefined ? (typedefName(out, node) ?? place.parent) : out.tree.textOf(name);
  const visibility = visibilityHere(place);
  for (const each of body.children) {
    if (each.type === "enumerator")
      add(out, { ...place, node: each }, "variable", childOf(each, "name"), visibility, parent, each);
  }
}

/** The name that a `typedef` gives to a type without one of its own. */
function typedefName(out: Outliner, specifier: SourceNode): string | undefined {
  const definition = specifier.parent?.type === "type_definition" ? specifier.parent : undefined;
  for (const declarator of definition === undefined ? [] : declaratorsOf(definition)) {
    if (declarator.type === "type_identifier") return out.tree.textOf(declarator);
  }
  return undefined;
}

function typedefOf(out: Outliner, place: Place): void {
  const type = childOf(place.node, "type");
  const isUnnamed =
    type !== undefined && childOf(type, "body") !== undefined && childOf(type, "name") === undefined;
  for (const declarator of declaratorsOf(place.node)) {
    const isPlain = declarator.type === "type_identifier" && isUnnamed;
    const kind = !isPlain ? "type" : type.type === "enum_specifier" ? "enum" : "class";
    add(out, place, kind, declaredBy(declarator)?.name);
  }
}

/** Functions and variables; of a class its methods alone. */
function declarationOf(out: Outliner, place: Place, known: Known): void {
  const { node, level, parent } = place;
  const isStatic = node.children.some(
    (child) => child.type === "storage_class_specifier" && out.tree.textOf(child) === "static",
  );
  const hidden = level === "namespace" && isStatic ? ("internal" as const) : visibilityHere(place);
  for (const declarator of declaratorsOf(node)) {
    const declared = declaredBy(declarator);
    if (declared === undefined || declared.name.type === "structured_binding_declarator") continue;
    const isFunction = declared.function !== undefined || declared.name.type === "operator_cast";
    const parts = qualifiedParts(declared.name);
    const name = parts.at(-1);
    const owner = parts.at(-2);
    if (owner !== undefined) {
      outside(out, place, isFunction, owner, name, known);
      continue;
    }
    const text = name === undefined ? "" : nameText(out.tree, plainName(name));
    const isPrototype = node.type !== "function_definition" && isFunction;
    const around = level === "class" ? parent : undefined;
    if (isPrototype && known.bodies.has(`${around ?? ""}::${text}`)) continue;
    if (level === "class" && !isFunction) continue;
    add(out, place, !isFunction ? "variable" : level === "class" ? "method" : "function", name, hidden);
  }
}

/** `A::b` outside of `A`: a method, or a function of a namespace of the file. */
function outside(
  out: Outliner,
  place: Place,
  isFunction: boolean,
  owner: SourceNode,
  name: SourceNode | undefined,
  known: Known,
): void {
  const parent = out.tree.textOf(plainName(owner));
  const isNamespace = known.namespaces.has(parent);
  const kind = !isFunction ? "variable" : isNamespace ? "function" : "method";
  out.add(
    kind,
    name === undefined ? "" : nameText(out.tree, plainName(name)),
    spanOf(place),
    parent,
    out.commentBefore(spanOf(place)),
  );
}
