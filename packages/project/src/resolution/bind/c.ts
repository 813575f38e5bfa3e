import type { SourceTree } from "../../drivers/tree-sitter/tree.js";
import type { NameFacts } from "../name-facts.js";
import { CBinder, type Rule } from "./c-binder.js";
import { DECLARATION_RULES } from "./c-declarations.js";
import { EXPRESSION_RULES } from "./c-expressions.js";
import { NAMESPACE_RULES } from "./c-namespaces.js";
import { STATEMENT_RULES } from "./c-statements.js";
import { TYPE_RULES } from "./c-types.js";
import { runWalk } from "./walk.js";

const RULES: ReadonlyMap<string, Rule> = new Map(
  [DECLARATION_RULES, NAMESPACE_RULES, STATEMENT_RULES, EXPRESSION_RULES, TYPE_RULES].flatMap((rules) =>
    Object.entries(rules),
  ),
);

/** What a file in C or C++ says of names. What it includes is asked for one name at a time, as the namespaces of other languages are. */
export function bindC(tree: SourceTree): NameFacts {
  const c = new CBinder(tree, RULES);
  runWalk(c.visit(tree.root));
  c.complete();
  return c.facts.finish({ aliases: false, exports: false, namespaces: c.namespaces });
}
