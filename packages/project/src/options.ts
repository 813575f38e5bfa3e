import type { Clock, History, Logger, VectorSearch } from "@agentos/core";
import type { Store } from "@agentos/store";
import * as v from "valibot";
import type { SourceParser } from "./source-parser.js";
import type { WatchOptions } from "./watch/watch-options.js";

/** Options of `TreeSitterParser.open`. */
export interface TreeSitterParserOptions {
  /** Milliseconds after which the parse of one text is given up. @default 2_000 */
  readonly parseTimeoutMs?: number;
  /** Longest text that is parsed, in UTF-16 units. @default 4_194_304 */
  readonly maxTextLength?: number;
  /** Most syntax nodes of one text, about 100 bytes of memory each while it is read. @default 2_000_000 */
  readonly maxNodes?: number;
  /** @default silent */
  readonly logger?: Logger;
}

/** Options of `ProjectIndex.open`. */
export interface ProjectIndexOptions {
  /** The project's root folder. A link is followed here, and nowhere below. */
  readonly root: string;
  /** Where the index is kept; the caller closes it. */
  readonly store: Store;
  /** Who parses; the caller closes it. @default a ParserPool of its own, which begins in this thread */
  readonly parser?: SourceParser;
  /** Files above this size in bytes are listed as skipped and never read. @default 1_048_576 */
  readonly maxFileBytes?: number;
  /** Bytes of text that `searchText` keeps in memory, so that it need not read files again; 0 keeps none. @default 67_108_864 */
  readonly textCacheBytes?: number;
  /** Most files that are in the index; more are listed as skipped. Which ones is not said. @default 1,000,000 */
  readonly maxFiles?: number;
  /** More patterns to leave out, in the syntax of `.gitignore`, which they overrule. @default [] */
  readonly ignore?: readonly string[];
  /** Path of the file of patterns that git leaves out in all projects of a user (`core.excludesFile`). @default none */
  readonly globalIgnore?: string;
  /** The project's past, for `related` and `repoMap`; `false`: they go without. @default what git knows of it */
  readonly history?: History | false;
  /**
   * Finds code by what it means, for `search`: pieces as large as a function are put into it at the first search, and when they change.
   * The caller lets go of it. @default none
   */
  readonly vectors?: VectorSearch;
  /** @default silent */
  readonly logger?: Logger;
  /** Tells when a file was read. @default the machine's clock */
  readonly clock?: Clock;
}

/** How far an `index` call has come. */
export interface IndexProgress {
  /** Files looked at, of `total`. */
  readonly done: number;
  readonly total: number;
  /** The file looked at last. */
  readonly path: string;
}

/** Options of `ProjectIndex.index`. */
export interface IndexOptions {
  readonly signal?: AbortSignal;
  /** Called after each file. What it throws ends the call. */
  readonly onProgress?: (progress: IndexProgress) => void;
}

const positive = v.pipe(v.number(), v.integer(), v.minValue(1));
export const loggerSchema: v.GenericSchema<Logger> = v.custom<Logger>(
  (value) => hasMethods(value, ["debug", "info", "warn", "error"]),
  "must have debug, info, warn and error",
);
export const signalSchema: v.GenericSchema<AbortSignal> = v.custom<AbortSignal>(
  (value) => value instanceof AbortSignal,
  "must be an AbortSignal",
);
const progressSchema = v.custom<(progress: IndexProgress) => void>(
  (value) => typeof value === "function",
  "must be a function",
);
/** How many results a query may ask for. */
const limit = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000));
const SYMBOL_KINDS = [
  "function",
  "method",
  "class",
  "interface",
  "type",
  "enum",
  "variable",
  "module",
] as const;

export const parserOptionEntries: {
  readonly [Name in keyof Required<TreeSitterParserOptions>]: v.GenericSchema<TreeSitterParserOptions[Name]>;
} = {
  parseTimeoutMs: v.optional(positive),
  maxTextLength: v.optional(positive),
  maxNodes: v.optional(positive),
  logger: v.optional(loggerSchema),
};

export const parserOptionsSchema: v.GenericSchema<TreeSitterParserOptions> =
  v.strictObject(parserOptionEntries);

export const indexOptionsSchema: v.GenericSchema<ProjectIndexOptions> = v.strictObject({
  root: v.pipe(v.string(), v.minLength(1)),
  store: v.custom<Store>((value) => hasMethods(value, ["collection", "write"]), "must be an open Store"),
  parser: v.optional(
    v.custom<SourceParser>((value) => hasMethods(value, ["outline"]), "must have outline()"),
  ),
  maxFileBytes: v.optional(positive),
  maxFiles: v.optional(positive),
  textCacheBytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  ignore: v.optional(v.array(v.string())),
  vectors: v.optional(
    v.custom<VectorSearch>(
      (value) => hasMethods(value, ["put", "delete", "search"]),
      "must have put, delete and search",
    ),
  ),
  globalIgnore: v.optional(v.pipe(v.string(), v.minLength(1))),
  history: v.optional(
    v.union([
      v.literal(false),
      v.custom<History>((value) => hasMethods(value, ["commits"]), "must have commits()"),
    ]),
  ),
  logger: v.optional(loggerSchema),
  clock: v.optional(v.custom<Clock>((value) => typeof value === "function", "must be a function")),
});

