import { type Logger, throwIfAborted } from "@agentos/core";
import { endsParsing } from "../errors.js";
import type { Catalogue } from "../files/catalogue.js";
import { readText } from "../files/read-text.js";
import type { ImportGraph } from "../graph/import-graph.js";
import type { Position } from "../options.js";
import { dialectOf, type SourceParser } from "../source-parser.js";
import { referencesIn, shownNames, soughtAt } from "./find-references.js";
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
  /** Reads a file again if it has changed. */
  refresh(path: string, signal: AbortSignal | undefined): Promise<unknown>;
}

/** Names under which one thing is looked for; whoever shows it under more is a machine. */
const MOST_NAMES = 32;

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
    signal: AbortSignal | undefined,
  ): Promise<readonly Definition[]> {
    const resolver = this.#resolver(signal);
    const found = await resolver.ask(path, (evaluator, file) => {
      const offset = file.lines.offset(line, column);
      return offset === undefined ? [] : foundAt(evaluator, path, file, offset);
    });
    return (found ?? []).flatMap((one) => {
      const file = resolver.file(one.file);
      return file === undefined ? [] : [definitionOf(one, path, file)];
    });
  }

  /** The places that use what the name at a position stands for. */
  async references(
    path: string,
    { line, column }: Position,
    limit: number,
    signal: AbortSignal | undefined,
  ): Promise<readonly Reference[]> {
    const resolver = this.#resolver(signal);
    const sought = await soughtAt(resolver, path, line, column);
    const names = new Set(sought.names);
    const homes = new Set(sought.files);
    const asked = new Set<string>();
    // A file may show it under another name, under which others know it: first all names are found, then all uses.
    const next = (): Promise<readonly string[]> => this.#filesWith(names, homes, asked, signal);
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
      references.push(...(await referencesIn(resolver, file, { ...sought, names })));
      if (references.length >= limit) break;
    }
    return references.slice(0, limit);
  }

  /** Files that hold one of the names, or import one of the files, without those that were asked. */
  async #filesWith(
    names: ReadonlySet<string>,
    homes: ReadonlySet<string>,
    asked: ReadonlySet<string>,
    signal: AbortSignal | undefined,
  ): Promise<readonly string[]> {
    if (homes.size === 0) return [];
    const { root, maxFileBytes, catalogue } = this.#access;
    const graph = this.#access.graph();
    const certain = new Set([...homes].flatMap((file) => [file, ...graph.importersOf(file)]));
    const found: string[] = [];
    for (const { path, dialect } of catalogue.all()) {
      throwIfAborted(signal);
      if (dialect === undefined || asked.has(path)) continue;
      if (certain.has(path)) {
        found.push(path);
        continue;
      }
      const reading = await readText(root, path, maxFileBytes);
      if (reading.status === "text" && [...names].some((name) => reading.text.includes(name)))
        found.push(path);
    }
    return found.sort();
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
