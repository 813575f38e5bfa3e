import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import { ACCESSORS, argumentsOf, literalName, ownMessage } from "../../outline/ruby-names.js";
import type { Term } from "../name-facts.js";
import { FILE, linkTo, type RubyBinder, type Rule, visitOnly } from "./ruby-binder.js";
import { bindAlias, defineWriter, homeOf } from "./ruby-classes.js";
import { defineParameters } from "./ruby-parameters.js";
import type { Part, Walk } from "./walk.js";

/** Messages to a class, or to what is around, that say something of its names. */
const MESSAGES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["include", mixIn],
  ["prepend", mixIn],
  ["extend", mixIn],
  ["alias_method", aliasMethod],
  ["define_method", defineMethod],
  ["autoload", autoload],
  ["private_constant", nameConstants],
  ...[...ACCESSORS.keys()].map((name) => [name, accessors] as const),
  ...words("private protected public module_function private_class_method public_class_method").map(
    (name) => [name, nameMethods] as const,
  ),
  ...words("method send public_send __send__ respond_to? instance_method").map(
    (name) => [name, nameMethod] as const,
  ),
]);

function words(text: string): readonly string[] {
  return text.split(" ");
}

/** What is done with a message that says something of names; undefined for any other. */
export function messageRule(ruby: RubyBinder, node: SourceNode): Rule | undefined {
  return MESSAGES.get(ownMessage(ruby.tree, node) ?? "");
}

function* mixIn(ruby: RubyBinder, node: SourceNode): Walk {
  const message = ownMessage(ruby.tree, node);
  const { type, self, space, singleton, method, inBlock } = ruby.frame;
  const isOfType =
    (space === "value" || type.scope === FILE) && self !== undefined && method === undefined && !inBlock;
  for (const part of partsOf(childOf(node, "arguments"))) {
    const term = yield ruby.visit(part);
    if (term === undefined || !isOfType || part.type === "self") continue;
    if (message === "extend" || singleton) type.extending.terms.unshift(term);
    else type.mixed.unshift(term);
  }
  return undefined;
}

/** `attr_accessor :a`: methods that read and assign `@a`. */
function accessors(ruby: RubyBinder, node: SourceNode): Part {
  const made = ACCESSORS.get(ownMessage(ruby.tree, node) ?? "");
  for (const each of argumentsOf(node)) {
    const place = literalName(ruby.tree, each);
    if (place === undefined || made === undefined) continue;
    const { scope, more, self } = homeOf(ruby, node, place.name);
    const held = ruby.terms.member(self, `@${place.name}`, ruby.frame.singleton ? "value" : "call");
    const returns = held === undefined ? [] : [held];
    ruby.holds(scope, place.name, returns);
    const value: Term = { is: "function", parameters: [], returns };
    if (made.reads) ruby.define(place, scope, "property", { ...more, value });
    if (made.writes) defineWriter(ruby, place, scope, more);
  }
  return visitOnly(
    ruby,
    argumentsOf(node).filter((each) => literalName(ruby.tree, each) === undefined),
  );
}

function aliasMethod(ruby: RubyBinder, node: SourceNode): Part {
  const [name, original] = argumentsOf(node).map((each) => literalName(ruby.tree, each));
  if (name === undefined || original === undefined) return visitOnly(ruby, argumentsOf(node));
  bindAlias(ruby, node, name, original);
  return undefined;
}

/** `define_method(:a) { |b| … }`: a method that sees what is around it. */
function* defineMethod(ruby: RubyBinder, node: SourceNode): Walk {
  const [first, ...rest] = argumentsOf(node);
  const place = literalName(ruby.tree, first);
  if (place === undefined) yield ruby.visit(first);
  yield visitOnly(ruby, rest);
  const block = childOf(node, "block");
  const returns: Term[] = [];
  const home = place && homeOf(ruby, node, place.name);
  const definition = place && home && ruby.define(place, home.scope, "method", home.more);
  const space = ruby.frame.singleton ? ("value" as const) : ("call" as const);
  const method = { name: place?.name ?? "", returns };
  yield ruby.within({ self: home?.self, space, method }, function* () {
    const { locals } = ruby.frame;
    const mark = locals.mark();
    const parameters = yield* defineParameters(ruby, block && childOf(block, "parameters"));
    const last = yield ruby.visit(block && childOf(block, "body"));
    locals.close(mark);
    const all = [...returns, ...(last === undefined ? [] : [last])];
    if (definition !== undefined)
      ruby.facts.setValue(definition, { is: "function", parameters, returns: all });
    return undefined;
  });
  return undefined;
}

/** `autoload :A, "a"` names a constant of the class around, wherever it is at home. */
function autoload(ruby: RubyBinder, node: SourceNode): Part {
  const place = literalName(ruby.tree, argumentsOf(node)[0]);
  if (place === undefined) return visitOnly(ruby, argumentsOf(node));
  const { name } = ruby.frame.type;
  ruby.refer(place, "import", linkTo(name === "" ? place.name : `${name}::${place.name}`));
  return undefined;
}

function nameConstants(ruby: RubyBinder, node: SourceNode): Part {
  for (const each of argumentsOf(node)) {
    const place = literalName(ruby.tree, each);
    const term: Term = { is: "name", name: place?.name ?? "", scope: ruby.frame.type.scope, space: "type" };
    if (place !== undefined) ruby.refer(place, "read", term);
  }
  return undefined;
}

/** `private :a, :b`; what is no literal is visited: `private def a`. */
function* nameMethods(ruby: RubyBinder, node: SourceNode): Walk {
  const isOfClass = /_class_method$/.test(ownMessage(ruby.tree, node) ?? "");
  for (const each of argumentsOf(node)) {
    const place = literalName(ruby.tree, each);
    if (place === undefined) {
      yield ruby.visit(each);
      continue;
    }
    const self = isOfClass ? ruby.frame.self : homeOf(ruby, node, place.name).self;
    const space = isOfClass || ruby.frame.singleton ? "value" : "call";
    ruby.refer(place, "read", ruby.terms.member(self, place.name, space));
  }
  return undefined;
}

/** `send(:a, b)`: the first argument names a method of `self`. */
function* nameMethod(ruby: RubyBinder, node: SourceNode): Walk {
  for (const [index, part] of partsOf(childOf(node, "arguments")).entries()) {
    const place = index === 0 ? literalName(ruby.tree, part) : undefined;
    if (place === undefined) yield ruby.visit(part);
    else ruby.refer(place, "read", ruby.ownMember(place.name));
  }
  yield ruby.visit(childOf(node, "block"));
  return undefined;
}
