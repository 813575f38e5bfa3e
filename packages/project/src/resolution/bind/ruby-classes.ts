import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import {
  constantPath,
  fullName,
  literalName,
  type MadeClass,
  madeClass,
  splitPath,
} from "../../outline/ruby-names.js";
import { sectionsOf } from "../../outline/ruby-sections.js";
import type { NameDefinition, Term } from "../name-facts.js";
import type { NamePlace } from "../name-facts-builder.js";
import { Locals } from "./locals.js";
import { FILE, linkTo, type OpenedType, type RubyBinder, type Rule } from "./ruby-binder.js";
import { defineParameters } from "./ruby-parameters.js";
import type { Part, Walk } from "./walk.js";

/** What is done with classes, modules and methods. */
export const CLASS_RULES: Readonly<Record<string, Rule>> = {
  class: classOrModule,
  module: classOrModule,
  singleton_class: singletonClass,
  method,
  singleton_method: singletonMethod,
  alias,
  undef,
};

function* classOrModule(ruby: RubyBinder, node: SourceNode): Walk {
  const name = childOf(node, "name");
  const path = constantPath(ruby.tree, name);
  const base = partsOf(childOf(node, "superclass"))[0];
  const made = madeClass(ruby.tree, base);
  const superclass = yield ruby.visit(base);
  if (name === undefined || path === undefined) return undefined;
  yield ruby.visit(childOf(name, "scope"));
  const type = openType(ruby, name, path, node.type === "module" ? "module" : "class");
  if (base !== undefined) type.superclass = made === undefined ? superclass : undefined;
  if (made !== undefined) defineFields(ruby, type, made);
  yield bodyOf(ruby, type, childOf(node, "body"), node.type === "module");
  return undefined;
}

/** Opens a class or module, and defines its name. */
function openType(ruby: RubyBinder, name: SourceNode, path: string, kind: "class" | "module"): OpenedType {
  const full = fullName(ruby.frame.type.name, path);
  const { around } = splitPath(full);
  const home = ruby.scopeOfConstants(around);
  const type = ruby.typeNamed(full, ruby.frame.type.scope);
  const last = name.type === "scope_resolution" ? (childOf(name, "name") ?? name) : name;
  const value: Term = { is: "any", of: [...partsOfType(ruby, type), linkTo(full)] };
  ruby.define(ruby.placeOf(last), home, kind, { space: "type", value });
  return type;
}

function partsOfType(ruby: RubyBinder, type: OpenedType): readonly Term[] {
  const itself = ruby.classItself(type);
  return itself.is === "any" ? itself.of : [itself];
}

function bodyOf(ruby: RubyBinder, type: OpenedType, body: SourceNode | undefined, isModule: boolean): Part {
  return ruby.within(
    {
      type,
      self: ruby.classItself(type),
      space: "value",
      singleton: false,
      isModule,
      inBlock: false,
      sections: sectionsOf(ruby.tree, body),
      locals: new Locals(ruby.facts, type.scope),
      method: undefined,
    },
    () => ruby.visit(body),
  );
}

/** `A = Struct.new(…)` and its like: a class with that name. */
export function* bindMadeClass(ruby: RubyBinder, name: SourceNode, call: SourceNode, made: MadeClass): Walk {
  const path = constantPath(ruby.tree, name);
  if (path === undefined) return yield ruby.visit(call);
  yield ruby.visit(childOf(call, "receiver"));
  const superclass = yield ruby.visit(made.base);
  yield ruby.visit(childOf(name, "scope"));
  const type = openType(ruby, name, path, made.kind);
  type.superclass ??= superclass;
  defineFields(ruby, type, made);
  // The block sees the local variables around it.
  const { locals } = ruby.frame;
  const mark = locals.mark();
  const block = made.body;
  yield ruby.within(
    {
      type,
      self: ruby.classItself(type),
      space: "value",
      singleton: false,
      isModule: made.kind === "module",
      inBlock: false,
      sections: sectionsOf(ruby.tree, block && childOf(block, "body")),
      method: undefined,
    },
    () => ruby.visit(block && childOf(block, "body")),
  );
  locals.close(mark);
  return undefined;
}

function defineFields(ruby: RubyBinder, type: OpenedType, { fields, writes }: MadeClass): void {
  for (const field of fields) {
    const place = literalName(ruby.tree, field);
    if (place === undefined) continue;
    ruby.define(place, type.scope, "property", { space: "call", static: false });
    if (writes) defineWriter(ruby, place, type.scope, { space: "call", static: false });
  }
}

/** The method that an assignment to `a.name` calls, at the place of what makes it. */
export function defineWriter(
  ruby: RubyBinder,
  place: NamePlace,
  scope: number,
  more: Partial<Pick<NameDefinition, "space" | "static">>,
): void {
  ruby.define({ ...place, name: `${place.name}=` }, scope, "property", more);
}

/** `class << self`, or of another object, of which nothing is known. */
function* singletonClass(ruby: RubyBinder, node: SourceNode): Walk {
  const object = childOf(node, "value");
  yield ruby.visit(object);
  const { type } = ruby.frame;
  const isOwn = object?.type === "self" && type.scope !== FILE;
  const body = childOf(node, "body");
  yield ruby.within(
    {
      self: isOwn ? ruby.classItself(type) : undefined,
      singleton: true,
      inBlock: false,
      sections: sectionsOf(ruby.tree, body),
      locals: new Locals(ruby.facts, type.scope),
      method: undefined,
    },
    () => ruby.visit(body),
  );
  return undefined;
}

