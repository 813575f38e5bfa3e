import type { FileRecord } from "../files/file-record.js";
import type { ImportGraph } from "../graph/import-graph.js";
import { siblingFiles } from "../graph/module-files.js";
import type { OutlinedSymbol } from "../source-parser.js";
import { type FileKind, fileKind } from "./file-kind.js";
import { type FileTerms, fileTerms, type KnownTerms } from "./file-terms.js";
import { type WeightedGraph, weightedGraph } from "./page-rank.js";

/** A name that a file defines and another uses. */
export interface NameUse {
  readonly name: string;
  /** The node of the file that uses it. */
  readonly user: number;
  readonly weight: number;
}

/** Who uses what of whom, among the parsed files of a project. */
export interface FileGraph {
  /** By node. */
  readonly records: readonly FileRecord[];
  /** By node. */
  readonly kinds: readonly FileKind[];
  /** By node: the words of the file. */
  readonly terms: readonly FileTerms[];
  readonly nodes: ReadonlyMap<string, number>;
  /** By name: the files that define it, each once. */
  readonly definers: ReadonlyMap<string, readonly Definer[]>;
  /** From the user of a name to the file that defines it. */
  readonly edges: WeightedGraph;
  /** By node: the sum of the weights of the edges that start there. */
  readonly out: Float64Array;
  /** By node: the uses of the names that it defines. */
  readonly uses: readonly (readonly NameUse[])[];
}

/** How much a definition counts at 1, 2 and 3 imports from its user: a type comes along with what returns it, a name through an index. */
const REACH = [1, 0.6, 0.4] as const;
/** Files that are reached from one; more say nothing. */
const MOST_REACHED = 300;
/** What a definition counts for where no import leads to it and the name alone agrees. */
const BY_NAME = 0.1;
/** A name that more files define, and no import leads to, says nothing. */
const MOST_BY_NAME = 5;
/** What an import counts for, whatever names agree. */
const IMPORT = 0.5;
/** A name that the user defines itself is most likely its own. */
const OWN = 0.1;
/** A member is called on an object, whose class is what matters. */
const MEMBER = 0.5;
/** Names that begin with `_` are not meant for others. */
const UNDERSCORE = 0.3;

/** A file that defines a name. */
export interface Definer {
  readonly node: number;
  /** How far others see it, 0 to 1. */
  readonly weight: number;
  /** Whether only files of the same package see it. */
  readonly internal: boolean;
}

/**
 * The graph of a project's files. An edge adds up, over the names that its start uses and its end defines, the square root of how often,
 * times the rarity of the name (log(1 + files / definers) / log(1 + files)), how far others can see it, and how surely it is meant: fully
 * where an import or the package leads to the definition, little where only the name agrees.
 * @param known terms of files that were taken apart before; new ones are added
 */
export function fileGraph(
  all: readonly FileRecord[],
  imports: ImportGraph,
  known: KnownTerms = new WeakMap(),
): FileGraph {
  const records = all.filter((record) => record.dialect !== undefined);
  const nodes = new Map(records.map((record, node) => [record.path, node]));
  const definers = definersOf(records);
  const edges = records.map(() => new Map<number, number>());
  const uses: NameUse[][] = records.map(() => []);
  const full = Math.log(1 + records.length);
  for (const [user, record] of records.entries()) {
    const targets = edges[user] ?? new Map<number, number>();
    const package_ = packageNodes(record, nodes, imports);
    const reached = reachedFrom(record.path, nodes, imports);
    for (const node of package_) reached.set(node, 1);
    for (const path of imports.importsOf(record.path)) {
      const node = nodes.get(path);
      if (node !== undefined) targets.set(node, (targets.get(node) ?? 0) + IMPORT);
    }
    for (const [name, count] of Object.entries(record.uses)) {
      const known = definers.get(name);
      if (known === undefined) continue;
      const rarity = Math.log(1 + records.length / known.length) / full;
      const own = known.some(({ node }) => node === user) ? OWN : 1;
      const meant = meantBy(known, user, reached, package_);
      for (const { node, weight } of meant) {
        const amount = Math.sqrt(count) * rarity * own * weight;
        if (amount === 0) continue;
        targets.set(node, (targets.get(node) ?? 0) + amount);
        uses[node]?.push({ name, user, weight: amount });
      }
    }
    targets.delete(user);
  }
  const out = Float64Array.from(edges, (targets) => {
    let sum = 0;
    for (const weight of targets.values()) sum += weight;
    return sum;
  });
  return {
    records,
    kinds: records.map(fileKind),
    terms: records.map((record) => fileTerms(record, known)),
    nodes,
    definers,
    edges: weightedGraph(records.length, edges),
    out,
    uses,
  };
}

/** The definitions that a use may mean, with their share: those that imports lead to, or else those of that name. */
function meantBy(
  known: readonly Definer[],
  user: number,
  reached: ReadonlyMap<number, number>,
  package_: ReadonlySet<number>,
): readonly Pick<Definer, "node" | "weight">[] {
  const visible = known.filter(({ node, internal }) => node !== user && (!internal || package_.has(node)));
  const near = visible.flatMap(({ node, weight }) => {
    const reach = reached.get(node);
    return reach === undefined ? [] : [{ node, weight: weight * reach }];
  });
  if (near.length > 0) return near.map(({ node, weight }) => ({ node, weight: weight / near.length }));
  if (known.length > MOST_BY_NAME) return [];
  return visible.map(({ node, weight }) => ({ node, weight: (weight * BY_NAME) / known.length }));
}

function definersOf(records: readonly FileRecord[]): ReadonlyMap<string, readonly Definer[]> {
  const definers = new Map<string, Definer[]>();
  for (const [node, record] of records.entries()) {
    const best = new Map<string, OutlinedSymbol>();
    for (const symbol of record.symbols) {
      const known = best.get(symbol.name);
      if (known === undefined || seen(symbol) > seen(known)) best.set(symbol.name, symbol);
    }
    for (const [name, symbol] of best) {
      // One that nobody else sees still tells that the name is the file's own.
      const definer = { node, weight: seen(symbol), internal: symbol.visibility === "internal" };
      const known = definers.get(name);
      if (known === undefined) definers.set(name, [definer]);
      else known.push(definer);
    }
  }
  return definers;
}

/** How far a definition is seen by other files, 0 to 1. */
function seen({ visibility, parent, name }: OutlinedSymbol): number {
  if (visibility === "private") return 0;
  const member = parent === undefined ? 1 : MEMBER;
  return member * (name.startsWith("_") && !name.startsWith("__") ? UNDERSCORE : 1);
}

/** Files whose names a file sees without an import. */
function packageNodes(
  record: FileRecord,
  nodes: ReadonlyMap<string, number>,
  imports: ImportGraph,
): ReadonlySet<number> {
  const siblings = siblingFiles(record.path, imports.map, record.javaPackage);
  return new Set(siblings.flatMap((path) => nodes.get(path) ?? []));
}

function reachedFrom(
  path: string,
  nodes: ReadonlyMap<string, number>,
  imports: ImportGraph,
): Map<number, number> {
  const reached = new Map<number, number>();
  const visited = new Set([path]);
  let front: readonly string[] = [path];
  for (const reach of REACH) {
    const following: string[] = [];
    for (const from of front) {
      for (const to of imports.importsOf(from)) {
        if (visited.has(to) || visited.size > MOST_REACHED) continue;
        visited.add(to);
        following.push(to);
        const node = nodes.get(to);
        if (node !== undefined) reached.set(node, reach);
      }
    }
    front = following;
  }
  return reached;
}
