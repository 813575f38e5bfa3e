import type { SourceTree } from "../drivers/tree-sitter/tree.js";
import type { Dialect, SourceOutline } from "../source-parser.js";
import { outlineBash } from "./bash.js";
import { outlineC } from "./c.js";
import { outlineCSharp } from "./csharp.js";
import { outlineGo } from "./go.js";
import { outlineJava } from "./java.js";
import { outlineJavaScript } from "./javascript.js";
import { Outliner } from "./outliner.js";
import { outlinePhp } from "./php.js";
import { outlinePython } from "./python.js";
import { outlineRuby } from "./ruby.js";
import { outlineRust } from "./rust.js";
import { usesOf } from "./uses.js";

/** Raised by one whenever the outline of the same text changes. */
export const OUTLINE_VERSION = 3;

const OUTLINE: Readonly<Record<Dialect, (out: Outliner) => void>> = {
  bash: outlineBash,
  c: outlineC,
  cpp: outlineC,
  csharp: outlineCSharp,
  go: outlineGo,
  java: outlineJava,
  javascript: outlineJavaScript,
  php: outlinePhp,
  python: outlinePython,
  ruby: outlineRuby,
  rust: outlineRust,
  tsx: outlineJavaScript,
  typescript: outlineJavaScript,
};

/** Definitions, imports and used names of a tree. */
export function outlineOf(dialect: Dialect, tree: SourceTree): SourceOutline {
  const out = new Outliner(tree);
  OUTLINE[dialect](out);
  const { symbols, imports, namespaces } = out;
  return {
    ok: tree.error === undefined,
    symbols,
    imports,
    ...(namespaces.length === 0 ? {} : { namespaces }),
    uses: usesOf(tree),
  };
}
