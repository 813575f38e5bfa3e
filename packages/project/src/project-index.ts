import { isAbsolute, relative, sep } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import {
  type Clock,
  type CodeSearch,
  Lifecycle,
  type Logger,
  silentLogger,
  systemClock,
  throwIfAborted,
  validate,
} from "@agentos/core";
import * as v from "valibot";
import { projectError } from "./errors.js";
import { Catalogue } from "./files/catalogue.js";
import { type FileRecord, isReadable } from "./files/file-record.js";
import { readRecord } from "./files/read-record.js";
import { readText } from "./files/read-text.js";
import { realRoot } from "./files/root.js";
import { walk } from "./files/walk.js";
import { affectedTests } from "./graph/affected-tests.js";
import { ImportGraph } from "./graph/import-graph.js";
import { joinWithin } from "./graph/project-map.js";
import {
  type IndexOptions,
  indexCallSchema,
  indexOptionsSchema,
  type LimitQuery,
  limitSchema,
  type Position,
  type ProjectIndexOptions,
  positionSchema,
  type SymbolQuery,
  symbolQuerySchema,
  type TextQuery,
  textQuerySchema,
  waitSchema,
} from "./options.js";
import type { Definition, Reference } from "./resolution/locations.js";
import { NameQueries } from "./resolution/name-queries.js";
import { type IndexReport, type IndexStats, statsOf } from "./results.js";
import type { IndexedSymbol, SymbolEntry } from "./search/symbol-entry.js";
import { isWithin, SymbolIndex } from "./search/symbol-index.js";
import { matchesIn, patternMatcher, plainMatcher, type TextMatch } from "./search/text-search.js";
import type { SourceParser } from "./source-parser.js";
import { TreeSitterParser } from "./tree-sitter-parser.js";

/** Records that are written at once while indexing. */
const BATCH = 128;
/** Files that a search reads at once. */
const READS = 16;
/** How often a query is asked again because files had changed under its results. */
const REFRESH_ROUNDS = 3;

/**
 * The index of one project: its files, their symbols, and who imports whom. It lives in memory and in the caller's store,
 * from which it opens warm. `index` brings it up to date; queries check the files of their results and read changed ones
 * anew before they answer. Over a shared store, what one process has read counts for all: give the same options everywhere.
 */
export class ProjectIndex implements CodeSearch {
  /** The root's real path. */
  readonly root: string;
  readonly #lifecycle = new Lifecycle("ProjectIndex");
  readonly #catalogue: Catalogue;
  readonly #symbols = new SymbolIndex();
  readonly #parser: SourceParser;
  readonly #maxFileBytes: number;
  readonly #ignore: readonly string[];
  readonly #logger: Logger;
  readonly #clock: Clock;
  #graph: ImportGraph | undefined;
  readonly #names: NameQueries;
  #indexing: Promise<unknown> = Promise.resolve();
  #parsedSinceOpen = 0;

