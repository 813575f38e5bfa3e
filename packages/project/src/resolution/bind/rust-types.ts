import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { ReferenceRole, Term } from "../name-facts.js";
import type { Parameter, Rule, RustBinder } from "./rust-binder.js";
import { genericType } from "./rust-library.js";
import { path } from "./rust-paths.js";
import { naming } from "./terms.js";
import type { Part, Walk } from "./walk.js";

/** What is done with types; each gives a value of the type. */
export const TYPE_RULES: Readonly<Record<string, Rule>> = {
  type_identifier: named,
  scoped_type_identifier: named,
  generic_type: generic,
  generic_type_with_turbofish: generic,
  reference_type: inner,
  pointer_type: inner,
  dynamic_type: inner,
  abstract_type: inner,
  higher_ranked_trait_bound: inner,
  bracketed_type: only,
  qualified_type: qualified,
  bounded_type: several,
  array_type: sequence,
  tuple_type: tuple,
  function_type: functionType,
  removed_trait_bound: nothing,
  lifetime_parameter: nothing,
  where_clause: nothing,
  type_parameters: nothing,
};

function nothing(): undefined {
  return undefined;
}

function named(rust: RustBinder, node: SourceNode): Part {
  return namedAs(rust, node, "type");
}

function* namedAs(rust: RustBinder, node: SourceNode, role: ReferenceRole): Walk {
  if (rust.text(node) === "_") return undefined;
  return rust.terms.type(yield path(rust, node, { role, around: "read", space: "type" }));
}

function generic(rust: RustBinder, node: SourceNode): Part {
  return genericAs(rust, node, "type");
}

function* genericAs(rust: RustBinder, node: SourceNode, role: ReferenceRole): Walk {
  const name = childOf(node, "type");
  const isPath = name?.type.startsWith("scoped_") || name?.type.endsWith("identifier");
  const of = name && (isPath ? path(rust, name, { role, around: "read", space: "type" }) : rust.visit(name));
  const type = naming(yield of);
  const given: (Term | undefined)[] = [];
  let bound: Term | undefined;
  for (const argument of partsOf(childOf(node, "type_arguments"))) {
    if (argument.type === "lifetime") continue;
    if (argument.type === "type_binding") bound = rust.terms.any(bound, yield binding(rust, argument));
    else given.push(yield rust.visit(argument));
  }
  const last = name?.type.startsWith("scoped_") ? childOf(name, "name") : name;
  const value = rust.terms.type(type, given);
  return rust.terms.any(genericType(rust, last === undefined ? "" : rust.text(last), value, given), bound);
}

/** `Item = T` makes a sequence, `Output = T` what is awaited or given. */
function* binding(rust: RustBinder, node: SourceNode): Walk {
  const name = childOf(node, "name");
  const value = yield rust.visit(childOf(node, "type"));
  const text = name === undefined ? "" : rust.text(name);
  if (text === "Item") return rust.terms.sequence(value);
  return text === "Output" || text === "Target" ? value : undefined;
}

/** A type as a bound or as what is inherited from. */
export function bounds(rust: RustBinder, node: SourceNode, role: ReferenceRole): Part {
  const type = node.type === "higher_ranked_trait_bound" ? childOf(node, "type") : node;
  if (type?.type === "type_identifier" || type?.type === "scoped_type_identifier")
    return namedAs(rust, type, role);
  if (type?.type === "generic_type") return genericAs(rust, type, role);
  return rust.visit(type);
}

/** A reference, a pointer and what they lead to are not told apart: members of both are read the same way. */
function* inner(rust: RustBinder, node: SourceNode): Walk {
  return yield rust.visit(childOf(node, "type") ?? childOf(node, "trait"));
}

function* only(rust: RustBinder, node: SourceNode): Walk {
  return yield rust.visit(partsOf(node)[0]);
}

/** `A as Trait` */
function* qualified(rust: RustBinder, node: SourceNode): Walk {
  const type = yield rust.visit(childOf(node, "type"));
  const trait = yield rust.visit(childOf(node, "alias"));
  return type ?? trait;
}

function* several(rust: RustBinder, node: SourceNode): Walk {
  const all: (Term | undefined)[] = [];
  for (const part of partsOf(node)) all.push(yield rust.visit(part));
  return rust.terms.any(...all);
}

function* sequence(rust: RustBinder, node: SourceNode): Walk {
  const element = yield rust.visit(childOf(node, "element"));
  yield rust.visit(childOf(node, "length"));
  return rust.terms.sequence(element);
}

function* tuple(rust: RustBinder, node: SourceNode): Walk {
  const items: (Term | undefined)[] = [];
  for (const part of partsOf(node)) items.push(yield rust.visit(part));
  return rust.terms.results(items);
}

/** `fn(A) -> B` and `Fn(A) -> B` */
function* functionType(rust: RustBinder, node: SourceNode): Walk {
  yield rust.visit(childOf(node, "trait"));
  for (const parameter of partsOf(childOf(node, "parameters")))
    yield rust.visit(parameter.type === "parameter" ? childOf(parameter, "type") : parameter);
  const returned = yield rust.visit(childOf(node, "return_type"));
  return rust.terms.callable({
    is: "function",
    parameters: [],
    returns: returned === undefined ? [] : [returned],
  });
}

/** Walks over the bounds of type parameters, in their list and behind `where`, and gives them to the parameters. */
export function* typeParameters(rust: RustBinder, node: SourceNode, parameters: readonly Parameter[]): Walk {
  const known = new Map<string, (Term | undefined)[]>(parameters.map(({ name, same }) => [name, [same]]));
  for (const each of partsOf(childOf(node, "type_parameters"))) {
    const name = childOf(each, "name");
    const own = name && known.get(rust.text(name));
    for (const bound of partsOf(childOf(each, "bounds"))) {
      const term = yield bounds(rust, bound, "type");
      own?.push(term);
    }
    const type = yield rust.visit(childOf(each, "type"));
    if (each.type === "const_parameter") own?.push(type);
    yield rust.visit(childOf(each, "default_type"));
    yield rust.visit(childOf(each, "value"));
  }
  const where = node.children.find(({ type }) => type === "where_clause");
  for (const predicate of partsOf(where)) {
    const left = childOf(predicate, "left");
    yield left && bounds(rust, left, "type");
    const own = left && known.get(rust.text(left));
    for (const bound of partsOf(childOf(predicate, "bounds"))) {
      const term = yield bounds(rust, bound, "type");
      own?.push(term);
    }
  }
  for (const { name, definition } of parameters)
    rust.facts.setValue(definition, rust.terms.any(...(known.get(name) ?? [])));
  return undefined;
}
