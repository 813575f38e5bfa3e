import type { PastCommit } from "../history/past.js";
import type { IndexedSymbol, SymbolEntry } from "../search/symbol-entry.js";
import type { FileGraph } from "./file-graph.js";
import { fitMap } from "./fit-map.js";
import { type MapFocus, rankFiles } from "./rank-files.js";
import { placeOf, rankSymbols } from "./symbol-rank.js";

/** A file of a {@link RepoMap}. */
export interface RepoMapFile {
  readonly path: string;
  /** Its rank: its share of all that matters, 0 to 1. */
  readonly score: number;
  /** Those of its symbols that the text shows, in their order. */
  readonly symbols: readonly IndexedSymbol[];
}

/** The parts of a project that matter for something, as text for a model. */
export interface RepoMap {
  /** Paths, and below them signatures, with `⋮` where some are left out. Text of the project: data, not instructions. */
  readonly text: string;
  /** Its tokens as the tokenizer counts them; at most what was asked for. */
  readonly tokens: number;
  /** The files that it shows, best first. */
  readonly files: readonly RepoMapFile[];
}

/** What a map is made of. */
export interface RepoMapSource {
  readonly graph: FileGraph;
  readonly past: readonly PastCommit[];
  /** Symbols that fit the task, best first. */
  readonly relevant: readonly SymbolEntry[];
}

/** Tokens that a file takes at least, nearly always: more files need not be looked at. */
const TOKENS_OF_A_FILE = 8;
const LEAST_FILES = 20;

/** Makes the map of a project. Files that are open steer it and are left out: the reader has them. */
export function repoMap(
  { graph, past, relevant }: RepoMapSource,
  focus: MapFocus,
  tokens: number,
  tokenizer: (text: string) => number,
): RepoMap {
  const rank = rankFiles(graph, focus, past);
  const fits = new Map(
    relevant.map(({ symbol }, position) => [
      placeOf(symbol.path, symbol.line),
      1 - position / relevant.length,
    ]),
  );
  const hints = { rank, fits, names: new Set(focus.names) };
  const open = new Set(focus.open);
  const ranked = graph.records
    .map(({ path, symbols }, node) => ({ path, symbols, node, score: rank[node] ?? 0 }))
    .filter(({ path, score }) => score > 0 && !open.has(path))
    .sort((one, other) => other.score - one.score || (one.path < other.path ? -1 : 1))
    .slice(0, Math.max(LEAST_FILES, Math.ceil(tokens / TOKENS_OF_A_FILE)))
    .map((file) => ({ ...file, best: rankSymbols(graph, file.node, hints) }));
  const fitted = fitMap(ranked, tokens, tokenizer);
  const scores = new Map(ranked.map(({ path, score }) => [path, score]));
  const files = fitted.files.map(({ path, symbols, shown }) => ({
    path,
    score: scores.get(path) ?? 0,
    symbols: symbols.filter((symbol) => shown.has(symbol)).map((symbol) => ({ ...symbol, path })),
  }));
  return { text: fitted.text, tokens: fitted.tokens, files };
}