  private constructor(
    root: string,
    catalogue: Catalogue,
    parser: SourceParser,
    options: ProjectIndexOptions,
  ) {
    this.root = root;
    this.#catalogue = catalogue;
    this.#parser = parser;
    this.#maxFileBytes = options.maxFileBytes ?? 1_048_576;
    this.#ignore = options.ignore ?? [];
    this.#logger = options.logger ?? silentLogger;
    this.#clock = options.clock ?? systemClock;
    this.#names = new NameQueries({
      root,
      maxFileBytes: this.#maxFileBytes,
      parser,
      catalogue,
      logger: this.#logger,
      graph: () => this.#currentGraph(),
      refresh: (path, signal) => this.#refresh([path], signal),
    });
    for (const record of catalogue.all()) this.#symbols.put(record);
    this.#lifecycle.add(async () => catalogue.close());
  }

  /**
   * Opens the index of a folder with what the store knows of it; nothing is read or parsed yet.
   * Throws `PROJECT_ROOT_MISSING`, `OPTIONS_INVALID`, and what the store throws.
   */
  static async open(options: ProjectIndexOptions): Promise<ProjectIndex> {
    const valid = validate(indexOptionsSchema, options, { what: "ProjectIndex options" });
    const root = await realRoot(valid.root);
    const parser = valid.parser ?? (await TreeSitterParser.open({ logger: valid.logger }));
    const catalogue = await Catalogue.open(valid.store, root, parser.outlineVersion);
    const index = new ProjectIndex(root, catalogue, parser, valid);
    if (parser instanceof TreeSitterParser && valid.parser === undefined) index.#lifecycle.add(parser);
    return index;
  }

  /**
   * Brings the index up to date with the files: parses those whose content changed, and lets go of those that are gone or
   * ignored now. Calls queue up. Cancelled midway, it throws `ABORTED` and keeps what it has done.
   * Throws `PROJECT_ROOT_MISSING` when the root is gone; nothing is removed then.
   */
  async index(options: IndexOptions = {}): Promise<IndexReport> {
    const { signal, onProgress } = validate(indexCallSchema, options, { what: "Options of index" });
    return this.#lifecycle.track(() => {
      const run = this.#indexing.catch(() => {}).then(() => this.#index(signal, onProgress));
      this.#indexing = run;
      return run;
    });
  }

  /**
   * Symbols by name, best first: the name itself, then but for case, as a prefix, by the first letters of its words
   * (`phr` or `parHtRe` for parseHttpResponse), as a part, and as letters in order. `Owner.member` asks for a member.
   */
  async symbols(name: string, options: SymbolQuery = {}): Promise<readonly IndexedSymbol[]> {
    const text = validate(v.pipe(v.string(), v.nonEmpty("must not be empty")), name, {
      what: "Name of symbols",
    });
    const {
      kind,
      path,
      limit = 20,
      signal,
    } = validate(symbolQuerySchema, options, { what: "Options of symbols" });
    const filter = { kind, path: path === undefined ? "" : this.#relative(path), limit };
    return this.#fresh(() => this.#symbols.named(text, filter), signal);
  }

  /**
   * Symbols whose names, paths and docs fit a text of words or names, best first.
   * @param options `limit` defaults to 20
   */
  async relevantSymbols(text: string, options: LimitQuery = {}): Promise<readonly IndexedSymbol[]> {
    const words = validate(v.string(), text, { what: "Text of relevantSymbols" });
    const { limit = 20, signal } = validate(limitSchema, options, { what: "Options of relevantSymbols" });
    return this.#fresh(() => this.#symbols.relevant(words, limit), signal);
  }

  /**
   * Lines that hold a text, or fit a regular expression, in the order of their paths. Files are read as they are now.
   * Throws `PROJECT_PATTERN_INVALID` for an expression that is wrong or takes too long.
   */
  async search(text: string, options: TextQuery = {}): Promise<readonly TextMatch[]> {
    const wanted = validate(v.pipe(v.string(), v.nonEmpty("must not be empty")), text, {
      what: "Text of search",
    });
    const valid = validate(textQuerySchema, options, { what: "Options of search" });
    const { path, limit = 50, regex = false, caseSensitive = false, signal } = valid;
    const folder = path === undefined ? "" : this.#relative(path);
    const matcher = regex ? patternMatcher(wanted, caseSensitive) : plainMatcher(wanted, caseSensitive);
    return this.#lifecycle.track(async () => {
      await this.#takeOver();
      const matches: TextMatch[] = [];
      const paths = this.#catalogue
        .all()
        .filter((record) => isReadable(record) && isWithin(record.path, folder))
        .map((record) => record.path);
      for (let start = 0; start < paths.length && matches.length < limit; start += READS) {
        throwIfAborted(signal);
        const batch = paths.slice(start, start + READS);
        const readings = await Promise.all(
          batch.map((file) => readText(this.root, file, this.#maxFileBytes)),
        );
        for (const [position, reading] of readings.entries()) {
          const file = batch[position];
          if (reading.status !== "text" || file === undefined || matches.length >= limit) continue;
          matches.push(...matchesIn(file, reading.text, matcher, limit - matches.length));
        }
      }
      return matches;
    });
  }

  /**
   * Test files that reach these files by imports, nearest first; a changed test comes before all. Only tests that are in
   * the index. Throws `PROJECT_PATH_OUTSIDE`.
   * @param options `limit` defaults to 100
   */
  async affectedTests(paths: readonly string[], options: LimitQuery = {}): Promise<readonly string[]> {
    const changed = validate(v.array(v.string()), [...paths], { what: "Paths of affectedTests" });
    const { limit = 100, signal } = validate(limitSchema, options, { what: "Options of affectedTests" });
    const within = [...new Set(changed.map((path) => this.#relative(path)))];
    return this.#lifecycle.track(async () => {
      throwIfAborted(signal);
      await this.#takeOver();
      await this.#refresh(
        within.filter((path) => this.#catalogue.get(path) !== undefined),
        signal,
      );
      const unknown = within.filter((path) => this.#catalogue.get(path) === undefined);
      const graph =
        unknown.length > 0 ? new ImportGraph(this.#catalogue.all(), unknown) : this.#currentGraph();
      return affectedTests(within, graph, (path) => this.#catalogue.get(path) !== undefined, limit);
    });
  }

  /**
   * The symbols of one file in their order, as the file is now.
   * Throws `PROJECT_FILE_UNKNOWN` for a file that is not in the index, and `PROJECT_PATH_OUTSIDE`.
   */
  async outline(
    path: string,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<readonly IndexedSymbol[]> {
    const within = this.#relative(validate(v.string(), path, { what: "Path of outline" }));
    const { signal } = validate(waitSchema, options, { what: "Options of outline" });
    return this.#lifecycle.track(async () => {
      throwIfAborted(signal);
      await this.#takeOver();
      const record = await this.#known(within, signal);
      return record.symbols.map((symbol) => ({ ...symbol, path: within }));
    });
  }

  /**
   * The places that give the name at a position its meaning: what it is bound to first, then, where that is an import or another name,
   * what it stands for. Empty where nothing is known, and where there is no name.
   * Throws `PROJECT_FILE_UNKNOWN` and `PROJECT_PATH_OUTSIDE`.
   */
  async definition(
    path: string,
    at: Position,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<readonly Definition[]> {
    const within = this.#relative(validate(v.string(), path, { what: "Path of definition" }));
    validate(positionSchema, at, { what: "Position of definition" });
    const { signal } = validate(waitSchema, options, { what: "Options of definition" });
    return this.#lifecycle.track(async () => {
      await this.#takeOver();
      await this.#known(within, signal);
      return this.#names.definition(within, at, signal);
    });
  }

  /**
   * The places of the project that use what the name at a position stands for, by file and line. Names are followed through imports;
   * its definitions are not among them. Throws `PROJECT_FILE_UNKNOWN` and `PROJECT_PATH_OUTSIDE`.
   * @param options `limit` defaults to 1,000
   */
  async references(path: string, at: Position, options: LimitQuery = {}): Promise<readonly Reference[]> {
    const within = this.#relative(validate(v.string(), path, { what: "Path of references" }));
    validate(positionSchema, at, { what: "Position of references" });
    const { limit = 1_000, signal } = validate(limitSchema, options, { what: "Options of references" });
    return this.#lifecycle.track(async () => {
      await this.#takeOver();
      await this.#known(within, signal);
      return this.#names.references(within, at, limit, signal);
    });
  }

  /** What the index holds. */
  async stats(): Promise<IndexStats> {
    return this.#lifecycle.track(async () => {
      await this.#takeOver();
      await this.#catalogue.readMeta();
      const parsedSinceOpen = this.#parsedSinceOpen;
      return { ...statsOf(this.root, this.#catalogue), symbols: this.#symbols.size, parsedSinceOpen };
    });
  }

  /** Waits for what is under way and closes the parser if it is its own; the store stays open. */
  close(): Promise<void> {
    return this.#lifecycle.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #index(
    signal: AbortSignal | undefined,
    onProgress: IndexOptions["onProgress"],
  ): Promise<IndexReport> {
    throwIfAborted(signal);
    const started = performance.now();
    await realRoot(this.root);
    await this.#takeOver();
    const known = this.#catalogue.paths();
    const walked = await walk(this.root, this.#ignore, signal);
    const counts = { parsed: 0, read: 0, unchanged: 0, removed: 0 };
    try {
      for (const [position, path] of walked.paths.entries()) {
        throwIfAborted(signal);
        counts[await this.#read(path, signal)] += 1;
        if (this.#catalogue.unsaved >= BATCH) await this.#catalogue.save();
        onProgress?.({ done: position + 1, total: walked.paths.length, path });
      }
      const there = new Set(walked.paths);
      // Not those that came since: another process may have read a file that is newer than the walk.
      for (const path of known) {
        if (there.has(path) || this.#catalogue.get(path) === undefined) continue;
        this.#remove(path);
        counts.removed += 1;
      }
    } catch (error) {
      // What was done stands: the next call goes on from here.
      await this.#catalogue.save().catch((cause: unknown) => this.#logger.warn({ cause }, "index not saved"));
      throw error;
    }
    await this.#catalogue.save(this.#clock());
    const skipped = this.#catalogue
      .all()
      .flatMap(({ path, skipped: reason }) => (reason === undefined ? [] : [{ path, reason }]));
    return {
      files: this.#catalogue.size,
      symbols: this.#symbols.size,
      ...counts,
      skipped: [...skipped, ...walked.unreadable.map((path) => ({ path, reason: "folder" as const }))],
      durationMs: performance.now() - started,
    };
  }

  /** Reads one file again if it may have changed. */
  async #read(
    path: string,
    signal: AbortSignal | undefined,
  ): Promise<"parsed" | "read" | "unchanged" | "removed"> {
    const known = this.#catalogue.get(path);
    const reading = await readRecord(path, known, {
      root: this.root,
      maxFileBytes: this.#maxFileBytes,
      parser: this.#parser,
      logger: this.#logger,
      now: this.#clock(),
      signal,
    });
    if (reading.status === "unchanged") return "unchanged";
    if (reading.status === "gone") {
      if (known !== undefined) this.#remove(path);
      return known === undefined ? "unchanged" : "removed";
    }
    this.#catalogue.put(reading.record);
    if (reading.record.hash === undefined || reading.record.hash !== known?.hash) {
      this.#symbols.put(reading.record);
      this.#graph = undefined;
    }
    if (!reading.parsed)
      return reading.record.hash !== undefined && reading.record.hash === known?.hash ? "unchanged" : "read";
    this.#parsedSinceOpen += 1;
    await nextTurn();
    return "parsed";
  }

  /** Takes over what other processes have read. */
  async #takeOver(): Promise<void> {
    for (const path of await this.#catalogue.refresh()) {
      const record = this.#catalogue.get(path);
      if (record === undefined) this.#symbols.delete(path);
      else this.#symbols.put(record);
      this.#graph = undefined;
    }
  }

  #remove(path: string): void {
    this.#catalogue.delete(path);
    this.#symbols.delete(path);
    this.#graph = undefined;
  }

  /** Asks, checks the files of the answer, and asks again where one had changed. */
  #fresh(
    ask: () => readonly SymbolEntry[],
    signal: AbortSignal | undefined,
  ): Promise<readonly IndexedSymbol[]> {
    return this.#lifecycle.track(async () => {
      throwIfAborted(signal);
      await this.#takeOver();
      let entries = ask();
      for (let round = 0; round < REFRESH_ROUNDS; round += 1) {
        if (!(await this.#refresh(new Set(entries.map((entry) => entry.symbol.path)), signal))) break;
        entries = ask();
      }
      return entries.map((entry) => entry.symbol);
    });
  }

  /** Reads changed files anew. Whether any had. */
  async #refresh(paths: Iterable<string>, signal: AbortSignal | undefined): Promise<boolean> {
    let changed = false;
    for (const path of paths) {
      throwIfAborted(signal);
      if (this.#catalogue.get(path) === undefined) continue;
      const before = this.#catalogue.get(path)?.hash;
      await this.#read(path, signal);
      const after = this.#catalogue.get(path);
      if (after === undefined || after.hash !== before) changed = true;
    }
    if (changed) await this.#catalogue.save();
    return changed;
  }

  /** The record of a file as it is now. Throws `PROJECT_FILE_UNKNOWN`. */
  async #known(path: string, signal: AbortSignal | undefined): Promise<FileRecord> {
    throwIfAborted(signal);
    await this.#refresh([path], signal);
    const record = this.#catalogue.get(path);
    if (record !== undefined) return record;
    throw projectError(
      "PROJECT_FILE_UNKNOWN",
      `${path} is not in the index. Check the path, or call index() if the file is new.`,
      { details: { path } },
    );
  }

  #currentGraph(): ImportGraph {
    this.#graph ??= new ImportGraph(this.#catalogue.all());
    return this.#graph;
  }

  /** A path relative to the root, with `/`. */
  #relative(path: string): string {
    const given = isAbsolute(path) ? relative(this.root, path) : path;
    const within = isAbsolute(given) ? undefined : joinWithin("", given.split(sep).join("/"));
    if (within === undefined) {
      throw projectError(
        "PROJECT_PATH_OUTSIDE",
        `${path} is outside of ${this.root}. Give a path within the root, relative to it or absolute.`,
        { details: { path } },
      );
    }
    return within;
  }
}
