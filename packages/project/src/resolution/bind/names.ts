import type { SourceTree } from "../../drivers/tree-sitter/tree.js";
import type { Dialect } from "../../source-parser.js";
import type { NameFacts } from "../name-facts.js";
import { bindBash } from "./bash.js";
import { bindC } from "./c.js";
import { bindCSharp } from "./csharp.js";
import { bindGo } from "./go.js";
import { bindJava } from "./java.js";
import { bindJavaScript } from "./javascript.js";
import { bindPhp } from "./php.js";
import { bindPython } from "./python.js";
import { bindRuby } from "./ruby.js";
import { bindRust } from "./rust.js";

const BIND: Readonly<Record<Dialect, (tree: SourceTree) => NameFacts>> = {
  bash: bindBash,
  c: bindC,
  cpp: bindC,
  csharp: bindCSharp,
  go: bindGo,
  java: bindJava,
  javascript: (tree) => bindJavaScript(tree, false),
  php: bindPhp,
  python: bindPython,
  ruby: bindRuby,
  rust: bindRust,
  tsx: (tree) => bindJavaScript(tree, true),
  typescript: (tree) => bindJavaScript(tree, true),
};

/** Scopes, definitions and references of a tree. */
export function bindNames(dialect: Dialect, tree: SourceTree): NameFacts {
  return BIND[dialect](tree);
}
