import { partsOf, type SourceNode } from "../../drivers/tree-sitter/tree.js";
import type { Term } from "../name-facts.js";
import { childOf, type PhpBinder, type Place, type Rules } from "./php-binder.js";

/** How far above a variable what gives it a value is looked for. */
const MOST_STEPS_UP = 20;
const ASSIGNMENTS = new Set([
  "assignment_expression",
  "augmented_assignment_expression",
  "reference_assignment_expression",
]);

/** Statements that define names. */
export const STATEMENT_RULES: Rules = {
  foreach_statement: {
    leave(binder, node, place) {
      const [all, target] = partsOf(node);
      const variable = target?.type === "pair" ? partsOf(target)[1] : target;
      const plain = variable?.type === "by_ref" ? partsOf(variable)[0] : variable;
      const element = binder.terms.element(binder.valueOf(all));
      if (plain !== undefined) binder.addValue(assignedDefinition(binder, plain, place), element);
    },
  },
  catch_clause: {
    enter(binder, node, place) {
      const name = childOf(node, "name");
      binder.define(node, name, place.scope, "variable", { space: "value" });
      return (child) => (child === name ? undefined : place);
    },
    leave: (binder, node) =>
      binder.addValue(binder.definitions.get(node), binder.valueOf(childOf(node, "type"))),
  },
  static_variable_declaration: {
    enter(binder, node, place) {
      const name = childOf(node, "name");
      binder.define(node, name, place.scope, "variable", { space: "value" });
      return (child) => (child === name ? undefined : place);
    },
    leave: (binder, node) =>
      binder.addValue(binder.definitions.get(node), binder.valueOf(childOf(node, "value"))),
  },
  // A variable of the file, seen in a function.
  global_declaration: {
    enter(binder, node, place) {
      for (const name of partsOf(node)) {
        if (name.type !== "variable_name") continue;
        const value: Term = {
          is: "name",
          name: binder.text(name),
          scope: place.namespace.variables,
          space: "value",
        };
        binder.facts.define(binder.place(name), place.scope, "import", { space: "value", value });
      }
      return () => undefined;
    },
  },
  goto_statement: { enter: () => () => undefined },
  named_label_statement: { enter: () => () => undefined },
  use_list: { enter: () => () => undefined },
};

/** Whether a variable or a member is given a value where it stands. */
export function isAssigned(node: SourceNode): boolean {
  let at = node;
  for (let steps = 0; steps < MOST_STEPS_UP && at.parent !== undefined; steps += 1) {
    const { parent } = at;
    if (ASSIGNMENTS.has(parent.type)) return at.field === "left";
    if (parent.type === "update_expression") return at.field === "argument";
    if (parent.type === "foreach_statement") return at.field === undefined && partsOf(parent)[1] === at;
    if (parent.type === "pair" && parent.parent?.type !== "foreach_statement") return false;
    // `$a[$key] = …` gives a value to `$a`.
    if (parent.type === "subscript_expression") {
      if (parent.children[0] !== at) return false;
      at = parent;
      continue;
    }
    // `[$a, $b] = …` and `list('key' => $c) = …`
    const isTarget = parent.type === "list_literal" || parent.type === "pair" || parent.type === "by_ref";
    if (!isTarget) return false;
    if (parent.type === "list_literal" && parent.children[at.index + 1]?.type === "=>") return false;
    at = parent;
  }
  return false;
}

/** The definition of what an assignment gives a value to: a variable, or a property of `$this` without a declared type. */
export function assignedDefinition(binder: PhpBinder, left: SourceNode, place: Place): number | undefined {
  if (left.type === "variable_name") {
    const name = binder.text(left);
    const scope = binder.facts.scopeOf(name, place.scope);
    return scope === undefined ? undefined : binder.facts.definitionsIn(scope, name)[0];
  }
  const object = left.type === "member_access_expression" ? childOf(left, "object") : undefined;
  const name = childOf(left, "name");
  if (object === undefined || name === undefined || place.self === undefined) return undefined;
  if (binder.text(object) !== "$this") return undefined;
  return binder.facts
    .definitionsIn(place.self, binder.text(name))
    .find((definition) => binder.untyped.has(definition));
}
