import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import { madeClass } from "../../outline/ruby-names.js";
import type { Term } from "../name-facts.js";
import { NOTHING } from "./bounded-terms.js";
import { type RubyBinder, type Rule, visitOnly } from "./ruby-binder.js";
import { messageRule } from "./ruby-messages.js";
import { defineParameters } from "./ruby-parameters.js";
import type { Part, Walk } from "./walk.js";

/** What is done with calls and blocks; each gives what it is a value of. */
export const CALL_RULES: Readonly<Record<string, Rule>> = {
  call,
  super: superCall,
  element_reference: elementReference,
  block: blockOf,
  do_block: blockOf,
  lambda: lambdaOf,
};

/** More arguments say nothing of what is called. */
const MOST_ARGUMENTS = 16;

/** Methods of sequences that give each element to their block. */
const EACH: ReadonlySet<string> = new Set(
  `each map collect flat_map select filter filter_map reject find detect find_all find_index any? all? none? one? each_with_index
  each_entry each_with_object reverse_each sort_by min_by max_by sum count group_by partition take_while drop_while index_by to_h
  each_index uniq map! select! reject! delete_if keep_if cycle`.split(/\s+/),
);
/** Methods that give their block what they are called on. */
const ITSELF: ReadonlySet<string> = new Set(["tap", "then", "yield_self"]);
/** Methods whose block runs as if it stood in another object. */
const ELSEWHERE: ReadonlySet<string> = new Set(
  "instance_eval instance_exec class_eval class_exec module_eval module_exec".split(" "),
);
/** Methods that give what they are called on. */
const SAME: ReadonlySet<string> = new Set(["tap", "freeze", "dup", "clone", "itself"]);

function* call(ruby: RubyBinder, node: SourceNode): Walk {
  const receiver = childOf(node, "receiver");
  const method = childOf(node, "method");
  if (method?.type === "super") return yield superCall(ruby, node);
  const rule = receiver === undefined ? messageRule(ruby, node) : undefined;
  if (rule !== undefined) return yield rule(ruby, node);
  const of = receiver === undefined ? ruby.frame.self : yield ruby.visit(receiver);
  const given = yield* visitArguments(ruby, childOf(node, "arguments"));
  // `a.(b)` names no method.
  const named = method !== undefined && (method.type === "identifier" || method.type === "constant");
  const value = named ? ruby.keep(node, called(ruby, receiver, method, of, given)) : undefined;
  yield blockWithin(ruby, node, of);
  return value;
}

function* visitArguments(
  ruby: RubyBinder,
  list: SourceNode | undefined,
): Generator<Part, readonly Term[], Term | undefined> {
  const given: Term[] = [];
  let isPlain = true;
  for (const part of partsOf(list)) {
    const value = yield ruby.visit(part);
    isPlain &&= part.type !== "pair" && !part.type.endsWith("_argument");
    if (isPlain && given.length < MOST_ARGUMENTS) given.push(value ?? NOTHING);
  }
  return given;
}

/** Refers to the method; gives what it gives. */
function called(
  ruby: RubyBinder,
  receiver: SourceNode | undefined,
  method: SourceNode,
  of: Term | undefined,
  given: readonly Term[],
): Term | undefined {
  const place = ruby.placeOf(method);
  const isOfClass = receiver === undefined ? ruby.frame.space === "value" : ruby.isClass(receiver);
  if (place.name === "new" && isOfClass) {
    const made = ruby.terms.call(of, [], []);
    ruby.refer(place, "call", ruby.terms.member(made, "initialize", "call"));
    return made;
  }
  if (place.name === "class" && receiver?.type === "self") return ruby.classAround();
  const term = receiver === undefined ? ruby.ownMember(place.name) : ruby.memberOf(receiver, of, place.name);
  ruby.refer(place, "call", term);
  return SAME.has(place.name) ? of : ruby.terms.call(term, given, []);
}

/** The block of a call, with what it is given. */
function blockWithin(ruby: RubyBinder, node: SourceNode, of: Term | undefined): Part {
  const block = childOf(node, "block");
  if (block === undefined) return undefined;
  const method = ruby.text(childOf(node, "method"));
  if (EACH.has(method)) ruby.given.set(block, [ruby.terms.element(of)]);
  else if (method === "inject" || method === "reduce")
    ruby.given.set(block, [undefined, ruby.terms.element(of)]);
  else if (ITSELF.has(method)) ruby.given.set(block, [of]);
  const isOther = ELSEWHERE.has(method) && childOf(node, "receiver") !== undefined;
  if (!isOther && madeClass(ruby.tree, node) === undefined) return ruby.visit(block);
  return ruby.within({ self: undefined, singleton: true }, () => ruby.visit(block));
}

/** A block sees what is around it, and what it defines ends with it. */
function* blockOf(ruby: RubyBinder, node: SourceNode): Walk {
  const { locals } = ruby.frame;
  const mark = locals.mark();
  yield* defineParameters(ruby, childOf(node, "parameters"), ruby.given.get(node));
  yield ruby.within({ inBlock: true }, () => ruby.visit(childOf(node, "body")));
  locals.close(mark);
  return undefined;
}

function* lambdaOf(ruby: RubyBinder, node: SourceNode): Walk {
  const { locals } = ruby.frame;
  const mark = locals.mark();
  yield* defineParameters(ruby, childOf(node, "parameters"));
  yield ruby.within({ inBlock: true }, () => ruby.visit(childOf(node, "body")));
  locals.close(mark);
  return undefined;
}

/** `super`, with or without arguments: the method of that name that is hidden by this one. */
function* superCall(ruby: RubyBinder, node: SourceNode): Walk {
  const given = yield* visitArguments(ruby, childOf(node, "arguments"));
  const word = node.type === "super" ? node : childOf(node, "method");
  const { method, type, space } = ruby.frame;
  const above = [...type.mixed, type.superclass].map((each) =>
    space === "value" ? each : ruby.terms.type(each),
  );
  const term = method && ruby.terms.member(ruby.terms.any(above), method.name, space);
  if (word !== undefined) ruby.refer(ruby.placeOf(word), "call", term);
  yield blockWithin(ruby, node, undefined);
  return ruby.terms.call(term, given, []);
}

function* elementReference(ruby: RubyBinder, node: SourceNode): Walk {
  const object = childOf(node, "object");
  const of = yield ruby.visit(object);
  const at = partsOf(node).filter((part) => part !== object);
  yield visitOnly(ruby, at);
  const number = at.length === 1 && at[0]?.type === "integer" ? Number(ruby.text(at[0])) : undefined;
  return ruby.terms.element(of, number !== undefined && Number.isSafeInteger(number) ? number : undefined);
}
