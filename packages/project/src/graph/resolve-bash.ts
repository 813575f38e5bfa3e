import { folderOf, joinWithin, type ProjectMap } from "./project-map.js";

/**
 * The file of the project that a Bash file reads in. Where a program runs is not known: a path that does not begin at the file is looked
 * for in its folder, in each folder above, and so at the root.
 */
export function bashModule(from: string, specifier: string, map: ProjectMap): readonly string[] {
  if (specifier.startsWith("/")) return [];
  for (let folder = folderOf(from); ; folder = folderOf(folder)) {
    const path = joinWithin(folder, specifier);
    if (path !== undefined && path !== from && map.has(path)) return [path];
    if (folder === "" || specifier.startsWith(".")) break;
  }
  // `./a` may also be meant from the root, where many programs are started.
  const path = specifier.startsWith("./") ? joinWithin("", specifier) : undefined;
  return path !== undefined && path !== from && map.has(path) ? [path] : [];
}
