import type { FileRecord } from "../files/file-record.js";

/** A file that defines a name. */
export interface CDefiner {
  readonly path: string;
  /** Whether other files may declare it without its body: a function or a variable that is not `static`. */
  readonly shared: boolean;
}

/** What the files of a project in C and C++ define and include. */
export interface CIndex {
  defining(name: string): readonly CDefiner[];
  /** What a file includes, as it is written, with angles where these stand around it. */
  includes(path: string): readonly string[];
  /** Whether a file adds to a namespace; to the one without a name all do. */
  declares(path: string, namespace: string): boolean;
  /** Files by their name without folders. */
  named(base: string): readonly string[];
  /** What is found of each file in the course of questions: the files that it includes, through others too. */
  readonly reached: Map<string, ReadonlySet<string>>;
}

export function cIndex(records: readonly FileRecord[]): CIndex {
  const definers = new Map<string, CDefiner[]>();
  const included = new Map<string, readonly string[]>();
  const namespaces = new Map<string, ReadonlySet<string>>();
  const named = new Map<string, string[]>();
  for (const { path, dialect, symbols, imports, namespaces: declared } of records) {
    if (dialect !== "c" && dialect !== "cpp") continue;
    add(named, path.slice(path.lastIndexOf("/") + 1), path);
    included.set(
      path,
      imports.map(({ specifier }) => specifier),
    );
    if (declared !== undefined) namespaces.set(path, new Set(declared));
    const seen = new Set<string>();
    for (const { name, kind, visibility } of symbols) {
      // Namespaces are in many files, each of which has its own part.
      if (kind === "method" || kind === "module" || seen.has(name)) continue;
      seen.add(name);
      const shared = (kind === "function" || kind === "variable") && visibility !== "internal";
      add(definers, name, { path, shared });
    }
  }
  return {
    defining: (name) => definers.get(name) ?? [],
    includes: (path) => included.get(path) ?? [],
    declares: (path, namespace) =>
      included.has(path) && (namespace === "" || namespaces.get(path)?.has(namespace) === true),
    named: (base) => named.get(base) ?? [],
    reached: new Map(),
  };
}

function add<Value>(index: Map<string, Value[]>, key: string, value: Value): void {
  const values = index.get(key);
  if (values === undefined) index.set(key, [value]);
  else values.push(value);
}