/** How a method is defined that stands here: in which scope, and whose it is. */
export interface MethodHome {
  readonly scope: number;
  readonly more: Partial<Pick<NameDefinition, "space" | "static">>;
  /** What `self` is in it. */
  readonly self: Term | undefined;
}

/** @param definition what makes the method, as sections know it */
export function homeOf(ruby: RubyBinder, definition: SourceNode, name: string): MethodHome {
  const { type, singleton, isModule, sections, self } = ruby.frame;
  if (singleton) {
    // The methods of an object that is not known are nobody's.
    const scope = self === undefined ? ruby.facts.scope(FILE, "none") : type.scope;
    return { scope, more: { space: "value" }, self };
  }
  if (type.scope === FILE) return { scope: ruby.functions, more: {}, self: type.value };
  const instance: Term = { is: "instance", scope: type.scope };
  if (isModule && sections?.isShared(definition, name) === true)
    return { scope: type.scope, more: {}, self: instance };
  // What is mixed in becomes a method of a class by `extend`, of its instances by `include`.
  const more = isModule ? { static: false } : { space: "call" as const, static: false };
  return { scope: type.scope, more, self: instance };
}

function method(ruby: RubyBinder, node: SourceNode): Part {
  const name = childOf(node, "name");
  if (name === undefined) return undefined;
  const place = ruby.placeOf(name);
  const { scope, more, self } = homeOf(ruby, node, place.name);
  const kind = scope === ruby.functions ? "function" : "method";
  const definition = ruby.define(place, scope, kind, more);
  return bindBody(ruby, node, definition, self, ruby.frame.singleton ? "value" : spaceOf(ruby));
}

/** Where the methods of an instance are. */
function spaceOf({ frame }: RubyBinder): "call" | undefined {
  return frame.type.scope === FILE ? undefined : "call";
}

function* singletonMethod(ruby: RubyBinder, node: SourceNode): Walk {
  const object = childOf(node, "object");
  const name = childOf(node, "name");
  const owner = yield ruby.visit(object);
  if (object === undefined || name === undefined) return undefined;
  const { type, self } = ruby.frame;
  const isNamed =
    object.type === "self" ? self !== undefined : ruby.text(object) === splitPath(type.name).name;
  const isOwn = type.scope !== FILE && isNamed;
  const place = ruby.placeOf(name);
  if (isOwn) {
    const definition = ruby.define(place, type.scope, "method", { space: "value" });
    return yield bindBody(ruby, node, definition, ruby.classItself(type), "value");
  }
  const isTop = object.type === "self" && type.scope === FILE;
  const scope = isTop ? ruby.functions : ruby.facts.scope(FILE, "none");
  const definition = ruby.define(place, scope, "method", owner === undefined || isTop ? {} : { owner });
  return yield bindBody(ruby, node, definition, isTop ? type.value : owner, isTop ? undefined : "value");
}

function bindBody(
  ruby: RubyBinder,
  node: SourceNode,
  definition: number,
  self: Term | undefined,
  space: "call" | "value" | undefined,
): Part {
  const returns: Term[] = [];
  const name = ruby.text(childOf(node, "name"));
  const frame = {
    self,
    space,
    locals: new Locals(ruby.facts, ruby.frame.type.scope),
    method: { name, returns },
  };
  return ruby.within({ ...frame, inBlock: false }, function* () {
    const parameters = yield* defineParameters(ruby, childOf(node, "parameters"));
    const last = yield ruby.visit(childOf(node, "body"));
    const all = [...returns, ...(last === undefined ? [] : [last])];
    ruby.facts.setValue(definition, { is: "function", parameters, returns: all });
    return undefined;
  });
}

/** `alias a b`: another name of the method. */
function alias(ruby: RubyBinder, node: SourceNode): Part {
  const name = childOf(node, "name");
  const original = childOf(node, "alias");
  if (name === undefined || original === undefined || name.type === "global_variable") return undefined;
  bindAlias(ruby, node, methodName(ruby, name), methodName(ruby, original));
  return undefined;
}

/** Defines another name of a method. */
export function bindAlias(ruby: RubyBinder, node: SourceNode, name: NamePlace, original: NamePlace): void {
  const { scope, more, self } = homeOf(ruby, node, name.name);
  const space = ruby.frame.singleton ? "value" : spaceOf(ruby);
  const value = ruby.terms.member(self, original.name, space);
  ruby.refer(original, "read", value);
  ruby.define(name, scope, "method", { ...more, ...(value === undefined ? {} : { value }) });
}

function methodName(ruby: RubyBinder, node: SourceNode): NamePlace {
  return literalName(ruby.tree, node) ?? ruby.placeOf(node);
}

function undef(ruby: RubyBinder, node: SourceNode): Part {
  for (const each of partsOf(node)) {
    const place = methodName(ruby, each);
    ruby.refer(
      place,
      "read",
      ruby.terms.member(homeOf(ruby, node, place.name).self, place.name, spaceOf(ruby)),
    );
  }
  return undefined;
}
