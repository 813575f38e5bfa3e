import type { SourceTree } from "../drivers/tree-sitter/tree.js";
import type { Dialect, SourceOutline } from "../source-parser.js";
import { outlineGo } from "./go.js";
import { outlineJava } from "./java.js";
import { outlineJavaScript } from "./javascript.js";
import { Outliner } from "./outliner.js";
import { outlinePython } from "./python.js";

/** Raised by one whenever the outline of the same text changes. */
export const OUTLINE_VERSION = 2;

/** Definitions and imports of a tree. */
export function outlineOf(dialect: Dialect, tree: SourceTree): SourceOutline {
  const out = new Outliner(tree);
  if (dialect === "python") outlinePython(out);
  else if (dialect === "go") outlineGo(out);
  else if (dialect === "java") outlineJava(out);
  else outlineJavaScript(out);
  return { ok: tree.error === undefined, symbols: out.symbols, imports: out.imports };
}
