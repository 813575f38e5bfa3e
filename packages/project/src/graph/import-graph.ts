import type { FileRecord } from "../files/file-record.js";
import { languageOf } from "../source-parser.js";
import { moduleFiles } from "./module-files.js";
import { ProjectMap } from "./project-map.js";
import { cIncludes, cModule } from "./resolve-c.js";
import { resolveCSharp } from "./resolve-csharp.js";
import { goOwnPackage, resolveGo } from "./resolve-go.js";
import { javaOwnPackage, resolveJava } from "./resolve-java.js";
import { resolveJavaScript } from "./resolve-javascript.js";
import { resolvePhp } from "./resolve-php.js";
import { resolvePython } from "./resolve-python.js";
import { resolveRuby } from "./resolve-ruby.js";
import { isTestFile } from "./test-files.js";

/** Who imports whom: backwards, from a file to the files that break when it does, and forwards. */
export class ImportGraph {
  readonly #importers = new Map<string, Set<string>>();
  readonly #imports = new Map<string, Set<string>>();
  /** Of the importers those whose imports name the file. */
  readonly #naming = new Map<string, Set<string>>();
  readonly map: ProjectMap;

  /** @param extra paths that count as there although the index does not hold them: new or deleted files */
  constructor(records: Iterable<FileRecord>, extra: readonly string[] = []) {
    const all = [...records];
    this.map = new ProjectMap(all, extra);
    for (const record of all) {
      for (const target of namedBy(record, this.map)) {
        this.#add(record.path, target);
        if (target !== record.path) add(this.#naming, target, record.path);
      }
      for (const target of seenBy(record, this.map)) this.#add(record.path, target);
    }
  }

  #add(path: string, target: string): void {
    if (target === path) return;
    add(this.#importers, target, path);
    add(this.#imports, path, target);
  }

  importersOf(path: string): ReadonlySet<string> {
    return this.#importers.get(path) ?? new Set();
  }

  /**
   * The importers whose imports name a file, or its package: without tests that see it as a file of their own package (Go, Java), and
   * without files that include the header of what it defines (C, C++).
   */
  namingImportersOf(path: string): ReadonlySet<string> {
    return this.#naming.get(path) ?? new Set();
  }

  /** What a file imports, also where the index does not hold it. */
  importsOf(path: string): ReadonlySet<string> {
    return this.#imports.get(path) ?? new Set();
  }
}

function add(sets: Map<string, Set<string>>, key: string, value: string): void {
  const values = sets.get(key);
  if (values === undefined) sets.set(key, new Set([value]));
  else values.add(value);
}

/** What the imports of a file name. */
function namedBy(record: FileRecord, map: ProjectMap): readonly string[] {
  if (record.dialect === undefined) return [];
  switch (languageOf(record.dialect)) {
    case "python":
      return resolvePython(record, map);
    case "go":
      return resolveGo(record, map);
    case "java":
      return resolveJava(record, map);
    case "javascript":
    case "typescript":
      return resolveJavaScript(record, map);
    case "c":
    case "cpp":
      return record.imports.flatMap(({ specifier }) => cIncludes(record.path, specifier, map));
    case "csharp":
      return resolveCSharp(record, map);
    case "php":
      return resolvePhp(record, map);
    case "ruby":
      return resolveRuby(record, map);
    default:
      return record.imports.flatMap(({ specifier }) => moduleFiles(record.path, specifier, map));
  }
}

/** What a file builds on without naming it: a test on its package, and who includes a header on the source of what that declares. */
function seenBy(record: FileRecord, map: ProjectMap): readonly string[] {
  switch (record.dialect) {
    case "go":
      return record.path.endsWith("_test.go") ? goOwnPackage(record.path, map) : [];
    case "java":
      return isTestFile(record.path) ? javaOwnPackage(record, map) : [];
    case "c":
    case "cpp":
      return record.imports.flatMap(({ specifier }) => cModule(record.path, specifier, map));
    default:
      return [];
  }
}
