import { hasToken, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import { FOR_ALL } from "../../graph/namespace-index.js";
import { dottedName, dottedParts, importedName, withinEach } from "../../outline/csharp-names.js";
import type { Term } from "../name-facts.js";
import { type CSharpBinder, childOf, type Place, type Rules } from "./csharp-binder.js";

/** A namespace with more parts is made by a machine. */
const MOST_PARTS = 12;

/** Namespaces, and what is imported from them. */
export const NAMESPACE_RULES: Rules = {
  compilation_unit: {
    enter(binder, node, place) {
      const global = added(binder, place, "");
      const declaration = node.children.find(({ type }) => type === "file_scoped_namespace_declaration");
      const within = declaration === undefined ? global : namespacePlace(binder, declaration, global);
      // What is imported behind the declaration may be a part of that namespace.
      const imports = { ...place, namespace: within.namespace };
      const end = declaration?.end ?? Number.POSITIVE_INFINITY;
      return (child) => (child.type !== "using_directive" ? within : child.start < end ? place : imports);
    },
  },
  file_scoped_namespace_declaration: { enter: () => () => undefined },
  namespace_declaration: {
    enter(binder, node, place) {
      const imports = { ...place, scope: binder.facts.scope(place.scope) };
      const within = namespacePlace(binder, node, imports);
      const directives = childOf(node, "body")?.children ?? [];
      for (const directive of directives)
        if (directive.type === "using_directive") bindUsing(binder, directive, imports);
      return (child) => (child.field === "name" ? undefined : within);
    },
  },
  using_directive: {
    enter(binder, node, place) {
      if (node.parent?.type !== "declaration_list") bindUsing(binder, node, place);
      return (child) => (child.type === "type_argument_list" ? place : undefined);
    },
  },
  extern_alias_directive: { enter: () => () => undefined },
};

/** The scope of a file's imports, which is around all else. */
export function fileScope(binder: CSharpBinder): number {
  const scope = binder.facts.scope(-1);
  showAll(binder, scope, { is: "module", specifier: FOR_ALL });
  return scope;
}

/** Opens the scopes of a namespace and of those around it, and gives the place of what is in it. */
function namespacePlace(binder: CSharpBinder, declaration: SourceNode, place: Place): Place {
  const name = childOf(declaration, "name");
  const parts = name && dottedParts(name);
  if (name === undefined || parts === undefined || parts.length > MOST_PARTS) return place;
  let within = place;
  for (const part of parts) {
    const outer = within.namespace === "" ? "" : `${within.namespace}.`;
    within = added(binder, within, outer + binder.text(part));
  }
  const value: Term = { is: "module", specifier: within.namespace };
  // Nobody finds it by its name: that is resolved with what stands behind it.
  binder.facts.define(binder.place(name), binder.facts.scope(place.scope, "none"), "module", { value });
  return within;
}

/** The place of what is added to a namespace. It sees what other files add. */
function added(binder: CSharpBinder, place: Place, namespace: string): Place {
  const scope = binder.facts.scope(place.scope);
  showAll(binder, scope, { is: "module", specifier: namespace });
  binder.namespaces.push([namespace, scope]);
  return { ...place, scope, namespace };
}

/** Everything that a term shows is seen in a scope. That stands nowhere in the text. */
function showAll(binder: CSharpBinder, scope: number, value: Term): void {
  binder.facts.define({ name: "*", start: -1, end: -1 }, scope, "import", { value });
}

/** `using A.B;`, `using static A.B.Type;`, `using Name = A.B.Type;` */
function bindUsing(binder: CSharpBinder, directive: SourceNode, place: Place): void {
  const target = importedName(directive);
  const parts = target && dottedParts(target);
  const last = parts?.at(-1);
  if (target === undefined || parts === undefined || last === undefined) return;
  const isStatic = hasToken(directive, "static");
  const alias = childOf(directive, "name");
  if (!isStatic && alias === undefined) {
    const written = dottedName(binder.tree, target) ?? "";
    const at = { name: "*", start: target.start, end: target.end };
    for (const specifier of withinEach(place.namespace, written))
      binder.facts.define(at, place.scope, "import", { value: { is: "module", specifier } });
    return;
  }
  const value = typeTerm(binder, parts);
  if (value !== undefined) binder.facts.refer(binder.place(last), "import", value);
  if (isStatic) showAll(binder, place.scope, value ?? { is: "any", of: [] });
  else if (alias !== undefined) {
    const whole: Term = { is: "module", specifier: parts.map((part) => binder.text(part)).join(".") };
    const either = binder.terms.any([value, whole]);
    binder.facts.define(binder.place(alias), place.scope, "import", { value: either ?? whole });
  }
}

/** The type of a dotted name, in a namespace or within another type. */
function typeTerm(binder: CSharpBinder, parts: readonly SourceNode[]): Term | undefined {
  const names = parts.map((part) => binder.text(part));
  const inNamespace = (length: number): Term | undefined => {
    let term: Term | undefined = { is: "module", specifier: names.slice(0, length).join(".") };
    for (const name of names.slice(length)) term = binder.terms.member(term, name);
    return term;
  };
  const outermost = names.length > 2 ? inNamespace(names.length - 2) : undefined;
  return binder.terms.any([inNamespace(names.length - 1), outermost]);
}

/** Longer names in front of another are no namespaces. */
const LONGEST = 200;

/**
 * What a name may be in a namespace that stands in front of it, as it is written or within those around. Only names with a capital are
 * taken for namespaces.
 */
export function inNamespaces(
  binder: CSharpBinder,
  before: SourceNode | undefined,
  name: string,
  place: Place,
): readonly (Term | undefined)[] {
  const parts = before ? dottedParts(before) : undefined;
  const first = parts?.[0];
  if (before === undefined || parts === undefined || first === undefined) return [];
  const written = parts.map((part) => binder.text(part)).join(".");
  if (!/^\p{Lu}/u.test(written) || written.length > LONGEST) return [];
  if (binder.facts.scopeOf(binder.text(first), place.scope) !== undefined) return [];
  return withinEach(place.namespace, written).map((specifier) =>
    binder.terms.member({ is: "module", specifier }, name),
  );
}
