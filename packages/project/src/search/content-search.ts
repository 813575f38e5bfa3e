import { setImmediate as nextTurn } from "node:timers/promises";
import { throwIfAborted } from "@agentos/core";
import { ContentFiles, type ContentFilesOptions, type ContentState } from "./content-files.js";
import { type ContentGuard, contentGuard } from "./content-guard.js";
import { type Candidate, Inspection, type Look } from "./content-inspection.js";
import { type ContentMatcher, contentMatcher, type Wanted } from "./content-matcher.js";
import { mayFit } from "./text-need.js";
import { type FileMatches, shownMatch, type TextMatch, visitLines } from "./text-search.js";
import { type TrigramSymbols, trigramSymbols } from "./trigram-symbols.js";

/** The files that are known. */
export interface KnownFiles {
  /** Another one whenever a file has come or gone. */
  readonly version: number;
  /** Another one whenever one of them has another hash, too. */
  readonly edition: number;
  paths(): readonly string[];
  /** SHA-256 of a file's text; undefined where it has none. */
  hash(path: string): string | undefined;
}

/** What a search goes by. */
export interface ContentSearchOptions extends ContentFilesOptions {
  readonly known: KnownFiles;
  /** Waits until what changed before the call is among the known files. False where that cannot be told: files are looked at then. */
  readonly isCurrent: () => Promise<boolean>;
}

/** What narrows a search. */
export interface ContentScope {
  readonly accepts: (path: string) => boolean;
  /** Most results. */
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
}

/** What is made at the first search. */
interface Parts {
  readonly symbols: TrigramSymbols;
  readonly files: ContentFiles;
  readonly guard: ContentGuard;
}

/** What is known of a file's text; `none`: that there is none. Undefined where it has to be read. */
type FileState = ContentState | "none" | undefined;

/** Milliseconds for which the thread is held at a time. */
const SLICE_MS = 8;
/** Files that are read at once. */
const READS = 16;
/** Files that are looked at before the first are searched; more each time, since few may be needed. */
const FIRST_BATCH = 64;
const LARGEST_BATCH = 2_048;

/** Finds lines in the files of a project. What it learns of them makes the next search fast; the first one reads them. */
export class ContentSearch {
  readonly #options: ContentSearchOptions;
  #parts: Parts | undefined;
  #sorted: { readonly version: number; readonly paths: readonly string[] } | undefined;
  /** What was known of the files in order, for as long as their hashes stay and none was read. */
  #states:
    | { readonly edition: number; readonly readings: number; readonly of: readonly FileState[] }
    | undefined;

  constructor(options: ContentSearchOptions) {
    this.#options = options;
  }

  /** Lines that fit, by path and line. Throws `PROJECT_PATTERN_INVALID`. @param context how many lines around each are shown */
  lines(wanted: Wanted, scope: ContentScope, context: number): Promise<readonly TextMatch[]> {
    return this.#search(wanted, scope, ({ path, text }, find, most) => {
      const matches: TextMatch[] = [];
      visitLines(text, find, (line) => matches.push(shownMatch(path, text, line, context)) < most);
      return matches;
    });
  }

  /** Files with lines that fit, by path, with their count. Throws `PROJECT_PATTERN_INVALID`. */
  files(wanted: Wanted, scope: ContentScope): Promise<readonly FileMatches[]> {
    return this.#search(wanted, scope, ({ path, text }, find) => {
      let lines = 0;
      visitLines(text, find, () => {
        lines += 1;
        return true;
      });
      return lines > 0 ? [{ path, lines }] : [];
    });
  }

  #open(): Parts {
    if (this.#parts !== undefined) return this.#parts;
    const symbols = trigramSymbols();
    this.#parts = { symbols, files: new ContentFiles(this.#options, symbols), guard: contentGuard() };
    return this.#parts;
  }

  /** Searches files by path until there is enough. @param look finds at most so many results in one of them */
  async #search<Found>(wanted: Wanted, scope: ContentScope, look: Look<Found>): Promise<readonly Found[]> {
    const { limit, signal, accepts } = scope;
    const { symbols, files, guard } = this.#open();
    const matcher = contentMatcher(wanted, symbols);
    throwIfAborted(signal);
    const isCurrent = await this.#options.isCurrent();
    const paths = this.#paths();
    const states = isCurrent ? this.#currentStates(paths) : undefined;
    const inspection = new Inspection(matcher, guard, look, limit);
    let slice = performance.now();
    const isOver = (): boolean => performance.now() - slice > SLICE_MS;
    const rest = async (): Promise<void> => {
      if (isOver()) await nextTurn();
      throwIfAborted(signal);
      slice = performance.now();
    };
    let most = FIRST_BATCH;
    for (
      let next = 0;
      next < paths.length && !inspection.isEnough;
      most = Math.min(2 * most, LARGEST_BATCH)
    ) {
      const gathering: (Candidate | Promise<Candidate | undefined>)[] = [];
      const end = Math.min(next + most, paths.length);
      let reads = 0;
      for (; next < end && reads < READS && !isOver(); next += 1) {
        const path = paths[next] ?? "";
        if (!accepts(path)) continue;
        const state = states === undefined ? files.unchanged(path) : states[next];
        if (state !== undefined && !fits(state, matcher)) continue;
        const text = state && files.kept(path, state);
        const candidate = state && text !== undefined ? { path, text, kind: state.kind } : this.#read(path);
        gathering.push(candidate);
        if (text === undefined) reads += 1;
      }
      // Waiting for what is there already takes a microsecond each.
      const gathered = reads > 0 ? await Promise.all(gathering) : (gathering as readonly Candidate[]);
      const candidates = gathered.filter((candidate) => candidate !== undefined);
      await rest();
      for (let at = 0; at < candidates.length && !inspection.isEnough; await rest())
        at = inspection.inspect(candidates, at, isOver);
    }
    return inspection.found;
  }

  async #read(path: string): Promise<Candidate | undefined> {
    const content = await this.#open().files.read(path);
    return content && { path, ...content };
  }

  /** What is known of files, where all that changed before is among their hashes. Most searches find it as it was at the last one. */
  #currentStates(paths: readonly string[]): readonly FileState[] {
    const { known } = this.#options;
    const { files } = this.#open();
    if (this.#states?.edition !== known.edition || this.#states.readings !== files.readings) {
      const states = paths.map((path) => {
        const hash = known.hash(path);
        return hash === undefined ? "none" : files.withHash(path, hash);
      });
      this.#states = { edition: known.edition, readings: files.readings, of: states };
    }
    return this.#states.of;
  }

  /** The known files in order. */
  #paths(): readonly string[] {
    const { known } = this.#options;
    if (this.#sorted?.version === known.version) return this.#sorted.paths;
    const paths = [...known.paths()].sort();
    this.#open().files.keepOnly(new Set(paths));
    this.#sorted = { version: known.version, paths };
    return paths;
  }
}

function fits(state: ContentState | "none", { need, beyondAscii }: ContentMatcher): state is ContentState {
  if (state === "none") return false;
  const { traits } = state;
  return traits !== undefined && !(beyondAscii && traits.ascii) && mayFit(need, traits);
}
