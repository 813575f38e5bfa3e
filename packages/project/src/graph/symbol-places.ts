import type { FileRecord } from "../files/file-record.js";
import type { NamedFile } from "../resolution/name-resolver.js";
import type { IndexedSymbol } from "../search/symbol-entry.js";

/** Names of what runs when a class is called: whoever uses it uses the class. */
const CONSTRUCTORS = new Set(["constructor", "__init__", "__new__", "__construct", "initialize"]);

/** The innermost symbol around a line; undefined for what stands in none. */
export function symbolAround(record: FileRecord, line: number): IndexedSymbol | undefined {
  return innermost(record, (symbol) => symbol.line <= line && line <= symbol.endLine);
}

/** The symbol of that name around a line. */
export function symbolNamed(record: FileRecord, name: string, line: number): IndexedSymbol | undefined {
  return innermost(record, (symbol) => symbol.name === name && symbol.line <= line && line <= symbol.endLine);
}

/** The class of a constructor, by which it is used; any other symbol as it is. */
export function usedAs(record: FileRecord, symbol: IndexedSymbol): IndexedSymbol {
  const { name, parent } = symbol;
  if (parent === undefined || !(CONSTRUCTORS.has(name) || name === parent)) return symbol;
  return symbolNamed(record, parent, symbol.line) ?? symbol;
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

function innermost(
  { path, symbols }: FileRecord,
  fits: (symbol: FileRecord["symbols"][number]) => boolean,
): IndexedSymbol | undefined {
  let found: FileRecord["symbols"][number] | undefined;
  for (const symbol of symbols) {
    if (!fits(symbol)) continue;
    // Of two with the same lines the later one starts further in.
    if (found === undefined || symbol.endLine - symbol.line <= found.endLine - found.line) found = symbol;
  }
  return found && { ...found, path };
}
