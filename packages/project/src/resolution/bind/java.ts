import type { SourceNode, SourceTree } from "../../drivers/tree-sitter/tree.js";
import type { NameFacts } from "../name-facts.js";
import { JavaBinder, type Place, type Rule } from "./java-binder.js";
import { CLASS_RULES } from "./java-classes.js";
import { EXPRESSION_RULES } from "./java-expressions.js";
import { IMPORT_RULES } from "./java-imports.js";
import { PATTERN_RULES } from "./java-patterns.js";
import { STATEMENT_RULES } from "./java-statements.js";
import { TYPE_RULES } from "./java-types.js";

interface Step {
  readonly node: SourceNode;
  readonly place: Place;
  /** The rule of a node whose children have been seen. */
  readonly leaving?: Rule;
}

/** What a Java file says of names. Takes time in proportion to the tree, however deeply that is nested. */
export function bindJava(tree: SourceTree): NameFacts {
  const rules = rulesByType();
  const binder = new JavaBinder(tree);
  const file = binder.facts.scope(-1);
  const pending: Step[] = [
    { node: tree.root, place: { scope: file, block: file, self: undefined, label: undefined } },
  ];
  for (let step = pending.pop(); step !== undefined; step = pending.pop()) {
    const { node, place, leaving } = step;
    if (leaving !== undefined) {
      leaving.leave?.(binder, node, place);
      continue;
    }
    const rule = rules.get(node.type);
    const placeOf = rule?.enter?.(binder, node, place);
    if (rule?.leave !== undefined) pending.push({ node, place, leaving: rule });
    for (let index = node.children.length - 1; index >= 0; index -= 1) {
      const child = node.children[index];
      if (child === undefined || !child.named) continue;
      const inside = placeOf === undefined ? place : placeOf(child);
      if (inside !== undefined) pending.push({ node: child, place: inside });
    }
  }
  return binder.facts.finish({ aliases: false, package: binder.package, exports: false });
}

/** The rules of all nodes; where two files have one for the same node, both are followed. */
function rulesByType(): ReadonlyMap<string, Rule> {
  const rules = new Map<string, Rule>();
  const all = [STATEMENT_RULES, CLASS_RULES, TYPE_RULES, PATTERN_RULES, EXPRESSION_RULES, IMPORT_RULES];
  for (const [type, rule] of all.flatMap((some) => Object.entries(some))) {
    const known = rules.get(type);
    rules.set(type, known === undefined ? rule : { ...known, ...rule });
  }
  return rules;
}
