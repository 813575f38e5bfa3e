import type { Clock, Logger } from "@agentos/core";
import type { Store } from "@agentos/store";
import * as v from "valibot";
import type { SourceParser } from "./source-parser.js";

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
  /** Who parses; the caller closes it. @default a TreeSitterParser of its own */
  readonly parser?: SourceParser;
  /** Files above this size in bytes are listed as skipped and never read. @default 1_048_576 */
  readonly maxFileBytes?: number;
  /** More patterns to leave out, in the syntax of `.gitignore`, which they overrule. @default [] */
  readonly ignore?: readonly string[];
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
const loggerSchema = v.custom<Logger>(
  (value) => hasMethods(value, ["debug", "info", "warn", "error"]),
  "must have debug, info, warn and error",
);
const signalSchema = v.custom<AbortSignal>((value) => value instanceof AbortSignal, "must be an AbortSignal");
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

export const parserOptionsSchema: v.GenericSchema<TreeSitterParserOptions> = v.strictObject({
  parseTimeoutMs: v.optional(positive),
  maxTextLength: v.optional(positive),
  maxNodes: v.optional(positive),
  logger: v.optional(loggerSchema),
});

export const indexOptionsSchema: v.GenericSchema<ProjectIndexOptions> = v.strictObject({
  root: v.pipe(v.string(), v.minLength(1)),
  store: v.custom<Store>((value) => hasMethods(value, ["collection", "write"]), "must be an open Store"),
  parser: v.optional(
    v.custom<SourceParser>((value) => hasMethods(value, ["outline"]), "must have outline()"),
  ),
  maxFileBytes: v.optional(positive),
  ignore: v.optional(v.array(v.string())),
  logger: v.optional(loggerSchema),
  clock: v.optional(v.custom<Clock>((value) => typeof value === "function", "must be a function")),
});

export const indexCallSchema: v.GenericSchema<IndexOptions> = v.strictObject({
  signal: v.optional(signalSchema),
  onProgress: v.optional(progressSchema),
});

export const symbolQuerySchema: v.GenericSchema<SymbolQuery> = v.strictObject({
  kind: v.optional(v.picklist(SYMBOL_KINDS)),
  path: v.optional(v.string()),
  limit: v.optional(limit),
  signal: v.optional(signalSchema),
});

export const textQuerySchema: v.GenericSchema<TextQuery> = v.strictObject({
  path: v.optional(v.string()),
  limit: v.optional(limit),
  regex: v.optional(v.boolean()),
  caseSensitive: v.optional(v.boolean()),
  signal: v.optional(signalSchema),
});

export const waitSchema: v.GenericSchema<{ readonly signal?: AbortSignal }> = v.strictObject({
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

/** Options of `ProjectIndex.search`. */
export interface TextQuery {
  /** Only this file, or files below this folder. */
  readonly path?: string;
  /** Most lines to return. @default 50 */
  readonly limit?: number;
  /** Whether the text is a regular expression (of JavaScript, flag `u`), held against one line at a time. @default false */
  readonly regex?: boolean;
  /** @default false */
  readonly caseSensitive?: boolean;
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

export const positionSchema: v.GenericSchema<Position> = v.strictObject({
  line: v.pipe(v.number(), v.integer(), v.minValue(1)),
  column: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

function hasMethods(value: unknown, names: readonly string[]): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    names.every((name) => typeof (value as Record<string, unknown>)[name] === "function")
  );
}
