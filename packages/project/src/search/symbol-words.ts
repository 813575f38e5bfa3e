import type { SymbolEntry } from "./symbol-entry.js";

const NONE: ReadonlySet<SymbolEntry> = new Set();

/** Symbols by the terms of their names, paths and docs, and by their names as they are written. */
export class SymbolWords {
  readonly #byTerm = new Map<string, Set<SymbolEntry>>();
  readonly #byName = new Map<string, Set<SymbolEntry>>();
  #count = 0;
  #totalLength = 0;

  add(entry: SymbolEntry): void {
    for (const term of entry.weights.keys()) addTo(this.#byTerm, term, entry);
    addTo(this.#byName, entry.name, entry);
    this.#count += 1;
    this.#totalLength += entry.length;
  }

  remove(entry: SymbolEntry): void {
    for (const term of entry.weights.keys()) removeFrom(this.#byTerm, term, entry);
    removeFrom(this.#byName, entry.name, entry);
    this.#count -= 1;
    this.#totalLength -= entry.length;
  }

  withTerm(term: string): ReadonlySet<SymbolEntry> {
    return this.#byTerm.get(term) ?? NONE;
  }

  withName(name: string): ReadonlySet<SymbolEntry> {
    return this.#byName.get(name) ?? NONE;
  }

  get averageLength(): number {
    return this.#totalLength / Math.max(this.#count, 1);
  }

  /** The inverse document frequency of BM25, kept above zero. */
  rarity(frequency: number): number {
    return Math.log(1 + (this.#count - frequency + 0.5) / (frequency + 0.5));
  }
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
