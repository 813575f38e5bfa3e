import type { FileRecord } from "../files/file-record.js";
import type { Dialect } from "../source-parser.js";

/** What the files of a project add to the namespaces of one language. */
export interface NamespaceIndex {
  /** The files that declare a namespace; empty for the one without a name, to which files add without declaring it. */
  files(namespace: string): readonly string[];
  /** The files that define a name in a namespace. */
  defining(namespace: string, name: string): readonly string[];
  /** Namespaces that one file imports for all (`global using` in C#). */
  readonly imported: readonly string[];
}

/** How a file says that it imports a namespace for all files. */
export const FOR_ALL = "global::";

/** Indexes the files of one language by the namespaces that they declare, and by what they define in them. */
export function namespaceIndex(records: readonly FileRecord[], dialect: Dialect): NamespaceIndex {
  const files = new Map<string, string[]>();
  const defining = new Map<string, string[]>();
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
      add(defining, keyOf(parent, name), record.path);
    }
  }
  return {
    files: (namespace) => files.get(namespace) ?? [],
    defining: (namespace, name) => defining.get(keyOf(namespace, name)) ?? [],
    imported: [...imported],
  };
}

function keyOf(namespace: string, name: string): string {
  return `${name} ${namespace}`;
}

function add(index: Map<string, string[]>, key: string, path: string): void {
  const paths = index.get(key);
  if (paths === undefined) index.set(key, [path]);
  else if (paths.at(-1) !== path) paths.push(path);
}
