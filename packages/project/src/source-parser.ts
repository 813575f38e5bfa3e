import type { CodeSymbol, Language, WaitOptions } from "@agentos/core";
import type { FunctionMetrics } from "./metrics/function-metrics.js";
import type { NameFacts } from "./resolution/name-facts.js";

/** A language that can be parsed: those that run in the sandbox, and more. */
export type SourceLanguage = Language | "c" | "cpp" | "csharp" | "ruby" | "php";

/** A grammar: a language, with the two forms of TypeScript told apart. */
export type Dialect = SourceLanguage | "tsx";

/** A definition as its file states it; the index adds the path. */
export interface OutlinedSymbol extends Omit<CodeSymbol, "path"> {
  /** First line of its doc comment or docstring, at most 200 characters. */
  readonly doc?: string;
  /**
   * Who may use it: those who import the file or have an object (`public`), subclasses (`protected`), the package, crate, assembly
   * or file around (`internal`), its own class or module (`private`). Absent where the language does not say.
   */
  readonly visibility?: Visibility;
}

export type Visibility = "public" | "protected" | "internal" | "private";

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
  /** Namespaces that the text declares (C#, PHP), as the language writes them, and the classes and modules of Ruby; absent where it declares none. */
  readonly namespaces?: readonly string[];
  /** How often each name is used that is not defined at that place. */
  readonly uses: Readonly<Record<string, number>>;
}

/** Who waits for an outline: somebody who asked for one, or an index that asks for thousands. */
export type ParsePriority = "interactive" | "bulk";

/** How an outline is waited for. */
export interface ParseOptions extends WaitOptions {
  /** What goes first where texts have to wait. A parser without a queue passes it over. @default interactive */
  readonly priority?: ParsePriority;
}

/** Reads definitions and imports off source text. {@link TreeSitterParser} and {@link ParserPool} satisfy it. */
export interface SourceParser {
  /** How many texts at once keep it busy. @default 1 */
  readonly concurrency?: number;
  /** Grows whenever the same text would give another outline, so that stored ones are made anew. */
  readonly outlineVersion: number;
  /** Throws `PROJECT_PARSE_FAILED` when the text could not be parsed within the parser's bounds. */
  outline(dialect: Dialect, text: string, options?: ParseOptions): Promise<SourceOutline>;
  /**
   * What a text says of names, by which definitions and references are found; absent: this parser cannot say, and none are.
   * Throws as `outline` does.
   */
  names?(dialect: Dialect, text: string, options?: WaitOptions): Promise<NameFacts>;
  /**
   * Measures of the text, then of its functions in the order in which they start; absent: this parser cannot say, and there are none.
   * Throws as `outline` does.
   */
  metrics?(dialect: Dialect, text: string, options?: WaitOptions): Promise<readonly FunctionMetrics[]>;
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
  ".rs": "rust",
  ".c": "c",
  // A header may be either; the grammar of C++ reads nearly all of C.
  ".h": "cpp",
  ".cc": "cpp",
  ".cpp": "cpp",
  ".cxx": "cpp",
  ".c++": "cpp",
  ".hh": "cpp",
  ".hpp": "cpp",
  ".hxx": "cpp",
  ".cs": "csharp",
  ".rb": "ruby",
  ".rake": "ruby",
  ".gemspec": "ruby",
  ".php": "php",
  ".sh": "bash",
  ".bash": "bash",
};

/** All grammars, sorted. */
export const ALL_DIALECTS: readonly Dialect[] = [...new Set(Object.values(DIALECT_OF_EXTENSION))].sort();

/** The grammar of a file by its extension; undefined for a file that is not parsed. */
export function dialectOf(path: string): Dialect | undefined {
  const dot = path.lastIndexOf(".");
  return dot < 0 ? undefined : DIALECT_OF_EXTENSION[path.slice(dot).toLowerCase()];
}

/** The language of a grammar. */
export function languageOf(dialect: Dialect): SourceLanguage {
  return dialect === "tsx" ? "typescript" : dialect;
}
