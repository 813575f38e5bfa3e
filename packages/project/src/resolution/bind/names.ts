import type { SourceTree } from "../../drivers/tree-sitter/tree.js";
import type { Dialect } from "../../source-parser.js";
import type { NameFacts } from "../name-facts.js";
import { bindGo } from "./go.js";
import { bindJava } from "./java.js";
import { bindJavaScript } from "./javascript.js";
import { bindPython } from "./python.js";

/** Scopes, definitions and references of a tree. */
export function bindNames(dialect: Dialect, tree: SourceTree): NameFacts {
  switch (dialect) {
    case "python":
      return bindPython(tree);
    case "go":
      return bindGo(tree);
    case "java":
      return bindJava(tree);
    case "javascript":
      return bindJavaScript(tree, false);
    case "typescript":
    case "tsx":
      return bindJavaScript(tree, true);
  }
}
