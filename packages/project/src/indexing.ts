import { sep } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Clock, type Logger, throwIfAborted } from "@agentos/core";
import { atOnce } from "./at-once.js";
import type { Catalogue } from "./files/catalogue.js";
import { inTurns } from "./files/in-turns.js";
import { isUntouched, type RecordReading, readRecord } from "./files/read-record.js";
import { Readings } from "./files/readings.js";
import { realRoot } from "./files/root.js";
import type { Survey, SurveyOptions, Surveyor } from "./files/survey.js";
import { Twins } from "./files/twins.js";
import { ImportGraph } from "./graph/import-graph.js";
import type { IndexOptions } from "./options.js";
import type { SymbolIndex } from "./search/symbol-index.js";
import type { ParsePriority, SourceParser } from "./source-parser.js";

/** Records that are written at once while indexing, and how many may wait for that. */
const BATCH = 128;
const MOST_UNSAVED = 1_024;
/** Files that are read ahead of those that are parsed. */
const READ_AHEAD = 8;
/** Milliseconds for which looking at files holds the thread at a time. */
const SLICE_MS = 8;

/** What indexing works with. */
export interface IndexingParts {
  readonly root: string;
  readonly catalogue: Catalogue;
  readonly symbols: SymbolIndex;
  readonly parser: SourceParser;
  readonly surveyor: Surveyor;
  readonly maxFileBytes: number;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** What bringing the index up to date came to. */
export interface Updated {
  readonly parsed: number;
  readonly read: number;
  readonly unchanged: number;
  /** Both sorted. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly walked: Survey;
  readonly durationMs: number;
}

/** How an update goes. */
export interface UpdateOptions extends IndexOptions {
  /** What is looked at. */
  readonly looked?: Omit<SurveyOptions, "signal">;
}

/** What became of a file that was read. */
type Came = "parsed" | "read" | "unchanged" | "removed";

/** Keeps records, symbols and imports true of the files: of all of them when it is told to, of some when they are asked for. */
export class Indexing {
  readonly #parts: IndexingParts;
  readonly #readings = new Readings();
  readonly #twins: Twins;
  /** One that does not say how many texts it takes at once would hold the thread for all that were read meanwhile. */
  readonly #bulkParser: SourceParser;
  #graph: ImportGraph | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #saving: Promise<void> | undefined;
  #parsed = 0;

  constructor(parts: IndexingParts) {
    this.#parts = parts;
    this.#twins = new Twins(parts.catalogue);
    const { parser } = parts;
    this.#bulkParser = parser.concurrency === undefined ? inTurns(parser) : parser;
  }

  /** Files parsed so far. */
  get parsed(): number {
    return this.#parsed;
  }

  /** Who imports whom now. */
  imports(): ImportGraph {
    this.#graph ??= new ImportGraph(this.#parts.catalogue.all());
    return this.#graph;
  }

  /**
   * Reads what changed, some files at a time, and lets go of what is gone; one call after another. What it has done can be asked for
   * at once, and stands when it is cancelled.
   */
  update(options: UpdateOptions = {}): Promise<Updated> {
    const run = this.#last.catch(() => {}).then(() => this.#update(options));
    this.#last = run;
    return run;
  }

  /** Reads changed files anew. Whether any had. */
  async refresh(paths: Iterable<string>, signal: AbortSignal | undefined): Promise<boolean> {
    const { catalogue } = this.#parts;
    let changed = false;
    for (const path of paths) {
      throwIfAborted(signal);
      if (!catalogue.has(path)) continue;
      const before = catalogue.hash(path);
      await this.#read(path, "interactive", signal);
      if (!catalogue.has(path) || catalogue.hash(path) !== before) changed = true;
    }
    if (changed) await catalogue.save();
    return changed;
  }

  /** Takes over what other processes have read. */
  async takeOver(): Promise<void> {
    const { catalogue, symbols } = this.#parts;
    for (const path of await catalogue.refresh()) {
      const record = catalogue.get(path);
      if (record === undefined) symbols.delete(path);
      else symbols.put(record);
      this.#graph = undefined;
    }
  }

