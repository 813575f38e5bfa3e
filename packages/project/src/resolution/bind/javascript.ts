import type { SourceTree } from "../../drivers/tree-sitter/tree.js";
import type { NameFacts } from "../name-facts.js";
import { JavaScriptBinder } from "./javascript-binder.js";
import { bindStatement } from "./javascript-statements.js";

/** What a JavaScript or TypeScript file says of names. `typed`: TypeScript. */
export function bindJavaScript(tree: SourceTree, typed: boolean): NameFacts {
  const binder = new JavaScriptBinder(tree, typed);
  const scope = binder.facts.scope(-1);
  bindStatement(binder, tree.root, { scope, functionScope: scope });
  binder.runLater();
  return binder.facts.finish({ aliases: !typed, exports: true });
}
