import { childOf, partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import { constantPath, fullName, madeClass, splitPath } from "../../outline/ruby-names.js";
import type { Term } from "../name-facts.js";
import type { RubyBinder, Rule } from "./ruby-binder.js";
import { bindMadeClass } from "./ruby-classes.js";
import { variableHome } from "./ruby-expressions.js";
import type { Part, Walk } from "./walk.js";

/** What is done with assignments; each gives what is assigned. */
export const ASSIGNMENT_RULES: Readonly<Record<string, Rule>> = {
  assignment,
  operator_assignment: changed,
  for: forLoop,
  exception_variable: exceptionVariable,
};

function* assignment(ruby: RubyBinder, node: SourceNode): Walk {
  const left = childOf(node, "left");
  const right = childOf(node, "right");
  if (left === undefined || right === undefined) return undefined;
  const made = isConstant(left) ? madeClass(ruby.tree, right) : undefined;
  if (made !== undefined) return yield bindMadeClass(ruby, left, right, made);
  const value = yield ruby.visit(right);
  yield* assign(ruby, left, value);
  return value;
}

/** `a ||= b`, `a += b`: a first one defines the name. */
function* changed(ruby: RubyBinder, node: SourceNode): Walk {
  const left = childOf(node, "left");
  if (left === undefined) return undefined;
  const isDefault = node.children.some(({ type }) => type === "||=");
  const before = left.type === "call" ? yield ruby.visit(left) : undefined;
  const value = yield ruby.visit(childOf(node, "right"));
  if (left.type === "call") writeMember(ruby, left, isDefault ? value : undefined);
  else yield* assign(ruby, left, isDefault ? value : undefined);
  return isDefault ? ruby.terms.any([before, value]) : undefined;
}

/** Assigns to a target, or to several, which may be within each other. */
function* assign(
  ruby: RubyBinder,
  target: SourceNode,
  value: Term | undefined,
): Generator<Part, void, Term | undefined> {
  const pending: { readonly node: SourceNode; readonly value: Term | undefined }[] = [
    { node: target, value },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, value: given } = next;
    switch (node.type) {
      case "left_assignment_list":
      case "destructured_left_assignment":
        for (const [at, part] of [...partsOf(node).entries()].reverse())
          pending.push({ node: part, value: elementAt(ruby, given, at) });
        break;
      case "rest_assignment":
        for (const part of partsOf(node)) pending.push({ node: part, value: undefined });
        break;
      case "identifier":
        ruby.assignLocal(ruby.placeOf(node), given);
        break;
      case "instance_variable":
      case "class_variable":
      case "global_variable": {
        const place = ruby.placeOf(node);
        const { scope, space, term } = variableHome(ruby, node);
        if (scope !== undefined) ruby.assignMember(place, scope, space, term, given);
        break;
      }
      case "constant":
      case "scope_resolution":
        if (node.type === "scope_resolution") yield ruby.visit(childOf(node, "scope"));
        defineConstant(ruby, node, given);
        break;
      case "call":
        yield ruby.visit(childOf(node, "receiver"));
        writeMember(ruby, node, given);
        break;
      default:
        yield ruby.visit(node);
    }
  }
}

function elementAt(ruby: RubyBinder, of: Term | undefined, at: number): Term | undefined {
  if (of?.is === "array") return of.items?.[at];
  return of && ruby.terms.element(of, at);
}

function defineConstant(ruby: RubyBinder, node: SourceNode, value: Term | undefined): void {
  const path = constantPath(ruby.tree, node);
  const name = node.type === "constant" ? node : childOf(node, "name");
  if (path === undefined || name === undefined) return;
  const { around } = splitPath(fullName(ruby.frame.type.name, path));
  const place = ruby.placeOf(name);
  const scope = ruby.scopeOfConstants(around);
  ruby.define(place, scope, "variable", { space: "type", ...(value === undefined ? {} : { value }) });
}

/** `a.b = …` calls the method `b=`. */
function writeMember(ruby: RubyBinder, call: SourceNode, value: Term | undefined): void {
  const method = childOf(call, "method");
  const receiver = childOf(call, "receiver");
  if (method === undefined || receiver === undefined) return;
  const place = ruby.placeOf(method);
  const name = `${place.name}=`;
  const of = ruby.valueOf(receiver);
  if (receiver.type === "self") ruby.assignHeld(place.name, value);
  ruby.refer({ ...place, name }, "write", ruby.memberOf(receiver, of, name));
}

function* forLoop(ruby: RubyBinder, node: SourceNode): Walk {
  const over = yield ruby.visit(partsOf(childOf(node, "value"))[0]);
  const pattern = childOf(node, "pattern");
  if (pattern !== undefined) yield* assign(ruby, pattern, ruby.terms.element(over));
  yield ruby.visit(childOf(node, "body"));
  return undefined;
}

/** `rescue A, B => e`: an instance of one of these. */
function* exceptionVariable(ruby: RubyBinder, node: SourceNode): Walk {
  const target = partsOf(node)[0];
  const classes = partsOf(node.parent && childOf(node.parent, "exceptions")).map((each) =>
    ruby.valueOf(each),
  );
  const value = ruby.terms.call(ruby.terms.any(classes), [], []);
  if (target !== undefined) yield* assign(ruby, target, value);
  return undefined;
}

function isConstant({ type }: SourceNode): boolean {
  return type === "constant" || type === "scope_resolution";
}
