import { type Logger, throwIfAborted } from "@agentos/core";
import { endsParsing } from "../errors.js";
import type { Catalogue } from "../files/catalogue.js";
import { readText } from "../files/read-text.js";
import type { ImportGraph } from "../graph/import-graph.js";
import { nameOffset } from "../graph/symbol-places.js";
import type { Position } from "../options.js";
import type { IndexedSymbol } from "../search/symbol-entry.js";
import { type Dialect, dialectOf, type SourceParser } from "../source-parser.js";
import { ends, referencesIn, shownNames, soughtAt, type Use, usesWithin } from "./find-references.js";
import { uniqueFound } from "./found.js";
import { type Definition, definitionOf, type Reference } from "./locations.js";
import { foundAt, type KeptFiles, NameResolver } from "./name-resolver.js";

/** What queries about names need of the index. */
export interface NameAccess {
  readonly root: string;
  readonly maxFileBytes: number;
  readonly parser: SourceParser;
  readonly catalogue: Catalogue;
  readonly logger: Logger;
  graph(): ImportGraph;
  /** Files whose text, as it is now, holds a name. */
  holding(name: string, signal: AbortSignal | undefined): Promise<readonly string[]>;
  /** Reads a file again if it has changed. */
  refresh(path: string, signal: AbortSignal | undefined): Promise<unknown>;
}

/** How references are looked for. */
export interface ReferenceSearch {
  readonly limit: number;
  /** Whether uses of the name count that lead nowhere else. */
  readonly guesses: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Names under which one thing is looked for; whoever shows it under more is a machine. */
const MOST_NAMES = 32;

/** A name with more definitions than this says nothing of any of them. */
const MOST_GUESSES = 16;

/** Where names get their meaning, and where they are used. */
export class NameQueries {
  readonly #access: NameAccess;
  readonly #kept: KeptFiles = new Map();

  constructor(access: NameAccess) {
    this.#access = access;
  }

  /** The places that give the name at a position its meaning, the nearest first. */
  async definition(
    path: string,
    { line, column }: Position,
    { guesses, signal }: { readonly guesses: boolean; readonly signal: AbortSignal | undefined },
  ): Promise<readonly Definition[]> {
    const resolver = this.#resolver(signal);
    const found = await resolver.ask(path, (evaluator, file) => {
      const offset = file.lines.offset(line, column);
      return offset === undefined ? [] : foundAt(evaluator, path, file, offset);
    });
    const definitions = uniqueFound(found ?? []).flatMap((one) => {
      const file = resolver.file(one.file);
      return file === undefined ? [] : [definitionOf(one, path, file)];
    });
    if (definitions.length > 0 || !guesses) return definitions;
    const name = await resolver.ask(path, (_evaluator, file) => {
      const offset = file.lines.offset(line, column) ?? -1;
      return file.table.facts.references.find(({ start, end }) => start <= offset && offset <= end)?.name;
    });
    return name === undefined ? [] : this.#guesses(name, path, signal);
  }

  /** Definitions of a name in files of the same language. */
  async #guesses(
    name: string,
    path: string,
    signal: AbortSignal | undefined,
  ): Promise<readonly Definition[]> {
    const { catalogue } = this.#access;
    const dialect = catalogue.get(path)?.dialect;
    const guesses: Definition[] = [];
    for (const record of catalogue.all()) {
      if (dialect === undefined || !isKin(record.dialect, dialect)) continue;
      for (const symbol of record.symbols) {
        if (symbol.name !== name) continue;
        const at = await this.placeOf({ ...symbol, path: record.path }, signal);
        if (at === undefined) continue;
        guesses.push({ path: record.path, ...at, name, kind: symbol.kind, confidence: "guess" });
        if (guesses.length >= MOST_GUESSES) return guesses;
      }
    }
    return guesses;
  }

