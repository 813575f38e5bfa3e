import { type Lifecycle, throwIfAborted, validate } from "@agentos/core";
import * as v from "valibot";
import type { Catalogue } from "./files/catalogue.js";
import type { FileRecord } from "./files/file-record.js";
import { affectedTests } from "./graph/affected-tests.js";
import { type DeadExportProgress, deadExports } from "./graph/dead-exports.js";
import { type ImportCycle, importCycles } from "./graph/import-cycles.js";
import type { ImportGraph } from "./graph/import-graph.js";
import { javascriptModule } from "./graph/resolve-javascript.js";
import { type SymbolLink, used, users } from "./graph/symbol-graph.js";
import { placesOnce } from "./graph/symbol-places.js";
import { isTestFile } from "./graph/test-files.js";
import {
  type LimitQuery,
  limitSchema,
  type Position,
  positionSchema,
  signalSchema,
  waitSchema,
} from "./options.js";
import type { ReferenceRole } from "./resolution/name-facts.js";
import type { NameQueries } from "./resolution/name-queries.js";
import type { IndexedSymbol } from "./search/symbol-entry.js";

/** Options of the questions about links between symbols. */
export interface LinkOptions {
  /** Steps to follow. @default 1, for `impact` 3 */
  readonly depth?: number;
  /** Most symbols of an answer. @default 200 */
  readonly limit?: number;
  /** Whether a name counts that agrees where nothing more is known. @default false */
  readonly guesses?: boolean;
  readonly signal?: AbortSignal;
}

/** What a change may break. */
export interface Impact {
  /** Symbols that use what changes, the nearest first. */
  readonly dependents: readonly SymbolLink[];
  /** Their files, without that of the change, the nearest first. */
  readonly files: readonly string[];
  /** Test files that use it, directly or not, the nearest first; then those that only import a file which does. */
  readonly tests: readonly string[];
  /** Whether `limit` left something out. */
  readonly isCut: boolean;
}

/** Options of `deadExports`. */
export interface DeadExportOptions {
  /** Further files whose exports are there for others outside of the project, relative to the root. @default [] */
  readonly entries?: readonly string[];
  readonly signal?: AbortSignal;
  /** Called after each file. What it throws ends the call. */
  readonly onProgress?: (progress: DeadExportProgress) => void;
}

/** What the graph needs of the index. */
export interface GraphAccess {
  readonly lifecycle: Lifecycle;
  readonly catalogue: Catalogue;
  readonly names: NameQueries;
  relative(path: string): string;
  /** Takes over what other processes have read. */
  takeOver(): Promise<void>;
  /** The record of a file as it is now. Throws `PROJECT_FILE_UNKNOWN`. */
  known(path: string, signal: AbortSignal | undefined): Promise<FileRecord>;
  imports(): ImportGraph;
}

const CALLS: ReadonlySet<ReferenceRole> = new Set(["call"]);
const INHERITS: ReadonlySet<ReferenceRole> = new Set(["inherit"]);
/** An import alone does nothing with what it imports. */
const USES: ReadonlySet<ReferenceRole> = new Set(["call", "type", "read", "write", "inherit"]);
/** Tests named after an import reach further than anybody wants to read. */
const MOST_TESTS = 100;

const linkSchema = v.strictObject({
  depth: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(32))),
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000))),
  guesses: v.optional(v.boolean()),
  signal: v.optional(signalSchema),
});
const deadSchema = v.strictObject({
  entries: v.optional(v.array(v.string())),
  signal: linkSchema.entries.signal,
  onProgress: v.optional(
    v.custom<NonNullable<DeadExportOptions["onProgress"]>>(
      (value) => typeof value === "function",
      "must be a function",
    ),
  ),
});

/**
 * Who uses whom in a project: calls, inheritance and imports, forwards and backwards. Each question is answered from the
 * files as they are now. Each method throws `PROJECT_FILE_UNKNOWN` and `PROJECT_PATH_OUTSIDE`, and `OPTIONS_INVALID`.
 */
export class ProjectGraph {
  readonly #access: GraphAccess;

  /** Made by `ProjectIndex`, as its `graph`. */
  constructor(access: GraphAccess) {
    this.#access = access;
  }

