import type { FileRecord } from "../files/file-record.js";
import { languageOf } from "../source-parser.js";
import { moduleFiles } from "./module-files.js";
import { ProjectMap } from "./project-map.js";
import { resolveCSharp } from "./resolve-csharp.js";
import { resolveGo } from "./resolve-go.js";
import { resolveJava } from "./resolve-java.js";
import { resolveJavaScript } from "./resolve-javascript.js";
import { resolvePhp } from "./resolve-php.js";
import { resolvePython } from "./resolve-python.js";
import { resolveRuby } from "./resolve-ruby.js";

/** Who imports whom: backwards, from a file to the files that break when it does, and forwards. */
export class ImportGraph {
  readonly #importers = new Map<string, Set<string>>();
  readonly #imports = new Map<string, Set<string>>();
  readonly map: ProjectMap;

  /** @param extra paths that count as there although the index does not hold them: new or deleted files */
  constructor(records: Iterable<FileRecord>, extra: readonly string[] = []) {
    const all = [...records];
    this.map = new ProjectMap(all, extra);
    for (const record of all) {
      for (const target of targetsOf(record, this.map)) {
        if (target === record.path) continue;
        add(this.#importers, target, record.path);
        add(this.#imports, record.path, target);
      }
    }
  }

  importersOf(path: string): ReadonlySet<string> {
    return this.#importers.get(path) ?? new Set();
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

function targetsOf(record: FileRecord, map: ProjectMap): readonly string[] {
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
