import { childOf, type SourceNode, type SourceTree } from "../drivers/tree-sitter/tree.js";

/** A name in the text. */
interface Written {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Longer paths of constants were not written by people. */
const MOST_PARTS = 32;

/** `A::B` as it is written, also with `::` in front; undefined where a part is no constant. */
export function constantPath(tree: SourceTree, node: SourceNode | undefined): string | undefined {
  const parts: string[] = [];
  for (let at = node; at !== undefined && parts.length < MOST_PARTS; ) {
    if (at.type === "constant") return [tree.textOf(at), ...parts].join("::");
    const name = at.type === "scope_resolution" ? childOf(at, "name") : undefined;
    if (name?.type !== "constant") return undefined;
    parts.unshift(tree.textOf(name));
    const around = childOf(at, "scope");
    if (around === undefined) return `::${parts.join("::")}`;
    at = around;
  }
  return undefined;
}

/** The whole name of what is defined within a namespace (empty for the top) under a path. */
export function fullName(namespace: string, path: string): string {
  if (path.startsWith("::")) return path.slice(2);
  return namespace === "" ? path : `${namespace}::${path}`;
}

/** The last name of a path, and what is in front of it: empty for nothing. */
export function splitPath(path: string): { readonly around: string; readonly name: string } {
  const at = path.lastIndexOf("::");
  return at < 0 ? { around: "", name: path } : { around: path.slice(0, at), name: path.slice(at + 2) };
}

/** The name that a plain symbol or string gives: `:a`, `"a"`, and an element of `%i[a b]`. */
export function literalName(tree: SourceTree, node: SourceNode | undefined): Written | undefined {
  if (node === undefined) return undefined;
  if (node.type === "simple_symbol") {
    const start = node.start + 1;
    return { name: tree.text.slice(start, node.end), start, end: node.end };
  }
  if (!LITERALS.has(node.type)) return undefined;
  const [content, ...more] = node.children.filter(({ named }) => named);
  if (content?.type !== "string_content" || more.length > 0) return undefined;
  return { name: tree.textOf(content), start: content.start, end: content.end };
}

const LITERALS = new Set(["string", "delimited_symbol", "bare_symbol", "bare_string"]);

/** The arguments of a call, without those that are named and the block; the elements of `%i[a b]` and `[:a, :b]` each by itself. */
export function argumentsOf(call: SourceNode): readonly SourceNode[] {
  const given = childOf(call, "arguments")?.children.filter(
    ({ named, type }) => named && !NO_ARGUMENTS.has(type),
  );
  return (given ?? []).flatMap((argument) =>
    LISTS.has(argument.type) ? argument.children.filter(({ named }) => named) : [argument],
  );
}

const NO_ARGUMENTS = new Set(["pair", "block_argument", "comment"]);
const LISTS = new Set(["symbol_array", "string_array", "array"]);

/** The name of a message to the object itself that is written without a receiver: `private`, `include M`. */
export function ownMessage(tree: SourceTree, node: SourceNode): string | undefined {
  if (node.type === "identifier") return tree.textOf(node);
  if (node.type !== "call" || childOf(node, "receiver") !== undefined) return undefined;
  const method = childOf(node, "method");
  return method?.type === "identifier" ? tree.textOf(method) : undefined;
}

/** Which methods `attr_accessor` and its like make of each of their names. */
export const ACCESSORS: ReadonlyMap<string, { readonly reads: boolean; readonly writes: boolean }> = new Map([
  ["attr", { reads: true, writes: false }],
  ["attr_reader", { reads: true, writes: false }],
  ["attr_writer", { reads: false, writes: true }],
  ["attr_accessor", { reads: true, writes: true }],
]);

/** A class or module that a call makes. */
export interface MadeClass {
  readonly kind: "class" | "module";
  /** What it inherits from. */
  readonly base: SourceNode | undefined;
  /** Members that it is given: `Struct.new(:a, :b)`. */
  readonly fields: readonly SourceNode[];
  /** Whether each field can be assigned to. */
  readonly writes: boolean;
  readonly body: SourceNode | undefined;
}

/** What `Class.new`, `Module.new`, `Struct.new` or `Data.define` makes; undefined for other expressions. */
export function madeClass(tree: SourceTree, node: SourceNode | undefined): MadeClass | undefined {
  if (node?.type !== "call") return undefined;
  const receiver = childOf(node, "receiver");
  const method = childOf(node, "method");
  if (receiver?.type !== "constant" || method === undefined) return undefined;
  const body = childOf(node, "block");
  const given = argumentsOf(node);
  switch (`${tree.textOf(receiver)}.${tree.textOf(method)}`) {
    case "Class.new":
      return { kind: "class", base: given[0], fields: [], writes: false, body };
    case "Module.new":
      return { kind: "module", base: undefined, fields: [], writes: false, body };
    case "Struct.new":
      return { kind: "class", base: undefined, fields: given, writes: true, body };
    case "Data.define":
      return { kind: "class", base: undefined, fields: given, writes: false, body };
    default:
      return undefined;
  }
}

/**
 * The file that a call loads: `./a` when it is named by the place of this file, `a` when it is looked for; undefined for other calls and
 * where the text does not say which.
 */
export function loadedFile(tree: SourceTree, call: SourceNode): string | undefined {
  const message = ownMessage(tree, call);
  const [first] = argumentsOf(call);
  if (first === undefined || message === undefined || !LOADS.has(message)) return undefined;
  const literal = literalName(tree, first)?.name;
  if (literal === undefined) return placedFile(tree, first);
  return message === "require_relative" ? besides(literal) : literal;
}

const LOADS = new Set(["require", "require_relative", "load"]);

/** `File.expand_path("../a", __FILE__)`, `File.expand_path("a", __dir__)`, `File.join(__dir__, "a")`, `__dir__ + "/a"`, `"#{__dir__}/a"`. */
function placedFile(tree: SourceTree, node: SourceNode): string | undefined {
  const parts = node.type === "binary" ? node.children.filter(({ named }) => named) : argumentsOf(node);
  const [one, other] = parts;
  switch (node.type) {
    case "call": {
      const method = `${tree.textOf(childOf(node, "receiver") ?? node)}.${tree.textOf(childOf(node, "method") ?? node)}`;
      if (method === "File.join" && isFolder(tree, one)) return joined(tree, parts.slice(1));
      const path = method === "File.expand_path" ? literalName(tree, one)?.name : undefined;
      if (path === undefined || other === undefined) return undefined;
      if (isFolder(tree, other)) return besides(path);
      // A path from the file itself goes up once to come to its folder.
      return tree.textOf(other) === "__FILE__" && path.startsWith("../") ? besides(path.slice(3)) : undefined;
    }
    case "binary":
      return isFolder(tree, one) ? joined(tree, parts.slice(1)) : undefined;
    case "string": {
      const [first, ...rest] = node.children.filter(({ named }) => named);
      if (
        first?.type !== "interpolation" ||
        !isFolder(
          tree,
          first.children.find(({ named }) => named),
        )
      )
        return undefined;
      const plain = rest.every(({ type }) => type === "string_content");
      return plain ? besides(rest.map((part) => tree.textOf(part)).join("")) : undefined;
    }
    default:
      return undefined;
  }
}

function isFolder(tree: SourceTree, node: SourceNode | undefined): boolean {
  return node !== undefined && FOLDERS.has(tree.textOf(node));
}

const FOLDERS = new Set(["__dir__", "File.dirname(__FILE__)"]);

function joined(tree: SourceTree, parts: readonly SourceNode[]): string | undefined {
  const names = parts.map((part) => literalName(tree, part)?.name);
  return names.length === 0 || names.includes(undefined) ? undefined : besides(names.join("/"));
}

function besides(path: string): string {
  const relative = path.replace(/^\/+/, "");
  return relative.startsWith(".") ? relative : `./${relative}`;
}
