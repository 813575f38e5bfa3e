import type { FileRecord } from "../files/file-record.js";
import type { OutlinedSymbol } from "../source-parser.js";
import type { FileGraph } from "./file-graph.js";

/** What makes a symbol of a file worth showing. */
export interface SymbolHints {
  /** The rank of each file, by node. */
  readonly rank: Float64Array;
  /** How well symbols fit the task, 0 to 1, by path and first line. */
  readonly fits: ReadonlyMap<string, number>;
  /** Names that were asked for. */
  readonly names: ReadonlySet<string>;
}

const ANY = 0.2;
const FITS = 2;
const ASKED = 2;
const PRIVATE = 0.3;
const VARIABLE = 0.5;
const MEMBER = 0.7;

/** The symbols of a file, those first that are used by files of rank, fit the task, or were asked for. */
export function rankSymbols(graph: FileGraph, node: number, hints: SymbolHints): readonly OutlinedSymbol[] {
  const record = graph.records[node];
  if (record === undefined) return [];
  const used = usedNames(graph, node, hints.rank);
  return record.symbols
    .map((symbol) => ({ symbol, score: scoreOf(record, symbol, used, hints) }))
    .sort((one, other) => other.score - one.score || one.symbol.line - other.symbol.line)
    .map(({ symbol }) => symbol);
}

/** Where a symbol stands, as {@link SymbolHints.fits} names it. */
export function placeOf(path: string, line: number): string {
  return `${line}:${path}`;
}

function scoreOf(
  { path }: FileRecord,
  { name, line, kind, parent, visibility }: OutlinedSymbol,
  used: ReadonlyMap<string, number>,
  { fits, names }: SymbolHints,
): number {
  const hidden = visibility === "private" || (name.startsWith("_") && !name.startsWith("__"));
  const shape =
    (hidden ? PRIVATE : 1) * (kind === "variable" ? VARIABLE : 1) * (parent === undefined ? 1 : MEMBER);
  const asked = names.has(name) ? ASKED : 0;
  return shape * (ANY + (used.get(name) ?? 0)) + FITS * (fits.get(placeOf(path, line)) ?? 0) + asked;
}

/** What flows to each name of a file from its users, by their rank and their weights, 1 for the most. */
function usedNames(graph: FileGraph, node: number, rank: Float64Array): ReadonlyMap<string, number> {
  const flow = new Map<string, number>();
  let most = 0;
  for (const { name, user, weight } of graph.uses[node] ?? []) {
    const share = ((rank[user] ?? 0) * weight) / (graph.out[user] || 1);
    const sum = (flow.get(name) ?? 0) + share;
    flow.set(name, sum);
    most = Math.max(most, sum);
  }
  return most > 0 ? new Map([...flow].map(([name, share]) => [name, share / most])) : flow;
}
