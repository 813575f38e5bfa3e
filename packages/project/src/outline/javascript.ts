import type { CodeSymbol } from "@agentos/core";
import { childOf, type SourceNode } from "../drivers/tree-sitter/tree.js";
import type { Visibility } from "../source-parser.js";
import {
  type ExportedNames,
  exportedNames,
  memberVisibility,
  visibilityOf,
} from "./javascript-visibility.js";
import { type Outliner, walkPlaces } from "./outliner.js";

type Kind = CodeSymbol["kind"];

const NAMED: Readonly<Record<string, Kind>> = {
  function_declaration: "function",
  generator_function_declaration: "function",
  function_signature: "function",
  class_declaration: "class",
  abstract_class_declaration: "class",
  interface_declaration: "interface",
  type_alias_declaration: "type",
  enum_declaration: "enum",
  internal_module: "module",
  module: "module",
};

const METHODS = new Set(["method_definition", "method_signature", "abstract_method_signature"]);
const FIELDS = new Set(["field_definition", "public_field_definition"]);
const FUNCTION_VALUES = new Set(["arrow_function", "function_expression", "generator_function"]);

interface Place {
  readonly node: SourceNode;
  readonly parent: string | undefined;
  /** `module`: variables count here. `local`: only named functions and classes do. */
  readonly level: "module" | "local";
}

/** Definitions of a JavaScript or TypeScript tree, and its imports. */
export function outlineJavaScript(out: Outliner): void {
  const first: Place = { node: out.tree.root, parent: undefined, level: "module" };
  const exported = exportedNames(out.tree);
  walkPlaces(first, (place) => visit(out, place, exported));
}

/** Adds what a node defines, and says where its children stand. */
function visit(out: Outliner, place: Place, exported: ExportedNames): Place {
  const { node, parent, level } = place;
  const kind = NAMED[node.type];
  if (kind !== undefined) {
    const name = nameOf(out, node) ?? (isDefaultExport(node) ? "default" : "");
    out.add(kind, name, spanOf(node), parent, docOf(out, node), visibleTo(place, node, name, exported));
    return { node, parent: name, level: kind === "module" ? level : "local" };
  }
  if (METHODS.has(node.type)) {
    const name = nameOf(out, node) ?? "";
    // Members of a class, an interface, or an object that has a name; others belong to no one.
    if (parent !== undefined && isMember(node))
      out.add("method", name, node, parent, docOf(out, node), memberVisibility(out.tree, node, name));
    return { node, parent: name, level: "local" };
  }
  if (FIELDS.has(node.type) && FUNCTION_VALUES.has(childOf(node, "value")?.type ?? "")) {
    const name = childOf(node, "name") ?? childOf(node, "property");
    if (name !== undefined && parent !== undefined) {
      const text = out.tree.textOf(name);
      out.add("method", text, node, parent, docOf(out, node), memberVisibility(out.tree, node, text));
    }
    return { node, parent, level: "local" };
  }
  if (node.type === "variable_declarator") return variable(out, place, exported);
  if (node.type === "assignment_expression" && level === "module") return assignment(out, place);
  if (
    node.type === "export_statement" ||
    node.type === "import_statement" ||
    node.type === "call_expression"
  ) {
    importOf(out, node);
  }
  if (node.type === "import_require_clause") importSource(out, childOf(node, "source"));
  if (node.type === "export_statement") {
    const value = childOf(node, "value");
    if (value !== undefined && FUNCTION_VALUES.has(value.type)) {
      out.add("function", nameOf(out, value) ?? "default", node, undefined, docOf(out, node), "public");
    }
    if (value?.type === "class") {
      const name = nameOf(out, value) ?? "default";
      out.add("class", name, node, undefined, docOf(out, node), "public");
      return { node, parent: name, level: "local" };
    }
  }
  return FUNCTION_VALUES.has(node.type) || node.type === "class_static_block"
    ? { ...place, level: "local" }
    : place;
}

/** What is defined within a function is nobody else's. */
function visibleTo(
  { parent, level }: Place,
  declaration: SourceNode,
  name: string,
  exported: ExportedNames,
): Visibility | undefined {
  return level === "local" ? "private" : visibilityOf(declaration, name, exported, parent !== undefined);
}

