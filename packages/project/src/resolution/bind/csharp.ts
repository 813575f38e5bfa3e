import type { SourceTree } from "../../drivers/tree-sitter/tree.js";
import type { NameFacts } from "../name-facts.js";
import { CSharpBinder } from "./csharp-binder.js";
import { CLASS_RULES } from "./csharp-classes.js";
import { EXPRESSION_RULES } from "./csharp-expressions.js";
import { fileScope, NAMESPACE_RULES } from "./csharp-namespaces.js";
import { STATEMENT_RULES } from "./csharp-statements.js";
import { TYPE_RULES } from "./csharp-types.js";
import { rulesOf, walkRules } from "./rule-walk.js";

/** What a C# file says of names. */
export function bindCSharp(tree: SourceTree): NameFacts {
  const binder = new CSharpBinder(tree);
  const rules = rulesOf([NAMESPACE_RULES, CLASS_RULES, STATEMENT_RULES, TYPE_RULES, EXPRESSION_RULES]);
  walkRules(binder, rules, tree.root, {
    scope: fileScope(binder),
    namespace: "",
    self: undefined,
    labels: undefined,
    assigned: undefined,
  });
  return binder.facts.finish({ aliases: false, exports: false, namespaces: binder.namespaces });
}