  /** Where the name of a symbol stands, as its file is now; undefined when it is no longer there. */
  async place(
    symbol: IndexedSymbol,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<Position | undefined> {
    const { signal } = validate(waitSchema, options, { what: "Options of place" });
    return this.#access.lifecycle.track(async () => {
      const { within } = await this.#record(symbol.path, signal, "place");
      return this.#access.names.placeOf({ ...symbol, path: within }, signal);
    });
  }

  /** Symbols that call what the name at a position stands for. */
  callers(path: string, at: Position, options: LinkOptions = {}): Promise<readonly SymbolLink[]> {
    return this.#links(path, at, users, CALLS, options, "callers");
  }

  /** Symbols of the project that are called within the symbol at a position. */
  callees(path: string, at: Position, options: LinkOptions = {}): Promise<readonly SymbolLink[]> {
    return this.#links(path, at, used, CALLS, options, "callees");
  }

  /**
   * Symbols of the project that a line uses, in the order of the text, each once.
   * @param line counted from 1
   * @param options `limit` defaults to 20
   */
  async usedIn(path: string, line: number, options: LimitQuery = {}): Promise<readonly IndexedSymbol[]> {
    validate(positionSchema, { line, column: 0 }, { what: "Line of usedIn" });
    const { limit = 20, signal } = validate(limitSchema, options, { what: "Options of usedIn" });
    return this.#access.lifecycle.track(async () => {
      const { within } = await this.#record(path, signal, "usedIn");
      const { catalogue, names } = this.#access;
      const placesOf = placesOnce();
      const found = new Map<string, IndexedSymbol>();
      for (const { definitions } of await names.usesWithin(within, line, line, { signal })) {
        for (const { path: home, name, line: at } of definitions) {
          const record = catalogue.get(home);
          const symbol = record && placesOf(record).named(name, at);
          if (symbol !== undefined) found.set(`${symbol.line}:${symbol.name}:${home}`, symbol);
        }
      }
      return [...found.values()].slice(0, limit);
    });
  }

  /** Classes and interfaces that inherit from the one at a position. */
  subtypes(path: string, at: Position, options: LinkOptions = {}): Promise<readonly SymbolLink[]> {
    return this.#links(path, at, users, INHERITS, options, "subtypes");
  }

  /** Classes and interfaces of the project that the one at a position inherits from. */
  supertypes(path: string, at: Position, options: LinkOptions = {}): Promise<readonly SymbolLink[]> {
    return this.#links(path, at, used, INHERITS, options, "supertypes");
  }

  /**
   * What may break when something changes: who uses it, by way of others, too, and the tests that cover it.
   * @param at the name that changes; absent: everything that the file defines for others
   */
  async impact(path: string, at?: Position, options: LinkOptions = {}): Promise<Impact> {
    const given = validate(linkSchema, options, { what: "Options of impact" });
    if (at !== undefined) validate(positionSchema, at, { what: "Position of impact" });
    const { depth = 3, limit = 200, guesses = false, signal } = given;
    return this.#access.lifecycle.track(async () => {
      const { within, record } = await this.#record(path, signal, "impact");
      const { catalogue, names } = this.#access;
      const places = at === undefined ? await this.#shownBy(record, within, signal) : [{ path: within, at }];
      const query = { roles: USES, depth, limit: limit + 1, guesses, signal };
      const found = await users(places, { names, record: (file) => catalogue.get(file) }, query);
      const dependents = found.slice(0, limit);
      const files = [...new Set(dependents.map((link) => link.path))].filter((file) => file !== within);
      const importing = affectedTests(
        [within],
        this.#access.imports(),
        (file) => catalogue.get(file) !== undefined,
        MOST_TESTS,
      );
      const tests = [...new Set([...files.filter(isTestFile), ...importing])];
      return { dependents, files, tests, isCut: found.length > limit };
    });
  }

  /** Files whose imports name one another in a circle, the largest set first. A file that names its own package makes none. */
  async cycles(options: { readonly signal?: AbortSignal } = {}): Promise<readonly ImportCycle[]> {
    const { signal } = validate(waitSchema, options, { what: "Options of cycles" });
    return this.#access.lifecycle.track(async () => {
      throwIfAborted(signal);
      await this.#access.takeOver();
      const graph = this.#access.imports();
      return importCycles(this.#access.catalogue.paths().sort(), (path) => graph.namingImportersOf(path));
    });
  }

  /**
   * Symbols that files show to others and that no other file uses (JavaScript, TypeScript, Python, Go, Java), by path and line.
   * Not in tests, and not in entries: what packages name as their entry, and `index.*` and `__init__.py` at any place. Reads the
   * whole project: it takes about as long as indexing.
   */
  async deadExports(options: DeadExportOptions = {}): Promise<readonly IndexedSymbol[]> {
    const {
      entries = [],
      signal,
      onProgress,
    } = validate(deadSchema, options, { what: "Options of deadExports" });
    const given = new Set(entries.map((path) => this.#access.relative(path)));
    return this.#access.lifecycle.track(async () => {
      throwIfAborted(signal);
      await this.#access.takeOver();
      const { map } = this.#access.imports();
      const mains = new Set([...map.packages.keys()].map((name) => javascriptModule("", name, map)));
      return deadExports({
        records: this.#access.catalogue.all(),
        names: this.#access.names,
        isEntry: (path) => given.has(path) || mains.has(path) || ENTRY.test(path),
        onProgress,
        signal,
      });
    });
  }

  async #links(
    path: string,
    at: Position,
    follow: typeof users,
    roles: ReadonlySet<ReferenceRole>,
    options: LinkOptions,
    what: string,
  ): Promise<readonly SymbolLink[]> {
    validate(positionSchema, at, { what: `Position of ${what}` });
    const given = validate(linkSchema, options, { what: `Options of ${what}` });
    const { depth = 1, limit = 200, guesses = false, signal } = given;
    return this.#access.lifecycle.track(async () => {
      const { within } = await this.#record(path, signal, what);
      const { catalogue, names } = this.#access;
      const links = { names, record: (file: string) => catalogue.get(file) };
      return follow([{ path: within, at }], links, { roles, depth, limit, guesses, signal });
    });
  }

  async #record(path: string, signal: AbortSignal | undefined, what: string) {
    const within = this.#access.relative(validate(v.string(), path, { what: `Path of ${what}` }));
    await this.#access.takeOver();
    return { within, record: await this.#access.known(within, signal) };
  }

  /** The names of what a file defines for others, or of all that it defines where its language does not say. */
  async #shownBy(record: FileRecord, path: string, signal: AbortSignal | undefined) {
    const shown = record.symbols.filter(({ visibility }) => visibility !== "private");
    const places: { path: string; at: Position }[] = [];
    for (const symbol of shown) {
      const at = await this.#access.names.placeOf({ ...symbol, path }, signal);
      if (at !== undefined) places.push({ path, at });
    }
    return places;
  }
}

const ENTRY =
  /(?:^|\/)(?:index\.[cm]?[jt]sx?|__init__\.py|__main__\.py|conftest\.py|[^/]*\.config\.[cm]?[jt]s|[^/]*\.d\.[cm]?ts)$/;
