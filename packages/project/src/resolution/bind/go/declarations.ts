import { childOf, partsOf, type SourceNode } from "../../../drivers/tree-sitter/tree.js";
import type { DefinitionKind, Term } from "../../name-facts.js";
import { naming } from "../terms.js";
import type { Walk } from "../walk.js";
import { type DeclaredType, FILE, type GoBinder, type Rule, visitChildren } from "./binder.js";
import { childrenOf, withoutParentheses } from "./nodes.js";
import { bodyOf, constraints, signature, typeParameterNames } from "./types.js";
import { fill, type Values, valueAt, valuesOf } from "./values.js";

/** What is done with declarations, those within functions too. */
export const DECLARATION_RULES: Readonly<Record<string, Rule>> = {
  import_spec: importSpec,
  function_declaration: functionDeclaration,
  method_declaration: methodDeclaration,
  type_spec: typeSpec,
  type_alias: typeSpec,
  var_spec: varSpec,
  const_declaration: constDeclaration,
};

/** Makes the types known that a file declares: they may be used above their declarations. */
export function declareTypes(go: GoBinder): void {
  for (const declaration of partsOf(go.tree.root)) {
    if (declaration.type !== "type_declaration") continue;
    for (const spec of partsOf(declaration)) declareType(go, spec, FILE);
  }
}

function importSpec(go: GoBinder, node: SourceNode, scope: number): undefined {
  const path = childOf(node, "path");
  if (path === undefined) return undefined;
  const specifier = go.tree.textOf(path).slice(1, -1);
  const value: Term = { is: "module", specifier };
  const alias = childOf(node, "name");
  if (alias === undefined) {
    const { name, at } = defaultName(specifier);
    const start = path.start + 1 + at;
    if (name === "") return undefined;
    go.facts.define({ name, start, end: start + name.length }, scope, "import", { value });
    go.show(name, scope);
  } else if (alias.type === "dot") {
    go.facts.define({ ...go.placeOf(alias), name: "*" }, scope, "import", { value });
  } else {
    go.define(alias, scope, "import", value);
  }
  return undefined;
}

/** `yaml` of `gopkg.in/yaml.v3`, `chi` of `github.com/go-chi/chi/v5`, and where in the path it is. */
function defaultName(specifier: string): { readonly name: string; readonly at: number } {
  const path = specifier.replace(/\/v\d+$/, "");
  const at = path.lastIndexOf("/") + 1;
  return { name: path.slice(at).replace(/\.v\d+$/, ""), at };
}

function* functionDeclaration(go: GoBinder, node: SourceNode, parent: number): Walk {
  const name = childOf(node, "name");
  const definition = name && go.define(name, parent, "function");
  const scope = go.openFunction(parent);
  const list = childOf(node, "type_parameters");
  const typeParameters = new Map<string, number>();
  for (const each of typeParameterNames(list)) {
    const index = go.define(each, scope, "typeParameter");
    if (index !== undefined) typeParameters.set(go.tree.textOf(each), index);
  }
  yield constraints(go, list, scope, (each) => typeParameters.get(each));
  const value = yield signature(go, node, scope, [...typeParameters.values()]);
  if (definition !== undefined) go.facts.setValue(definition, value);
  yield functionBody(go, node, scope);
  go.closeFunction(scope);
  return undefined;
}

/** The body of a function is not a scope of its own: `:=` in it does not define a parameter anew. */
export function* functionBody(go: GoBinder, node: SourceNode, scope: number): Walk {
  const body = childOf(node, "body");
  return body === undefined ? undefined : yield visitChildren(go, body, scope);
}

function* methodDeclaration(go: GoBinder, node: SourceNode, parent: number): Walk {
  const [receiver] = partsOf(childOf(node, "receiver"));
  const { base, given } = receiverType(receiver);
  const owner = base && ({ is: "name", name: go.tree.textOf(base), scope: FILE } as const);
  const name = childOf(node, "name");
  const definition = name && go.define(name, parent, "method", undefined, owner);
  const scope = go.openFunction(parent);
  if (base !== undefined && owner !== undefined) {
    go.refer(base, "type", owner);
    defineReceiverTypes(go, owner.name, given, scope);
  }
  const value = yield signature(go, node, scope);
  if (definition !== undefined) go.facts.setValue(definition, value);
  for (const each of receiver === undefined ? [] : childrenOf(receiver, "name")) {
    go.define(each, scope, "parameter", go.terms.type(owner));
  }
  yield functionBody(go, node, scope);
  go.closeFunction(scope);
  return undefined;
}

/** `T` and `K` of `(t *T[K])`. */
function receiverType(receiver: SourceNode | undefined): {
  readonly base: SourceNode | undefined;
  readonly given: readonly SourceNode[];
} {
  let type = receiver && withoutParentheses(childOf(receiver, "type"));
  while (type?.type === "pointer_type") type = withoutParentheses(partsOf(type)[0]);
  if (type?.type !== "generic_type")
    return { base: type?.type === "type_identifier" ? type : undefined, given: [] };
  const given = partsOf(childOf(type, "type_arguments")).flatMap((each) => partsOf(each));
  return { base: childOf(type, "type"), given };
}

