import type { CodeSymbol } from "@agentos/core";
import type { FileRecord } from "../files/file-record.js";
import { isSubsequence, letterMask, nameMatch, nameQuery, needOf } from "./name-match.js";
import { bySite, entriesOf, type SymbolEntry } from "./symbol-entry.js";
import { SymbolWords } from "./symbol-words.js";
import { queryTerms } from "./terms.js";

/** What narrows a search for symbols. */
export interface SymbolFilter {
  readonly kind?: CodeSymbol["kind"];
  /** Only this file, or files below this folder; empty for all. */
  readonly path: string;
  readonly limit: number;
}

/** A symbol with how well it fits; scores compare within one answer. */
export interface ScoredSymbol {
  readonly entry: SymbolEntry;
  readonly score: number;
}

/** BM25's usual constants: how fast repetition saturates, and how much length counts. */
const K1 = 1.2;
const B = 0.5;
/** Tests mention what they test; what is asked for is rarely in them. */
const TEST_FACTOR = 0.6;

/** Where the symbols of files that nobody asked for yet are. */
export interface SymbolSource {
  paths(): Iterable<string>;
  /** Names of a file's symbols, lowered, one a line. */
  names(path: string): string;
  record(path: string): FileRecord | undefined;
}

/** What is known of a file: its symbols, or only their names, lowered, one a line. */
type Known = readonly SymbolEntry[] | string;

/**
 * All symbols of a project in memory, by name and by the words of their names, paths and docs. Changes file by file. Built when it is
 * first asked: by name only those files whose names may fit, by words all.
 */
export class SymbolIndex {
  readonly #source: SymbolSource | undefined;
  /** Undefined until something is asked. */
  #files: Map<string, Known> | undefined;
  #words: SymbolWords | undefined;
  #revision = 0;

  /** @param source of all files, which `put` and `delete` keep up with @default none */
  constructor(source?: SymbolSource) {
    this.#source = source;
    if (source === undefined) this.#files = new Map();
  }

  /** How many symbols there are. */
  get size(): number {
    let size = 0;
    for (const path of this.#known().keys()) size += this.#entries(path).length;
    return size;
  }

  /** Another number after each change. */
  get revision(): number {
    return this.#revision;
  }

  /** Puts a file's symbols in place of those it had. */
  put(record: FileRecord): void {
    this.delete(record.path);
    if (this.#files === undefined) return;
    const entries = entriesOf(record);
    if (entries.length === 0) return;
    this.#files.set(record.path, entries);
    for (const entry of entries) this.#words?.add(entry);
  }

  delete(path: string): void {
    this.#revision += 1;
    if (this.#words !== undefined) for (const entry of this.#entries(path)) this.#words.remove(entry);
    this.#files?.delete(path);
  }

  /** Symbols by name, best first. `Owner.member` asks for a member of that owner. */
  named(name: string, filter: SymbolFilter): ScoredSymbol[] {
    const parts = name.split(/[.#]|::/).filter((part) => part !== "");
    const query = nameQuery(parts.at(-1) ?? name);
    const owner = parts.length > 1 ? parts.at(-2) : undefined;
    const found: ScoredSymbol[] = [];
    const need = needOf(query);
    const letters = letterMask(need);
    for (const [path, known] of this.#known()) {
      if (!isWithin(path, filter.path)) continue;
      if (typeof known === "string" && !isSubsequence(need, known)) continue;
      for (const entry of this.#entries(path)) {
        if ((letters & ~entry.letters) !== 0 || !isSubsequence(need, entry.lowerName)) continue;
        if (filter.kind !== undefined && entry.symbol.kind !== filter.kind) continue;
        if (owner !== undefined && entry.symbol.parent?.toLowerCase() !== owner.toLowerCase()) continue;
        const score = nameMatch(query, entry);
        if (score > 0) found.push({ entry, score });
      }
    }
    return highest(found, filter.limit)
      .sort(
        (left, right) =>
          right.score - left.score ||
          Number(left.entry.inTest) - Number(right.entry.inTest) ||
          bySite(left.entry, right.entry),
      )
      .slice(0, filter.limit);
  }

  /**
   * Symbols whose names, paths and docs fit a text, best first. Okapi BM25 (Robertson & Zaragoza 2009, eq. 3.15) over
   * weighted fields; a symbol that the text names outright gains as much as its name is rare.
   */
  relevant(text: string, { path, limit }: Pick<SymbolFilter, "path" | "limit">): ScoredSymbol[] {
    const words = this.#builtWords();
    const scores = new Map<SymbolEntry, number>();
    for (const term of queryTerms(text)) {
      const entries = words.withTerm(term);
      const rarity = words.rarity(entries.size);
      for (const entry of entries) {
        const weight = entry.weights.get(term) ?? 0;
        const norm = K1 * (1 - B + (B * entry.length) / words.averageLength);
        add(scores, entry, (rarity * weight * (K1 + 1)) / (weight + norm));
      }
    }
    for (const word of new Set(text.slice(0, 100_000).match(/[\p{L}_$][\p{L}\p{N}_$]{2,}/gu))) {
      const entries = words.withName(word);
      for (const entry of entries) add(scores, entry, 2 * words.rarity(entries.size));
    }
    const found: ScoredSymbol[] = [];
    for (const [entry, score] of scores)
      if (isWithin(entry.path, path))
        found.push({ entry, score: entry.inTest ? score * TEST_FACTOR : score });
    return highest(found, limit)
      .sort((left, right) => right.score - left.score || bySite(left.entry, right.entry))
      .slice(0, limit);
  }

  #known(): Map<string, Known> {
    if (this.#files === undefined) {
      this.#files = new Map();
      for (const path of this.#source?.paths() ?? []) {
        const names = this.#source?.names(path);
        if (names) this.#files.set(path, names);
      }
    }
    return this.#files;
  }

  #entries(path: string): readonly SymbolEntry[] {
    const known = this.#known().get(path);
    if (typeof known !== "string") return known ?? [];
    const record = this.#source?.record(path);
    const entries = record === undefined ? [] : entriesOf(record);
    this.#known().set(path, entries);
    return entries;
  }

  #builtWords(): SymbolWords {
    if (this.#words !== undefined) return this.#words;
    const words = new SymbolWords();
    for (const path of this.#known().keys()) for (const entry of this.#entries(path)) words.add(entry);
    this.#words = words;
    return words;
  }
}

/** Whether a path is the one given, or lies below it. */
export function isWithin(path: string, folder: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}

/** Those whose scores are no lower than the best so many: what is to be put in order is few then. */
function highest(found: readonly ScoredSymbol[], limit: number): ScoredSymbol[] {
  const scores = Float64Array.from(found, ({ score }) => score).sort();
  const least = scores[scores.length - limit] ?? Number.NEGATIVE_INFINITY;
  return found.filter(({ score }) => score >= least);
}

function add(scores: Map<SymbolEntry, number>, entry: SymbolEntry, score: number): void {
  scores.set(entry, (scores.get(entry) ?? 0) + score);
}
