import type { FileRecord } from "../files/file-record.js";
import { folderOf, joinWithin, type ProjectMap } from "./project-map.js";

/** Files of the packages that a Go file imports by the path of a module of the project. */
export function resolveGo(record: FileRecord, map: ProjectMap): string[] {
  return record.imports.flatMap(({ specifier }) => goPackage(specifier, map));
}

/** Files of the package of the project with that path, without its tests. */
export function goPackage(specifier: string, map: ProjectMap): readonly string[] {
  const folder = packageFolder(specifier, map);
  if (folder === undefined) return [];
  return map.goSourcesIn(folder);
}

/** The files of a file's own package, itself among them; tests are seen by tests alone. */
export function goOwnPackage(path: string, map: ProjectMap): readonly string[] {
  const folder = folderOf(path);
  return path.endsWith("_test.go") ? map.goFilesIn(folder) : map.goSourcesIn(folder);
}

function packageFolder(specifier: string, map: ProjectMap): string | undefined {
  for (const [module, folder] of map.goModules) {
    if (specifier === module) return folder;
    if (specifier.startsWith(`${module}/`)) return joinWithin(folder, specifier.slice(module.length + 1));
  }
  return undefined;
}
