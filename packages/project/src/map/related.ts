import type { ImportGraph } from "../graph/import-graph.js";
import { changedTogether, type PastCommit } from "../history/past.js";
import type { FileGraph } from "./file-graph.js";

/** Why two files belong together. */
export type RelationReason =
  /** The file asked about imports it. */
  | { readonly kind: "imports" }
  /** It imports the file asked about. */
  | { readonly kind: "imported-by" }
  /** The file asked about uses names that it defines, the weightiest first, at most 5. */
  | { readonly kind: "uses"; readonly names: readonly string[] }
  /** It uses names that the file asked about defines. */
  | { readonly kind: "used-by"; readonly names: readonly string[] }
  /** Commits of the last 1,000 that touched both, of at most 30 files each. */
  | { readonly kind: "changed-together"; readonly commits: number };

/** A file that belongs to another. */
export interface RelatedFile {
  readonly path: string;
  /** 0 to 1, the highest first. */
  readonly score: number;
  readonly reasons: readonly RelationReason[];
}

const NAMES = 5;
// What each bond is worth at its strongest. They join as chances do: 1 - Π (1 - worth).
const IMPORT = 0.4;
const USE = 0.4;
const TOGETHER = 0.8;

/**
 * Files that belong to one, best first: by imports both ways, by the names that one defines and the other uses, and by commits that
 * touched both. Each bond has a strength of 0 to 1; together they make 1 - Π (1 - strength), as for chances that do not hang together.
 */
export function relatedFiles(
  path: string,
  imports: ImportGraph,
  graph: FileGraph,
  past: readonly PastCommit[],
  exists: (path: string) => boolean,
): readonly RelatedFile[] {
  const found = new Map<string, { apart: number; reasons: RelationReason[] }>();
  const add = (other: string, strength: number, reason: RelationReason): void => {
    if (other === path || !exists(other)) return;
    const known = found.get(other) ?? { apart: 1, reasons: [] };
    known.apart *= 1 - strength;
    known.reasons.push(reason);
    found.set(other, known);
  };
  for (const other of imports.importsOf(path)) add(other, IMPORT, { kind: "imports" });
  for (const other of imports.importersOf(path)) add(other, IMPORT, { kind: "imported-by" });
  const node = graph.nodes.get(path);
  if (node !== undefined) {
    for (const { other, share, names } of usesOf(graph, node)) {
      add(other, USE * share, { kind: "uses", names });
    }
    for (const { other, share, names } of usersOf(graph, node)) {
      add(other, USE * share, { kind: "used-by", names });
    }
  }
  for (const [other, { score, commits }] of changedTogether(past, path)) {
    add(other, TOGETHER * score, { kind: "changed-together", commits });
  }
  return [...found]
    .map(([other, { apart, reasons }]) => ({ path: other, score: 1 - apart, reasons }))
    .sort((one, other) => other.score - one.score || (one.path < other.path ? -1 : 1));
}

interface Bond {
  readonly other: string;
  /** 1 for the strongest. */
  readonly share: number;
  readonly names: readonly string[];
}

/** The files whose names a file uses. */
function usesOf(graph: FileGraph, node: number): readonly Bond[] {
  const byFile = new Map<number, Map<string, number>>();
  for (let edge = graph.edges.start[node] ?? 0; edge < (graph.edges.start[node + 1] ?? 0); edge += 1) {
    const target = graph.edges.target[edge] ?? 0;
    for (const { name, user, weight } of graph.uses[target] ?? []) {
      if (user === node) addName(byFile, target, name, weight);
    }
  }
  return bondsOf(graph, byFile);
}

/** The files that use a file's names. */
function usersOf(graph: FileGraph, node: number): readonly Bond[] {
  const byFile = new Map<number, Map<string, number>>();
  for (const { name, user, weight } of graph.uses[node] ?? []) addName(byFile, user, name, weight);
  return bondsOf(graph, byFile);
}

function addName(byFile: Map<number, Map<string, number>>, file: number, name: string, weight: number): void {
  const names = byFile.get(file) ?? new Map<string, number>();
  byFile.set(file, names);
  names.set(name, (names.get(name) ?? 0) + weight);
}

function bondsOf(
  graph: FileGraph,
  byFile: ReadonlyMap<number, ReadonlyMap<string, number>>,
): readonly Bond[] {
  const bonds = [...byFile].map(([file, names]) => {
    const sorted = [...names].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1));
    return {
      other: graph.records[file]?.path ?? "",
      weight: sorted.reduce((sum, [, weight]) => sum + weight, 0),
      names: sorted.slice(0, NAMES).map(([name]) => name),
    };
  });
  const most = bonds.reduce((largest, { weight }) => Math.max(largest, weight), 0);
  return bonds.map(({ other, weight, names }) => ({ other, share: weight / most, names }));
}
