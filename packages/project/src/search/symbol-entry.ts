import type { CodeSymbol } from "@agentos/core";
import type { FileRecord } from "../files/file-record.js";
import { isTestFile } from "../graph/test-files.js";
import { humps, terms } from "./terms.js";

/** A symbol with where it stands and what its author says of it. */
export interface IndexedSymbol extends CodeSymbol {
  /** First line of its doc comment or docstring. */
  readonly doc?: string;
}

/** A symbol prepared for search. */
export interface SymbolEntry {
  readonly symbol: IndexedSymbol;
  readonly lowerName: string;
  /** First letters of the words of its name, lowered: `pHR` of parseHttpResponse is `phr`. */
  readonly initials: string;
  readonly inTest: boolean;
  /** Weight of each term, over all fields. */
  readonly weights: ReadonlyMap<string, number>;
  /** Sum of the weights: its length for BM25. */
  readonly length: number;
}

/** What a term is worth by where it stands. */
const FIELD_WEIGHTS = { name: 3, parent: 1, path: 1, doc: 1, signature: 0.5 } as const;

/** The entries of one file, in the order of its symbols. */
export function entriesOf(record: FileRecord): SymbolEntry[] {
  const pathTerms = terms(record.path.replace(/\.[^./]+$/, ""));
  const inTest = isTestFile(record.path);
  return record.symbols.map((outlined) => {
    const symbol: IndexedSymbol = { ...outlined, path: record.path };
    const weights = new Map<string, number>();
    const count = (words: readonly string[], weight: number): void => {
      for (const word of new Set(words)) weights.set(word, (weights.get(word) ?? 0) + weight);
    };
    count(terms(symbol.name), FIELD_WEIGHTS.name);
    count(terms(symbol.parent ?? ""), FIELD_WEIGHTS.parent);
    count(pathTerms, FIELD_WEIGHTS.path);
    count(terms(symbol.doc ?? ""), FIELD_WEIGHTS.doc);
    count(terms(symbol.signature), FIELD_WEIGHTS.signature);
    return {
      symbol,
      lowerName: symbol.name.toLowerCase(),
      initials: humps(symbol.name)
        .map((word) => word.charAt(0).toLowerCase())
        .join(""),
      inTest,
      weights,
      length: [...weights.values()].reduce((sum, weight) => sum + weight, 0),
    };
  });
}

/** A total order of symbols, so that equal scores come in the same order each time. */
export function bySite(left: SymbolEntry, right: SymbolEntry): number {
  if (left.symbol.path !== right.symbol.path) return left.symbol.path < right.symbol.path ? -1 : 1;
  return left.symbol.line - right.symbol.line;
}