export const indexCallSchema: v.GenericSchema<IndexOptions> = v.strictObject({
  signal: v.optional(signalSchema),
  onProgress: v.optional(progressSchema),
});

export const watchSchema: v.GenericSchema<WatchOptions> = v.strictObject({
  signal: v.optional(signalSchema),
  debounceMs: v.optional(v.pipe(v.number(), v.minValue(0))),
  watcher: v.optional(v.custom<NonNullable<WatchOptions["watcher"]>>(isFunction, "must be a function")),
  onChange: v.optional(v.custom<NonNullable<WatchOptions["onChange"]>>(isFunction, "must be a function")),
  onError: v.optional(v.custom<NonNullable<WatchOptions["onError"]>>(isFunction, "must be a function")),
});

export const symbolQuerySchema: v.GenericSchema<SymbolQuery> = v.strictObject({
  kind: v.optional(v.picklist(SYMBOL_KINDS)),
  path: v.optional(v.string()),
  limit: v.optional(limit),
  signal: v.optional(signalSchema),
});

export const textQuerySchema: v.GenericSchema<TextQuery> = v.strictObject({
  path: v.optional(v.string()),
  glob: v.optional(v.union([v.string(), v.array(v.string())])),
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000))),
  regex: v.optional(v.boolean()),
  word: v.optional(v.boolean()),
  caseSensitive: v.optional(v.union([v.boolean(), v.literal("smart")])),
  context: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100))),
  signal: v.optional(signalSchema),
});

export const waitSchema: v.GenericSchema<{ readonly signal?: AbortSignal }> = v.strictObject({
  signal: v.optional(signalSchema),
});

/** Options of `tests`. */
export interface TestQuery {
  /** Files, and folders of tests, relative to the root or absolute within it. @default the whole project */
  readonly paths?: readonly string[];
  readonly signal?: AbortSignal;
}

export const testQuerySchema: v.GenericSchema<TestQuery> = v.strictObject({
  paths: v.optional(v.array(v.string())),
  signal: v.optional(signalSchema),
});

export const limitSchema: v.GenericSchema<LimitQuery> = v.strictObject({
  limit: v.optional(limit),
  signal: v.optional(signalSchema),
});

/** Options of `ProjectIndex.symbols`. */
export interface SymbolQuery {
  readonly kind?: (typeof SYMBOL_KINDS)[number];
  /** Only this file, or files below this folder. */
  readonly path?: string;
  /** @default 20 */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/** Options of `ProjectIndex.searchText` and `searchFiles`. */
export interface TextQuery {
  /** Only this file, or files below this folder. */
  readonly path?: string;
  /**
   * Only files that fit a pattern in the syntax of `.gitignore`, or one of several, and none that begins with `!`: `*.ts`, `src/**`,
   * `!*.test.ts`. @default all
   */
  readonly glob?: string | readonly string[];
  /** Most lines to return; of `searchFiles`, most files. At most 1,000,000. @default 50 */
  readonly limit?: number;
  /**
   * Whether the text is a regular expression (of JavaScript, flag `u`), held against one line at a time. `\d`, `\w`, `\s` and `\b` know
   * all of Unicode. A carriage return before the end of a line is part of it: `\r?$`. @default false
   */
  readonly regex?: boolean;
  /** Whether what is found must be whole words: with no letter, digit or `_` before and behind it. @default false */
  readonly word?: boolean;
  /** `smart`: where the text has a capital. @default false */
  readonly caseSensitive?: boolean | "smart";
  /** Lines before and behind each that are shown, at most 100. @default 0 */
  readonly context?: number;
  readonly signal?: AbortSignal;
}

/** Options of `relevantSymbols`, `affectedTests` and `references`. */
export interface LimitQuery {
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/** A position in a file. */
export interface Position {
  /** 1-based. */
  readonly line: number;
  /** 0-based, in UTF-16 units. */
  readonly column: number;
}

/** Options of `ProjectIndex.search`. */
export interface SearchQuery {
  /** Only this file, or files below this folder. @default all */
  readonly path?: string;
  /** @default 20 */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

export const searchQuerySchema: v.GenericSchema<SearchQuery> = v.strictObject({
  path: v.optional(v.string()),
  limit: v.optional(limit),
  signal: v.optional(signalSchema),
});

/** Options of `ProjectIndex.definition`. */
export interface DefinitionQuery {
  /** Whether definitions of the same name are given where nothing more is known, as guesses. @default false */
  readonly guesses?: boolean;
  readonly signal?: AbortSignal;
}

/** Options of `ProjectIndex.references`. */
export interface ReferenceQuery extends LimitQuery {
  /** Whether uses of the same name that lead nowhere else are given, as guesses. @default false */
  readonly guesses?: boolean;
}

export const definitionSchema: v.GenericSchema<DefinitionQuery> = v.strictObject({
  guesses: v.optional(v.boolean()),
  signal: v.optional(signalSchema),
});

export const referenceSchema: v.GenericSchema<ReferenceQuery> = v.strictObject({
  limit: v.optional(limit),
  guesses: v.optional(v.boolean()),
  signal: v.optional(signalSchema),
});

export const positionSchema: v.GenericSchema<Position> = v.object({
  line: v.pipe(v.number(), v.integer(), v.minValue(1)),
  column: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

function hasMethods(value: unknown, names: readonly string[]): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    names.every((name) => typeof (value as Record<string, unknown>)[name] === "function")
  );
}