function variable(out: Outliner, place: Place, exported: ExportedNames): Place {
  const { node, parent, level } = place;
  const name = childOf(node, "name");
  const value = unwrap(childOf(node, "value"));
  const callable = value !== undefined && FUNCTION_VALUES.has(value.type);
  if (name?.type !== "identifier" || (level === "local" && !callable)) return { ...place, level: "local" };
  const text = out.tree.textOf(name);
  const kind: Kind = callable ? "function" : value?.type === "class" ? "class" : "variable";
  const statement = node.parent ?? node;
  const alone = statement.children.filter((child) => child.type === "variable_declarator").length === 1;
  const span =
    alone && (statement.type === "lexical_declaration" || statement.type === "variable_declaration")
      ? statement
      : node;
  // The variable of a loop's head is nobody's definition.
  if (/^for_/.test(span.parent?.type ?? "")) return { ...place, level: "local" };
  out.add(kind, text, spanOf(span), parent, docOf(out, span), visibleTo(place, node, text, exported));
  return { node, parent: text, level: "local" };
}

/** `exports.f = …`, `module.exports.f = …` and `C.prototype.m = function …`. */
function assignment(out: Outliner, place: Place): Place {
  const { node } = place;
  const left = childOf(node, "left");
  const value = unwrap(childOf(node, "right"));
  const object = left === undefined ? undefined : childOf(left, "object");
  const property = left === undefined ? undefined : childOf(left, "property");
  if (left?.type !== "member_expression" || object === undefined || property === undefined) return place;
  const owner = out.tree.textOf(object);
  const name = out.tree.textOf(property);
  const callable = value !== undefined && FUNCTION_VALUES.has(value.type);
  const span = node.parent?.type === "expression_statement" ? node.parent : node;
  const prototype = /^([\w$]+)\.prototype$/.exec(owner)?.[1];
  if (prototype !== undefined && callable) {
    out.add("method", name, span, prototype, docOf(out, span), "public");
  } else if (owner === "exports" || owner === "module.exports") {
    out.add(
      callable ? "function" : value?.type === "class" ? "class" : "variable",
      name,
      span,
      undefined,
      docOf(out, span),
      "public",
    );
  } else return place;
  return { node, parent: name, level: "local" };
}

function importOf(out: Outliner, node: SourceNode): void {
  if (node.type !== "call_expression") {
    importSource(out, childOf(node, "source"));
    return;
  }
  const callee = childOf(node, "function");
  if (callee === undefined) return;
  const called = callee.type === "import" ? "import" : out.tree.textOf(callee).slice(0, 40);
  if (!/^(?:import|require|require\.resolve|(?:vi|jest)\.(?:mock|importActual|requireActual))$/.test(called))
    return;
  importSource(
    out,
    childOf(node, "arguments")?.children.find((child) => child.named),
  );
}

function importSource(out: Outliner, source: SourceNode | undefined): void {
  if (source?.type === "string") out.import(out.tree.textOf(source).slice(1, -1));
}

function nameOf(out: Outliner, node: SourceNode): string | undefined {
  const name = childOf(node, "name");
  if (name === undefined) return undefined;
  const text = out.tree.textOf(name);
  return name.type === "string" ? text.slice(1, -1) : text;
}

function isMember(method: SourceNode): boolean {
  const holder = method.parent;
  if (holder?.type !== "object") return holder?.type === "class_body" || holder?.type === "interface_body";
  return unwrappedOwner(holder)?.type === "variable_declarator";
}

/** The declarator of `const a = { … }`, `… as T`, `… satisfies T`, `Object.freeze({ … })` not included. */
function unwrappedOwner(object: SourceNode): SourceNode | undefined {
  let owner = object.parent;
  while (owner !== undefined && WRAPPERS.has(owner.type)) owner = owner.parent;
  return owner;
}

const WRAPPERS = new Set([
  "as_expression",
  "satisfies_expression",
  "parenthesized_expression",
  "type_assertion",
]);

function unwrap(value: SourceNode | undefined): SourceNode | undefined {
  let inner = value;
  while (inner !== undefined && WRAPPERS.has(inner.type)) inner = inner.children.find((child) => child.named);
  return inner;
}

/** The statement around a declaration: `export`, `declare` and decorators belong to it. */
function spanOf(node: SourceNode): SourceNode {
  let span = node;
  while (span.parent?.type === "export_statement" || span.parent?.type === "ambient_declaration")
    span = span.parent;
  if (span.children[0]?.type !== "decorator") return span;
  return node;
}

function docOf(out: Outliner, node: SourceNode): string | undefined {
  let top = node;
  while (top.parent?.type === "export_statement" || top.parent?.type === "ambient_declaration")
    top = top.parent;
  return out.commentBefore(top);
}

function isDefaultExport(node: SourceNode): boolean {
  return (
    node.parent?.type === "export_statement" && node.parent.children.some((child) => child.type === "default")
  );
}
