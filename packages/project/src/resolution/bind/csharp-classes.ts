import { childOfType, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import { hasModifier } from "../../outline/csharp-names.js";
import type { DefinitionKind, Term } from "../name-facts.js";
import { type CSharpBinder, childOf, opened, type Place, type Rule, type Rules } from "./csharp-binder.js";
import { boundsOf } from "./csharp-types.js";

const KINDS: Readonly<Record<string, DefinitionKind>> = {
  class_declaration: "class",
  struct_declaration: "class",
  record_declaration: "class",
  interface_declaration: "interface",
  enum_declaration: "enum",
};
const CLASS: Rule = { enter: classBegins, leave: classEnds };
/** Constructors define no name: they are called by that of their class, which they would hide from what stands in it. */
const UNNAMED: Rule = { enter: withinMethod };
const METHOD: Rule = { enter: methodBegins, leave: methodEnds };
const PROPERTY: Rule = { enter: propertyBegins, leave: propertyEnds };

/** Types of all kinds, their type parameters and members. */
export const CLASS_RULES: Rules = {
  class_declaration: CLASS,
  struct_declaration: CLASS,
  record_declaration: CLASS,
  interface_declaration: CLASS,
  enum_declaration: CLASS,
  method_declaration: METHOD,
  local_function_statement: METHOD,
  delegate_declaration: METHOD,
  constructor_declaration: UNNAMED,
  destructor_declaration: UNNAMED,
  operator_declaration: UNNAMED,
  conversion_operator_declaration: UNNAMED,
  indexer_declaration: UNNAMED,
  property_declaration: PROPERTY,
  event_declaration: PROPERTY,
  accessor_declaration: {
    enter(binder, node, place) {
      const isGetter = childOf(node, "name")?.type === "get";
      const within = {
        ...opened(binder, place),
        labels: binder.facts.scope(place.scope, "own"),
        assigned: isGetter ? undefined : node.parent?.parent,
      };
      return () => within;
    },
  },
  enum_member_declaration: {
    enter(binder, node, place) {
      const name = childOf(node, "name");
      const { self } = place;
      if (self !== undefined)
        binder.define(node, name, place.scope, "property", {
          value: { is: "instance", scope: self.scope },
          static: true,
        });
      return (child) => (child === name ? undefined : place);
    },
  },
  type_parameter: {
    enter(binder, node, place) {
      binder.define(node, childOf(node, "name"), place.scope, "typeParameter", { space: "type" });
      return (child) => (child.type === "attribute_list" ? place : undefined);
    },
  },
};

function classBegins(
  binder: CSharpBinder,
  node: SourceNode,
  place: Place,
): (child: SourceNode) => Place | undefined {
  const name = childOf(node, "name");
  const parameters = childOfType(node, "parameter_list");
  const isOpened = parameters !== undefined || childOfType(node, "type_parameter_list") !== undefined;
  // Type parameters are in sight of what the type inherits from, and are no members of it.
  const header = isOpened ? opened(binder, place) : place;
  const scope = binder.facts.scope(header.scope);
  binder.bodies.set(node, scope);
  const of: Term | undefined = place.self ? place.self.term : { is: "module", specifier: place.namespace };
  const term = name && binder.terms.member(of, binder.text(name));
  const within: Place = { ...header, scope, self: { scope, term }, labels: undefined };
  binder.define(node, name, place.scope, KINDS[node.type] ?? "class", { value: { is: "class", scope } });
  return (child) => {
    if (child === name) return undefined;
    if (child.type === "attribute_list") return place;
    // The parameters of a record are its properties, those of other classes are in sight of their members.
    const isComponents = child === parameters && node.type === "record_declaration";
    return child.field === "body" || isComponents ? within : header;
  };
}

function classEnds(binder: CSharpBinder, node: SourceNode, place: Place): void {
  const scope = binder.bodies.get(node);
  if (scope === undefined) return;
  const bases = partsOf(childOfType(node, "base_list")).map((type) =>
    type.type === "primary_constructor_base_type" ? childOf(type, "type") : type,
  );
  const supers = bases.flatMap((type) => inheritedTerm(binder, type) ?? []);
  const name = childOf(node, "name");
  if (name !== undefined && hasModifier(binder.tree, node, "partial")) {
    // The other parts of the type have members of it, too.
    const of: Term | undefined = place.self ? place.self.term : { is: "module", specifier: place.namespace };
    const parts = binder.terms.member(of, binder.text(name), "type");
    if (parts !== undefined) supers.push(parts);
  }
  const typeParameters = typeParametersOf(binder, node);
  binder.facts.complete(scope, {
    ...(supers.length > 0 ? { supers } : {}),
    ...(typeParameters.length > 0 ? { typeParameters } : {}),
  });
}

/** What is inherited from: a type by its name, or with the type arguments that it is inherited with. */
function inheritedTerm(binder: CSharpBinder, type: SourceNode | undefined): Term | undefined {
  if (type === undefined) return undefined;
  const last = type.type === "qualified_name" ? childOf(type, "name") : type;
  return last?.type === "generic_name" ? binder.valueOf(type) : binder.named.get(type);
}

/** The type parameters of a declaration, once they are bound by its `where`. */
function typeParametersOf(binder: CSharpBinder, node: SourceNode): readonly number[] {
  const bounds = boundsOf(binder, node);
  return partsOf(childOfType(node, "type_parameter_list")).flatMap((parameter) => {
    const name = childOf(parameter, "name");
    if (name !== undefined) binder.setDefined(parameter, bounds.get(binder.text(name)));
    return binder.definitions.get(parameter) ?? [];
  });
}

function methodBegins(
  binder: CSharpBinder,
  node: SourceNode,
  place: Place,
): (child: SourceNode) => Place | undefined {
  const name = childOf(node, "name");
  if (node.type === "delegate_declaration") binder.define(node, name, place.scope, "type");
  else if (place.self === undefined || node.type === "local_function_statement")
    binder.define(node, name, place.scope, "function", { space: "value" });
  else
    binder.define(node, name, memberScope(binder, node, place), "method", {
      space: "value",
      static: hasModifier(binder.tree, node, "static"),
    });
  return withinMethod(binder, node, place);
}

/** Where a member is found: one of an interface that a class has by that interface's name is no member of the class. */
function memberScope(binder: CSharpBinder, node: SourceNode, place: Place): number {
  const isExplicit = childOfType(node, "explicit_interface_specifier") !== undefined;
  return isExplicit ? binder.facts.scope(place.scope, "none") : place.scope;
}

function withinMethod(
  binder: CSharpBinder,
  node: SourceNode,
  place: Place,
): (child: SourceNode) => Place | undefined {
  const name = childOf(node, "name");
  const within: Place = {
    ...opened(binder, place),
    labels: binder.facts.scope(place.scope, "own"),
    assigned: undefined,
  };
  return (child) => {
    if (child === name) return undefined;
    return child.type === "attribute_list" ? place : within;
  };
}

function methodEnds(binder: CSharpBinder, node: SourceNode): void {
  const returned = binder.valueOf(childOf(node, "returns") ?? childOf(node, "type"));
  const list = partsOf(childOf(node, "parameters"));
  const typeParameters = typeParametersOf(binder, node);
  binder.setDefined(node, {
    is: "function",
    parameters: list.flatMap((parameter) => binder.definitions.get(parameter) ?? []),
    returns: returned === undefined ? [] : [returned],
    ...(typeParameters.length > 0 ? { typeParameters } : {}),
  });
}

function propertyBegins(
  binder: CSharpBinder,
  node: SourceNode,
  place: Place,
): (child: SourceNode) => Place | undefined {
  const name = childOf(node, "name");
  binder.define(node, name, memberScope(binder, node, place), "property", {
    space: "value",
    static: hasModifier(binder.tree, node, "static"),
  });
  const value = opened(binder, place);
  return (child) => {
    if (child === name) return undefined;
    return child.field === "value" ? value : place;
  };
}

function propertyEnds(binder: CSharpBinder, node: SourceNode): void {
  binder.setDefined(node, binder.valueOf(childOf(node, "type")));
}
