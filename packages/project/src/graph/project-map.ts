import type { FileRecord, ModuleRules } from "../files/file-record.js";
import { type CIndex, cIndex } from "./c-index.js";
import type { Rules } from "./module-rules.js";
import { type NamespaceIndex, namespaceIndex } from "./namespace-index.js";
import { type RubyIndex, rubyIndex } from "./ruby-index.js";

const MANIFEST =
  /(?:^|\/)(?:package\.json|go\.mod|pyproject\.toml|setup\.py|setup\.cfg|Cargo\.toml|composer\.json|Gemfile|[^/]+\.csproj)$/;

/** What resolving an import needs to know of a project: which files there are, and what its manifests say. */
export class ProjectMap {
  readonly #paths: ReadonlySet<string>;
  readonly #goFiles = new Map<string, string[]>();
  /** The same without tests. */
  readonly #goSources = new Map<string, string[]>();
  readonly #manifestFolders = new Set<string>();
  /** Folder of each package by the name in its `package.json`. */
  readonly packages: ReadonlyMap<string, string>;
  /** The entry that each package names, by its folder. */
  readonly packageMains: ReadonlyMap<string, string>;
  /** What configurations say of where modules are, by their path. */
  readonly moduleRules: ReadonlyMap<string, ModuleRules>;
  /** The same with those that they are built on, as they are asked for. */
  readonly combinedRules: Map<string, Rules> = new Map();
  /** By folder: the configuration that holds for its files, if any, as they are asked for. */
  readonly nearestRules: Map<string, string | undefined> = new Map();
  /** Java files by the package that they declare. */
  readonly javaFiles: ReadonlyMap<string, readonly string[]>;
  /** What files of C and C++ define and include. */
  readonly c: CIndex;
  /** What files add to the namespaces of C#, and to those of PHP. */
  readonly csharpNamespaces: NamespaceIndex;
  readonly phpNamespaces: NamespaceIndex;
  /** What Ruby files define. */
  readonly ruby: RubyIndex;
  /** The file that begins each Rust library, by the name of its crate. */
  readonly rustCrates: ReadonlyMap<string, string>;
  /** Those files. */
  readonly rustRoots: ReadonlySet<string>;
  /** [module path, folder] of each `go.mod`, the longest path first. */
  readonly goModules: readonly (readonly [string, string])[];

  constructor(records: readonly FileRecord[], extra: readonly string[]) {
    this.#paths = new Set([...records.map((record) => record.path), ...extra]);
    for (const path of this.#paths) {
      if (MANIFEST.test(path)) this.#manifestFolders.add(folderOf(path));
      if (!path.endsWith(".go")) continue;
      addTo(this.#goFiles, folderOf(path), path);
      if (!path.endsWith("_test.go")) addTo(this.#goSources, folderOf(path), path);
    }
    const packages = new Map<string, string>();
    const packageMains = new Map<string, string>();
    const moduleRules = new Map<string, ModuleRules>();
    const javaFiles = new Map<string, string[]>();
    const goModules: [string, string][] = [];
    const rustCrates = new Map<string, string>();
    const rustRoots = new Set<string>();
    for (const record of records) {
      const {
        path,
        packageName,
        packageMain,
        moduleRules: rules,
        javaPackage,
        goModule,
        rustLibrary,
      } = record;
      if (packageMain !== undefined) packageMains.set(folderOf(path), packageMain);
      if (rules !== undefined) moduleRules.set(path, rules);
      if (javaPackage !== undefined) {
        addTo(javaFiles, javaPackageOf(path, javaPackage), path);
      }
      if (packageName !== undefined && !packages.has(packageName)) packages.set(packageName, folderOf(path));
      if (goModule !== undefined) goModules.push([goModule, folderOf(path)]);
      const library = rustLibrary && joinWithin(folderOf(path), rustLibrary.path);
      if (rustLibrary !== undefined && library !== undefined && this.#paths.has(library)) {
        if (!rustCrates.has(rustLibrary.name)) rustCrates.set(rustLibrary.name, library);
        rustRoots.add(library);
      }
    }
    this.rustCrates = rustCrates;
    this.rustRoots = rustRoots;
    this.packages = packages;
    this.packageMains = packageMains;
    this.moduleRules = moduleRules;
    this.javaFiles = javaFiles;
    this.c = cIndex(records);
    this.csharpNamespaces = namespaceIndex(records, "csharp");
    this.phpNamespaces = namespaceIndex(records, "php");
    this.ruby = rubyIndex(records);
    this.goModules = goModules.sort((left, right) => right[0].length - left[0].length);
  }

  has(path: string): boolean {
    return this.#paths.has(path);
  }

  get paths(): Iterable<string> {
    return this.#paths;
  }

  /** The same array for each question. */
  goFilesIn(folder: string): readonly string[] {
    return this.#goFiles.get(folder) ?? [];
  }

  /** Without tests; the same array for each question. */
  goSourcesIn(folder: string): readonly string[] {
    return this.#goSources.get(folder) ?? [];
  }

  /** The nearest folder above a path that holds a manifest; the root when there is none. */
  packageFolder(path: string): string {
    let folder = folderOf(path);
    while (folder !== "" && !this.#manifestFolders.has(folder)) folder = folderOf(folder);
    return folder;
  }
}

function addTo(files: Map<string, string[]>, key: string, path: string): void {
  const known = files.get(key);
  if (known === undefined) files.set(key, [path]);
  else known.push(path);
}

/** The package of a Java file; of those without a name each folder has its own. */
export function javaPackageOf(path: string, declared: string): string {
  return declared === "" ? `/${folderOf(path)}` : declared;
}

/** The folder of a path relative to the root; empty for the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

/** Joins relative paths and resolves `.` and `..`; undefined when that leaves the root. */
export function joinWithin(folder: string, path: string): string | undefined {
  const parts: string[] = folder === "" ? [] : folder.split("/");
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join("/");
}
