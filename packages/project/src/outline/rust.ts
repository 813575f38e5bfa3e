import type { CodeSymbol } from "@agentos/core";
import { childOf, type SourceNode } from "../drivers/tree-sitter/tree.js";
import type { Visibility } from "../source-parser.js";
import { firstDocLine, type Outliner, walkPlaces } from "./outliner.js";
import { importUse, inlinePath, namesBroughtIn } from "./rust-imports.js";

type Kind = CodeSymbol["kind"];

const ITEMS: Readonly<Record<string, Kind>> = {
  struct_item: "class",
  union_item: "class",
  trait_item: "interface",
  enum_item: "enum",
  enum_variant: "variable",
  type_item: "type",
  associated_type: "type",
  const_item: "variable",
  static_item: "variable",
  macro_definition: "function",
  mod_item: "module",
  function_item: "function",
  function_signature_item: "function",
};
/** Items whose parts are seen by those who see the item. */
const OPEN = new Set(["trait_item", "enum_item"]);
/** What holds no items, or no more than a macro would make of it. */
const CLOSED = new Set(["token_tree", "token_tree_pattern", "attribute_item", "inner_attribute_item"]);
const PATHS = new Set(["scoped_identifier", "scoped_type_identifier"]);

interface Place {
  readonly node: SourceNode;
  /** The type, trait, module or function around. */
  readonly parent: string | undefined;
  /** Of items without one of their own: that of the trait or the enum around. */
  readonly visibility: Visibility;
  /** Whether functions are methods here. */
  readonly methods: boolean;
  /** The modules around within the file, outermost first. */
  readonly modules: readonly string[];
  /** Whether nothing here is looked at. */
  readonly closed: boolean;
}

/** Items of a Rust tree, at any depth, and its imports: what is used, the files of modules, and paths that are written out. */
export function outlineRust(out: Outliner): void {
  const root = out.tree.root;
  const known = namesBroughtIn(out.tree);
  const first: Place = {
    node: root,
    parent: undefined,
    visibility: "private",
    methods: false,
    modules: [],
    closed: false,
  };
  walkPlaces<Place>(first, (place) => visit(out, place, known));
}

/** Adds what a node defines, and says where its children stand. */
function visit(out: Outliner, place: Place, known: ReadonlySet<string>): Place {
  const { node } = place;
  if (place.closed || CLOSED.has(node.type)) return { ...place, closed: true };
  if (node.type === "use_declaration") {
    importUse(out, node, place.modules);
    return { ...place, closed: true };
  }
  if (node.type === "extern_crate_declaration") out.import(textOfName(out, node));
  if (node.type === "impl_item") {
    const isOfTrait = childOf(node, "trait") !== undefined;
    const parent = typeName(out, childOf(node, "type"));
    return { ...place, parent, visibility: isOfTrait ? "public" : "private", methods: true };
  }
  if (PATHS.has(node.type)) {
    inlinePath(out, node, place.modules, known);
    return place;
  }
  const kind = ITEMS[node.type];
  return kind === undefined ? place : item(out, place, kind);
}

function item(out: Outliner, place: Place, kind: Kind): Place {
  const { node, parent, modules } = place;
  const name = textOfName(out, node);
  const visibility = visibilityOf(out, place);
  const isMethod = kind === "function" && place.methods && node.type !== "macro_definition";
  if (name !== "_") out.add(isMethod ? "method" : kind, name, node, parent, docOf(out, node), visibility);
  const isModule = node.type === "mod_item";
  if (isModule && childOf(node, "body") === undefined) importModule(out, place, name);
  return {
    node,
    parent: name,
    visibility: OPEN.has(node.type) ? visibility : "private",
    methods: node.type === "trait_item",
    modules: isModule ? [...modules.slice(0, 50), name] : modules,
    closed: false,
  };
}

/** `mod name;` reads a file, by its name or by what `#[path = "…"]` says. */
function importModule(out: Outliner, { node, modules }: Place, name: string): void {
  const path = attributesOf(node).map(
    (each) => /^#\[\s*path\s*=\s*"([^"\\]+)"/.exec(out.tree.textOf(each))?.[1],
  );
  const written = path.find((each) => each !== undefined);
  out.import(written === undefined ? `mod ${[...modules, name].join("::")}` : `mod "${written}"`);
}

function visibilityOf(out: Outliner, { node, visibility }: Place): Visibility {
  if (node.type === "macro_definition") {
    const isExported = attributesOf(node).some((each) => out.tree.textOf(each).includes("macro_export"));
    return isExported ? "public" : "internal";
  }
  const modifier = node.children.find(({ type }) => type === "visibility_modifier");
  if (modifier === undefined) return visibility;
  const text = out.tree.textOf(modifier).replace(/\s+/g, "");
  if (text === "pub") return "public";
  return text === "pub(self)" ? "private" : "internal";
}

/** Attributes may stand between an item and its documentation, on either side. */
function attributesOf(node: SourceNode): readonly SourceNode[] {
  const found: SourceNode[] = [];
  const siblings = node.parent?.children ?? [];
  for (let index = node.index - 1; index >= 0; index -= 1) {
    const sibling = siblings[index];
    if (sibling?.type === "attribute_item") found.push(sibling);
    else if (sibling === undefined || !sibling.type.endsWith("_comment")) break;
  }
  return found;
}

/** First line of the documentation comments (`///` or a block) or of `#[doc = "…"]` above an item. */
function docOf(out: Outliner, node: SourceNode): string | undefined {
  const siblings = node.parent?.children ?? [];
  const texts: string[] = [];
  for (let index = node.index - 1; index >= 0; index -= 1) {
    const sibling = siblings[index];
    if (sibling === undefined) break;
    const text = out.tree.textOf(sibling).slice(0, 4_000);
    if (sibling.type === "attribute_item") {
      const written = /^#\[\s*doc\s*=\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
      if (written !== undefined) texts.push(written);
    } else if (!sibling.type.endsWith("_comment")) break;
    else if (sibling.children.some(({ field }) => field === "outer")) texts.push(text);
  }
  return firstDocLine(texts.slice(-20).reverse().join("\n"));
}

function textOfName(out: Outliner, node: SourceNode): string {
  const name = childOf(node, "name");
  return name === undefined ? "" : out.tree.textOf(name);
}

/** `T` of `&mut a::T<K>` and of `dyn T + Send`. */
function typeName(out: Outliner, type: SourceNode | undefined): string | undefined {
  for (let at = type, steps = 0; at !== undefined && steps < 20; steps += 1) {
    if (at.type === "type_identifier" || at.type === "primitive_type") return out.tree.textOf(at);
    const inner: SourceNode | undefined =
      at.type === "scoped_type_identifier"
        ? childOf(at, "name")
        : (childOf(at, "type") ?? childOf(at, "trait") ?? at.children.find(({ named }) => named));
    at = inner;
  }
  return undefined;
}
