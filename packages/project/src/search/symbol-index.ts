import type { CodeSymbol } from "@agentos/core";
import type { FileRecord } from "../files/file-record.js";
import { nameMatch } from "./name-match.js";
import { bySite, entriesOf, type SymbolEntry } from "./symbol-entry.js";
import { queryTerms } from "./terms.js";

/** What narrows a search for symbols. */
export interface SymbolFilter {
  readonly kind?: CodeSymbol["kind"];
  /** Only this file, or files below this folder; empty for all. */
  readonly path: string;
  readonly limit: number;
}

/** BM25's usual constants: how fast repetition saturates, and how much length counts. */
const K1 = 1.2;
const B = 0.5;
/** Tests mention what they test; what is asked for is rarely in them. */
const TEST_FACTOR = 0.6;

/** All symbols of a project in memory, by name and by the words of their names, paths and docs. Changes file by file. */
export class SymbolIndex {
  readonly #files = new Map<string, readonly SymbolEntry[]>();
  readonly #byTerm = new Map<string, Set<SymbolEntry>>();
  readonly #byName = new Map<string, Set<SymbolEntry>>();
  #count = 0;
  #totalLength = 0;

  /** How many symbols there are. */
  get size(): number {
    return this.#count;
  }

  /** Puts a file's symbols in place of those it had. */
  put(record: FileRecord): void {
    this.delete(record.path);
    const entries = entriesOf(record);
    if (entries.length === 0) return;
    this.#files.set(record.path, entries);
    for (const entry of entries) {
      for (const term of entry.weights.keys()) addTo(this.#byTerm, term, entry);
      addTo(this.#byName, entry.symbol.name, entry);
      this.#count += 1;
      this.#totalLength += entry.length;
    }
  }

  delete(path: string): void {
    for (const entry of this.#files.get(path) ?? []) {
      for (const term of entry.weights.keys()) removeFrom(this.#byTerm, term, entry);
      removeFrom(this.#byName, entry.symbol.name, entry);
      this.#count -= 1;
      this.#totalLength -= entry.length;
    }
    this.#files.delete(path);
  }

  /** Symbols by name, best first. `Owner.member` asks for a member of that owner. */
  named(name: string, filter: SymbolFilter): SymbolEntry[] {
    const parts = name.split(/[.#]|::/).filter((part) => part !== "");
    const query = parts.at(-1) ?? name;
    const owner = parts.length > 1 ? parts.at(-2) : undefined;
    const lowerQuery = query.toLowerCase();
    const found: { entry: SymbolEntry; score: number }[] = [];
    for (const [path, entries] of this.#files) {
      if (!isWithin(path, filter.path)) continue;
      for (const entry of entries) {
        if (filter.kind !== undefined && entry.symbol.kind !== filter.kind) continue;
        if (owner !== undefined && entry.symbol.parent?.toLowerCase() !== owner.toLowerCase()) continue;
        const score = nameMatch(query, lowerQuery, entry);
        if (score > 0) found.push({ entry, score });
      }
    }
    return best(
      found.sort(
        (left, right) =>
          right.score - left.score ||
          Number(left.entry.inTest) - Number(right.entry.inTest) ||
          bySite(left.entry, right.entry),
      ),
      filter.limit,
    );
  }

  /**
   * Symbols whose names, paths and docs fit a text, best first. Okapi BM25 (Robertson & Zaragoza 2009, eq. 3.15) over
   * weighted fields; a symbol that the text names outright gains as much as its name is rare.
   */
  relevant(text: string, limit: number): SymbolEntry[] {
    const scores = new Map<SymbolEntry, number>();
    const average = this.#totalLength / Math.max(this.#count, 1);
    for (const term of queryTerms(text)) {
      const entries = this.#byTerm.get(term);
      if (entries === undefined) continue;
      const rarity = this.#rarity(entries.size);
      for (const entry of entries) {
        const weight = entry.weights.get(term) ?? 0;
        const norm = K1 * (1 - B + (B * entry.length) / average);
        add(scores, entry, (rarity * weight * (K1 + 1)) / (weight + norm));
      }
    }
    for (const word of new Set(text.slice(0, 100_000).match(/[\p{L}_$][\p{L}\p{N}_$]{2,}/gu))) {
      const entries = this.#byName.get(word);
      if (entries === undefined) continue;
      for (const entry of entries) add(scores, entry, 2 * this.#rarity(entries.size));
    }
    const found = [...scores].map(([entry, score]) => ({
      entry,
      score: entry.inTest ? score * TEST_FACTOR : score,
    }));
    return best(
      found.sort((left, right) => right.score - left.score || bySite(left.entry, right.entry)),
      limit,
    );
  }

  /** The inverse document frequency of BM25, kept above zero. */
  #rarity(frequency: number): number {
    return Math.log(1 + (this.#count - frequency + 0.5) / (frequency + 0.5));
  }
}

/** Whether a path is the one given, or lies below it. */
export function isWithin(path: string, folder: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}

function best(found: readonly { readonly entry: SymbolEntry }[], limit: number): SymbolEntry[] {
  return found.slice(0, limit).map(({ entry }) => entry);
}

function add(scores: Map<SymbolEntry, number>, entry: SymbolEntry, score: number): void {
  scores.set(entry, (scores.get(entry) ?? 0) + score);
}

function addTo(index: Map<string, Set<SymbolEntry>>, key: string, entry: SymbolEntry): void {
  const entries = index.get(key);
  if (entries === undefined) index.set(key, new Set([entry]));
  else entries.add(entry);
}

function removeFrom(index: Map<string, Set<SymbolEntry>>, key: string, entry: SymbolEntry): void {
  const entries = index.get(key);
  entries?.delete(entry);
  if (entries?.size === 0) index.delete(key);
}
