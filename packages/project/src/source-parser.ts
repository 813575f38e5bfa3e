import type { CodeSymbol, Language, WaitOptions } from "@agentos/core";
import type { NameFacts } from "./resolution/name-facts.js";

/** A grammar: a language, with the two forms of TypeScript told apart. */
export type Dialect = "javascript" | "typescript" | "tsx" | "python" | "go" | "java";

/** A definition as its file states it; the index adds the path. */
export interface OutlinedSymbol extends Omit<CodeSymbol, "path"> {
  /** First line of its doc comment or docstring, at most 200 characters. */
  readonly doc?: string;
}

/** Something that a file imports. */
export interface ImportFact {
  /**
   * As written: `./a.js`, `node:fs`; for Python the module with its leading dots (`..a.b`); for Go the path of the
   * package; for Java the dotted name (`a.b.C`, `a.b.C.member` when it is static), without `.*`.
   */
  readonly specifier: string;
  /**
   * For Python's `from m import a, b`: the names, any of which may be a module of its own. `*` for all, also in Java.
   */
  readonly names?: readonly string[];
}

/** What the index keeps of one file. */
export interface SourceOutline {
  /** Whether the text parses without an error. */
  readonly ok: boolean;
  /** Definitions in the order in which they start. */
  readonly symbols: readonly OutlinedSymbol[];
  readonly imports: readonly ImportFact[];
}

/** Reads definitions and imports off source text. {@link TreeSitterParser} satisfies it. */
export interface SourceParser {
  /** Grows whenever the same text would give another outline, so that stored ones are made anew. */
  readonly outlineVersion: number;
  /** Throws `PROJECT_PARSE_FAILED` when the text could not be parsed within the parser's bounds. */
  outline(dialect: Dialect, text: string, options?: WaitOptions): Promise<SourceOutline>;
  /**
   * What a text says of names, by which definitions and references are found; absent: this parser cannot say, and none are.
   * Throws as `outline` does.
   */
  names?(dialect: Dialect, text: string, options?: WaitOptions): Promise<NameFacts>;
}

const DIALECT_OF_EXTENSION: Readonly<Record<string, Dialect>> = {
  ".js": "javascript",
  ".mjs": "javascript",
  ".cjs": "javascript",
  ".jsx": "javascript",
  ".ts": "typescript",
  ".mts": "typescript",
  ".cts": "typescript",
  ".tsx": "tsx",
  ".py": "python",
  ".pyi": "python",
  ".go": "go",
  ".java": "java",
};

/** The grammar of a file by its extension; undefined for a file that is not parsed. */
export function dialectOf(path: string): Dialect | undefined {
  const dot = path.lastIndexOf(".");
  return dot < 0 ? undefined : DIALECT_OF_EXTENSION[path.slice(dot).toLowerCase()];
}

/** The language of a grammar. */
export function languageOf(dialect: Dialect): Language {
  return dialect === "tsx" ? "typescript" : dialect;
}