  /** The places that use what the name at a position stands for. */
  async references(
    path: string,
    { line, column }: Position,
    { limit, guesses, signal }: ReferenceSearch,
  ): Promise<readonly Reference[]> {
    const resolver = this.#resolver(signal);
    const sought = await soughtAt(resolver, path, line, column);
    const names = new Set(sought.names);
    const homes = new Set(sought.files);
    const asked = new Set<string>();
    // A file may show it under another name, under which others know it: first all names are found, then all uses.
    const holders = new Map<string, readonly string[]>();
    const next = (): Promise<readonly string[]> => this.#filesWith(names, homes, asked, holders, signal);
    for (let files = await next(); files.length > 0; files = await next()) {
      for (const file of files) {
        throwIfAborted(signal);
        asked.add(file);
        for (const name of await shownNames(resolver, file, { ...sought, names })) {
          homes.add(file);
          if (names.size < MOST_NAMES) names.add(name);
        }
      }
    }
    const references: Reference[] = [];
    for (const file of [...asked].sort()) {
      throwIfAborted(signal);
      for (const one of await referencesIn(resolver, file, { ...sought, names }, guesses))
        references.push(one);
      if (references.length >= limit) break;
    }
    return references.slice(0, limit);
  }

  /** The uses on some lines of a file, with what they lead to. */
  usesWithin(
    path: string,
    firstLine: number,
    lastLine: number,
    { signal }: { readonly signal: AbortSignal | undefined },
  ): Promise<readonly Use[]> {
    return usesWithin(this.#resolver(signal), path, firstLine, lastLine);
  }

  /** The places that the uses of some names in a file lead to in the end. */
  async outgoing(
    path: string,
    names: ReadonlySet<string>,
    signal: AbortSignal | undefined,
  ): Promise<readonly Definition[]> {
    const resolver = this.#resolver(signal);
    const found = await resolver.ask(path, (evaluator, file) =>
      file.table.facts.references
        .filter(({ name }) => names.has(name))
        .flatMap(({ term }) => ends(evaluator, evaluator.resolve(path, term))),
    );
    return (found ?? []).flatMap((one) => {
      const home = resolver.file(one.file);
      return home === undefined ? [] : [definitionOf(one, path, home)];
    });
  }

  /** Where the name of a symbol stands, as its file is now. */
  async placeOf(symbol: IndexedSymbol, signal: AbortSignal | undefined): Promise<Position | undefined> {
    return this.#resolver(signal).ask(symbol.path, (_evaluator, file) => {
      const offset = nameOffset(file, symbol);
      return offset === undefined ? undefined : file.lines.position(offset);
    });
  }

  /**
   * Files that hold one of the names, or import one of the files, without those that were asked.
   * @param holders the files of the names that were looked for so far
   */
  async #filesWith(
    names: ReadonlySet<string>,
    homes: ReadonlySet<string>,
    asked: ReadonlySet<string>,
    holders: Map<string, readonly string[]>,
    signal: AbortSignal | undefined,
  ): Promise<readonly string[]> {
    if (homes.size === 0) return [];
    const graph = this.#access.graph();
    const found = new Set([...homes].flatMap((file) => [file, ...graph.importersOf(file)]));
    for (const name of names) {
      // Ruby's method `a=` is called by `b.a = c`.
      const written = name.replace(/=$/, "");
      const files = holders.get(written) ?? (await this.#access.holding(written, signal));
      holders.set(written, files);
      for (const file of files) found.add(file);
    }
    const { catalogue } = this.#access;
    return [...found].filter((file) => !asked.has(file) && catalogue.get(file)?.dialect !== undefined).sort();
  }

  #resolver(signal: AbortSignal | undefined): NameResolver {
    const { root, maxFileBytes, parser, catalogue, logger } = this.#access;
    return new NameResolver(
      {
        hash: async (path) => {
          await this.#access.refresh(path, signal);
          const record = catalogue.get(path);
          return record?.skipped === undefined ? record?.hash : undefined;
        },
        open: async (path) => {
          const dialect = dialectOf(path);
          const reading = await readText(root, path, maxFileBytes);
          if (dialect === undefined || reading.status !== "text") return undefined;
          try {
            const facts = await parser.names?.(dialect, reading.text, { signal });
            return facts && { hash: reading.hash, text: reading.text, facts };
          } catch (error) {
            if (endsParsing(error)) throw error;
            logger.warn({ path, error }, "a file's names could not be read");
            return undefined;
          }
        },
        map: () => this.#access.graph().map,
        javaPackage: (path) => catalogue.get(path)?.javaPackage,
      },
      this.#kept,
    );
  }
}

const KIN: readonly (readonly Dialect[])[] = [
  ["javascript", "typescript", "tsx"],
  ["c", "cpp"],
];

/** Whether code of one grammar may use what is defined in the other. */
function isKin(one: Dialect | undefined, other: Dialect): boolean {
  return one === other || KIN.some((kin) => one !== undefined && kin.includes(one) && kin.includes(other));
}
