import { partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import { childOf, type JavaBinder, type Place, type Rules } from "./java-binder.js";
import { isInferred } from "./java-types.js";

/** How far above a pattern its condition is looked for. */
const MOST_STEPS_UP = 50;

const CONDITION_PARTS = new Set([
  "instanceof_expression",
  "record_pattern",
  "record_pattern_body",
  "record_pattern_component",
  "parenthesized_expression",
  "unary_expression",
  "binary_expression",
]);
const LEAVES_BLOCK = new Set([
  "return_statement",
  "throw_statement",
  "break_statement",
  "continue_statement",
  "yield_statement",
]);

/** Names that patterns bind: of `instanceof`, of a `case`, and within record patterns. */
export const PATTERN_RULES: Rules = {
  instanceof_expression: {
    leave(binder, node, place) {
      const name = childOf(node, "name");
      if (name !== undefined) bindPattern(binder, name, childOf(node, "right"), place);
    },
  },
  type_pattern: { enter: withoutName, leave: lastIsName },
  record_pattern_component: { enter: withoutName, leave: lastIsName },
  record_pattern: {
    enter(binder, node, place) {
      const [type] = partsOf(node);
      if (type?.type !== "identifier") return undefined;
      const term: Term = { is: "name", name: binder.text(type), scope: place.scope, space: "type" };
      binder.facts.refer(binder.place(type), "type", term);
      return (child) => (child === type ? undefined : place);
    },
  },
};

function withoutName(
  _binder: JavaBinder,
  node: SourceNode,
  place: Place,
): (child: SourceNode) => Place | undefined {
  const name = partsOf(node).at(-1);
  return (child) => (child === name ? undefined : place);
}

function lastIsName(binder: JavaBinder, node: SourceNode, place: Place): void {
  const [type, name] = partsOf(node);
  if (name?.type === "identifier") bindPattern(binder, name, type, place);
}

function bindPattern(binder: JavaBinder, name: SourceNode, type: SourceNode | undefined, place: Place): void {
  const value = isInferred(binder, type) ? undefined : binder.valueOf(type);
  const scope = holdsAfterwards(name) ? place.block : scopeFor(binder, binder.text(name), place);
  binder.facts.define(binder.place(name), scope, "variable", {
    space: "value",
    ...(value === undefined ? {} : { value }),
  });
}

/**
 * A name that a pattern binds holds for what follows in its statement, and no longer: `if (a instanceof B b) …` may come twice in
 * one block. So the place of the statement moves on to a scope of its own, and to yet another for the same name once more.
 */
function scopeFor(binder: JavaBinder, name: string, place: Place): number {
  const isOwn = binder.patternScopes.has(place.scope);
  if (!isOwn || binder.facts.definitionsIn(place.scope, name).length > 0) {
    place.scope = binder.facts.scope(place.scope);
    binder.patternScopes.add(place.scope);
  }
  return place.scope;
}

/** `if (!(a instanceof B b)) return;` and `while (!(a instanceof B b)) …`: the name holds for what follows the statement. */
function holdsAfterwards(name: SourceNode): boolean {
  let at = name.parent;
  let negated = false;
  for (let steps = 0; at !== undefined && CONDITION_PARTS.has(at.type); at = at.parent) {
    if (at.type === "unary_expression" && at.children[0]?.type === "!") negated = !negated;
    steps += 1;
    if (steps > MOST_STEPS_UP) return false;
  }
  if (!negated) return false;
  if (at?.type === "while_statement") return true;
  const consequence = at?.type === "if_statement" ? childOf(at, "consequence") : undefined;
  const last = consequence?.type === "block" ? partsOf(consequence).at(-1) : consequence;
  return last !== undefined && LEAVES_BLOCK.has(last.type);
}
