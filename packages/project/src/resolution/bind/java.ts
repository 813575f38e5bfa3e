import type { SourceTree } from "../../drivers/tree-sitter/tree.js";
import type { NameFacts } from "../name-facts.js";
import { JavaBinder } from "./java-binder.js";
import { CLASS_RULES } from "./java-classes.js";
import { EXPRESSION_RULES } from "./java-expressions.js";
import { IMPORT_RULES } from "./java-imports.js";
import { PATTERN_RULES } from "./java-patterns.js";
import { STATEMENT_RULES } from "./java-statements.js";
import { TYPE_RULES } from "./java-types.js";
import { rulesOf, walkRules } from "./rule-walk.js";

/** What a Java file says of names. */
export function bindJava(tree: SourceTree): NameFacts {
  const binder = new JavaBinder(tree);
  const file = binder.facts.scope(-1);
  const rules = rulesOf([
    STATEMENT_RULES,
    CLASS_RULES,
    TYPE_RULES,
    PATTERN_RULES,
    EXPRESSION_RULES,
    IMPORT_RULES,
  ]);
  walkRules(binder, rules, tree.root, { scope: file, block: file, self: undefined, label: undefined });
  return binder.facts.finish({ aliases: false, package: binder.package, exports: false });
}
