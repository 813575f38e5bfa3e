import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { NameSpace, Term } from "../name-facts.js";
import { type DeclaredType, FILE, type Parameter, type Rule, type RustBinder } from "./rust-binder.js";
import { declareItems, defineParameters } from "./rust-declare.js";
import { functionItem } from "./rust-functions.js";
import { bounds, typeParameters } from "./rust-types.js";
import { useDeclaration } from "./rust-uses.js";
import { naming } from "./terms.js";
import { type Part, visitAll, type Walk } from "./walk.js";

/** What is done with items. */
export const ITEM_RULES: Readonly<Record<string, Rule>> = {
  source_file: sourceFile,
  mod_item: moduleItem,
  use_declaration: useDeclaration,
  extern_crate_declaration: crateItem,
  function_item: functionItem,
  function_signature_item: functionItem,
  struct_item: structItem,
  union_item: structItem,
  enum_item: enumItem,
  trait_item: traitItem,
  impl_item: implItem,
  type_item: aliasItem,
  associated_type: aliasItem,
  const_item: constItem,
  static_item: constItem,
  // What a macro makes is not known, and what attributes do neither.
  macro_definition: nothing,
  attribute_item: nothing,
  inner_attribute_item: nothing,
  visibility_modifier: nothing,
  lifetime: nothing,
};

function nothing(): undefined {
  return undefined;
}

function sourceFile(rust: RustBinder, node: SourceNode): Part {
  declareItems(rust, partsOf(node), FILE, rust.frame.module);
  return visitAll(rust, partsOf(node));
}

function moduleItem(rust: RustBinder, node: SourceNode): Part {
  const module = rust.modules.get(node);
  if (module === undefined) return undefined;
  const { scope: items, globs } = module;
  return rust.within({ items, module, globs, self: undefined }, () =>
    visitAll(rust, partsOf(childOf(node, "body"))),
  );
}

function crateItem(rust: RustBinder, node: SourceNode): undefined {
  const name = childOf(node, "name");
  if (name !== undefined) rust.refer(name, "import", { is: "module", specifier: rust.text(name) });
  return undefined;
}

/** Walks over the inside of a type that the file declares. */
function within(rust: RustBinder, node: SourceNode, walk: (type: DeclaredType) => Walk): Part {
  const type = rust.types.get(node);
  const name = childOf(node, "name");
  if (type === undefined || name === undefined) return undefined;
  const self = rust.itemTerm(rust.text(name), "type");
  return rust.within({ items: type.inner, self }, function* () {
    yield typeParameters(rust, node, type.parameters);
    return yield walk(type);
  });
}

function structItem(rust: RustBinder, node: SourceNode): Part {
  return within(rust, node, function* ({ members }) {
    const items = yield fields(rust, childOf(node, "body"), members);
    setValue(rust, node, madeBy(rust, members, items));
    return undefined;
  });
}

function setValue(rust: RustBinder, node: SourceNode, value: Term | undefined): void {
  const definition = rust.items.get(node);
  if (definition !== undefined) rust.facts.setValue(definition, value);
}

/** Defines the fields of a body; gives those without names as a sequence. */
function* fields(rust: RustBinder, body: SourceNode | undefined, members: number): Walk {
  const items: (Term | undefined)[] = [];
  for (const part of partsOf(body)) {
    if (part.type === "field_declaration") {
      const value = yield rust.visit(childOf(part, "type"));
      const name = childOf(part, "name");
      if (name !== undefined) member(rust, name, members, "property", value, "field");
    } else {
      const value = yield rust.visit(part);
      if (part.field === "type") items.push(value);
    }
  }
  return body?.type === "ordered_field_declaration_list" ? rust.terms.results(items) : undefined;
}

/** A class; where its fields have no names also a sequence of them, and what makes it. */
function madeBy(rust: RustBinder, members: number, items: Term | undefined): Term {
  const itself: Term = { is: "class", scope: members };
  if (items === undefined) return itself;
  const makes = rust.terms.callable({ is: "function", parameters: [], returns: [items] });
  return rust.terms.any(itself, items, makes) ?? itself;
}

type MemberKind = "property" | "method" | "type";

function member(
  rust: RustBinder,
  name: SourceNode,
  members: number,
  kind: MemberKind,
  value: Term | undefined,
  space: NameSpace = kind === "type" ? "type" : "value",
): number {
  return rust.define(name, members, kind, { space, ...(value === undefined ? {} : { value }) });
}

/** A variant is a class of its own that has what its enum has. */
function enumItem(rust: RustBinder, node: SourceNode): Part {
  return within(rust, node, function* ({ members }) {
    for (const variant of partsOf(childOf(node, "body"))) {
      const name = childOf(variant, "name");
      if (variant.type !== "enum_variant" || name === undefined) continue;
      yield rust.visit(childOf(variant, "value"));
      const body = childOf(variant, "body");
      const own = rust.facts.scope(members, "none");
      rust.facts.complete(own, { supers: [{ is: "class", scope: members }] });
      const items = yield fields(rust, body, own);
      const value: Term = body === undefined ? { is: "instance", scope: own } : madeBy(rust, own, items);
      rust.define(name, members, "property", { value });
    }
    return undefined;
  });
}