/** A method names the type parameters of its receiver anew: each is that of the type at the same place. */
function defineReceiverTypes(go: GoBinder, type: string, given: readonly SourceNode[], scope: number): void {
  const declared = go.typeNamed(type);
  for (const [place, name] of given.entries()) {
    const parameter = declared?.parameters[place];
    const value: Term | undefined = parameter && { is: "name", name: parameter.name, scope: declared.inner };
    go.define(name, scope, "typeParameter", value);
  }
}

const TYPE_KINDS: Readonly<Record<string, DefinitionKind>> = {
  struct_type: "class",
  interface_type: "interface",
};

/** Types whose literals have no keys that name fields. */
const WITHOUT_FIELDS: ReadonlySet<string> = new Set([
  "array_type",
  "slice_type",
  "map_type",
  "channel_type",
  "function_type",
  "interface_type",
]);

function declareType(go: GoBinder, spec: SourceNode, scope: number): DeclaredType | undefined {
  const node = childOf(spec, "name");
  if (node === undefined || go.tree.textOf(node) === "_") return undefined;
  const place = go.placeOf(node);
  const type = withoutParentheses(childOf(spec, "type"))?.type ?? "";
  const kind = spec.type === "type_alias" ? "type" : (TYPE_KINDS[type] ?? "type");
  const definition = go.facts.define(place, scope, kind);
  const list = childOf(spec, "type_parameters");
  const inner = list === undefined ? scope : go.facts.scope(scope);
  const members = go.facts.scope(inner, "none");
  const parameters = typeParameterNames(list).map((each) => {
    const parameter = go.placeOf(each);
    return { name: parameter.name, definition: go.facts.define(parameter, inner, "typeParameter") };
  });
  if (parameters.length > 0) {
    go.facts.complete(members, { typeParameters: parameters.map((each) => each.definition) });
  }
  const declared = { definition, members, inner, parameters, keyed: !WITHOUT_FIELDS.has(type) };
  go.show(place.name, scope, declared);
  go.declared.set(spec, declared);
  return declared;
}

function* typeSpec(go: GoBinder, node: SourceNode, scope: number): Walk {
  const declared = go.declared.get(node) ?? declareType(go, node, scope);
  const type = withoutParentheses(childOf(node, "type"));
  if (declared === undefined || type === undefined) return yield go.visit(type, scope);
  const { definition, inner, members, parameters } = declared;
  if (inner !== scope) go.reopen(inner);
  for (const { name } of parameters) go.show(name, inner);
  yield constraints(
    go,
    childOf(node, "type_parameters"),
    inner,
    (name) => parameters.find((each) => each.name === name)?.definition,
  );
  if (node.type === "type_alias") {
    go.facts.setValue(definition, naming(yield go.visit(type, inner)));
  } else if (type.type in TYPE_KINDS) {
    yield bodyOf(go, type, members);
    go.facts.setValue(definition, { is: "class", scope: members });
  } else {
    go.facts.setValue(definition, newType(go, members, yield go.visit(type, inner)));
  }
  if (inner !== scope) go.close(inner);
  return undefined;
}

/** A new type of another: it has methods of its own, the fields of a named one, and the elements or results of others. */
function newType(go: GoBinder, members: number, underlying: Term | undefined): Term | undefined {
  const itself: Term = { is: "class", scope: members };
  if (underlying?.is !== "type") return go.terms.any(itself, underlying);
  const above = naming(underlying);
  if (above !== undefined) go.facts.complete(members, { supers: [above] });
  return itself;
}

function* varSpec(go: GoBinder, node: SourceNode, scope: number): Walk {
  const type = yield go.visit(childOf(node, "type"), scope);
  const values = valuesOf(childOf(node, "value"));
  yield fill(go, values, scope);
  const typed = childOf(node, "type") !== undefined;
  defineVariables(go, childrenOf(node, "name"), scope, typed ? type : values);
  return undefined;
}

function* constDeclaration(go: GoBinder, node: SourceNode, scope: number): Walk {
  // A constant without a value has the type and the value of the one above it.
  let last: Term | Values | undefined;
  for (const spec of partsOf(node)) {
    const type = childOf(spec, "type");
    const list = childOf(spec, "value");
    const term = yield go.visit(type, scope);
    const values = valuesOf(list);
    yield fill(go, values, scope);
    if (type !== undefined) last = term;
    else if (list !== undefined) last = values;
    defineVariables(go, childrenOf(spec, "name"), scope, last);
  }
  return undefined;
}

/** Defines variables of one type, or with a value each. */
function defineVariables(
  go: GoBinder,
  names: readonly SourceNode[],
  scope: number,
  from: Term | Values | undefined,
): void {
  for (const [place, name] of names.entries()) {
    const value = from !== undefined && "nodes" in from ? valueAt(go, from, place, names.length) : from;
    go.define(name, scope, "variable", value);
  }
}
