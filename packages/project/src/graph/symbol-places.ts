import type { FileRecord } from "../files/file-record.js";
import type { NamedFile } from "../resolution/name-resolver.js";
import type { IndexedSymbol } from "../search/symbol-entry.js";
import type { OutlinedSymbol } from "../source-parser.js";
import { type InnermostSpans, innermostSpans } from "./innermost-spans.js";

/** Names of what runs when a class is called: whoever uses it uses the class. */
const CONSTRUCTORS = new Set(["constructor", "__init__", "__new__", "__construct", "initialize"]);

/** The innermost symbol around a line; undefined for what stands in none. For many lines of a file make {@link SymbolPlaces}. */
export function symbolAround({ path, symbols }: FileRecord, line: number): IndexedSymbol | undefined {
  let found: OutlinedSymbol | undefined;
  for (const symbol of symbols) {
    if (line < symbol.line || symbol.endLine < line) continue;
    // Of two with the same lines the later one starts further in.
    if (found === undefined || symbol.endLine - symbol.line <= found.endLine - found.line) found = symbol;
  }
  return found && { ...found, path };
}

/** Where the symbols of one file are, for many questions: its symbols are sorted once, and each question is a binary search. */
export class SymbolPlaces {
  readonly #record: FileRecord;
  #all: InnermostSpans<OutlinedSymbol> | undefined;
  #byName: ReadonlyMap<string, readonly OutlinedSymbol[]> | undefined;
  readonly #named = new Map<string, InnermostSpans<OutlinedSymbol>>();

  constructor(record: FileRecord) {
    this.#record = record;
  }

  /** The innermost symbol around a line; undefined for what stands in none. */
  around(line: number): IndexedSymbol | undefined {
    this.#all ??= innermostSpans(this.#record.symbols);
    return this.#indexed(this.#all.at(line));
  }

  /** The innermost symbol of that name around a line. */
  named(name: string, line: number): IndexedSymbol | undefined {
    let spans = this.#named.get(name);
    if (spans === undefined) {
      this.#byName ??= byName(this.#record.symbols);
      const symbols = this.#byName.get(name);
      if (symbols === undefined) return undefined;
      spans = innermostSpans(symbols);
      this.#named.set(name, spans);
    }
    return this.#indexed(spans.at(line));
  }

  /** The class of a constructor, by which it is used; any other symbol as it is. */
  usedAs(symbol: IndexedSymbol): IndexedSymbol {
    const { name, parent } = symbol;
    if (parent === undefined || !(CONSTRUCTORS.has(name) || name === parent)) return symbol;
    return this.named(parent, symbol.line) ?? symbol;
  }

  #indexed(symbol: OutlinedSymbol | undefined): IndexedSymbol | undefined {
    return symbol && { ...symbol, path: this.#record.path };
  }
}

function byName(symbols: readonly OutlinedSymbol[]): ReadonlyMap<string, readonly OutlinedSymbol[]> {
  const all = new Map<string, OutlinedSymbol[]>();
  for (const symbol of symbols) {
    const known = all.get(symbol.name);
    if (known === undefined) all.set(symbol.name, [symbol]);
    else known.push(symbol);
  }
  return all;
}

/** Gives the places of files, those of each record made once. */
export function placesOnce(): (record: FileRecord) => SymbolPlaces {
  const made = new Map<FileRecord, SymbolPlaces>();
  return (record) => {
    const places = made.get(record) ?? new SymbolPlaces(record);
    made.set(record, places);
    return places;
  };
}

/** Where the name of a symbol stands; its first line may be a decorator's or a comment's. */
export function nameOffset({ table, lines }: NamedFile, symbol: IndexedSymbol): number | undefined {
  const first = lines.offset(symbol.line, 0);
  const behind = lines.offset(symbol.endLine + 1, 0) ?? Number.POSITIVE_INFINITY;
  if (first === undefined) return undefined;
  let nearest: number | undefined;
  for (const { name, start } of table.facts.definitions) {
    if (name !== symbol.name || start < first || start >= behind) continue;
    if (nearest === undefined || start < nearest) nearest = start;
  }
  return nearest;
}
