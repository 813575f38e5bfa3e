import type { FileRecord } from "../files/file-record.js";
import type { ImportGraph } from "../graph/import-graph.js";
import { packageFiles } from "../graph/module-files.js";
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
/** A name that more of the files define which the user sees says nothing of any of them. Imports alone never lead to more. */
const MOST_NEAR = MOST_REACHED;
/** Definitions that one file is linked to, name by name; more are made by a machine. */
const MOST_LINKS = 20_000;
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
  const definitions = records.map(definitionsOf);
  const definers = definersOf(definitions);
  const packageOf = packagesOf(definitions, nodes, imports);
  const edges = records.map(() => new Map<number, number>());
  const uses: NameUse[][] = records.map(() => []);
  const full = Math.log(1 + records.length);
  for (const [user, record] of records.entries()) {
    const targets = edges[user] ?? new Map<number, number>();
    const view: View = {
      user,
      package: packageOf(record),
      reached: reachedFrom(record.path, nodes, imports),
      definitions,
    };
    for (const path of imports.importsOf(record.path)) {
      const node = nodes.get(path);
      if (node !== undefined) targets.set(node, (targets.get(node) ?? 0) + IMPORT);
    }
    let links = 0;
    for (const [name, count] of Object.entries(record.uses)) {
      const known = definers.get(name);
      if (known === undefined) continue;
      if (links > MOST_LINKS) break;
      const rarity = Math.log(1 + records.length / known.length) / full;
      const own = definitions[user]?.has(name) ? OWN : 1;
      for (const { node, weight } of meantBy(name, known, view)) {
        const amount = Math.sqrt(count) * rarity * own * weight;
        if (amount === 0) continue;
        targets.set(node, (targets.get(node) ?? 0) + amount);
        uses[node]?.push({ name, user, weight: amount });
        links += 1;
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

/** Files of one package, which see one another's names without an import. */
interface Package {
  readonly nodes: ReadonlySet<number>;
  /** Those that define a name, by node. */
  readonly definers: ReadonlyMap<string, readonly Definer[]>;
}

/** What a file sees of others. */
interface View {
  readonly user: number;
  readonly package: Package;
  /** How much a definition counts in files that imports lead to. */
  readonly reached: ReadonlyMap<number, number>;
  /** By node. */
  readonly definitions: readonly ReadonlyMap<string, Definer>[];
}

/** The definitions that a use may mean, with their share: those that imports lead to, or else those of that name. */
function meantBy(
  name: string,
  known: readonly Definer[],
  view: View,
): readonly Pick<Definer, "node" | "weight">[] {
  const { user, package: own, reached } = view;
  const isVisible = ({ node, internal }: Definer): boolean =>
    node !== user && (!internal || own.nodes.has(node));
  const near = nearest(name, known, view).filter(isVisible);
  if (near.length > MOST_NEAR) return [];
  if (near.length > 0) {
    return near.map(({ node, weight }) => {
      const reach = own.nodes.has(node) ? 1 : (reached.get(node) ?? 0);
      return { node, weight: (weight * reach) / near.length };
    });
  }
  if (known.length > MOST_BY_NAME) return [];
  return known
    .filter(isVisible)
    .map(({ node, weight }) => ({ node, weight: (weight * BY_NAME) / known.length }));
}

/**
 * The definitions of a name in what a file sees, by node. They are found by way of the files that are seen where these are fewer than those
 * that define the name: a name that all files define (`main`) costs no more than that.
 */
function nearest(
  name: string,
  known: readonly Definer[],
  { package: own, reached, definitions }: View,
): readonly Definer[] {
  const inPackage = own.definers.get(name) ?? [];
  if (inPackage.length > MOST_NEAR + 1) return inPackage;
  if (known.length <= inPackage.length + reached.size) {
    return known.filter(({ node }) => own.nodes.has(node) || reached.has(node));
  }
  const found = [...inPackage];
  for (const node of reached.keys()) {
    const definer = own.nodes.has(node) ? undefined : definitions[node]?.get(name);
    if (definer !== undefined) found.push(definer);
  }
  return found.sort((one, other) => one.node - other.node);
}

/** What a file defines, by name. */
function definitionsOf({ symbols }: FileRecord, node: number): ReadonlyMap<string, Definer> {
  const best = new Map<string, OutlinedSymbol>();
  for (const symbol of symbols) {
    const known = best.get(symbol.name);
    if (known === undefined || seen(symbol) > seen(known)) best.set(symbol.name, symbol);
  }
  const definitions = new Map<string, Definer>();
  for (const [name, symbol] of best) {
    // One that nobody else sees still tells that the name is the file's own.
    definitions.set(name, { node, weight: seen(symbol), internal: symbol.visibility === "internal" });
  }
  return definitions;
}

function definersOf(
  definitions: Iterable<ReadonlyMap<string, Definer>>,
): ReadonlyMap<string, readonly Definer[]> {
  const definers = new Map<string, Definer[]>();
  for (const each of definitions) {
    for (const [name, definer] of each) {
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

/** Gives the package of a file; each is made once for all of its files. */
function packagesOf(
  definitions: readonly ReadonlyMap<string, Definer>[],
  nodes: ReadonlyMap<string, number>,
  imports: ImportGraph,
): (record: FileRecord) => Package {
  const made = new Map<readonly string[], Package>();
  return ({ path, javaPackage }) => {
    const files = packageFiles(path, imports.map, javaPackage);
    const known = made.get(files);
    if (known !== undefined) return known;
    const members = [...new Set(files.flatMap((each) => nodes.get(each) ?? []))].sort(
      (one, other) => one - other,
    );
    const package_: Package = {
      nodes: new Set(members),
      definers: definersOf(members.map((node) => definitions[node] ?? new Map())),
    };
    made.set(files, package_);
    return package_;
  };
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
        if (visited.size > MOST_REACHED) return reached;
        if (visited.has(to)) continue;
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
