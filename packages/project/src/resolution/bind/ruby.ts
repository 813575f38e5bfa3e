import type { SourceTree } from "../../drivers/tree-sitter/tree.js";
import type { NameFacts } from "../name-facts.js";
import { ASSIGNMENT_RULES } from "./ruby-assignments.js";
import { RubyBinder, type Rule } from "./ruby-binder.js";
import { CALL_RULES } from "./ruby-calls.js";
import { CLASS_RULES } from "./ruby-classes.js";
import { EXPRESSION_RULES } from "./ruby-expressions.js";
import { PATTERN_RULES } from "./ruby-patterns.js";
import { runWalk } from "./walk.js";

const RULES: ReadonlyMap<string, Rule> = new Map(
  [CLASS_RULES, CALL_RULES, ASSIGNMENT_RULES, EXPRESSION_RULES, PATTERN_RULES].flatMap((rules) =>
    Object.entries(rules),
  ),
);

/** What a Ruby file says of names. */
export function bindRuby(tree: SourceTree): NameFacts {
  const ruby = new RubyBinder(tree, RULES);
  runWalk(ruby.visit(tree.root));
  ruby.complete();
  return ruby.facts.finish({ aliases: true, exports: false, namespaces: ruby.namespaces });
}
