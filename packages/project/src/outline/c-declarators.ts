import { childOf, type SourceNode, type SourceTree } from "../drivers/tree-sitter/tree.js";

/** A declarator that nests deeper is made by a machine. */
const MOST_PARTS = 40;

/** What a declarator declares. */
export interface Declared {
  /** The name: plain, qualified (`A::b`), of an operator or a destructor, or several in brackets. */
  readonly name: SourceNode;
  /** What is around the name, outermost first: pointers, arrays, parameters. */
  readonly around: readonly SourceNode[];
  /** The parameters, where it is the name of a function and not of a pointer to one. */
  readonly function: SourceNode | undefined;
}

const NAMES: ReadonlySet<string> = new Set([
  "identifier",
  "field_identifier",
  "type_identifier",
  "qualified_identifier",
  "destructor_name",
  "operator_name",
  "operator_cast",
  "template_function",
  "template_method",
  "structured_binding_declarator",
]);

/** Reads a declarator from the outside in; undefined where it has no name. */
export function declaredBy(declarator: SourceNode): Declared | undefined {
  const around: SourceNode[] = [];
  let at: SourceNode | undefined = declarator;
  while (at !== undefined && !NAMES.has(at.type)) {
    if (around.push(at) > MOST_PARTS) return undefined;
    at = childOf(at, "declarator") ?? at.children.find((child) => isDeclarator(child));
  }
  if (at === undefined) return undefined;
  // A qualified operator for a conversion holds its own parameters.
  const inner = around.findLast(
    ({ type }) => type !== "parenthesized_declarator" && type !== "attributed_declarator",
  );
  return { name: at, around, function: inner?.type === "function_declarator" ? inner : undefined };
}

function isDeclarator({ type, named }: SourceNode): boolean {
  return named && (NAMES.has(type) || (type.endsWith("_declarator") && !type.startsWith("abstract_")));
}

/** The declarators of a declaration, which may have several. */
export function declaratorsOf(declaration: SourceNode): readonly SourceNode[] {
  return declaration.children.filter(({ field, named }) => field === "declarator" && named);
}

/** The parts of `A::B::c`, outermost first, with types in front where these have arguments; the name itself for a plain one. */
export function qualifiedParts(name: SourceNode): readonly SourceNode[] {
  const parts: SourceNode[] = [];
  let at: SourceNode | undefined = name;
  while (at?.type === "qualified_identifier" && parts.length < MOST_PARTS) {
    const scope = childOf(at, "scope");
    if (scope !== undefined) parts.push(scope);
    at = childOf(at, "name");
  }
  return at === undefined ? parts : [...parts, at];
}

/** A name without its type arguments. */
export function plainName(node: SourceNode): SourceNode {
  const isTemplate = node.type.startsWith("template_") || node.type === "dependent_type";
  const inner = isTemplate ? (childOf(node, "name") ?? node.children.find(({ named }) => named)) : undefined;
  return inner ?? node;
}

/** How a name is written: `operator int` of a conversion, without its parameters. */
export function nameText(tree: SourceTree, name: SourceNode): string {
  const end = name.type === "operator_cast" ? (childOf(name, "type")?.end ?? name.end) : name.end;
  return tree.text.slice(name.start, end);
}

/** The identifiers of `a::b` in front of the body of a namespace. */
export function namespaceNames(definition: SourceNode): readonly SourceNode[] {
  const name = childOf(definition, "name");
  if (name === undefined) return [];
  if (name.type !== "nested_namespace_specifier") return [name];
  const names: SourceNode[] = [];
  const pending: SourceNode[] = [name];
  for (let node = pending.pop(); node !== undefined && names.length < MOST_PARTS; node = pending.pop()) {
    if (node.type === "namespace_identifier") names.push(node);
    else pending.push(...[...node.children].reverse());
  }
  return names;
}

/** A class, as far as the grammar shows it. */
export interface ClassParts {
  readonly name: SourceNode | undefined;
  readonly body: SourceNode;
}

const CLASSES: ReadonlySet<string> = new Set(["class_specifier", "struct_specifier", "union_specifier"]);

/**
 * The name and the body of a class that a node defines; undefined for others. `class EXPORTED Name { … }` with a macro in front of the name is
 * read as a function by the grammar.
 */
export function classParts(node: SourceNode): ClassParts | undefined {
  const body = childOf(node, "body");
  if (body === undefined) return undefined;
  if (CLASSES.has(node.type)) return { name: childOf(node, "name"), body };
  if (node.type !== "function_definition" || body.type !== "compound_statement") return undefined;
  const type = childOf(node, "type");
  const name = childOf(node, "declarator");
  const isClass = type !== undefined && CLASSES.has(type.type) && childOf(type, "body") === undefined;
  return isClass && name?.type === "identifier" ? { name, body } : undefined;
}
