import type { FileRecord } from "../files/file-record.js";
import { splitPath } from "../outline/ruby-names.js";
import { folderOf, joinWithin, type ProjectMap } from "./project-map.js";

/** What a term calls the methods outside of all classes: those of the files that a file loads. */
export const RUBY_FUNCTIONS = "functions";

/** Folders of a package below which files are looked for that are loaded by name. */
const LOAD_FOLDERS: readonly string[] = ["lib", "", "test", "spec", "app"];
/** Files that one file loads, by way of others; more do not matter. */
const MOST_LOADED = 500;
/** Files that add to one name; more are made by a machine. */
const MOST_PARTS = 16;

/**
 * The files of the project that a Ruby file loads, or that define a name.
 * @param specifier a path that is loaded, from the folder of the file on where it begins with `.`; `::A::B` for a class or module, `::` for
 * the top; {@link RUBY_FUNCTIONS}
 * @param name of a method or constant that is asked of a class or module: the files that define it. Of a constant that is one file
 */
export function rubyModule(
  from: string,
  specifier: string,
  map: ProjectMap,
  name?: string,
): readonly string[] {
  const { ruby } = map;
  if (specifier === RUBY_FUNCTIONS) return name === undefined ? [] : loadedFunctions(from, name, map);
  if (!specifier.startsWith("::")) return loadedFile(from, specifier, map);
  const namespace = specifier.slice(2);
  if (name === undefined) {
    const { around, name: last } = splitPath(namespace);
    return [ruby.home(around, last) ?? []].flat();
  }
  if (/^\p{Lu}/u.test(name)) return [ruby.home(namespace, name) ?? []].flat();
  const found = ruby.defining(namespace, name);
  // An assignment may be made by what makes the reader, too.
  const made = found.length === 0 && name.endsWith("=") ? ruby.defining(namespace, name.slice(0, -1)) : found;
  return made.slice(0, MOST_PARTS);
}

/** Files of the project that a Ruby file builds on: those that it loads, and those that the constants that it uses are at home in. */
export function resolveRuby(record: FileRecord, map: ProjectMap): string[] {
  const targets = new Set(record.imports.flatMap(({ specifier }) => loadedFile(record.path, specifier, map)));
  const own = new Set<string>([""]);
  for (const full of record.namespaces ?? [])
    for (let around = full; around !== ""; around = splitPath(around).around) own.add(around);
  for (const name of Object.keys(record.uses)) {
    for (const [namespace, path] of map.ruby.constants(name)) {
      if (own.has(namespace) || Object.hasOwn(record.uses, splitPath(namespace).name)) targets.add(path);
    }
  }
  return [...targets];
}

/** What is loaded by name is looked for in the usual folders of each folder above, the nearest first. */
function loadedFile(from: string, specifier: string, map: ProjectMap): readonly string[] {
  const path = specifier.endsWith(".rb") ? specifier : `${specifier}.rb`;
  if (specifier.startsWith("."))
    return [within(folderOf(from), path, map) ?? within("", path, map) ?? []].flat();
  for (let folder = folderOf(from); ; folder = folderOf(folder)) {
    for (const place of LOAD_FOLDERS) {
      const found = within(place === "" ? folder : `${folder}/${place}`, path, map);
      if (found !== undefined) return [found];
    }
    if (folder === "") return [];
  }
}

function within(folder: string, path: string, map: ProjectMap): string | undefined {
  const found = joinWithin(folder, path);
  return found !== undefined && map.has(found) ? found : undefined;
}

/** The files that define a method outside of all classes, of those that a file loads itself or by way of others. */
function loadedFunctions(from: string, name: string, map: ProjectMap): readonly string[] {
  const defining = new Set(map.ruby.functions(name));
  defining.delete(from);
  if (defining.size === 0) return [];
  const loaded = new Set([from]);
  for (const path of loaded) {
    if (loaded.size >= MOST_LOADED) break;
    for (const specifier of map.ruby.loads(path))
      for (const target of loadedFile(path, specifier, map)) loaded.add(target);
  }
  return [...loaded].filter((path) => defining.has(path)).slice(0, MOST_PARTS);
}