  async #update({ signal, onProgress, looked }: UpdateOptions): Promise<Updated> {
    throwIfAborted(signal);
    const started = performance.now();
    const { root, catalogue, surveyor, logger, clock } = this.#parts;
    await realRoot(root);
    await this.takeOver();
    const known = catalogue.paths();
    const walked = await surveyor.survey({ ...looked, signal });
    let came: Readonly<Record<Came, readonly string[]>>;
    try {
      came = await this.#readAll(walked.paths, signal, onProgress);
      this.#removeOthers(known, walked, came.removed as string[]);
    } catch (error) {
      // What was done stands: the next call goes on from here.
      await catalogue.save().catch((cause: unknown) => logger.warn({ cause }, "index not saved"));
      throw error;
    }
    await catalogue.save(walked.whole ? clock() : undefined);
    if (walked.whole)
      await catalogue
        .pack(() => this.takeOver())
        .catch((error: unknown) => logger.warn({ error }, "no pack of records"));
    return {
      parsed: came.parsed.length,
      read: came.read.length,
      unchanged: came.unchanged.length,
      changed: [...came.parsed, ...came.read].sort(),
      removed: [...came.removed].sort(),
      walked,
      durationMs: performance.now() - started,
    };
  }

  async #readAll(
    paths: readonly string[],
    signal: AbortSignal | undefined,
    onProgress: IndexOptions["onProgress"],
  ): Promise<Readonly<Record<Came, string[]>>> {
    const { root, catalogue, parser } = this.#parts;
    const came: Readonly<Record<Came, string[]>> = { parsed: [], read: [], unchanged: [], removed: [] };
    let done = 0;
    const count = (path: string, what: Came): void => {
      came[what].push(path);
      done += 1;
      onProgress?.({ done, total: paths.length, path });
    };
    let slice = performance.now();
    const touched: string[] = [];
    const folder = root + sep;
    for (const path of paths) {
      if (performance.now() - slice > SLICE_MS) {
        await nextTurn();
        throwIfAborted(signal);
        slice = performance.now();
      }
      // Asked at once: most files are as they were, and each wait would cost more than the look.
      if (isUntouched(folder, path, catalogue.times(path))) count(path, "unchanged");
      else touched.push(path);
    }
    await atOnce(touched, (parser.concurrency ?? 1) + READ_AHEAD, async (path) => {
      throwIfAborted(signal);
      await this.#read(path, "bulk", signal, (what) => count(path, what));
      if (catalogue.unsaved >= BATCH) await this.#save();
      if (performance.now() - slice > SLICE_MS) {
        await nextTurn();
        slice = performance.now();
      }
    });
    return came;
  }

  /** Saves a batch at a time; others go on meanwhile, until too much waits. */
  async #save(): Promise<void> {
    const { catalogue } = this.#parts;
    this.#saving ??= catalogue.save().finally(() => {
      this.#saving = undefined;
    });
    const saving = this.#saving;
    // What the store does not take stays unsaved, and the next save meets the same failure.
    saving.catch(() => {});
    if (catalogue.unsaved >= MOST_UNSAVED) await saving;
  }

  /** Lets go of what was known and is not there. Not of what came since: another process may have read a file newer than the walk. */
  #removeOthers(known: readonly string[], walked: Survey, removed: string[]): void {
    const there = new Set(walked.paths);
    for (const path of known) {
      if (!walked.covers(path) || there.has(path) || !this.#parts.catalogue.has(path)) continue;
      this.#remove(path);
      removed.push(path);
    }
  }

  /** Reads one file again if it may have changed, and tells what came of it once it can be asked for. */
  async #read(
    path: string,
    priority: ParsePriority,
    signal: AbortSignal | undefined,
    tell: (came: Came) => void = () => {},
  ): Promise<void> {
    const { root, catalogue, maxFileBytes, logger, clock } = this.#parts;
    const parser = priority === "bulk" ? this.#bulkParser : this.#parts.parser;
    const context = { root, maxFileBytes, parser, logger, now: clock(), priority, signal };
    await this.#twins.run(
      (twin) => this.#readings.run(path, () => readRecord(path, catalogue.get(path), { ...context, twin })),
      (reading) => {
        throwIfAborted(signal);
        tell(reading === undefined ? "unchanged" : this.#take(path, reading));
      },
    );
  }

  #take(path: string, reading: RecordReading): Came {
    const { catalogue, symbols } = this.#parts;
    const known = catalogue.get(path);
    if (reading.status === "unchanged") return "unchanged";
    if (reading.status === "gone") {
      if (known !== undefined) this.#remove(path);
      return known === undefined ? "unchanged" : "removed";
    }
    const { record, parsed } = reading;
    const isSame = record.hash !== undefined && record.hash === known?.hash;
    catalogue.put(record);
    if (!isSame) {
      symbols.put(record);
      this.#graph = undefined;
    }
    if (parsed) this.#parsed += 1;
    if (parsed) return "parsed";
    return isSame ? "unchanged" : "read";
  }

  #remove(path: string): void {
    const { catalogue, symbols } = this.#parts;
    this.#readings.overtake(path);
    catalogue.delete(path);
    symbols.delete(path);
    this.#graph = undefined;
  }
}
