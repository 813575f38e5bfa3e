import type { CodeSymbol } from "@agentos/core";
import { childOf, type SourceNode } from "../drivers/tree-sitter/tree.js";
import type { Visibility } from "../source-parser.js";
import { firstDocLine, type Outliner, walkPlaces } from "./outliner.js";

const TYPES: Readonly<Record<string, CodeSymbol["kind"]>> = {
  class_declaration: "class",
  record_declaration: "class",
  interface_declaration: "interface",
  annotation_type_declaration: "interface",
  enum_declaration: "enum",
};

const METHODS = new Set([
  "method_declaration",
  "constructor_declaration",
  "compact_constructor_declaration",
  "annotation_type_element_declaration",
]);

interface Place {
  readonly node: SourceNode;
  readonly parent: string | undefined;
  /** `anonymous`: within a body without a name, whose methods belong to no one. */
  readonly level: "file" | "type" | "method" | "anonymous";
}

/** Types and methods of a Java tree, and its imports. */
export function outlineJava(out: Outliner): void {
  const first: Place = { node: out.tree.root, parent: undefined, level: "file" };
  walkPlaces(first, (place) => visit(out, place));
}

/** Adds what a node defines, and says where its children stand. */
function visit(out: Outliner, place: Place): Place {
  const { node, parent, level } = place;
  const name = childOf(node, "name");
  const kind = TYPES[node.type];
  if (kind !== undefined) {
    const text = name === undefined ? "" : out.tree.textOf(name);
    out.add(kind, text, spanOf(node), parent, javadoc(out, node), visibilityOf(place));
    return { node, parent: text, level: "type" };
  }
  if (METHODS.has(node.type)) {
    if (name === undefined) return place;
    const text = out.tree.textOf(name);
    if (level === "type" || level === "file") {
      const methodKind = level === "file" ? "function" : "method";
      out.add(methodKind, text, spanOf(node), parent, javadoc(out, node), visibilityOf(place));
    }
    return { node, parent: text, level: "method" };
  }
  if (node.type === "import_declaration") importOf(out, node);
  return isAnonymousBody(node) ? { node, parent: undefined, level: "anonymous" } : place;
}

/** What a modifier says; without one, members of interfaces are for all, and others for the package. */
function visibilityOf({ node, level }: Place): Visibility {
  if (level === "method" || level === "anonymous") return "private";
  const modifiers = node.children[0]?.type === "modifiers" ? node.children[0].children : [];
  for (const { type } of modifiers) {
    if (type === "public" || type === "protected" || type === "private") return type;
  }
  const body = node.parent?.type;
  if (body === "interface_body" || body === "annotation_type_body") return "public";
  const isOfEnum = body === "enum_body_declarations" && node.type === "constructor_declaration";
  return isOfEnum ? "private" : "internal";
}

function isAnonymousBody({ type, parent }: SourceNode): boolean {
  return (
    type === "class_body" &&
    (parent?.type === "object_creation_expression" || parent?.type === "enum_constant")
  );
}

/** From the first modifier that is no annotation on: those may take up lines of their own. */
function spanOf(node: SourceNode): SourceNode {
  const [modifiers, next] = node.children;
  if (modifiers?.type !== "modifiers") return node;
  const first = modifiers.children.find(({ type }) => !/annotation|comment/.test(type)) ?? next;
  return first === undefined ? node : { ...node, start: first.start };
}

/** First line of the Javadoc comment that ends on the line before the declaration. */
function javadoc(out: Outliner, node: SourceNode): string | undefined {
  const before = node.parent?.children[node.index - 1];
  if (before?.type !== "block_comment" || !out.tree.text.startsWith("/**", before.start)) return undefined;
  if (out.tree.lineAt(before.end) < out.tree.lineAt(node.start) - 1) return undefined;
  return firstDocLine(out.tree.textOf(before));
}

function importOf(out: Outliner, node: SourceNode): void {
  const name = node.children.find(({ type }) => type === "identifier" || type === "scoped_identifier");
  if (name === undefined) return;
  const all = node.children.some(({ type }) => type === "asterisk");
  // Blanks and comments may stand between the parts.
  const dotted = out.tree
    .textOf(name)
    .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, "")
    .replace(/\s+/g, "");
  out.import(dotted, all ? ["*"] : undefined);
}
