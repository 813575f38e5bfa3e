import type { Dialect } from "../source-parser.js";

// Valid code that the grammars (tree-sitter-javascript 0.25.0, tree-sitter-typescript 0.23.2) call an error. Found by
// parsing every published file at hand that node or tsc accepts.
const JAVASCRIPT: readonly RegExp[] = [
  // export { a as null }
  /\bexport\s*\{[^}]*\bas\s+(?!default\b)(?:break|case|catch|class|const|continue|debugger|delete|do|else|enum|export|extends|false|finally|for|function|if|import|in|instanceof|new|null|return|super|switch|this|throw|true|try|typeof|var|void|while|with|yield|["'])/,
  // let a⏎[a, b] = c
  /\blet\s+[\w$]+[ \t]*\r?\n\s*\[/,
  // import source a from "b"; import defer * as c from "d"
  /^\s*import\s+(?:source|defer)\s/m,
];
const TYPESCRIPT: readonly RegExp[] = [
  // <out T>, <in T>
  /[<,]\s*(?:const\s+)?(?:in|out)\s+[A-Za-z_$]/,
  /\bexport\s+type\s+\*/,
  /\bimport\s*\(\s*["'][^"'\n]*["']\s*\)\s*\./,
  /\bglobal\s*\{/,
  // export default function (): string;
  /\bexport\s+default\s+function\s*\(/,
];
const GAPS: Readonly<Partial<Record<Dialect, readonly RegExp[]>>> = {
  javascript: JAVASCRIPT,
  typescript: [...JAVASCRIPT, ...TYPESCRIPT],
  tsx: [...JAVASCRIPT, ...TYPESCRIPT],
};

/** Whether a text holds something that the grammar does not know, so that its error proves nothing. */
export function hasGrammarGap(dialect: Dialect, text: string): boolean {
  return GAPS[dialect]?.some((gap) => gap.test(text)) ?? false;
}