function traitItem(rust: RustBinder, node: SourceNode): Part {
  return within(rust, node, function* (type) {
    type.supers.push(...(yield* inherited(rust, childOf(node, "bounds"))));
    yield associated(rust, childOf(node, "body"), (name, kind) =>
      member(rust, name, type.members, kind, undefined),
    );
    return undefined;
  });
}

/** What a trait builds on. */
function* inherited(
  rust: RustBinder,
  list: SourceNode | undefined,
): Generator<Part, readonly Term[], Term | undefined> {
  const supers: Term[] = [];
  for (const bound of partsOf(list)) {
    const term = naming(yield bounds(rust, bound, "inherit"));
    if (term !== undefined) supers.push(term);
  }
  return supers;
}

/** Defines a member of what a trait or an `impl` is of. */
type Define = (name: SourceNode, kind: MemberKind) => number;

/** The functions, constants and types in the body of a trait or an `impl`. */
function* associated(rust: RustBinder, body: SourceNode | undefined, define: Define): Walk {
  const parts = partsOf(body);
  // Members may be used above where they stand, but only as such: their names need no scope.
  for (const part of parts) {
    const name = childOf(part, "name");
    const kind = ASSOCIATED[part.type];
    if (name === undefined || kind === undefined) continue;
    rust.items.set(part, define(name, kind));
  }
  yield visitAll(rust, parts);
  return undefined;
}

const ASSOCIATED: Readonly<Record<string, MemberKind>> = {
  function_item: "method",
  function_signature_item: "method",
  const_item: "property",
  type_item: "type",
  associated_type: "type",
};

function* implItem(rust: RustBinder, node: SourceNode): Walk {
  const list = childOf(node, "type_parameters");
  const items = list === undefined ? rust.frame.items : rust.facts.scope(rust.frame.items);
  yield rust.within({ items }, () => implementation(rust, node, list));
  return undefined;
}

function* implementation(rust: RustBinder, node: SourceNode, list: SourceNode | undefined): Walk {
  const { items } = rust.frame;
  const type = childOf(node, "type");
  const declared = type && declaredType(rust, type);
  const own = ownParameters(rust, list, type, declared);
  const trait = childOf(node, "trait");
  const inherits = naming(trait && (yield bounds(rust, trait, "inherit")));
  const target = yield rust.visit(type);
  yield typeParameters(rust, node, own);
  const self = target?.is === "type" ? target.of : target;
  if (inherits !== undefined) declared?.supers.push(inherits);
  // What is there for any type that a parameter may be is no member of one.
  const isParameter = self?.is === "name" && own.some(({ name }) => name === self.name);
  const owner = isParameter ? undefined : self;
  const unknown = declared === undefined && owner === undefined ? rust.facts.scope(items, "none") : items;
  const define: Define = (name, kind) => {
    if (declared !== undefined) return member(rust, name, declared.members, kind, undefined);
    const space = kind === "type" ? "type" : "value";
    return rust.define(name, unknown, kind, { space, ...(owner === undefined ? {} : { owner }) });
  };
  return yield rust.within({ self }, () => associated(rust, childOf(node, "body"), define));
}

/** The type of the file that an `impl` is of. */
function declaredType(rust: RustBinder, type: SourceNode): DeclaredType | undefined {
  const name = type.type === "generic_type" ? childOf(type, "type") : type;
  return name?.type === "type_identifier" ? rust.typeNamed(rust.text(name)) : undefined;
}

/** Defines the type parameters of an `impl`; those that it gives to its type are those of the type. */
function ownParameters(
  rust: RustBinder,
  list: SourceNode | undefined,
  type: SourceNode | undefined,
  declared: DeclaredType | undefined,
): readonly Parameter[] {
  const given = partsOf(type && childOf(type, "type_arguments")).filter((each) => each.type !== "lifetime");
  const places = new Map(given.map((argument, place) => [rust.text(argument), place]));
  return defineParameters(rust, list).map((parameter) => {
    const of = declared?.parameters[places.get(parameter.name) ?? -1];
    if (of === undefined || declared === undefined) return parameter;
    return { ...parameter, same: { is: "name", name: of.name, scope: declared.inner } };
  });
}

/** `type A = B;`, also of a trait, where it may have bounds alone. */
function* aliasItem(rust: RustBinder, node: SourceNode): Walk {
  const list = childOf(node, "type_parameters");
  const items = list === undefined ? rust.frame.items : rust.facts.scope(rust.frame.items);
  const own = rust.frame.items === items ? [] : defineParameters(rust, list, items);
  return yield rust.within({ items }, function* () {
    yield typeParameters(rust, node, own);
    let value: Term | undefined;
    for (const bound of partsOf(childOf(node, "bounds"))) value = yield bounds(rust, bound, "type");
    const type = childOf(node, "type");
    if (type !== undefined) value = yield rust.visit(type);
    setValue(rust, node, naming(value));
    return undefined;
  });
}

function* constItem(rust: RustBinder, node: SourceNode): Walk {
  const type = yield rust.visit(childOf(node, "type"));
  const value = yield rust.visit(childOf(node, "value"));
  setValue(rust, node, type ?? value);
  return undefined;
}
