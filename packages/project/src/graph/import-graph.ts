import type { FileRecord } from "../files/file-record.js";
import { languageOf } from "../source-parser.js";
import { ProjectMap } from "./project-map.js";
import { resolveGo } from "./resolve-go.js";
import { resolveJava } from "./resolve-java.js";
import { resolveJavaScript } from "./resolve-javascript.js";
import { resolvePython } from "./resolve-python.js";

/** Who imports whom, backwards: from a file to the files that break when it does. */
export class ImportGraph {
  readonly #importers = new Map<string, Set<string>>();
  readonly map: ProjectMap;

  /** @param extra paths that count as there although the index does not hold them: new or deleted files */
  constructor(records: Iterable<FileRecord>, extra: readonly string[] = []) {
    const all = [...records];
    this.map = new ProjectMap(all, extra);
    for (const record of all) {
      for (const target of targetsOf(record, this.map)) {
        if (target !== record.path) this.#add(target, record.path);
      }
    }
  }

  importersOf(path: string): ReadonlySet<string> {
    return this.#importers.get(path) ?? new Set();
  }

  #add(target: string, importer: string): void {
    const importers = this.#importers.get(target);
    if (importers === undefined) this.#importers.set(target, new Set([importer]));
    else importers.add(importer);
  }
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
    default:
      return resolveJavaScript(record, map);
  }
}
