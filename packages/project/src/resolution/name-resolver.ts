import { moduleFiles, siblingFiles } from "../graph/module-files.js";
import type { ProjectMap } from "../graph/project-map.js";
import { LineIndex } from "../line-index.js";
import { Evaluator } from "./evaluator.js";
import { type Found, foundDefinition, NameTable } from "./found.js";
import type { NameFacts } from "./name-facts.js";

/** What a file says of names, with the lines of its text. */
export interface NamedFile {
  readonly table: NameTable;
  readonly lines: LineIndex;
}

/** A file that was read. */
export interface OpenedFile {
  readonly hash: string;
  readonly text: string;
  readonly facts: NameFacts;
}

/** What resolving needs of the index. */
export interface NameFiles {
  /** The hash of a file as it is now; undefined when it is not there or not parsed. */
  hash(path: string): Promise<string | undefined>;
  /** Its text, and what that says of names. */
  open(path: string): Promise<OpenedFile | undefined>;
  map(): ProjectMap;
  javaPackage(path: string): string | undefined;
}

/** Files by path, with the hash of their text; the one used last is last. */
export type KeptFiles = Map<string, NamedFile & { readonly hash: string }>;

/** Files whose names are kept in memory. */
const MOST_KEPT = 512;
/** How often a question is asked again with more files. */
const MOST_ROUNDS = 64;

/** Answers questions about names for one query, reading the files that they lead to: each once, as it is now. */
export class NameResolver {
  readonly #source: NameFiles;
  readonly #kept: KeptFiles;
  /** What this query has read; undefined for a file that is not there or not parsed. */
  readonly #files = new Map<string, NamedFile | undefined>();

  /** @param kept what was read for earlier queries */
  constructor(source: NameFiles, kept: KeptFiles) {
    this.#source = source;
    this.#kept = kept;
  }

  /** A file that was read. */
  file(path: string): NamedFile | undefined {
    return this.#files.get(path);
  }

  /** Asks about a file until all files are there that the answer depends on. */
  async ask<Answer>(
    path: string,
    question: (evaluator: Evaluator, file: NamedFile) => Answer,
  ): Promise<Answer | undefined> {
    const file = await this.#load(path);
    if (file === undefined) return undefined;
    for (let round = 0; ; round++) {
      const missing = new Set<string>();
      const answer = question(this.#evaluator(missing), file);
      if (missing.size === 0 || round === MOST_ROUNDS) return answer;
      for (const each of missing) await this.#load(each);
    }
  }

  #evaluator(missing: Set<string>): Evaluator {
    const map = this.#source.map();
    return new Evaluator({
      table: (path) => {
        if (!this.#files.has(path)) missing.add(path);
        return this.#files.get(path)?.table;
      },
      moduleFiles: (from, specifier, name) => moduleFiles(from, specifier, map, name),
      siblings: (path) => siblingFiles(path, map, this.#source.javaPackage(path)),
    });
  }

  async #load(path: string): Promise<NamedFile | undefined> {
    if (!this.#files.has(path)) this.#files.set(path, await this.#read(path));
    return this.#files.get(path);
  }

  async #read(path: string): Promise<NamedFile | undefined> {
    const hash = await this.#source.hash(path);
    const known = this.#kept.get(path);
    this.#kept.delete(path);
    if (hash === undefined) return undefined;
    const file = known?.hash === hash ? known : await this.#open(path);
    if (file === undefined) return undefined;
    this.#kept.set(path, file);
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && this.#kept.size > MOST_KEPT) this.#kept.delete(oldest);
    return file;
  }

  async #open(path: string): Promise<(NamedFile & { readonly hash: string }) | undefined> {
    const opened = await this.#source.open(path);
    if (opened === undefined) return undefined;
    const { hash, facts, text } = opened;
    return { hash, table: new NameTable(facts), lines: new LineIndex(text) };
  }
}

/** What a position of a file refers to, the nearest first; of a definition that is not referred to there, itself. */
export function foundAt(
  evaluator: Evaluator,
  path: string,
  file: NamedFile,
  offset: number,
): readonly Found[] {
  // A cursor behind a name, where nothing else begins, is at that name.
  const inside = at(evaluator, path, file, (start, end) => start <= offset && offset < end);
  return inside ?? at(evaluator, path, file, (_start, end) => end === offset) ?? [];
}

function at(
  evaluator: Evaluator,
  path: string,
  { table }: NamedFile,
  isHere: (start: number, end: number) => boolean,
): readonly Found[] | undefined {
  const references = table.facts.references.filter(({ start, end }) => isHere(start, end));
  if (references.length > 0) return references.flatMap(({ term }) => evaluator.resolve(path, term));
  const definitions = [...table.facts.definitions.entries()]
    .filter(([, { start, end }]) => isHere(start, end))
    .flatMap(([index]) => foundDefinition(path, table.facts, index) ?? []);
  return definitions.length > 0 ? definitions : undefined;
}
