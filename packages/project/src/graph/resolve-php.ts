import type { FileRecord } from "../files/file-record.js";
import { definersWithin } from "./namespace-index.js";
import { folderOf, joinWithin, type ProjectMap } from "./project-map.js";

/**
 * The files of the project that a PHP file imports.
 * @param specifier a path of `require`, a full name without the `\` in front that is defined in them, or a namespace
 * @param name only files that define this name in the namespace
 */
export function phpModule(
  from: string,
  specifier: string,
  map: ProjectMap,
  name?: string,
): readonly string[] {
  const { files, defining } = map.phpNamespaces;
  if (name !== undefined) return defining(specifier, name);
  if (/[./]/.test(specifier)) return includedFile(from, specifier, map);
  const slash = specifier.lastIndexOf("\\");
  const found = defining(specifier.slice(0, Math.max(0, slash)), specifier.slice(slash + 1));
  return found.length > 0 ? found : files(specifier);
}

/**
 * Files of the project that a PHP file builds on: what it imports and includes, and those that define the names that it uses in its own
 * namespaces, or in the one without a name, to which functions fall back.
 */
export function resolvePhp(record: FileRecord, map: ProjectMap): string[] {
  const targets = new Set(record.imports.flatMap(({ specifier }) => phpModule(record.path, specifier, map)));
  const namespaces = new Set(["", ...(record.namespaces ?? [])]);
  for (const name of Object.keys(record.uses)) {
    for (const path of definersWithin(map.phpNamespaces.homes(name), namespaces)) targets.add(path);
  }
  return [...targets];
}

/** What is included is looked for beside the file, and from the root of the project on. */
function includedFile(from: string, path: string, map: ProjectMap): readonly string[] {
  const candidates = [joinWithin(folderOf(from), path), joinWithin("", path)];
  const found = candidates.find((candidate) => candidate !== undefined && map.has(candidate));
  return found === undefined ? [] : [found];
}
