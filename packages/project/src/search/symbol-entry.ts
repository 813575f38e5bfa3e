import type { CodeSymbol } from "@agentos/core";
import type { FileRecord } from "../files/file-record.js";
import { isTestFile } from "../graph/test-files.js";
import type { OutlinedSymbol } from "../source-parser.js";
import { letterMask } from "./name-match.js";
import { humps, terms } from "./terms.js";

/** A symbol with where it stands and what its author says of it. */
export interface IndexedSymbol extends CodeSymbol {
  /** First line of its doc comment or docstring. */
  readonly doc?: string;
}

/** A symbol prepared for search. What a search needs is worked out when one first asks for it. */
export interface SymbolEntry {
  readonly symbol: IndexedSymbol;
  /** Of its file. */
  readonly path: string;
  readonly name: string;
  readonly lowerName: string;
  /** Which letters its name has, as `letterMask` says it. */
  readonly letters: number;
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
  const file = new EntryFile(record.path);
  return record.symbols.map((outlined) => new Entry(file, outlined));
}

/** What the symbols of one file share. */
class EntryFile {
  readonly path: string;
  readonly inTest: boolean;
  #terms: readonly string[] | undefined;

  constructor(path: string) {
    this.path = path;
    this.inTest = isTestFile(path);
  }

  get terms(): readonly string[] {
    this.#terms ??= terms(this.path.replace(/\.[^./]+$/, ""));
    return this.#terms;
  }
}

interface Words {
  readonly weights: ReadonlyMap<string, number>;
  readonly length: number;
}

class Entry implements SymbolEntry {
  readonly name: string;
  readonly lowerName: string;
  readonly letters: number;
  readonly #file: EntryFile;
  readonly #outlined: OutlinedSymbol;
  #symbol: IndexedSymbol | undefined;
  #initials: string | undefined;
  #words: Words | undefined;

  constructor(file: EntryFile, outlined: OutlinedSymbol) {
    this.name = outlined.name;
    this.lowerName = outlined.name.toLowerCase();
    this.letters = letterMask(this.lowerName);
    this.#file = file;
    this.#outlined = outlined;
  }

  get symbol(): IndexedSymbol {
    this.#symbol ??= { ...this.#outlined, path: this.#file.path };
    return this.#symbol;
  }

  get path(): string {
    return this.#file.path;
  }

  get inTest(): boolean {
    return this.#file.inTest;
  }

  get initials(): string {
    this.#initials ??= humps(this.name)
      .map((word) => word.charAt(0).toLowerCase())
      .join("");
    return this.#initials;
  }

  get weights(): ReadonlyMap<string, number> {
    this.#words ??= wordsOf(this.#outlined, this.#file.terms);
    return this.#words.weights;
  }

  get length(): number {
    this.#words ??= wordsOf(this.#outlined, this.#file.terms);
    return this.#words.length;
  }
}

function wordsOf({ name, parent = "", doc = "", signature }: OutlinedSymbol, path: readonly string[]): Words {
  const weights = new Map<string, number>();
  let length = 0;
  const count = (words: readonly string[], weight: number): void => {
    for (const word of new Set(words)) {
      weights.set(word, (weights.get(word) ?? 0) + weight);
      length += weight;
    }
  };
  count(terms(name), FIELD_WEIGHTS.name);
  count(terms(parent), FIELD_WEIGHTS.parent);
  count(path, FIELD_WEIGHTS.path);
  count(terms(doc), FIELD_WEIGHTS.doc);
  count(terms(signature), FIELD_WEIGHTS.signature);
  return { weights, length };
}

/** A total order of symbols, so that equal scores come in the same order each time. */
export function bySite(left: SymbolEntry, right: SymbolEntry): number {
  if (left.symbol.path !== right.symbol.path) return left.symbol.path < right.symbol.path ? -1 : 1;
  return left.symbol.line - right.symbol.line;
}
