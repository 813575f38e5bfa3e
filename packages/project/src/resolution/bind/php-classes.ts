import { partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { DefinitionKind, Term } from "../name-facts.js";
import { childOf, functionPlace, type PhpBinder, type Place, type Rule, type Rules } from "./php-binder.js";

const KINDS: Readonly<Record<string, DefinitionKind>> = {
  class_declaration: "class",
  trait_declaration: "class",
  interface_declaration: "interface",
  enum_declaration: "enum",
};
const CLASS: Rule = { enter: classBegins, leave: classEnds };
const FUNCTION: Rule = { enter: functionBegins, leave: functionEnds };
const NAME_CLAUSES = new Set(["base_clause", "class_interface_clause"]);

/** Types of all kinds and their members, functions and their parameters. */
export const CLASS_RULES: Rules = {
  class_declaration: CLASS,
  trait_declaration: CLASS,
  interface_declaration: CLASS,
  enum_declaration: CLASS,
  anonymous_class: CLASS,
  function_definition: FUNCTION,
  method_declaration: FUNCTION,
  anonymous_function: FUNCTION,
  arrow_function: {
    enter(binder, _node, place) {
      // It sees the variables around it.
      const within: Place = { ...place, scope: binder.facts.scope(place.scope), returns: [] };
      return () => within;
    },
    leave(binder, node) {
      const returned = binder.valueOf(childOf(node, "return_type")) ?? binder.valueOf(childOf(node, "body"));
      binder.setValue(node, functionTerm(binder, node, returned));
    },
  },
  property_declaration: {
    leave(binder, node, { self }) {
      const type = binder.valueOf(childOf(node, "type"));
      for (const element of node.children) {
        const [name] = element.type === "property_element" ? partsOf(childOf(element, "name")) : [];
        if (name === undefined || self === undefined) continue;
        const definition = binder.facts.define(binder.place(name), self, "property", {
          space: "value",
          ...(type === undefined ? {} : { value: type }),
        });
        if (type !== undefined) continue;
        binder.untyped.add(definition);
        binder.addValue(definition, binder.valueOf(childOf(element, "default_value")));
      }
    },
  },
  property_element: { enter: withoutName },
  property_hook: {
    enter(binder, _node, place) {
      const within = functionPlace(binder, place);
      return (child) => (child.type === "name" ? undefined : within);
    },
  },
  const_element: {
    enter(binder, node, place) {
      const { self, around } = place;
      const [name] = partsOf(node);
      const kind = self === undefined ? "variable" : "property";
      binder.define(node, name, self ?? around, kind, { space: "value" });
      return (child) => (child === name ? undefined : place);
    },
    leave: (binder, node) => binder.setDefined(node, binder.valueOf(partsOf(node)[1])),
  },
  enum_case: {
    enter(binder, node, place) {
      const { self } = place;
      const name = childOf(node, "name");
      if (self !== undefined)
        binder.define(node, name, self, "property", {
          space: "value",
          value: { is: "instance", scope: self },
        });
      return (child) => (child === name ? undefined : place);
    },
  },
  use_declaration: { enter: inheritsAll },
  base_clause: { enter: inheritsAll },
  class_interface_clause: { enter: inheritsAll },
  simple_parameter: { enter: parameter, leave: parameterEnds },
  variadic_parameter: { enter: parameter, leave: parameterEnds },
  property_promotion_parameter: {
    enter(binder, node, place) {
      const variable = variableOf(node);
      const [name] = partsOf(variable);
      if (place.self !== undefined && variable !== undefined)
        binder.define(variable, name, place.self, "property", { space: "value" });
      return parameter(binder, node, place);
    },
    leave(binder, node) {
      parameterEnds(binder, node);
      const variable = variableOf(node);
      if (variable !== undefined) binder.setDefined(variable, binder.valueOf(childOf(node, "type")));
    },
  },
  anonymous_function_use_clause: {
    // The rule of the function has defined them.
    enter: () => () => undefined,
  },
};

function classBegins(
  binder: PhpBinder,
  node: SourceNode,
  place: Place,
): (child: SourceNode) => Place | undefined {
  const name = childOf(node, "name");
  const self = binder.facts.scope(place.around, "none");
  binder.bodies.set(node, self);
  const value: Term = { is: "class", scope: self };
  binder.define(node, name, place.around, KINDS[node.type] ?? "class", { space: "type", value });
  const within: Place = { ...place, self, scope: place.around, returns: undefined };
  return (child) => {
    if (child === name) return undefined;
    return child.field === "body" || NAME_CLAUSES.has(child.type) ? within : place;
  };
}

function classEnds(binder: PhpBinder, node: SourceNode): void {
  const scope = binder.bodies.get(node);
  const uses = childOf(node, "body")?.children.filter(({ type }) => type === "use_declaration") ?? [];
  const clauses = node.children.filter(({ type }) => NAME_CLAUSES.has(type));
  // A trait comes before what is inherited.
  const supers = [...uses, ...clauses].flatMap((clause) =>
    partsOf(clause).flatMap((name) => binder.named.get(name) ?? []),
  );
  if (scope !== undefined && supers.length > 0) binder.facts.complete(scope, { supers });
  if (scope !== undefined && node.type === "anonymous_class")
    binder.setValue(node, { is: "instance", scope });
}

function inheritsAll(binder: PhpBinder, node: SourceNode, place: Place): () => undefined {
  for (const name of partsOf(node)) {
    const term = /name$/.test(name.type) ? binder.refer(name, place, "type", "inherit") : undefined;
    if (term !== undefined) binder.named.set(name, term);
  }
  return () => undefined;
}

function functionBegins(
  binder: PhpBinder,
  node: SourceNode,
  place: Place,
): (child: SourceNode) => Place | undefined {
  const name = childOf(node, "name");
  const { self } = place;
  if (node.type === "function_definition")
    binder.define(node, name, place.around, "function", { space: "call" });
  else if (node.type === "method_declaration" && self !== undefined)
    binder.define(node, name, self, "method", { space: "call" });
  const within = functionPlace(binder, place);
  if (within.returns !== undefined) binder.returned.set(node, within.returns);
  const captured = node.children.find(({ type }) => type === "anonymous_function_use_clause");
  for (const each of partsOf(captured)) {
    const variable = each.type === "by_ref" ? partsOf(each)[0] : each;
    if (variable?.type !== "variable_name") continue;
    const value: Term = { is: "name", name: binder.text(variable), scope: place.scope, space: "value" };
    binder.facts.define(binder.place(variable), within.scope, "import", { space: "value", value });
  }
  return (child) => {
    if (child === name) return undefined;
    return child.field === "attributes" ? place : within;
  };
}

function functionEnds(binder: PhpBinder, node: SourceNode): void {
  const declared = binder.valueOf(childOf(node, "return_type"));
  const term = functionTerm(binder, node, declared ?? binder.terms.any(binder.returned.get(node) ?? []));
  binder.setDefined(node, term);
  if (node.type === "anonymous_function") binder.setValue(node, term);
}

function functionTerm(binder: PhpBinder, node: SourceNode, returned: Term | undefined): Term {
  const parameters = partsOf(childOf(node, "parameters"));
  return {
    is: "function",
    parameters: parameters.flatMap((each) => binder.definitions.get(each) ?? []),
    returns: returned === undefined ? [] : [returned],
  };
}

/** The variable of a parameter. */
function variableOf(node: SourceNode): SourceNode | undefined {
  const name = childOf(node, "name");
  return name?.type === "by_ref" ? partsOf(name)[0] : name;
}

function parameter(
  binder: PhpBinder,
  node: SourceNode,
  place: Place,
): (child: SourceNode) => Place | undefined {
  binder.define(node, variableOf(node), place.scope, "parameter", { space: "value" });
  return (child) => (child.field === "name" ? undefined : place);
}

function parameterEnds(binder: PhpBinder, node: SourceNode): void {
  const type = binder.valueOf(childOf(node, "type"));
  binder.setDefined(node, node.type === "variadic_parameter" ? binder.terms.array(type) : type);
}

function withoutName(
  _binder: PhpBinder,
  _node: SourceNode,
  place: Place,
): (child: SourceNode) => Place | undefined {
  return (child) => (child.field === "name" ? undefined : place);
}
