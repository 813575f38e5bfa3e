import type { SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import { type CSharpBinder, childOf, firstPart } from "./csharp-binder.js";

/** How far above a pattern what it is held against is looked for. */
const MOST_STEPS_UP = 50;

/** Patterns that are about the same value as the pattern around them. */
const SAME_VALUE = new Set([
  "or_pattern",
  "and_pattern",
  "negated_pattern",
  "parenthesized_pattern",
  "property_pattern_clause",
  "when_clause",
]);

/** The object that an initialiser is about, or that a `new()` without a type makes, as what is around it says. */
export function initialised(binder: CSharpBinder, node: SourceNode): Term | undefined {
  const { parent } = node;
  switch (parent?.type) {
    case "object_creation_expression":
      return binder.valueOf(childOf(parent, "type"));
    case "implicit_object_creation_expression":
      return binder.valueOf(parent);
    case "assignment_expression":
      return binder.valueOf(childOf(parent, "left"));
    case "variable_declarator":
      return parent.parent && binder.valueOf(childOf(parent.parent, "type"));
    case "property_declaration":
      return binder.valueOf(childOf(parent, "type"));
    default:
      return undefined;
  }
}

/** What a part of a pattern is a member of: the type that the pattern names, else what is held against it. */
export function matched(binder: CSharpBinder, subpattern: SourceNode): Term | undefined {
  let at: SourceNode = subpattern;
  for (let steps = 0; steps < MOST_STEPS_UP && at.parent !== undefined; steps += 1) {
    const { parent } = at;
    const type = parent.type === "recursive_pattern" ? childOf(parent, "type") : undefined;
    if (type !== undefined) return binder.valueOf(type);
    if (parent.type !== "recursive_pattern" && !SAME_VALUE.has(parent.type)) return subject(binder, parent);
    at = parent;
  }
  return undefined;
}

function subject(binder: CSharpBinder, around: SourceNode): Term | undefined {
  switch (around.type) {
    case "is_pattern_expression":
      return binder.valueOf(childOf(around, "expression"));
    case "switch_expression_arm":
      return binder.valueOf(firstPart(around.parent));
    case "switch_section":
      return around.parent?.parent && binder.valueOf(childOf(around.parent.parent, "value"));
    case "subpattern":
      return around.parent?.type === "property_pattern_clause"
        ? binder.valueOf(firstPart(around))
        : undefined;
    default:
      return undefined;
  }
}
