import { childOf, partsOf, type SourceNode, type SourceTree } from "../drivers/tree-sitter/tree.js";

/** A name that `use` imports. */
interface UsedName {
  /** In full, without a `\` in front. */
  readonly name: string;
  readonly kind: "type" | "call" | "value";
  /** The last part of the name, and the other name that it is given. */
  readonly last: SourceNode;
  readonly alias: SourceNode | undefined;
}

/** The names that a `use` at the top of a file imports. */
export function usedNames(tree: SourceTree, declaration: SourceNode): readonly UsedName[] {
  const group = childOf(declaration, "body");
  const before = declaration.children.find(({ type }) => type === "namespace_name");
  const prefix = group === undefined || before === undefined ? "" : `${plainName(tree, before)}\\`;
  return (group ?? declaration).children.flatMap((clause): readonly UsedName[] => {
    if (clause.type !== "namespace_use_clause") return [];
    const written = partsOf(clause).find(({ field }) => field === undefined);
    const last = lastPart(written);
    if (written === undefined || last === undefined) return [];
    const type = (childOf(clause, "type") ?? childOf(declaration, "type"))?.type;
    const kind = type === "function" ? "call" : type === "const" ? "value" : "type";
    return [{ name: prefix + plainName(tree, written), kind, last, alias: childOf(clause, "alias") }];
  });
}

/** The last part of a name. */
export function lastPart(name: SourceNode | undefined): SourceNode | undefined {
  return name?.type === "name" ? name : partsOf(name).findLast(({ type }) => type === "name");
}

/** A name as it is written, without blanks, comments and a `\` in front. */
export function plainName(tree: SourceTree, name: SourceNode): string {
  return tree
    .textOf(name)
    .replace(/\/\*[\s\S]*?\*\/|\s+/g, "")
    .replace(/^\\/, "");
}

/** The name of a `qualified_name` that starts with `\`, without that. */
export function fullNameOf(tree: SourceTree, name: SourceNode): string | undefined {
  return tree.text[name.start] === "\\" ? plainName(tree, name) : undefined;
}

/** The literal path of a `require` or an `include`; one after `__DIR__` starts with `./`. */
export function includedPath(tree: SourceTree, expression: SourceNode): string | undefined {
  let [path] = partsOf(expression);
  if (path?.type === "parenthesized_expression") [path] = partsOf(path);
  const isBeside = path?.type === "binary_expression";
  if (path !== undefined && isBeside) {
    const left = childOf(path, "left");
    if (left === undefined || !/^(?:__DIR__|dirname\(__FILE__\))$/.test(tree.textOf(left))) return undefined;
    path = childOf(path, "right");
  }
  const contents = partsOf(path);
  const [content] = contents;
  const isLiteral = path?.type === "string" || path?.type === "encapsed_string";
  if (!isLiteral || contents.length !== 1 || content?.type !== "string_content") return undefined;
  const text = tree.textOf(content);
  return isBeside ? `.${text.startsWith("/") ? "" : "/"}${text}` : text;
}
