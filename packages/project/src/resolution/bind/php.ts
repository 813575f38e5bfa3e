import type { SourceTree } from "../../drivers/tree-sitter/tree.js";
import type { NameFacts } from "../name-facts.js";
import { PhpBinder } from "./php-binder.js";
import { CLASS_RULES } from "./php-classes.js";
import { EXPRESSION_RULES } from "./php-expressions.js";
import { filePlace, NAMESPACE_RULES } from "./php-namespaces.js";
import { STATEMENT_RULES } from "./php-statements.js";
import { rulesOf, walkRules } from "./rule-walk.js";

/** What a PHP file says of names. */
export function bindPhp(tree: SourceTree): NameFacts {
  const binder = new PhpBinder(tree);
  const rules = rulesOf([NAMESPACE_RULES, CLASS_RULES, STATEMENT_RULES, EXPRESSION_RULES]);
  walkRules(binder, rules, tree.root, filePlace(binder));
  return binder.facts.finish({ aliases: false, exports: false, namespaces: binder.namespaces });
}
