import { partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import { type Around, childOf, type JavaScriptBinder } from "./javascript-binder.js";
import { expressionTerm } from "./javascript-expressions.js";

/** An assignment: without types it defines what it is assigned to. Its value. */
export function assignTo(binder: JavaScriptBinder, node: SourceNode, around: Around): Term | undefined {
  const left = childOf(node, "left");
  const right = childOf(node, "right");
  if (left === undefined) return undefined;
  exportedBy(binder, left, right, around);
  const value =
    right && expressionTerm(binder, right, { ...around, put: ownerOfPrototype(binder, left, around) });
  const plain = node.type === "assignment_expression";
  assign(binder, left, around, plain ? value : undefined);
  return value;
}

function assign(binder: JavaScriptBinder, left: SourceNode, around: Around, value: Term | undefined): void {
  binder.deeper(() => assignOne(binder, left, around, value));
}

function assignOne(
  binder: JavaScriptBinder,
  left: SourceNode,
  around: Around,
  value: Term | undefined,
): void {
  switch (left.type) {
    case "identifier":
      expressionTerm(binder, left, around, "write");
      assignName(binder, left, around, value);
      return;
    case "member_expression":
      assignMember(binder, left, around, value);
      return;
    case "parenthesized_expression":
    case "non_null_expression":
      for (const inner of partsOf(left)) assign(binder, inner, around, value);
      return;
    case "array_pattern":
    case "object_pattern":
      assignPattern(binder, left, around, value);
      return;
    case "assignment_pattern":
    case "object_assignment_pattern": {
      const inner = childOf(left, "left");
      const fallback = childOf(left, "right");
      const other = fallback && expressionTerm(binder, fallback, around);
      if (inner) assign(binder, inner, around, value ?? other);
      return;
    }
    case "shorthand_property_identifier_pattern":
      assignName(binder, left, around, value);
      return;
    default:
      expressionTerm(binder, left, around, "write");
  }
}

function assignPattern(
  binder: JavaScriptBinder,
  pattern: SourceNode,
  around: Around,
  value: Term | undefined,
): void {
  let at = -1;
  for (const part of pattern.children) {
    if (part.type === "[" || part.type === ",") at++;
    if (!part.named || part.type === "comment") continue;
    if (part.type === "pair_pattern") {
      const key = binder.keyPlace(childOf(part, "key"));
      const inner = childOf(part, "value");
      if (inner) assign(binder, inner, around, value && key && { is: "member", of: value, name: key.name });
    } else if (pattern.type === "array_pattern") {
      assign(binder, part, around, value && { is: "element", of: value, at });
    } else {
      const name = binder.text(childOf(part, "left") ?? part);
      assign(binder, part, around, value && { is: "member", of: value, name });
    }
  }
}

/** `x = …`, `x += …` and `x++`: another definition of the name, where it is declared. */
export function assignName(
  binder: JavaScriptBinder,
  name: SourceNode,
  around: Around,
  value: Term | undefined,
): void {
  if (binder.typed) return;
  // Where it is declared is known when all has been seen.
  binder.later(() => {
    // What is declared nowhere is known where it is assigned: elsewhere it depends on what ran before.
    const scope = binder.facts.scopeOf(binder.text(name), around.scope) ?? around.functionScope;
    binder.facts.define(binder.place(name), scope, "variable", value ? { value } : {});
  });
}

function assignMember(
  binder: JavaScriptBinder,
  left: SourceNode,
  around: Around,
  value: Term | undefined,
): void {
  expressionTerm(binder, left, around, "write");
  const object = childOf(left, "object");
  const property = childOf(left, "property");
  if (binder.typed || object === undefined || property === undefined) return;
  const place = binder.place(property);
  const more = value === undefined ? {} : { value };
  if (object.type === "this") {
    const { self, made } = around;
    if (made) {
      binder.facts.define(place, around.scope, "property", { ...more, owner: made });
    } else if (self) {
      const onlyOne = self.isClass && !self.static ? { static: false } : {};
      binder.facts.define(place, self.scope, "property", { ...more, ...onlyOne });
    }
    return;
  }
  const owner = expressionTerm(binder, object, around);
  if (owner !== undefined) binder.facts.define(place, around.scope, "property", { ...more, owner });
}

/** Of `A.prototype.f = …`, what `new A` makes. */
function ownerOfPrototype(binder: JavaScriptBinder, left: SourceNode, around: Around): Term | undefined {
  const object = childOf(left, "object");
  const property = object && childOf(object, "property");
  const isPrototype =
    !binder.typed && left.type === "member_expression" && property && binder.text(property) === "prototype";
  return isPrototype ? expressionTerm(binder, object, around) : undefined;
}

/** `exports.f = …`, `module.exports.f = …` and `module.exports = …`. */
function exportedBy(
  binder: JavaScriptBinder,
  left: SourceNode,
  right: SourceNode | undefined,
  around: Around,
): void {
  if (left.type !== "member_expression") return;
  const object = childOf(left, "object");
  const property = childOf(left, "property");
  if (object === undefined || property === undefined) return;
  const owner = binder.text(object);
  const value = (): Term => (right && expressionTerm(binder, right, around)) ?? { is: "any", of: [] };
  if (owner === "exports" || owner === "module.exports") {
    binder.facts.export(binder.text(property), value(), binder.place(property));
  } else if (owner === "module" && binder.text(property) === "exports") {
    binder.facts.export("=", value(), binder.place(property));
  }
}
