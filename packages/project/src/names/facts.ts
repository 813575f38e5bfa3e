import type { SyntaxFacts } from "@agentos/core";
import type { SourceNode, SourceTree } from "../drivers/tree-sitter/tree.js";
import { outlineOf } from "../outline/outline.js";
import type { Dialect } from "../source-parser.js";
import { hasGrammarGap } from "./grammar-gaps.js";
import { undefinedJavaScriptNames } from "./javascript.js";
import type { NameUse } from "./name-use.js";
import { undefinedPythonNames } from "./python.js";

/** What can be said of a parsed text without running it. */
export function factsOf(dialect: Dialect, tree: SourceTree): SyntaxFacts {
  const unsure = tree.error !== undefined && hasGrammarGap(dialect, tree.text);
  const error = unsure ? undefined : (tree.error ?? pythonError(dialect, tree));
  const definitions = outlineOf(dialect, tree)
    .symbols.filter((symbol) => symbol.kind === "function" || symbol.kind === "class")
    .map((symbol) => symbol.name);
  return {
    ok: error === undefined,
    ...(error === undefined ? {} : { error }),
    undefinedNames: error === undefined && !unsure ? firstUses(tree, undefinedNames(dialect, tree)) : [],
    definitions,
  };
}

function undefinedNames(dialect: Dialect, tree: SourceTree): NameUse[] {
  switch (dialect) {
    case "python":
      return undefinedPythonNames(tree);
    case "javascript":
    case "typescript":
    case "tsx":
      return undefinedJavaScriptNames(tree);
    default:
      // The compilers of the others say it themselves, before anything runs; in a shell any name may be a program.
      return [];
  }
}

function firstUses(tree: SourceTree, uses: readonly NameUse[]): SyntaxFacts["undefinedNames"] {
  const first = new Map<string, number>();
  for (const { name, offset } of uses) {
    if (!first.has(name)) first.set(name, tree.lineAt(offset));
  }
  return [...first].map(([name, line]) => ({ name, line }));
}

/** The grammar of Python also takes version 2 and empty blocks, which no interpreter of today does. */
function pythonError(dialect: Dialect, tree: SourceTree): SyntaxFacts["error"] {
  if (dialect !== "python") return undefined;
  const node = tree.nodes.find((candidate) => isPython2(candidate) || isEmptyBlock(candidate));
  if (node === undefined) return undefined;
  const line = tree.lineAt(node.start);
  return {
    line,
    column: node.start - tree.lineStart(line) + 1,
    text: tree.lineText(line).trim().slice(0, 120),
  };
}

function isPython2(node: SourceNode): boolean {
  // `print >>file, text` is an expression to Python 3, and so is what starts with a parenthesis.
  if (node.type === "print_statement") {
    const first = node.children[1];
    return !(first === undefined || first.type === "chevron" || /^(?:parenthesized|tuple)/.test(first.type));
  }
  return node.type === "exec_statement";
}

function isEmptyBlock(node: SourceNode): boolean {
  return node.type === "block" && !node.children.some((child) => child.named && child.type !== "comment");
}
