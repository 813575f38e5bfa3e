import { childOfType, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { DefinitionKind, Term } from "../name-facts.js";
import {
  childOf,
  hasModifier,
  type JavaBinder,
  opened,
  type Place,
  type Rule,
  type Rules,
} from "./java-binder.js";
import { arrayOf } from "./java-types.js";

const CLASS: Rule = { enter: classBegins, leave: classEnds };
const METHOD: Rule = { enter: methodBegins, leave: methodEnds };

const KINDS: Readonly<Record<string, DefinitionKind>> = {
  class_declaration: "class",
  record_declaration: "class",
  interface_declaration: "interface",
  annotation_type_declaration: "interface",
  enum_declaration: "enum",
};

/** Classes of all kinds, their type parameters, methods and constants. */
export const CLASS_RULES: Rules = {
  class_declaration: CLASS,
  record_declaration: CLASS,
  interface_declaration: CLASS,
  annotation_type_declaration: CLASS,
  enum_declaration: CLASS,
  method_declaration: METHOD,
  annotation_type_element_declaration: METHOD,
  // Constructors define no name: they are called by that of their class, which they would hide from what stands in it.
  constructor_declaration: { enter: withinMethod },
  compact_constructor_declaration: { enter: withinMethod },
  enum_constant: { enter: enumConstant },
  type_parameter: {
    enter(binder, node, place) {
      const name = childOfType(node, "type_identifier");
      if (name !== undefined) {
        const definition = binder.facts.define(binder.place(name), place.block, "typeParameter", {
          space: "type",
        });
        binder.definitions.set(node, definition);
      }
      return undefined;
    },
    leave(binder, node) {
      const definition = binder.definitions.get(node);
      const bounds = partsOf(childOfType(node, "type_bound")).map((bound) => binder.valueOf(bound));
      if (definition !== undefined) binder.facts.setValue(definition, binder.terms.any(bounds));
    },
  },
};

/** Opens the scope of the members of a class without a name of its own, and gives the place of what is in its body. */
export function bindBody(
  binder: JavaBinder,
  node: SourceNode,
  place: Place,
  name: string | undefined,
): Place {
  const scope = binder.facts.scope(place.scope);
  binder.bodies.set(node, scope);
  return { scope, block: scope, self: { scope, name, outer: place.self }, label: undefined };
}

function classBegins(
  binder: JavaBinder,
  node: SourceNode,
  place: Place,
): (child: SourceNode) => Place | undefined {
  const name = childOf(node, "name");
  // Type parameters are in sight of what the class inherits from, and are no members of it.
  const header = childOf(node, "type_parameters") === undefined ? place : opened(binder, place);
  const body = bindBody(binder, node, header, name && binder.text(name));
  if (name !== undefined) {
    const value: Term = { is: "class", scope: body.scope };
    binder.facts.define(binder.place(name), place.block, KINDS[node.type] ?? "class", { value });
  }
  return (child) => {
    if (child === name) return undefined;
    if (child.type === "modifiers") return place;
    return child.field === "body" ? body : header;
  };
}

function classEnds(binder: JavaBinder, node: SourceNode): void {
  const scope = binder.bodies.get(node);
  if (scope === undefined) return;
  const above = node.children.flatMap((child) => {
    if (child.type === "superclass") return partsOf(child);
    const isList = child.type === "super_interfaces" || child.type === "extends_interfaces";
    return isList ? partsOf(childOfType(child, "type_list")) : [];
  });
  const supers = above.flatMap((type) => inheritedTerm(binder, type) ?? []);
  const typeParameters = typeParametersOf(binder, node);
  binder.facts.complete(scope, {
    ...(supers.length > 0 ? { supers } : {}),
    ...(typeParameters.length > 0 ? { typeParameters } : {}),
  });
}

/** What is inherited from: a class by its name, or with the type arguments that it is inherited with. */
export function inheritedTerm(binder: JavaBinder, type: SourceNode): Term | undefined {
  const isGeneric = type.type === "generic_type" || partsOf(type).at(-1)?.type === "generic_type";
  return isGeneric ? binder.valueOf(type) : binder.named.get(type);
}

function typeParametersOf(binder: JavaBinder, node: SourceNode): readonly number[] {
  const list = childOf(node, "type_parameters");
  return partsOf(list).flatMap((parameter) => binder.definitions.get(parameter) ?? []);
}

function methodBegins(
  binder: JavaBinder,
  node: SourceNode,
  place: Place,
): (child: SourceNode) => Place | undefined {
  const name = childOf(node, "name");
  if (name !== undefined) {
    // A file may do without the class around its methods.
    const isMember = place.self !== undefined;
    const definition = binder.facts.define(
      binder.place(name),
      place.block,
      isMember ? "method" : "function",
      {
        space: "value",
        ...(isMember ? { static: hasModifier(node, "static") } : {}),
      },
    );
    binder.definitions.set(node, definition);
  }
  return withinMethod(binder, node, place);
}

function withinMethod(
  binder: JavaBinder,
  node: SourceNode,
  place: Place,
): (child: SourceNode) => Place | undefined {
  const name = childOf(node, "name");
  const within: Place = { ...opened(binder, place), label: undefined };
  return (child) => {
    if (child === name) return undefined;
    return child.type === "modifiers" ? place : within;
  };
}

function methodEnds(binder: JavaBinder, node: SourceNode): void {
  const definition = binder.definitions.get(node);
  if (definition === undefined) return;
  const type = binder.valueOf(childOf(node, "type"));
  const returned = arrayOf(binder, type, childOf(node, "dimensions"));
  const list = partsOf(childOf(node, "parameters"));
  const typeParameters = typeParametersOf(binder, node);
  binder.facts.setValue(definition, {
    is: "function",
    parameters: list.flatMap((parameter) => binder.definitions.get(parameter) ?? []),
    returns: returned === undefined ? [] : [returned],
    ...(typeParameters.length > 0 ? { typeParameters } : {}),
    ...(list.at(-1)?.type === "spread_parameter" ? { rest: true } : {}),
  });
}

/** A constant is an instance of its enum, or of the body that it has. */
function enumConstant(
  binder: JavaBinder,
  node: SourceNode,
  place: Place,
): ((child: SourceNode) => Place | undefined) | undefined {
  const name = childOf(node, "name");
  const { self } = place;
  if (name === undefined || self === undefined) return undefined;
  const body = childOf(node, "body");
  const within = body && bindBody(binder, node, place, undefined);
  if (within !== undefined)
    binder.facts.complete(within.scope, { supers: [{ is: "class", scope: self.scope }] });
  binder.facts.define(binder.place(name), place.block, "property", {
    value: { is: "instance", scope: within?.scope ?? self.scope },
    space: "value",
    static: true,
  });
  return (child) => {
    if (child === name) return undefined;
    return child === body ? within : place;
  };
}
