import { isAbsolute, relative, sep } from "node:path";
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
import type { FileRecord } from "./files/file-record.js";
import { readText } from "./files/read-text.js";
import { realRoot } from "./files/root.js";
import { type SurveyOptions, Surveyor } from "./files/survey.js";
import { affectedTests } from "./graph/affected-tests.js";
import { ImportGraph } from "./graph/import-graph.js";
import { joinWithin } from "./graph/project-map.js";
import { isTestFile } from "./graph/test-files.js";
import { GitHistory } from "./history/git-history.js";
import { Indexing } from "./indexing.js";
import type { RepoMapOptions } from "./map/map-options.js";
import { ProjectMapper } from "./map/project-mapper.js";
import type { RelatedFile } from "./map/related.js";
import type { RepoMap } from "./map/repo-map.js";
import type { FunctionMetrics } from "./metrics/function-metrics.js";
import {
  type DefinitionQuery,
  definitionSchema,
  type IndexOptions,
  indexCallSchema,
  indexOptionsSchema,
  type LimitQuery,
  limitSchema,
  type Position,
  type ProjectIndexOptions,
  positionSchema,
  type ReferenceQuery,
  referenceSchema,
  type SearchQuery,
  type SymbolQuery,
  searchQuerySchema,
  symbolQuerySchema,
  type TestQuery,
  type TextQuery,
  testQuerySchema,
  waitSchema,
  watchSchema,
} from "./options.js";
import { ParserPool } from "./parser-pool.js";
import { type Place, placesOf } from "./places.js";
import { ProjectGraph } from "./project-graph.js";
import type { Definition, Reference } from "./resolution/locations.js";
import { NameQueries } from "./resolution/name-queries.js";
import { type IndexReport, type IndexStats, reportOf, statsOf } from "./results.js";
import { contentQuery } from "./search/content-query.js";
import { ContentSearch } from "./search/content-search.js";
import type { SearchHit } from "./search/hybrid-search.js";
import { ProjectSearch } from "./search/project-search.js";
import type { IndexedSymbol } from "./search/symbol-entry.js";
import { type ScoredSymbol, SymbolIndex } from "./search/symbol-index.js";
import type { FileMatches, TextMatch } from "./search/text-search.js";
import { dialectOf, type SourceParser } from "./source-parser.js";
import { LiveIndex, type LiveTarget } from "./watch/live-index.js";
import { openFileWatcher } from "./watch/open-watcher.js";
import type { IndexWatch, WatchOptions, WatchReport } from "./watch/watch-options.js";

