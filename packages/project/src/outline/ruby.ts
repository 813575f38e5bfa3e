import { childOf, type SourceNode } from "../drivers/tree-sitter/tree.js";
import type { Visibility } from "../source-parser.js";
import { type Outliner, walkPlaces } from "./outliner.js";
import {
  ACCESSORS,
  argumentsOf,
  constantPath,
  fullName,
  literalName,
  loadedFile,
  madeClass,
  ownMessage,
  splitPath,
} from "./ruby-names.js";
import { type Sections, sectionsOf } from "./ruby-sections.js";

interface Place {
  readonly node: SourceNode;
  /** The class or module around. */
  readonly parent: string | undefined;
  /** Its whole name; empty for none. */
  readonly namespace: string;
  readonly sections: Sections | undefined;
  /** Within `class << self`. */
  readonly singleton: boolean;
  /** The whole names of all classes and modules so far. */
  readonly declared: Set<string>;
}

/** Modules, classes, methods and constants of a Ruby tree, and the files that it loads. */
export function outlineRuby(out: Outliner): void {
  const declared = new Set<string>();
  const around = { parent: undefined, namespace: "", sections: undefined, singleton: false, declared };
  walkPlaces<Place>({ node: out.tree.root, ...around }, (place) => visit(out, place));
  out.namespaces.push(...declared);
}

/** Adds what a node defines, and says where its children stand. */
function visit(out: Outliner, place: Place): Place {
  const { node } = place;
  switch (node.type) {
    case "class":
    case "module":
      return classOf(out, place, node.type);
    case "singleton_class":
      return { ...place, sections: sectionsOf(out.tree, childOf(node, "body")), singleton: true };
    case "method":
    case "singleton_method":
      methodOf(out, place, childOf(node, "name"));
      return place;
    case "alias":
      methodOf(out, place, childOf(node, "name"));
      return place;
    case "assignment":
    case "operator_assignment":
      return assignmentOf(out, place);
    case "call":
      messageOf(out, place);
      return place;
    default:
      return place;
  }
}

function classOf(out: Outliner, place: Place, kind: "class" | "module"): Place {
  const { node } = place;
  const path = constantPath(out.tree, childOf(node, "name"));
  if (path === undefined) return place;
  const inner = inside(out, place, path, childOf(node, "body"));
  const around = splitPath(inner.namespace).around;
  const parent = around === "" ? undefined : splitPath(around).name;
  out.add(kind, inner.parent ?? "", node, parent, docOf(out, node), visibilityOfConstant(place, path));
  const made = madeClass(
    out.tree,
    childOf(node, "superclass")?.children.find(({ named }) => named),
  );
  for (const field of made?.fields ?? []) literalMethod(out, inner, field, field, "public");
  return inner;
}

/** The place within a class or module of that path. */
function inside(out: Outliner, place: Place, path: string, body: SourceNode | undefined): Place {
  const namespace = fullName(place.namespace, path);
  place.declared.add(namespace);
  const { name } = splitPath(namespace);
  return { ...place, parent: name, namespace, sections: sectionsOf(out.tree, body), singleton: false };
}

function visibilityOfConstant({ sections, namespace }: Place, path: string): Visibility | undefined {
  return namespace === "" ? undefined : sections?.constantVisibility(path);
}

function methodOf(out: Outliner, place: Place, name: SourceNode | undefined): void {
  const { node, parent, sections, singleton } = place;
  if (name === undefined || name.type === "global_variable") return;
  const text = out.tree.textOf(literalNode(name));
  const isOfClass = node.type === "singleton_method";
  const visibility =
    isOfClass && !singleton ? sections?.classVisibilityOf(node, text) : sections?.visibilityOf(node, text);
  const isMethod = parent !== undefined || isOfClass;
  out.add(isMethod ? "method" : "function", text, node, parent, docOf(out, node), visibility);
}

/** `alias :a :b` names with symbols. */
function literalNode(name: SourceNode): SourceNode {
  return name.type === "simple_symbol" ? { ...name, start: name.start + 1 } : name;
}

/** `A = …`, also of several at once; of `A = Struct.new(…)` what it makes. */
function assignmentOf(out: Outliner, place: Place): Place {
  const { node, parent, sections } = place;
  const left = childOf(node, "left");
  const made = madeClass(out.tree, childOf(node, "right"));
  const path = constantPath(out.tree, left);
  if (path !== undefined && made !== undefined) {
    const block = made.body;
    const inner = inside(out, place, path, block && childOf(block, "body"));
    out.add(made.kind, inner.parent ?? "", node, parent, docOf(out, node), visibilityOfConstant(place, path));
    for (const field of made.fields) literalMethod(out, inner, field, field, "public");
    return inner;
  }
  const targets = left?.type === "left_assignment_list" ? left.children : [left];
  for (const target of targets) {
    const constant = constantPath(out.tree, target);
    if (constant === undefined) continue;
    const { around, name } = splitPath(constant);
    const owner = around === "" ? parent : splitPath(around).name;
    const visibility = owner === undefined ? undefined : (sections?.constantVisibility(name) ?? "public");
    out.add("variable", name, node, owner, docOf(out, node), visibility);
  }
  return place;
}

/** Calls that define methods or load files. */
function messageOf(out: Outliner, place: Place): void {
  const { node, sections } = place;
  const file = loadedFile(out.tree, node);
  if (file !== undefined) out.import(file);
  const method = childOf(node, "method");
  const given = argumentsOf(node);
  if (method !== undefined && out.tree.textOf(method) === "autoload") {
    const [constant, path] = given.map((each) => literalName(out.tree, each)?.name);
    if (constant !== undefined && path !== undefined) out.import(path, [constant]);
  }
  const message = ownMessage(out.tree, node);
  if (message === undefined || sections === undefined) return;
  if (!ACCESSORS.has(message) && !DEFINES.has(message)) return;
  for (const each of DEFINES.has(message) ? given.slice(0, 1) : given) {
    const name = literalName(out.tree, each)?.name;
    const mark = ACCESSORS.get(message)?.reads === false ? "=" : "";
    if (name !== undefined) literalMethod(out, place, each, node, sections.visibilityOf(node, name), mark);
  }
}

/** Calls whose first argument names the method that they define. */
const DEFINES: ReadonlySet<string> = new Set(["alias_method", "define_method"]);

function literalMethod(
  out: Outliner,
  { parent }: Place,
  literal: SourceNode,
  span: SourceNode,
  visibility: Visibility,
  mark = "",
): void {
  const name = literalName(out.tree, literal)?.name;
  if (name !== undefined && parent !== undefined)
    out.add("method", `${name}${mark}`, span, parent, docOf(out, span), visibility);
}

/** Comments to Ruby and to tools, which may stand right above a definition. */
const DIRECTIVE =
  /^(?:-\*-|(?:frozen_string_literal|encoding|coding|warn_indent|shareable_constant_value)\s*:|rubocop\s*:)/;

/** The first line of the comment above, where the definition may be an argument (`private def a`) and the first of its body. */
function docOf(out: Outliner, definition: SourceNode): string | undefined {
  let node = definition;
  while (node.parent?.type === "argument_list" && node.parent.parent !== undefined) node = node.parent.parent;
  if (node.index === 0 && node.parent?.type === "body_statement") node = node.parent;
  const doc = out.commentBefore(node);
  return doc === undefined || DIRECTIVE.test(doc) ? undefined : doc;
}
