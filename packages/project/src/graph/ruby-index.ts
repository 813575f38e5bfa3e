import type { FileRecord } from "../files/file-record.js";
import { splitPath } from "../outline/ruby-names.js";
import { isTestFile } from "./test-files.js";

/** What the Ruby files of a project define, by its whole name. */
export interface RubyIndex {
  /** The file that a constant of a namespace (empty for the top) is at home in: others that open it again add to it. */
  home(namespace: string, name: string): string | undefined;
  /** The files that define a method or constant of that name in a class or module. */
  defining(namespace: string, name: string): readonly string[];
  /** The files that define a method outside of all classes. */
  functions(name: string): readonly string[];
  /**
   * The namespaces in which a name is a constant, each with the file that it is at home in. Without those that hold classes alone, of which
   * nothing depends.
   */
  constants(name: string): readonly (readonly [namespace: string, path: string])[];
  /** What a file loads, as it says it. */
  loads(path: string): readonly string[];
}

/** A place where a constant gets a value or a class is opened. */
interface Opening {
  readonly path: string;
  readonly namespace: string;
  /** Whether it is opened for nothing but the classes within it. */
  readonly bare: boolean;
}

/** Indexes Ruby files; what they define is gathered when it is first asked for. */
export function rubyIndex(records: readonly FileRecord[]): RubyIndex {
  const files = records.filter(({ dialect }) => dialect === "ruby");
  let gathered: Gathered | undefined;
  const all = (): Gathered => {
    gathered ??= gather(files);
    return gathered;
  };
  const homes = new Map<string, Opening>();
  const home = (namespace: string, name: string): Opening | undefined => {
    const key = `${name} ${namespace}`;
    const known = homes.get(key);
    if (known !== undefined) return known;
    const found = likeliest(namespace, name, all().openings.get(name) ?? []);
    if (found !== undefined) homes.set(key, found);
    return found;
  };
  return {
    home: (namespace, name) => home(namespace, name)?.path,
    defining: (namespace, name) => {
      const { members, declared } = all();
      const found = members.get(`${name} ${splitPath(namespace).name}`) ?? [];
      return found.filter((path) => declared.get(path)?.has(namespace) === true);
    },
    functions: (name) => all().functions.get(name) ?? [],
    constants: (name) => {
      const namespaces = new Set(
        all()
          .openings.get(name)
          ?.map(({ namespace }) => namespace),
      );
      return [...namespaces].flatMap((namespace) => {
        const at = home(namespace, name);
        return at === undefined || at.bare ? [] : [[namespace, at.path] as const];
      });
    },
    loads: (path) => all().loads.get(path) ?? [],
  };
}

interface Gathered {
  /** By the last name of the constant. */
  readonly openings: ReadonlyMap<string, readonly Opening[]>;
  /** By the name and the last name of the class or module. */
  readonly members: ReadonlyMap<string, readonly string[]>;
  readonly functions: ReadonlyMap<string, readonly string[]>;
  readonly loads: ReadonlyMap<string, readonly string[]>;
  readonly declared: ReadonlyMap<string, ReadonlySet<string>>;
}

function gather(files: readonly FileRecord[]): Gathered {
  const openings = new Map<string, Opening[]>();
  const members = new Map<string, string[]>();
  const functions = new Map<string, string[]>();
  const loads = new Map<string, readonly string[]>();
  const declared = new Map<string, ReadonlySet<string>>();
  for (const { path, symbols, imports, namespaces = [] } of files) {
    declared.set(path, new Set(namespaces));
    loads.set(
      path,
      imports.map(({ specifier }) => specifier),
    );
    const bare = bareNames(symbols);
    for (const full of namespaces) {
      const { around, name } = splitPath(full);
      add(openings, name, { path, namespace: around, bare: bare.has(name) });
    }
    const byLastName = new Map(namespaces.map((full) => [splitPath(full).name, full]));
    for (const { name, kind, parent } of symbols) {
      if (kind === "class" || kind === "module") continue;
      if (parent !== undefined) add(members, `${name} ${parent}`, path);
      else if (kind === "function") add(functions, name, path);
      if (kind !== "variable") continue;
      const namespace = parent === undefined ? "" : byLastName.get(parent);
      if (namespace !== undefined) add(openings, name, { path, namespace, bare: false });
    }
  }
  return { openings, members, functions, loads, declared };
}

/** The modules and classes that hold classes and modules alone. */
function bareNames(symbols: FileRecord["symbols"]): ReadonlySet<string> {
  const holding = new Set<string>();
  const full = new Set<string>();
  for (const { parent, kind } of symbols) {
    if (parent === undefined) continue;
    if (kind === "class" || kind === "module") holding.add(parent);
    else full.add(parent);
  }
  const bare = new Set<string>();
  for (const { name, signature, kind } of symbols) {
    const isType = kind === "module" || (kind === "class" && !signature.includes("<"));
    if (isType && holding.has(name) && !full.has(name)) bare.add(name);
  }
  return bare;
}

/** By custom `A::BigThing` is at home in `a/big_thing.rb`; else wherever it is opened for its own sake, not by a test. */
function likeliest(namespace: string, name: string, openings: readonly Opening[]): Opening | undefined {
  const customary = `/${(namespace === "" ? [name] : [...namespace.split("::"), name]).map(underscored).join("/")}.rb`;
  let best: { readonly opening: Opening; readonly rank: number } | undefined;
  for (const opening of openings) {
    const { path, bare } = opening;
    if (opening.namespace !== namespace) continue;
    const rank =
      (isTestFile(path) ? 0 : 4) + (bare ? 0 : 2) + (`/${path}`.toLowerCase().endsWith(customary) ? 1 : 0);
    const isBetter =
      best === undefined || rank > best.rank || (rank === best.rank && path < best.opening.path);
    if (isBetter) best = { opening, rank };
  }
  return best?.opening;
}

function underscored(name: string): string {
  return name
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

function add<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else if (values.at(-1) !== value) values.push(value);
}
