import type { SourceTree } from "../../drivers/tree-sitter/tree.js";
import type { NameFacts } from "../name-facts.js";
import { FILE, GoBinder, type Rule } from "./go/binder.js";
import { DECLARATION_RULES, declareTypes } from "./go/declarations.js";
import { EXPRESSION_RULES } from "./go/expressions.js";
import { STATEMENT_RULES } from "./go/statements.js";
import { TYPE_RULES } from "./go/types.js";
import { runWalk } from "./walk.js";

const RULES: ReadonlyMap<string, Rule> = new Map(
  [DECLARATION_RULES, STATEMENT_RULES, EXPRESSION_RULES, TYPE_RULES].flatMap((rules) =>
    Object.entries(rules),
  ),
);

/** What a Go file says of names. */
export function bindGo(tree: SourceTree): NameFacts {
  const go = new GoBinder(tree, RULES);
  declareTypes(go);
  runWalk(go.visit(tree.root, FILE));
  return go.facts.finish({ aliases: false, exports: false });
}
