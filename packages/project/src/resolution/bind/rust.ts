import type { SourceTree } from "../../drivers/tree-sitter/tree.js";
import type { NameFacts } from "../name-facts.js";
import { FILE, type Rule, RustBinder } from "./rust-binder.js";
import { EXPRESSION_RULES } from "./rust-expressions.js";
import { ITEM_RULES } from "./rust-items.js";
import { MACRO_RULES } from "./rust-macros.js";
import { STATEMENT_RULES } from "./rust-statements.js";
import { TYPE_RULES } from "./rust-types.js";
import { runWalk } from "./walk.js";

const RULES: ReadonlyMap<string, Rule> = new Map(
  [ITEM_RULES, STATEMENT_RULES, EXPRESSION_RULES, MACRO_RULES, TYPE_RULES].flatMap((rules) =>
    Object.entries(rules),
  ),
);

/**
 * What a Rust file says of names. It shows all that stands in it, also what it uses itself: modules below it may name that, and others
 * that may not do not.
 */
export function bindRust(tree: SourceTree): NameFacts {
  const rust = new RustBinder(tree, RULES);
  runWalk(rust.visit(tree.root));
  rust.complete();
  for (const name of rust.namesOfFile()) rust.facts.export(name, { is: "name", name, scope: FILE });
  for (const all of rust.frame.globs) rust.facts.export("*", all);
  return rust.facts.finish({ aliases: false, exports: true });
}
