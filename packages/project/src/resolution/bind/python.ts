import type { SourceTree } from "../../drivers/tree-sitter/tree.js";
import type { NameFacts } from "../name-facts.js";
import { CLASS_HANDLERS } from "./python-classes.js";
import { EXPRESSION_HANDLERS } from "./python-expressions.js";
import { FUNCTION_HANDLERS } from "./python-functions.js";
import { IMPORT_HANDLERS } from "./python-imports.js";
import { MATCH_HANDLERS } from "./python-matches.js";
import { TARGET_HANDLERS } from "./python-targets.js";
import { type NodeHandler, PythonWalk } from "./python-walk.js";

/** Nodes of other types are gone through for what they hold. */
const HANDLERS: ReadonlyMap<string, NodeHandler> = new Map([
  ...CLASS_HANDLERS,
  ...EXPRESSION_HANDLERS,
  ...FUNCTION_HANDLERS,
  ...IMPORT_HANDLERS,
  ...MATCH_HANDLERS,
  ...TARGET_HANDLERS,
]);

/** What a Python file says of names. A text that does not parse says what its sound parts do. */
export function bindPython(tree: SourceTree): NameFacts {
  const walk = new PythonWalk(tree, HANDLERS);
  walk.visit(tree.root, walk.names.open("file"));
  walk.run();
  for (const call of walk.keywordCalls) walk.names.orderArguments(call);
  return walk.out.finish({ aliases: true, moduleStart: Math.max(0, tree.text.search(/\S/)), exports: false });
}
