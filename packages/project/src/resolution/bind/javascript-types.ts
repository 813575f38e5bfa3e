import { childOfType, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import type { NamePlace } from "../name-facts-builder.js";
import { type Around, childOf, type JavaScriptBinder } from "./javascript-binder.js";
import { expressionTerm } from "./javascript-expressions.js";
import { bindParameters, bindTypeParameters } from "./javascript-functions.js";

/** Sequences of the language itself. */
const SEQUENCES = new Set([
  "Array",
  "ReadonlyArray",
  "Set",
  "ReadonlySet",
  "Iterable",
  "Iterator",
  "IterableIterator",
  "Generator",
  "AsyncIterable",
  "AsyncGenerator",
]);

const MAPS = new Set(["Map", "ReadonlyMap", "WeakMap", "Record"]);

/** Types that are what they are made of. */
const TRANSPARENT = new Set(["Partial", "Required", "Readonly", "NonNullable", "Awaited", "Pick", "Omit"]);

/** What a type stands for, as values of it. Names in it are referred to. */
export function typeTerm(
  binder: JavaScriptBinder,
  node: SourceNode | undefined,
  around: Around,
): Term | undefined {
  if (node === undefined) return undefined;
  return binder.deeper(() => binder.once(node, () => describe(binder, node, around)));
}

function describe(binder: JavaScriptBinder, node: SourceNode, around: Around): Term | undefined {
  const inner = (): Term | undefined => anyOf(partsOf(node).map((child) => typeTerm(binder, child, around)));
  switch (node.type) {
    case "type_annotation":
    case "parenthesized_type":
    case "readonly_type":
    case "optional_type":
    case "rest_type":
    case "union_type":
    case "intersection_type":
      return inner();
    case "type_identifier":
    case "nested_type_identifier":
    case "identifier":
    case "nested_identifier":
      return { is: "type", of: namedType(binder, node, around, "type") };
    case "generic_type":
      return genericTerm(binder, node, around);
    case "array_type":
      return { is: "array", ...elementOf(inner()) };
    case "tuple_type":
      return {
        is: "array",
        items: partsOf(node).map((child) => typeTerm(binder, tupleItem(child), around) ?? NOTHING),
      };
    case "object_type":
      return { is: "object", scope: bindMembers(binder, node, around) };
    case "function_type":
    case "constructor_type":
      return functionType(binder, node, around);
    case "type_query":
      return anyOf(partsOf(node).map((child) => expressionTerm(binder, child, around)));
    case "type_predicate_annotation":
    case "type_predicate":
    case "asserts_annotation":
    case "asserts":
      for (const child of partsOf(node)) {
        if (child.type === "identifier" || child.type === "this") expressionTerm(binder, child, around);
        else typeTerm(binder, child, around);
      }
      return undefined;
    case "this_type":
      return around.self && { is: "instance", scope: around.self.scope };
    case "lookup_type": {
      const [owner, index] = partsOf(node);
      const of = typeTerm(binder, owner, around);
      typeTerm(binder, index, around);
      const literal = index?.children[0];
      if (of === undefined || index === undefined) return undefined;
      if (literal?.type === "string") return { is: "member", of, name: binder.text(literal).slice(1, -1) };
      return binder.text(index) === "number" ? { is: "element", of } : undefined;
    }
    case "infer_type":
    case "type_parameter": {
      const name = childOfType(node, "type_identifier");
      if (name) binder.facts.define(binder.place(name), around.scope, "typeParameter", { space: "type" });
      return undefined;
    }
    case "mapped_type_clause": {
      const name = childOf(node, "name");
      if (name) binder.facts.define(binder.place(name), around.scope, "typeParameter", { space: "type" });
      typeTerm(binder, childOf(node, "type"), around);
      return undefined;
    }
    default:
      inner();
      return undefined;
  }
}

export const NOTHING: Term = { is: "any", of: [] };

/** One of several terms; undefined when there is none. */
export function anyOf(terms: readonly (Term | undefined)[]): Term | undefined {
  const known = terms.filter((term) => term !== undefined);
  return known.length > 1 ? { is: "any", of: known } : known[0];
}

function elementOf(element: Term | undefined): { element?: Term } {
  return element === undefined ? {} : { element };
}

function tupleItem(node: SourceNode): SourceNode {
  if (node.type !== "required_parameter" && node.type !== "optional_parameter") return node;
  return childOf(node, "type") ?? node;
}

/** A name of a type, which may stand in namespaces, as what it names. */
export function namedType(
  binder: JavaScriptBinder,
  node: SourceNode,
  around: Around,
  role: "type" | "inherit",
): Term {
  const [owner, name] = [
    childOf(node, "module") ?? childOf(node, "object"),
    childOf(node, "name") ?? childOf(node, "property"),
  ];
  if (owner === undefined || name === undefined) {
    const place = binder.place(node);
    const term: Term = { is: "name", name: place.name, scope: around.scope, space: "type" };
    binder.facts.refer(place, role, term);
    return term;
  }
  const of = expressionTerm(binder, owner, around) ?? NOTHING;
  const place = binder.place(name);
  const term: Term = { is: "member", of, name: place.name };
  binder.facts.refer(place, role, term);
  return term;
}

export function typeArguments(
  binder: JavaScriptBinder,
  node: SourceNode | undefined,
  around: Around,
): readonly Term[] | undefined {
  if (node === undefined) return undefined;
  return partsOf(node).map((child) => typeTerm(binder, child, around) ?? NOTHING);
}

/** A type with its arguments. */
export function genericTerm(
  binder: JavaScriptBinder,
  node: SourceNode,
  around: Around,
  role: "type" | "inherit" = "type",
): Term | undefined {
  const name = childOf(node, "name");
  const types = typeArguments(binder, childOfType(node, "type_arguments"), around) ?? [];
  if (name === undefined) return undefined;
  const text = binder.text(name);
  const of = namedType(binder, name, around, role);
  const given: Term = { is: "type", of, types };
  const [first] = types;
  if (first === undefined) return given;
  // A project may have a type of that name of its own.
  const sequence = sequenceOf(text, types);
  if (sequence !== undefined) return { is: "any", of: [given, sequence] };
  if (text === "Promise" || text === "PromiseLike")
    return { is: "any", of: [given, { is: "promise", of: first }] };
  if (TRANSPARENT.has(text)) return { is: "any", of: [given, first] };
  return given;
}

/** What a sequence or a map of the language itself is; of a map it is the values that are asked for. */
export function sequenceOf(name: string, [first, second]: readonly Term[]): Term | undefined {
  if (MAPS.has(name) && second) return { is: "array", element: second };
  return SEQUENCES.has(name) && first ? { is: "array", element: first } : undefined;
}

function functionType(binder: JavaScriptBinder, node: SourceNode, around: Around): Term {
  const scope = binder.facts.scope(around.scope);
  const within = { ...around, scope };
  const typeParameters = bindTypeParameters(binder, node, within);
  const parameters = bindParameters(binder, node, within);
  const returned = typeTerm(binder, childOf(node, "return_type") ?? childOf(node, "type"), within);
  return {
    is: "function",
    parameters,
    returns: returned === undefined ? [] : [returned],
    ...(typeParameters.length > 0 ? { typeParameters } : {}),
  };
}

/** The name of a member; what a computed one is made of is referred to. */
export function keyOf(
  binder: JavaScriptBinder,
  node: SourceNode | undefined,
  around: Around,
): NamePlace | undefined {
  if (node?.type === "computed_property_name")
    for (const inner of partsOf(node)) expressionTerm(binder, inner, around);
  return binder.keyPlace(node);
}

/** The members of an object type or the body of an interface, in a scope of their own. */
export function bindMembers(
  binder: JavaScriptBinder,
  body: SourceNode,
  around: Around,
  into: number = binder.facts.scope(around.scope, "none"),
): number {
  const within = { ...around, self: { scope: into, static: false, isClass: true } };
  for (const member of partsOf(body)) {
    const key = keyOf(binder, childOf(member, "name"), around);
    if (member.type === "property_signature") {
      const value = typeTerm(binder, childOf(member, "type"), within);
      if (key) binder.facts.define(key, into, "property", { ...(value ? { value } : {}) });
    } else if (member.type === "method_signature") {
      const value = functionType(binder, member, within);
      if (key) binder.facts.define(key, into, "method", { value });
    } else if (member.type === "call_signature" || member.type === "construct_signature") {
      functionType(binder, member, within);
    } else {
      for (const child of partsOf(member)) typeTerm(binder, child, within);
    }
  }
  return into;
}
