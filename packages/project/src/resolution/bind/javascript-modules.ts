import { childOfType, hasToken, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import {
  type Around,
  childOf,
  type JavaScriptBinder,
  MOST_DEPTH,
  MOST_SPECIFIER,
} from "./javascript-binder.js";
import { expressionTerm } from "./javascript-expressions.js";
import { bindStatement } from "./javascript-statements.js";
import { NOTHING } from "./javascript-types.js";

/** `import … from "x"`, and TypeScript's `import a = require("x")`. */
export function bindImport(binder: JavaScriptBinder, node: SourceNode, around: Around): void {
  const required = childOfType(node, "import_require_clause");
  const module = moduleOf(binder, childOf(required ?? node, "source"));
  if (module === undefined) return;
  const define = (name: SourceNode | undefined, value: Term): void => {
    if (name) binder.facts.define(binder.place(name), around.scope, "import", { value });
  };
  if (required) define(childOfType(required, "identifier"), module);
  for (const part of partsOf(childOfType(node, "import_clause"))) {
    if (part.type === "identifier") define(part, { is: "member", of: module, name: "default" });
    else if (part.type === "namespace_import") define(childOfType(part, "identifier"), module);
    else for (const specifier of partsOf(part)) bindSpecifier(specifier);
  }

  function bindSpecifier(specifier: SourceNode): void {
    const name = binder.keyPlace(childOf(specifier, "name"));
    if (name === undefined || module === undefined) return;
    const value: Term = { is: "member", of: module, name: name.name };
    binder.facts.refer(name, "import", value);
    define(childOf(specifier, "alias") ?? childOf(specifier, "name"), value);
  }
}

/** `import A = B.C`. */
export function bindImportAlias(binder: JavaScriptBinder, node: SourceNode, around: Around): void {
  const [name, of] = partsOf(node);
  const value = of && expressionTerm(binder, of, around);
  if (name) binder.facts.define(binder.place(name), around.scope, "import", value ? { value } : {});
}

/** All forms of `export`. */
export function bindExport(binder: JavaScriptBinder, node: SourceNode, around: Around): void {
  for (const decorator of node.children.filter((child) => child.type === "decorator"))
    bindStatement(binder, decorator, around);
  const declaration = childOf(node, "declaration");
  const value = childOf(node, "value");
  const source = moduleOf(binder, childOf(node, "source"));
  const clause = childOfType(node, "export_clause");
  const word = node.children.find((child) => child.type === "default");
  if (declaration !== undefined) {
    bindStatement(binder, declaration, around);
    const names = declaredNames(declaration);
    if (around.scope !== 0) return;
    for (const name of names) {
      const place = binder.place(name);
      binder.facts.export(word ? "default" : place.name, { is: "name", name: place.name, scope: 0 });
    }
  } else if (value !== undefined) {
    const term = expressionTerm(binder, value, around) ?? NOTHING;
    if (around.scope !== 0) return;
    binder.facts.export("default", term, word && binder.place(word));
  } else if (clause !== undefined) {
    for (const specifier of partsOf(clause)) bindExported(binder, specifier, source, around);
  } else if (source !== undefined) {
    const namespace = childOfType(node, "namespace_export");
    const name = partsOf(namespace)[0];
    if (name) binder.facts.export(binder.text(name), source, binder.place(name));
    else binder.facts.export("*", source);
  } else if (hasToken(node, "=")) {
    const of = partsOf(node).at(-1);
    const first = node.children[0];
    const term = of && expressionTerm(binder, of, around);
    if (term && first) binder.facts.export("=", term, binder.place(first));
  } else {
    for (const child of partsOf(node)) bindStatement(binder, child, around);
  }
}

/** `a as b` of an export clause. */
function bindExported(
  binder: JavaScriptBinder,
  specifier: SourceNode,
  source: Term | undefined,
  around: Around,
): void {
  const name = binder.keyPlace(childOf(specifier, "name"));
  if (name === undefined || around.scope !== 0) return;
  const shown = binder.keyPlace(childOf(specifier, "alias")) ?? name;
  const term: Term =
    source === undefined
      ? { is: "name", name: name.name, scope: around.scope }
      : { is: "member", of: source, name: name.name };
  binder.facts.refer(name, source === undefined ? "read" : "import", term);
  // `=` and `*` have a meaning of their own here.
  if (shown.name !== "=" && shown.name !== "*") binder.facts.export(shown.name, term, shown);
}

function moduleOf(binder: JavaScriptBinder, source: SourceNode | undefined): Term | undefined {
  if (source === undefined || source.end - source.start > MOST_SPECIFIER) return undefined;
  return { is: "module", specifier: binder.text(source).slice(1, -1) };
}

/** The names that a declaration declares. */
function declaredNames(declaration: SourceNode): readonly SourceNode[] {
  const name = childOf(declaration, "name");
  if (declaration.type === "ambient_declaration") return partsOf(declaration).flatMap(declaredNames);
  if (declaration.type === "internal_module" || declaration.type === "module") {
    return name === undefined ? [] : [firstName(name)];
  }
  if (name !== undefined) return [name];
  return partsOf(declaration)
    .filter((each) => each.type === "variable_declarator")
    .flatMap((each) => patternNames(childOf(each, "name")));
}

function firstName(node: SourceNode): SourceNode {
  let name = node;
  for (let first = partsOf(name)[0]; first !== undefined; first = partsOf(name)[0]) name = first;
  return name;
}

function patternNames(pattern: SourceNode | undefined, depth = 0): readonly SourceNode[] {
  if (pattern === undefined || depth >= MOST_DEPTH) return [];
  if (pattern.type === "identifier" || pattern.type === "shorthand_property_identifier_pattern")
    return [pattern];
  if (pattern.type === "pair_pattern") return patternNames(childOf(pattern, "value"), depth + 1);
  if (pattern.type === "assignment_pattern" || pattern.type === "object_assignment_pattern")
    return patternNames(childOf(pattern, "left"), depth + 1);
  return partsOf(pattern).flatMap((part) => patternNames(part, depth + 1));
}
