import { childOf, hasToken, partsOf, type SourceNode } from "../../../drivers/tree-sitter/tree.js";
import type { Term } from "../../name-facts.js";
import { naming } from "../terms.js";
import type { Walk } from "../walk.js";
import type { GoBinder, Rule } from "./binder.js";
import { childrenOf } from "./nodes.js";
import { roleOfType } from "./roles.js";

/** Types that Go itself has; they are in no file. */
const PREDECLARED: ReadonlySet<string> = new Set(
  (
    "any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 nil rune string uint " +
    "uint8 uint16 uint32 uint64 uintptr"
  ).split(" "),
);

/** Whether a name means a type of Go itself here. */
export function isPredeclared(go: GoBinder, name: string): boolean {
  return PREDECLARED.has(name) && !go.sees(name);
}

/** What is done with types; each gives a value of the type. */
export const TYPE_RULES: Readonly<Record<string, Rule>> = {
  type_identifier: named,
  qualified_type: qualified,
  generic_type: generic,
  pointer_type: same,
  parenthesized_type: same,
  negated_type: same,
  type_elem: alternatives,
  type_constraint: alternatives,
  array_type: sequence,
  implicit_length_array_type: sequence,
  slice_type: sequence,
  map_type: sequence,
  channel_type: sequence,
  function_type: functionType,
  struct_type: anonymous,
  interface_type: anonymous,
};

function named(go: GoBinder, node: SourceNode): Term | undefined {
  const name = go.tree.textOf(node);
  if (name === "_" || isPredeclared(go, name)) return undefined;
  const term = go.nameTerm(name);
  go.refer(node, roleOfType(node), term);
  return go.terms.type(term);
}

function qualified(go: GoBinder, node: SourceNode): Term | undefined {
  const from = childOf(node, "package");
  const name = childOf(node, "name");
  if (from === undefined || name === undefined) return undefined;
  const module = go.nameTerm(go.tree.textOf(from));
  const term = go.terms.member(module, go.tree.textOf(name));
  go.refer(from, "read", module);
  go.refer(name, roleOfType(name), term);
  return go.terms.type(term);
}

function* generic(go: GoBinder, node: SourceNode, scope: number): Walk {
  const type = yield go.visit(childOf(node, "type"), scope);
  const types: (Term | undefined)[] = [];
  for (const each of partsOf(childOf(node, "type_arguments"))) types.push(yield go.visit(each, scope));
  return go.terms.type(naming(type), types);
}

/** A pointer and what it points to are not told apart: Go reads the members of both the same way. */
function* same(go: GoBinder, node: SourceNode, scope: number): Walk {
  const [inner] = partsOf(node);
  return yield go.visit(inner, scope);
}

function* alternatives(go: GoBinder, node: SourceNode, scope: number): Walk {
  const types = partsOf(node);
  let last: Term | undefined;
  for (const type of types) last = yield go.visit(type, scope);
  return types.length === 1 ? last : undefined;
}

function* sequence(go: GoBinder, node: SourceNode, scope: number): Walk {
  let element: Term | undefined;
  for (const child of partsOf(node)) {
    const term = yield go.visit(child, scope);
    if (child.field === "element" || child.field === "value") element = term;
  }
  return go.terms.sequence(element);
}

function* functionType(go: GoBinder, node: SourceNode, parent: number): Walk {
  const scope = go.open(parent);
  const term = yield signature(go, node, scope);
  go.close(scope);
  return term;
}

/** A struct or an interface without a name. */
function* anonymous(go: GoBinder, node: SourceNode, parent: number): Walk {
  const members = go.facts.scope(parent, "none");
  yield bodyOf(go, node, members);
  return { is: "instance", scope: members };
}

/** Walks over the body of a struct or an interface, whose members are put into a scope. */
export function* bodyOf(go: GoBinder, type: SourceNode, members: number): Walk {
  const supers: Term[] = [];
  const outer = go.facts.parentOf(members);
  const parts = type.type === "struct_type" ? partsOf(partsOf(type)[0]) : partsOf(type);
  for (const part of parts) {
    if (part.type === "field_declaration") {
      const embedded = naming(yield field(go, part, members));
      if (embedded !== undefined) supers.push(embedded);
    } else if (part.type === "method_elem") {
      yield method(go, part, members);
    } else {
      const embedded = naming(yield go.visit(part, outer));
      if (embedded !== undefined && !partsOf(part).some((each) => hasToken(each, "~"))) supers.push(embedded);
    }
  }
  if (supers.length > 0) go.facts.complete(members, { supers });
  return undefined;
}

