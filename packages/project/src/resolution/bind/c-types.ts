import { childOf, hasToken, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import { classParts, type Declared, plainName, qualifiedParts } from "../../outline/c-declarators.js";
import type { DefinitionKind, ReferenceRole, Term } from "../name-facts.js";
import type { CBinder, Rule } from "./c-binder.js";
import { ownerOf, qualified } from "./c-names.js";
import { naming } from "./terms.js";
import { type Part, visitAll, type Walk } from "./walk.js";

/** What is done with types; each gives a value of the type. */
export const TYPE_RULES: Readonly<Record<string, Rule>> = {
  type_identifier: (c, node) => namedType(c, node, "type"),
  template_type: (c, node) => namedType(c, node, "type"),
  class_specifier: classType,
  struct_specifier: classType,
  union_specifier: classType,
  enum_specifier: enumType,
  type_descriptor: descriptor,
  dependent_type: inner,
  placeholder_type_specifier: unknown,
  decltype: inner,
  attribute_specifier: unknown,
  attribute_declaration: unknown,
  friend_declaration: friend,
};

/** Types of the library that are read like what they hold. */
const POINTERS: ReadonlySet<string> = new Set(
  "unique_ptr shared_ptr weak_ptr optional reference_wrapper atomic scoped_refptr RefPtr".split(" "),
);
/** Those that hold values of their first argument, and of their second. */
const HOLDERS: ReadonlySet<string> = new Set(
  "vector list deque set unordered_set multiset array span queue stack priority_queue initializer_list forward_list".split(
    " ",
  ),
);
const MAPS: ReadonlySet<string> = new Set("map unordered_map multimap".split(" "));

function unknown(): undefined {
  return undefined;
}

function inner(c: CBinder, node: SourceNode): Part {
  return visitAll(c, partsOf(node));
}

/** `type` with what is around no name. */
function* descriptor(c: CBinder, node: SourceNode): Walk {
  const type = yield c.visit(childOf(node, "type"));
  yield c.visit(childOf(node, "declarator"));
  return type;
}

/** A type by its name, with arguments or with namespaces in front. */
export function* namedType(c: CBinder, node: SourceNode, role: ReferenceRole): Walk {
  const parts = qualifiedParts(node);
  const last = parts.at(-1) ?? node;
  const name = plainName(last);
  if (name.type === "decltype") return yield c.visit(name);
  const list = childOf(last, "arguments");
  const given: (Term | undefined)[] = [];
  for (const each of last.type === "template_type" ? partsOf(list) : []) given.push(yield c.visit(each));
  const owner =
    node.type === "qualified_identifier" ? yield ownerOf(c, parts.slice(0, -1), "read") : undefined;
  const text = c.text(name);
  const of = node.type === "qualified_identifier" ? c.terms.member(owner, text, "type") : c.typeTerm(text);
  c.refer(name, role, of);
  const value = c.terms.type(of, given);
  if (POINTERS.has(text)) return c.terms.any(value, given[0]);
  const held = HOLDERS.has(text) ? given[0] : MAPS.has(text) ? given[1] : undefined;
  return held === undefined ? value : c.terms.any(value, c.terms.sequence(held));
}

/** A class that is defined where it is named, or that is only named. */
export function* classType(c: CBinder, node: SourceNode): Walk {
  const parts = classParts(node);
  const named = childOf(node, "name");
  if (parts === undefined) return named === undefined ? undefined : yield namedType(c, named, "type");
  const { name, body } = parts;
  const { frame } = c;
  const members = c.facts.scope(frame.scope, c.isCpp ? "all" : "none");
  const itself: Term = { is: "class", scope: members };
  if (frame.typeParameters.length > 0) c.facts.complete(members, { typeParameters: frame.typeParameters });
  const self = name === undefined ? itself : yield defineType(c, name, "class", itself);
  for (const base of partsOf(node.children.find(({ type }) => type === "base_class_clause"))) {
    const isType = base.type.endsWith("identifier") || base.type === "template_type";
    const above = naming(yield isType ? namedType(c, base, "inherit") : c.visit(base));
    if (above !== undefined) c.addSuper(members, above);
  }
  // What a member without a name holds is a member of the class around.
  const isPart = name === undefined && frame.inClass && isWithoutName(node);
  const scope = isPart ? frame.block : members;
  const types = c.isCpp ? scope : frame.types;
  const around = isPart ? frame.self : self;
  const within = {
    scope,
    block: scope,
    types,
    locals: undefined,
    self: around,
    inClass: true,
    typeParameters: [],
  };
  yield c.within(within, () => visitAll(c, partsOf(body)));
  return name === undefined ? { is: "instance", scope: members } : c.terms.type(self);
}

function isWithoutName({ parent }: SourceNode): boolean {
  return parent?.type === "field_declaration" && childOf(parent, "declarator") === undefined;
}

/** Defines the name of a type, and gives what names it. */
function* defineType(c: CBinder, node: SourceNode, kind: DefinitionKind, value: Term): Walk {
  const parts = qualifiedParts(node);
  const last = parts.at(-1) ?? node;
  const name = plainName(last);
  const space = c.isCpp && kind === "class" ? undefined : "type";
  // `template <> class A<int>`
  for (const each of last.type === "template_type" ? partsOf(childOf(last, "arguments")) : [])
    yield c.visit(each);
  if (node.type === "qualified_identifier") {
    const owner = yield ownerOf(c, parts.slice(0, -1), "read");
    c.defineIn(name, c.frame.block, kind, { value, ...(owner === undefined ? {} : { owner }) });
    return c.terms.member(owner, c.text(name), "type");
  }
  c.define(name, kind, value, space, c.frame.types);
  return c.typeTerm(c.text(name));
}

/** The constants of an enum are names of what is around, unless it is one of its own (`enum class`). */
function* enumType(c: CBinder, node: SourceNode): Walk {
  const name = childOf(node, "name");
  const body = childOf(node, "body");
  yield c.visit(childOf(node, "base"));
  if (body === undefined) return name === undefined ? undefined : yield namedType(c, name, "type");
  const { frame } = c;
  const members = c.facts.scope(frame.scope, "none");
  const self = name && (yield defineType(c, name, "enum", { is: "class", scope: members }));
  const isOwn = hasToken(node, "class") || hasToken(node, "struct");
  const value: Term = { is: "instance", scope: members };
  for (const each of partsOf(body)) {
    const constant = childOf(each, "name");
    if (constant === undefined) {
      yield c.visit(each);
      continue;
    }
    yield c.visit(childOf(each, "value"));
    if (isOwn) c.defineIn(constant, members, "property", { value, space: "value" });
    else c.define(constant, "variable", value, "value", frame.types);
  }
  if (!isOwn && name !== undefined && frame.locals === undefined)
    c.addSuper(members, { is: "object", scope: frame.types });
  return name === undefined ? value : c.terms.type(self);
}

/** Types that are friends are named; functions are no members. */
function* friend(c: CBinder, node: SourceNode): Walk {
  for (const part of partsOf(node)) {
    if (part.type === "qualified_identifier") yield qualified(c, part, "type", "type");
    else if (part.type !== "declaration" && part.type !== "function_definition") yield c.visit(part);
  }
  return undefined;
}

/** The type of what is declared, given the type in front: pointers and arrays are also sequences of what they lead to. */
export function declaredType(c: CBinder, { around }: Declared, type: Term | undefined): Term | undefined {
  let value = type;
  for (const part of around) {
    if (part.type === "pointer_declarator") value = c.terms.any(value, c.terms.sequence(value));
    else if (part.type === "array_declarator") value = value && c.terms.sequence(value);
    else if (part.type === "function_declarator") {
      const returns = value === undefined ? [] : [value];
      value = c.terms.callable({ is: "function", parameters: [], returns });
    }
  }
  return value;
}