/** Milliseconds of parsing in this thread after which threads are started for it: about what it takes to start one. */
const IN_THREAD_MS = 150;
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
  readonly #symbols = new SymbolIndex({
    paths: () => this.#catalogue.paths(),
    names: (path) => this.#catalogue.names(path),
    record: (path) => this.#catalogue.get(path),
  });
  readonly #parser: SourceParser;
  readonly #maxFileBytes: number;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #names: NameQueries;
  readonly #mapper: ProjectMapper;
  /** Who uses whom. */
  readonly graph: ProjectGraph;
  readonly #indexing: Indexing;
  readonly #watches = new Set<LiveIndex>();
  readonly #content: ContentSearch;
  readonly #search: ProjectSearch;

  private constructor(
    root: string,
    catalogue: Catalogue,
    parser: SourceParser,
    options: ProjectIndexOptions,
  ) {
    this.root = root;
    this.#catalogue = catalogue;
    this.#parser = parser;
    this.#logger = options.logger ?? silentLogger;
    this.#clock = options.clock ?? systemClock;
    const { maxFileBytes = 1_048_576 } = options;
    this.#maxFileBytes = maxFileBytes;
    this.#indexing = new Indexing({
      root,
      catalogue,
      symbols: this.#symbols,
      parser,
      surveyor: new Surveyor(
        root,
        { own: options.ignore ?? [], globalIgnore: options.globalIgnore },
        { maxFiles: options.maxFiles ?? 1_000_000, known: catalogue },
      ),
      maxFileBytes,
      logger: this.#logger,
      clock: this.#clock,
    });
    this.#content = new ContentSearch({
      root,
      maxFileBytes,
      textCacheBytes: options.textCacheBytes ?? 67_108_864,
      clock: this.#clock,
      known: catalogue,
      isCurrent: () => this.#isCurrent(),
    });
    this.#names = new NameQueries({
      root,
      maxFileBytes,
      parser,
      catalogue,
      logger: this.#logger,
      graph: () => this.#indexing.imports(),
      holding: async (name, signal) => {
        const wanted = { text: name, regex: false, caseSensitive: true, word: false };
        const accepts = (path: string): boolean => dialectOf(path) !== undefined;
        const files = await this.#content.files(wanted, { accepts, limit: Number.POSITIVE_INFINITY, signal });
        return files.map(({ path }) => path);
      },
      refresh: (path, signal) => this.#indexing.refresh([path], signal),
    });
    this.graph = new ProjectGraph({
      lifecycle: this.#lifecycle,
      catalogue,
      names: this.#names,
      relative: (path) => this.#relative(path),
      takeOver: () => this.#indexing.takeOver(),
      known: (path, signal) => this.#known(path, signal),
      imports: () => this.#indexing.imports(),
    });
    this.#search = new ProjectSearch({
      symbols: this.#symbols,
      vectors: options.vectors,
      read: async (path) => {
        const reading = await readText(root, path, maxFileBytes);
        return reading.status === "text" ? reading.text : undefined;
      },
      records: () => catalogue.all(),
      record: (path) => catalogue.get(path),
      lines: (text, { path, limit, signal }) => {
        const { wanted, scope } = contentQuery(text, { path, limit, signal }, (given) => given);
        return this.#content.lines(wanted, scope, 0);
      },
    });
    this.#mapper = new ProjectMapper({
      lifecycle: this.#lifecycle,
      catalogue,
      symbols: this.#symbols,
      history:
        options.history === false
          ? undefined
          : (options.history ?? new GitHistory({ root, logger: this.#logger })),
      logger: this.#logger,
      relative: (path) => this.#relative(path),
      takeOver: () => this.#indexing.takeOver(),
      refresh: (paths, signal) => this.#indexing.refresh(paths, signal),
      known: (path, signal) => this.#known(path, signal),
      imports: () => this.#indexing.imports(),
    });
    this.#lifecycle.add(async () => catalogue.close());
    this.#lifecycle.add(async () => {
      await Promise.all([...this.#watches].map((watch) => watch.close()));
    });
  }

  /**
   * Opens the index of a folder with what the store knows of it; nothing is read or parsed yet.
   * Throws `PROJECT_ROOT_MISSING`, `OPTIONS_INVALID`, and what the store throws.
   */
  static async open(options: ProjectIndexOptions): Promise<ProjectIndex> {
    const valid = validate(indexOptionsSchema, options, { what: "ProjectIndex options" });
    const root = await realRoot(valid.root);
    const { logger } = valid;
    const own =
      valid.parser === undefined ? await ParserPool.open({ logger, inThreadMs: IN_THREAD_MS }) : undefined;
    const parser = valid.parser ?? (own as SourceParser);
    const catalogue = await Catalogue.open(valid.store, root, parser.outlineVersion);
    const index = new ProjectIndex(root, catalogue, parser, valid);
    if (own !== undefined) index.#lifecycle.add(own);
    return index;
  }

  /**
   * Brings the index up to date with the files: parses those whose content changed, and lets go of those that are gone or
   * ignored now. Calls queue up. Cancelled midway, it throws `ABORTED` and keeps what it has done.
   * Throws `PROJECT_ROOT_MISSING` when the root is gone; nothing is removed then.
   */
  async index(options: IndexOptions = {}): Promise<IndexReport> {
    const { signal, onProgress } = validate(indexCallSchema, options, { what: "Options of index" });
    const updated = await this.#lifecycle.track(() => this.#indexing.update({ signal, onProgress }));
    return reportOf(updated, this.#catalogue);
  }

  /**
   * Keeps the index up to date with the files until the handle, or this index, is closed. Begins by looking at all of them.
   * Throws `OPTIONS_INVALID`.
   */
  watch(options: WatchOptions = {}): IndexWatch {
    const valid = validate(watchSchema, options, { what: "Options of watch" });
    this.#lifecycle.guard();
    const look = async (looked: SurveyOptions, signal: AbortSignal): Promise<WatchReport> => {
      const updated = await this.#lifecycle.track(() => this.#indexing.update({ signal, looked }));
      const { changed, removed, parsed, durationMs } = updated;
      return { changed, removed, parsed, whole: updated.walked.whole, durationMs };
    };
    const target: LiveTarget = {
      root: this.root,
      logger: this.#logger,
      whole: (watcher, signal) => look({ watcher }, signal),
      touched: (touched, watcher, signal) => look({ touched, watcher }, signal),
    };
    const watch = new LiveIndex(target, valid.watcher ?? openFileWatcher, valid);
    this.#watches.add(watch);
    void watch.ended.then(() => this.#watches.delete(watch));
    return watch;
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
    return this.#fresh(() => this.#symbols.named(text, filter).map(symbolOf), signal);
  }

  /**
   * Symbols whose names, paths and docs fit a text of words or names, best first.
   * @param options `limit` defaults to 20
   */
  async relevantSymbols(text: string, options: LimitQuery = {}): Promise<readonly IndexedSymbol[]> {
    const words = validate(v.string(), text, { what: "Text of relevantSymbols" });
    const { limit = 20, signal } = validate(limitSchema, options, { what: "Options of relevantSymbols" });
    return this.#fresh(() => this.#symbols.relevant(words, { path: "", limit }).map(symbolOf), signal);
  }

  /**
   * Symbols and lines that have to do with a name, some words or a piece of text, best first: by name, by the words of names,
   * paths and docs, by the text itself, and by meaning where the index was given a `VectorSearch`. Throws `PROJECT_PATH_OUTSIDE`.
   */
  async search(text: string, options: SearchQuery = {}): Promise<readonly SearchHit[]> {
    const asked = validate(v.pipe(v.string(), v.nonEmpty("must not be empty")), text, {
      what: "Text of search",
    });
    const { path, limit = 20, signal } = validate(searchQuerySchema, options, { what: "Options of search" });
    const scope = { path: path === undefined ? "" : this.#relative(path), limit, signal };
    return this.#fresh(() => this.#search.search(asked, scope), signal);
  }

  /**
   * Lines that hold a text, or fit a regular expression, in the order of their paths. Files are searched as they are now.
   * Throws `PROJECT_PATTERN_INVALID` for an expression that is wrong or takes too long, and `PROJECT_PATH_OUTSIDE`.
   */
  async searchText(text: string, options: TextQuery = {}): Promise<readonly TextMatch[]> {
    const { wanted, scope, context } = contentQuery(text, options, (path) => this.#relative(path));
    return this.#lifecycle.track(async () => {
      await this.#indexing.takeOver();
      return this.#content.lines(wanted, scope, context);
    });
  }

  /**
   * The files that `searchText` finds lines in, with how many. Throws as `searchText` does.
   * @param options `limit` is of files; `context` has no meaning
   */
  async searchFiles(text: string, options: TextQuery = {}): Promise<readonly FileMatches[]> {
    const { wanted, scope } = contentQuery(text, options, (path) => this.#relative(path));
    return this.#lifecycle.track(async () => {
      await this.#indexing.takeOver();
      return this.#content.files(wanted, scope);
    });
  }

  /**
   * Test files that reach these files by imports, nearest first; a changed test comes before all. Only tests that are in
   * the index. Throws `PROJECT_PATH_OUTSIDE`.
   * @param options `limit` defaults to 100
   */
  async affectedTests(paths: readonly string[], options: LimitQuery = {}): Promise<readonly string[]> {
    const changed = validate(v.array(v.string()), paths, { what: "Paths of affectedTests" });
    const { limit = 100, signal } = validate(limitSchema, options, { what: "Options of affectedTests" });
    const within = [...new Set(changed.map((path) => this.#relative(path)))];
    return this.#lifecycle.track(async () => {
      throwIfAborted(signal);
      await this.#indexing.takeOver();
      await this.#indexing.refresh(
        within.filter((path) => this.#catalogue.get(path) !== undefined),
        signal,
      );
      const unknown = within.filter((path) => this.#catalogue.get(path) === undefined);
      const graph =
        unknown.length > 0 ? new ImportGraph(this.#catalogue.all(), unknown) : this.#indexing.imports();
      return affectedTests(within, graph, (path) => this.#catalogue.get(path) !== undefined, limit);
    });
  }

  /** Whether a path is that of a test, there or not, by its name (see the README, "Tests"). */
  isTest(path: string): boolean {
    return isTestFile(this.#relative(path));
  }

  /**
   * Test files, sorted: all, by their names (see the README, "Tests"), or those of some paths: a file is one whatever it is called, and a
   * folder stands for the tests below it. Throws `PROJECT_PATH_OUTSIDE`, and `PROJECT_FILE_UNKNOWN` for a path that leads to none.
   */
  async tests(options: TestQuery = {}): Promise<readonly string[]> {
    const { paths, signal } = validate(testQuerySchema, options, { what: "Options of tests" });
    const wanted = paths?.map((path) => this.#relative(path));
    return this.#lifecycle.track(async () => {
      throwIfAborted(signal);
      await this.#indexing.takeOver();
      const all = this.#catalogue.paths().filter(isTestFile).sort();
      if (wanted === undefined) return all;
      const isFile = (path: string): boolean => this.#catalogue.get(path) !== undefined;
      return [...new Set(wanted.flatMap((path) => (isFile(path) ? [path] : testsBelow(path, all))))].sort();
    });
  }

  /**
   * What a person means who writes a file, a name (`parse`, `Owner.member`), or a place (`src/a.ts:3`, `src/a.ts:3:7`, both
   * counted from 1): the file, the definitions of the name, the first name of the line, or that place. Empty where there is none.
   * Throws `PROJECT_FILE_UNKNOWN`, `PROJECT_PATH_OUTSIDE`, and `INPUT_INVALID` for a line or a column 0.
   * @param options `limit` is of definitions of a name; it defaults to 50
   */
  async places(what: string, options: LimitQuery = {}): Promise<readonly Place[]> {
    const given = validate(v.pipe(v.string(), v.nonEmpty()), what, { what: "What places is asked for" });
    const { limit = 50, signal } = validate(limitSchema, options, { what: "Options of places" });
    return placesOf(this, given, limit, signal);
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
      await this.#indexing.takeOver();
      const record = await this.#known(within, signal);
      return record.symbols.map((symbol) => ({ ...symbol, path: within }));
    });
  }

  /**
   * What is measured of one file as it is now, and of its functions in their order: complexity, Halstead's measures, lines. Empty for a
   * file that is not parsed. Throws `PROJECT_FILE_UNKNOWN`, `PROJECT_PATH_OUTSIDE`, and `PROJECT_PARSE_FAILED`.
   */
  async metrics(
    path: string,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<readonly FunctionMetrics[]> {
    const within = this.#relative(validate(v.string(), path, { what: "Path of metrics" }));
    const { signal } = validate(waitSchema, options, { what: "Options of metrics" });
    return this.#lifecycle.track(async () => {
      await this.#indexing.takeOver();
      const { dialect } = await this.#known(within, signal);
      if (dialect === undefined) return [];
      const reading = await readText(this.root, within, this.#maxFileBytes);
      if (reading.status !== "text") return [];
      return (await this.#parser.metrics?.(dialect, reading.text, { signal })) ?? [];
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
    options: DefinitionQuery = {},
  ): Promise<readonly Definition[]> {
    const within = this.#relative(validate(v.string(), path, { what: "Path of definition" }));
    validate(positionSchema, at, { what: "Position of definition" });
    const { guesses = false, signal } = validate(definitionSchema, options, {
      what: "Options of definition",
    });
    return this.#lifecycle.track(async () => {
      await this.#indexing.takeOver();
      await this.#known(within, signal);
      return this.#names.definition(within, at, { guesses, signal });
    });
  }

  /**
   * The places of the project that use what the name at a position stands for, by file and line. Names are followed through imports;
   * its definitions are not among them. Throws `PROJECT_FILE_UNKNOWN` and `PROJECT_PATH_OUTSIDE`.
   * @param options `limit` defaults to 1,000
   */
  async references(path: string, at: Position, options: ReferenceQuery = {}): Promise<readonly Reference[]> {
    const within = this.#relative(validate(v.string(), path, { what: "Path of references" }));
    validate(positionSchema, at, { what: "Position of references" });
    const given = validate(referenceSchema, options, { what: "Options of references" });
    const { limit = 1_000, guesses = false, signal } = given;
    return this.#lifecycle.track(async () => {
      await this.#indexing.takeOver();
      await this.#known(within, signal);
      return this.#names.references(within, at, { limit, guesses, signal });
    });
  }

  /**
   * Files that belong to one, best first, with the reasons: imports both ways, names that one defines and the other uses, and commits
   * that touched both. Throws `PROJECT_FILE_UNKNOWN` and `PROJECT_PATH_OUTSIDE`.
   * @param options `limit` defaults to 20
   */
  async related(path: string, options: LimitQuery = {}): Promise<readonly RelatedFile[]> {
    return this.#mapper.related(path, options);
  }

  /**
   * The files and signatures that matter most, for a task or in general, as text of at most so many tokens. Throws
   * `PROJECT_PATH_OUTSIDE`.
   */
  async repoMap(options: RepoMapOptions = {}): Promise<RepoMap> {
    return this.#mapper.repoMap(options);
  }

  /** What the index holds. */
  async stats(): Promise<IndexStats> {
    return this.#lifecycle.track(async () => {
      await this.#indexing.takeOver();
      await this.#catalogue.readMeta();
      const parsedSinceOpen = this.#indexing.parsed;
      return { ...statsOf(this.root, this.#catalogue), symbols: this.#catalogue.symbols, parsedSinceOpen };
    });
  }

  /** Waits for what is under way and closes the parser if it is its own; the store stays open. */
  close(): Promise<void> {
    return this.#lifecycle.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Whether a watch has just brought in what changed before the call. */
  async #isCurrent(): Promise<boolean> {
    for (const watch of this.#watches) if (await watch.isCurrent()) return true;
    return false;
  }

  /** Asks, checks the files of the answer, and asks again where one had changed. */
  #fresh<Answer extends { readonly path: string }>(
    ask: () => readonly Answer[] | Promise<readonly Answer[]>,
    signal: AbortSignal | undefined,
  ): Promise<readonly Answer[]> {
    return this.#lifecycle.track(async () => {
      throwIfAborted(signal);
      await this.#indexing.takeOver();
      const isCurrent = await this.#isCurrent();
      const checked = new Set<string>();
      for (let round = 0; ; round += 1) {
        const { revision } = this.#symbols;
        const answers = await ask();
        const unchecked = new Set(answers.map(({ path }) => path).filter((path) => !checked.has(path)));
        if (isCurrent || unchecked.size === 0) return answers;
        await this.#indexing.refresh(unchecked, signal);
        for (const path of unchecked) checked.add(path);
        // What was asked still stands, or is the best there is after so many changes: all of it was looked at since the call.
        if (revision === this.#symbols.revision) return answers;
        if (round === REFRESH_ROUNDS) return (await ask()).filter(({ path }) => checked.has(path));
      }
    });
  }

  /** The record of a file as it is now. Throws `PROJECT_FILE_UNKNOWN`. */
  async #known(path: string, signal: AbortSignal | undefined): Promise<FileRecord> {
    throwIfAborted(signal);
    await this.#indexing.refresh([path], signal);
    const record = this.#catalogue.get(path);
    if (record !== undefined) return record;
    throw projectError(
      "PROJECT_FILE_UNKNOWN",
      `${path} is not in the index. Check the path, or if the file is new, index it first.`,
      { details: { path } },
    );
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

function symbolOf({ entry }: ScoredSymbol): IndexedSymbol {
  return entry.symbol;
}

function testsBelow(folder: string, all: readonly string[]): readonly string[] {
  const found = folder === "" ? all : all.filter((path) => path.startsWith(`${folder}/`));
  if (found.length > 0) return found;
  throw projectError(
    "PROJECT_FILE_UNKNOWN",
    `${folder || "The project"} is no file of the index, and no folder with tests in it. Name test files, or folders of them, relative to the root.`,
    { details: { path: folder } },
  );
}