/** Gives the type of an embedded field; nothing for others. */
function* field(go: GoBinder, node: SourceNode, members: number): Walk {
  const names = childrenOf(node, "name");
  const type = childOf(node, "type");
  const value = yield go.visit(type, go.facts.parentOf(members));
  // An embedded field has the name of its type.
  for (const name of names.length > 0 ? names : nameWithin(type))
    defineMember(go, name, members, "property", value);
  return names.length === 0 ? value : undefined;
}

function nameWithin(type: SourceNode | undefined): readonly SourceNode[] {
  let node = type;
  if (node?.type === "generic_type") node = childOf(node, "type");
  if (node?.type === "qualified_type") node = childOf(node, "name");
  return node === undefined ? [] : [node];
}

function* method(go: GoBinder, node: SourceNode, members: number): Walk {
  const value = yield functionType(go, node, go.facts.parentOf(members));
  const name = childOf(node, "name");
  if (name !== undefined) defineMember(go, name, members, "method", value);
  return undefined;
}

/** Members are found through what they are members of, so they are not shown to what is around. */
function defineMember(
  go: GoBinder,
  name: SourceNode,
  members: number,
  kind: "property" | "method",
  value: Term | undefined,
): void {
  const place = go.placeOf(name);
  if (place.name !== "_") go.facts.define(place, members, kind, value === undefined ? {} : { value });
}

/** Names of one type. */
interface Declared {
  readonly names: readonly SourceNode[];
  readonly type: Term | undefined;
}

/**
 * Defines the parameters and results of a function in its scope, and gives the function. They are seen in its body only, so that
 * in `f(url url.URL, other url.URL)` both types are of the package.
 * @param typeParameters indexes of their definitions
 */
export function* signature(
  go: GoBinder,
  node: SourceNode,
  scope: number,
  typeParameters: readonly number[] = [],
): Walk {
  const given: Declared[] = [];
  for (const each of partsOf(childOf(node, "parameters"))) {
    const type = yield go.visit(childOf(each, "type"), scope);
    const variadic = each.type === "variadic_parameter_declaration";
    given.push({ names: childrenOf(each, "name"), type: variadic ? go.terms.sequence(type) : type });
  }
  const results: Declared[] = [];
  const result = childOf(node, "result");
  if (result?.type === "parameter_list") {
    for (const each of partsOf(result)) {
      results.push({ names: childrenOf(each, "name"), type: yield go.visit(childOf(each, "type"), scope) });
    }
  } else if (result !== undefined) {
    results.push({ names: [], type: yield go.visit(result, scope) });
  }
  const parameters = defineAll(go, given, scope, "parameter");
  defineAll(go, results, scope, "variable");
  return go.terms.callable({
    is: "function",
    parameters,
    returns: returnsOf(go, results),
    ...(typeParameters.length > 0 ? { typeParameters } : {}),
  });
}

function defineAll(
  go: GoBinder,
  declared: readonly Declared[],
  scope: number,
  kind: "parameter" | "variable",
): readonly number[] {
  return declared.flatMap(({ names, type }) =>
    names.flatMap((name) => go.define(name, scope, kind, type) ?? []),
  );
}

function returnsOf(go: GoBinder, results: readonly Declared[]): readonly Term[] {
  const types = results.flatMap(({ names, type }) => (names.length === 0 ? [type] : names.map(() => type)));
  const all = types.length > 1 ? go.terms.results(types) : types[0];
  return all === undefined ? [] : [all];
}

/** Walks over the constraints of type parameters that are defined, and gives them to these. */
export function* constraints(
  go: GoBinder,
  list: SourceNode | undefined,
  scope: number,
  definitionOf: (name: string) => number | undefined,
): Walk {
  for (const declaration of partsOf(list)) {
    const constraint = yield go.visit(childOf(declaration, "type"), scope);
    for (const name of childrenOf(declaration, "name")) {
      const definition = definitionOf(go.tree.textOf(name));
      if (definition !== undefined) go.facts.setValue(definition, constraint);
    }
  }
  return undefined;
}

/** The names in a list of type parameters. */
export function typeParameterNames(list: SourceNode | undefined): readonly SourceNode[] {
  return partsOf(list).flatMap((declaration) => childrenOf(declaration, "name"));
}
