import { childOf, type SourceNode, type SourceTree } from "../drivers/tree-sitter/tree.js";
import type { Visibility } from "../source-parser.js";
import { argumentsOf, literalName, ownMessage } from "./ruby-names.js";

/** What the body of a class or module says of the methods in it, by sections and by name. */
export interface Sections {
  visibilityOf(definition: SourceNode, name: string): Visibility;
  /** The same for methods of the class itself. */
  classVisibilityOf(definition: SourceNode, name: string): Visibility;
  constantVisibility(name: string): Visibility;
  /** Whether a method of a module is also one of the module itself: `module_function`, `extend self`. */
  isShared(definition: SourceNode, name: string): boolean;
}

const SECTIONS: ReadonlySet<string> = new Set(["public", "protected", "private", "module_function"]);
const CLASS_SECTIONS: ReadonlyMap<string, Visibility> = new Map([
  ["private_class_method", "private"],
  ["public_class_method", "public"],
]);

/** Reads the statements of a body. */
export function sectionsOf(tree: SourceTree, body: SourceNode | undefined): Sections {
  const bySection = new Map<SourceNode, string>();
  const byName = new Map<string, string>();
  const forClass = new Map<string | SourceNode, Visibility>();
  const privateConstants = new Set<string>();
  let extendsItself = false;
  let section = "public";
  for (const statement of body?.children ?? []) {
    const message = ownMessage(tree, statement);
    const given = message === undefined ? [] : argumentsOf(statement);
    if (message === undefined || !isAboutOthers(message)) {
      // Another name of a method is seen by whom that is seen by.
      const isAlias = statement.type === "alias" || message === "alias_method";
      if (!isAlias) bySection.set(statement, section);
    } else if (SECTIONS.has(message)) {
      if (given.length === 0) section = message;
      for (const each of given) name(tree, each, message, bySection, byName);
    } else if (message === "private_constant") {
      for (const each of given) privateConstants.add(literalName(tree, each)?.name ?? "");
    } else if (message === "extend") {
      extendsItself ||= given.some(({ type }) => type === "self");
    } else {
      const visibility = CLASS_SECTIONS.get(message);
      for (const each of given)
        if (visibility !== undefined) forClass.set(literalName(tree, each)?.name ?? each, visibility);
    }
  }
  const sectionOf = (node: SourceNode, method: string): string =>
    byName.get(method) ?? bySection.get(node) ?? "public";
  return {
    visibilityOf: (node, method) => {
      const found = sectionOf(node, method);
      return found === "private" || found === "protected" ? found : "public";
    },
    classVisibilityOf: (node, method) => forClass.get(node) ?? forClass.get(method) ?? "public",
    constantVisibility: (constant) => (privateConstants.has(constant) ? "private" : "public"),
    isShared: (node, method) => extendsItself || sectionOf(node, method) === "module_function",
  };
}

function isAboutOthers(message: string): boolean {
  return (
    SECTIONS.has(message) ||
    CLASS_SECTIONS.has(message) ||
    message === "private_constant" ||
    message === "extend"
  );
}

/** `private :a`, `private def a`, `private attr_reader :a`. */
function name(
  tree: SourceTree,
  given: SourceNode,
  section: string,
  bySection: Map<SourceNode, string>,
  byName: Map<string, string>,
): void {
  const literal = literalName(tree, given);
  if (literal !== undefined) byName.set(literal.name, section);
  else if (given.type === "method" || childOf(given, "method") !== undefined) bySection.set(given, section);
}
