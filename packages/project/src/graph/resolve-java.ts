import type { FileRecord } from "../files/file-record.js";
import { javaPackageOf, type ProjectMap } from "./project-map.js";

/** Files of the classes that a Java file imports. */
export function resolveJava(record: FileRecord, map: ProjectMap): string[] {
  return record.imports.flatMap(({ specifier }) => importedFiles(specifier, map));
}

/** The files of a file's own package, itself among them. */
export function javaOwnPackage({ path, javaPackage = "" }: FileRecord, map: ProjectMap): readonly string[] {
  return map.javaFiles.get(javaPackageOf(path, javaPackage)) ?? [];
}

/** `a.b.C`, a member of that, or `a.b.*`. */
function importedFiles(specifier: string, map: ProjectMap): readonly string[] {
  const parts = specifier.split(".");
  if (parts.at(-1) === "*") {
    const all = map.javaFiles.get(parts.slice(0, -1).join("."));
    if (all !== undefined) return all;
  }
  for (let length = parts.length - 1; length >= 0; length -= 1) {
    const files = map.javaFiles.get(parts.slice(0, length).join("."));
    const found = files?.filter(
      (path) => path.endsWith(`/${parts[length]}.java`) || path === `${parts[length]}.java`,
    );
    if (found !== undefined && found.length > 0) return found;
  }
  return [];
}
