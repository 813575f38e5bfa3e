import type { VectorSearch } from "@agentos/core";
import type { FileRecord } from "../files/file-record.js";
import { symbolAround } from "../graph/symbol-places.js";
import type { CodeChunk } from "./code-chunks.js";
import { type Finding, type FoundBy, joined, type SearchHit } from "./hybrid-search.js";
import { Meanings, type ReadText } from "./meanings.js";
import type { IndexedSymbol } from "./symbol-entry.js";
import { isWithin, type ScoredSymbol, type SymbolIndex } from "./symbol-index.js";
import type { TextMatch } from "./text-search.js";

/** What a search over everything needs of the index. */
export interface SearchAccess {
  readonly symbols: SymbolIndex;
  readonly vectors: VectorSearch | undefined;
  readonly read: ReadText;
  records(): readonly FileRecord[];
  record(path: string): FileRecord | undefined;
  /** Lines that hold a text, whatever their case. */
  lines(
    text: string,
    options: { readonly path: string; readonly limit: number; readonly signal: AbortSignal | undefined },
  ): Promise<readonly TextMatch[]>;
}

/** What narrows a search over everything. */
export interface SearchScope {
  /** Only this file, or files below this folder; empty for all. */
  readonly path: string;
  readonly limit: number;
  readonly signal: AbortSignal | undefined;
}

/** Findings of each way that are looked at: what is best in all is far up in one. */
const DEPTH = 200;
/** Shorter texts are in every file. */
const SHORTEST_TEXT = 3;
/**
 * UTF-16 units of a text that are sought in lines. A task may be described at any length, but nobody looks for a line by more of it,
 * and V8 runs no expression of more than some 12,000 letters in either case, or fewer where the stack is deep.
 */
const LONGEST_TEXT = 2_048;
/** Lines of a comment above its symbol. */
const LONGEST_COMMENT = 60;
const SHOWN_OF_COMMENT = 60;
/** A line that holds the text as words of their own says more than one where it is a part of others. */
const AS_WORDS = 1;
const AS_PART = 0.5;

/** Ranks over names, words, lines and, with a vector search, meaning. */
export class ProjectSearch {
  readonly #access: SearchAccess;
  readonly #meanings: Meanings | undefined;

  constructor(access: SearchAccess) {
    this.#access = access;
    this.#meanings = access.vectors && new Meanings(access.vectors);
  }

  async search(text: string, scope: SearchScope): Promise<readonly SearchHit[]> {
    const { symbols } = this.#access;
    const filter = { kind: undefined, path: scope.path, limit: DEPTH };
    const isName = /^[\p{L}_$][\p{L}\p{N}_$.#:]*$/u.test(text);
    const findings: Partial<Record<FoundBy, readonly Finding[]>> = {
      ...(isName ? { name: scored(symbols.named(text, filter)) } : {}),
      words: scored(symbols.relevant(text, filter)),
      ...(text.length < SHORTEST_TEXT ? {} : { text: await this.#lines(text, scope) }),
      ...(this.#meanings === undefined ? {} : { meaning: await this.#alike(text, scope, this.#meanings) }),
    };
    return joined(findings, scope.limit);
  }

  async #lines(whole: string, { path, signal }: SearchScope): Promise<readonly Finding[]> {
    const text = beginningOf(whole);
    const lines = await this.#access.lines(text, { path, limit: DEPTH, signal });
    const asWords = new RegExp(`(?<![\\p{L}\\p{N}_$])${escaped(text)}(?![\\p{L}\\p{N}_$])`, "iu");
    return lines.map((line) => {
      const record = this.#access.record(line.path);
      const symbol = record && (symbolAround(record, line.line) ?? describedBy(record, line));
      const score = asWords.test(line.text) ? AS_WORDS : AS_PART;
      return symbol === undefined
        ? { path: line.path, line: line.line, endLine: line.line, text: line.text.trim(), score }
        : {
            path: line.path,
            line: symbol.line,
            endLine: symbol.endLine,
            symbol,
            text: symbol.signature,
            score,
          };
    });
  }

  async #alike(text: string, { path, signal }: SearchScope, meanings: Meanings): Promise<readonly Finding[]> {
    const { read } = this.#access;
    const found = await meanings.search(text, this.#access.records(), read, { limit: DEPTH, signal });
    return found
      .filter((one) => isWithin(one.path, path))
      .map(({ path: file, chunk, score }) => ({ path: file, ...placeOf(file, chunk), score }));
  }
}

/** The symbol below a line that begins its comment. */
function describedBy(record: FileRecord, { line, text }: TextMatch): IndexedSymbol | undefined {
  const symbol = record.symbols.find(
    (one) =>
      one.doc !== undefined &&
      one.line > line &&
      one.line - line <= LONGEST_COMMENT &&
      text.includes(one.doc.slice(0, SHOWN_OF_COMMENT)),
  );
  return symbol && { ...symbol, path: record.path };
}

/** A piece of a symbol counts for the symbol. */
function placeOf(path: string, { line, endLine, symbol, text }: CodeChunk): Omit<Finding, "path" | "score"> {
  if (symbol === undefined) return { line, endLine, text };
  const { signature } = symbol;
  return { line: symbol.line, endLine: symbol.endLine, symbol: { ...symbol, path }, text: signature };
}

function scored(symbols: readonly ScoredSymbol[]): readonly Finding[] {
  return symbols.map(({ entry: { symbol }, score }) => ({
    path: symbol.path,
    line: symbol.line,
    endLine: symbol.endLine,
    symbol,
    text: symbol.signature,
    score,
  }));
}

/** No more of a text than is sought in lines, and no half of a character. */
function beginningOf(text: string): string {
  if (text.length <= LONGEST_TEXT) return text;
  const isCut = (text.codePointAt(LONGEST_TEXT - 1) ?? 0) > 0xffff;
  return text.slice(0, LONGEST_TEXT - Number(isCut));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
