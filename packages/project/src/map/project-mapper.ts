import {
  estimateTokens,
  type History,
  isAgentOSError,
  type Lifecycle,
  type Logger,
  throwIfAborted,
  validate,
} from "@agentos/core";
import * as v from "valibot";
import type { Catalogue } from "../files/catalogue.js";
import type { FileRecord } from "../files/file-record.js";
import type { ImportGraph } from "../graph/import-graph.js";
import { type PastCommit, readPast } from "../history/past.js";
import { type LimitQuery, limitSchema } from "../options.js";
import type { SymbolIndex } from "../search/symbol-index.js";
import { type FileGraph, fileGraph } from "./file-graph.js";
import type { KnownTerms } from "./file-terms.js";
import { type RepoMapOptions, repoMapSchema } from "./map-options.js";
import type { MapFocus } from "./rank-files.js";
import { type RelatedFile, relatedFiles } from "./related.js";
import { type RepoMap, repoMap } from "./repo-map.js";

/** What the maps need of the index. */
export interface MapperAccess {
  readonly lifecycle: Lifecycle;
  readonly catalogue: Catalogue;
  readonly symbols: SymbolIndex;
  readonly history: History | undefined;
  readonly logger: Logger;
  relative(path: string): string;
  /** Takes over what other processes have read. */
  takeOver(): Promise<void>;
  /** Reads changed files anew. Whether any had. */
  refresh(paths: Iterable<string>, signal: AbortSignal | undefined): Promise<boolean>;
  /** The record of a file as it is now. Throws `PROJECT_FILE_UNKNOWN`. */
  known(path: string, signal: AbortSignal | undefined): Promise<FileRecord>;
  /** Another one whenever the files are others. */
  imports(): ImportGraph;
}

/** How often a map is made again because files had changed under it. */
const REFRESH_ROUNDS = 3;
/** Symbols that are looked for by the words of a task. */
const RELEVANT = 200;

/** Which files of a project matter for something, and which belong together. Keeps what it derives until files or commits change. */
export class ProjectMapper {
  readonly #access: MapperAccess;
  #graph: { readonly imports: ImportGraph; readonly graph: FileGraph } | undefined;
  readonly #terms: KnownTerms = new WeakMap();
  #historyHangs = false;
  #past: { readonly head: string | undefined; readonly commits: readonly PastCommit[] } | undefined;

  constructor(access: MapperAccess) {
    this.#access = access;
  }

  /** See `ProjectIndex.related`. */
  related(path: string, options: LimitQuery): Promise<readonly RelatedFile[]> {
    const { lifecycle, catalogue, relative, known, takeOver, imports } = this.#access;
    const within = relative(validate(v.string(), path, { what: "Path of related" }));
    const { limit = 20, signal } = validate(limitSchema, options, { what: "Options of related" });
    return lifecycle.track(async () => {
      await takeOver();
      await known(within, signal);
      const past = await this.#commits(signal);
      const exists = (other: string): boolean => catalogue.get(other) !== undefined;
      return relatedFiles(within, imports(), this.#fileGraph(), past, exists).slice(0, limit);
    });
  }

  /** See `ProjectIndex.repoMap`. */
  repoMap(options: RepoMapOptions): Promise<RepoMap> {
    const { lifecycle, symbols, relative, takeOver, refresh } = this.#access;
    const valid = validate(repoMapSchema, options, { what: "Options of repoMap" });
    const { task = "", open = [], changed = [], names = [], signal } = valid;
    const { tokens = 1_024, tokenizer = estimateTokens } = valid;
    const focus: MapFocus = { task, open: open.map(relative), changed: changed.map(relative), names };
    return lifecycle.track(async () => {
      throwIfAborted(signal);
      await takeOver();
      const past = await this.#commits(signal);
      const make = (): RepoMap => {
        const relevant = symbols.relevant(task, { path: "", limit: RELEVANT }).map(({ entry }) => entry);
        return repoMap({ graph: this.#fileGraph(), past, relevant }, focus, tokens, tokenizer);
      };
      let map = make();
      for (let round = 0; round < REFRESH_ROUNDS; round += 1) {
        const shown = map.files.map((file) => file.path);
        if (!(await refresh(shown, signal))) break;
        map = make();
      }
      return map;
    });
  }

  #fileGraph(): FileGraph {
    const imports = this.#access.imports();
    if (this.#graph?.imports !== imports) {
      this.#graph = { imports, graph: fileGraph(this.#access.catalogue.all(), imports, this.#terms) };
    }
    return this.#graph.graph;
  }

  /** The past up to the commit that is checked out, read anew when that is another. A history that fails is none. */
  async #commits(signal: AbortSignal | undefined): Promise<readonly PastCommit[]> {
    const { history, logger } = this.#access;
    if (history === undefined || this.#historyHangs) return [];
    try {
      let head: string | undefined;
      for await (const { id } of history.commits({ limit: 1, signal })) head = id;
      if (this.#past === undefined || this.#past.head !== head) {
        this.#past = { head, commits: head === undefined ? [] : await readPast(history, { signal }) };
      }
      return this.#past.commits;
    } catch (error) {
      if (isAgentOSError(error, "ABORTED")) throw error;
      // Each question would wait as long again.
      this.#historyHangs = isAgentOSError(error, "PROJECT_HISTORY_TIMEOUT");
      logger.warn({ error }, "the history could not be read; files are ranked without it");
      return [];
    }
  }
}
