import type { FileRecord } from "../files/file-record.js";
import type { Dialect } from "../source-parser.js";

/** What the files of a project add to the namespaces of one language. */
export interface NamespaceIndex {
  /** The files that declare a namespace; empty for the one without a name, to which files add without declaring it. */
  files(namespace: string): readonly string[];
  /** The files that define a name in a namespace. */
  defining(namespace: string, name: string): readonly string[];
  /** The namespaces in which a name is defined, each with the files that define it there. */
  homes(name: string): ReadonlyMap<string, readonly string[]>;
  /** The files that define a name in the namespaces that some file imports for all (`global using` in C#), found once for all of these. */
  definingForAll(name: string): readonly string[];
}

/** How a file says that it imports a namespace for all files. */
export const FOR_ALL = "global::";

/**
 * Files that define one name in what a file sees. Where there are more, each of them would be built on by each file that uses the name, and
 * the name says nothing of any.
 */
const MOST_DEFINERS = 256;

/** Indexes the files of one language by the namespaces that they declare, and by what they define in them. */
export function namespaceIndex(records: readonly FileRecord[], dialect: Dialect): NamespaceIndex {
  const files = new Map<string, string[]>();
  const homes = new Map<string, Map<string, string[]>>();
  const imported = new Set<string>();
  for (const record of records) {
    if (record.dialect !== dialect) continue;
    const declared = new Set(record.namespaces ?? []);
    if (declared.size === 0) declared.add("");
    for (const namespace of declared) add(files, namespace, record.path);
    for (const { specifier } of record.imports) {
      if (specifier.startsWith(FOR_ALL)) imported.add(specifier.slice(FOR_ALL.length));
    }
    for (const { name, parent = "", kind } of record.symbols) {
      if (kind === "module" || (parent !== "" && !declared.has(parent))) continue;
      const known = homes.get(name) ?? new Map<string, string[]>();
      homes.set(name, known);
      add(known, parent, record.path);
    }
  }
  const forAll = new Map<string, readonly string[]>();
  const none: ReadonlyMap<string, readonly string[]> = new Map();
  const homesOf = (name: string): ReadonlyMap<string, readonly string[]> => homes.get(name) ?? none;
  return {
    files: (namespace) => files.get(namespace) ?? [],
    defining: (namespace, name) => homesOf(name).get(namespace) ?? [],
    homes: homesOf,
    definingForAll: (name) => {
      const known = forAll.get(name);
      if (known !== undefined) return known;
      const found = definersWithin(homesOf(name), imported);
      // Only names that the project defines are kept: others are as many as somebody cares to write.
      if (homes.has(name)) forAll.set(name, found);
      return found;
    },
  };
}

/** The files that define a name in one of some namespaces, none where these are too many. */
export function definersWithin(
  homes: ReadonlyMap<string, readonly string[]>,
  namespaces: ReadonlySet<string>,
): readonly string[] {
  // By way of whichever there are fewer of.
  const shared =
    homes.size < namespaces.size
      ? [...homes.keys()].filter((namespace) => namespaces.has(namespace))
      : [...namespaces].filter((namespace) => homes.has(namespace));
  const found = new Set<string>();
  for (const namespace of shared) {
    for (const path of homes.get(namespace) ?? []) {
      found.add(path);
      if (found.size > MOST_DEFINERS) return [];
    }
  }
  return [...found];
}

function add(index: Map<string, string[]>, key: string, value: string): void {
  const values = index.get(key);
  if (values === undefined) index.set(key, [value]);
  else if (values.at(-1) !== value) values.push(value);
}
