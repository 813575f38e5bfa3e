import type { FileRecord } from "../files/file-record.js";
import { folderOf, joinWithin, type ProjectMap } from "./project-map.js";

/**
 * Files of the project that a Python file imports. What is on `sys.path` is not known, so an absolute module is looked
 * for in the file's folder, in each folder above it, and in `src` and `lib` of each.
 */
export function resolvePython(record: FileRecord, map: ProjectMap): string[] {
  const targets: string[] = [];
  for (const { specifier, names } of record.imports) {
    const { roots, parts } = placesOf(record.path, specifier);
    for (const root of roots) {
      const found = resolveIn(root, parts, names ?? [], map);
      targets.push(...found);
      if (found.length > 0) break;
    }
  }
  return [...new Set(targets), ...conftests(record.path, map)];
}

/** The file of the project that a Python module stands for; a package without an `__init__` has none. */
export function pythonModule(from: string, specifier: string, map: ProjectMap): string | undefined {
  const { roots, parts } = placesOf(from, specifier);
  for (const root of roots) {
    const module = [...(root === "" ? [] : [root]), ...parts].join("/");
    const [found] = parts.length === 0 ? [] : moduleFile(module, map);
    if (found !== undefined) return found;
    const initialiser = `${module === "" ? "" : `${module}/`}__init__.py`;
    if (parts.length === 0 && map.has(initialiser)) return initialiser;
  }
  return undefined;
}

/** The parts of a module's name, and the folders below which it may be. */
function placesOf(
  from: string,
  specifier: string,
): { readonly roots: readonly string[]; readonly parts: readonly string[] } {
  const dots = /^\.*/.exec(specifier)?.[0].length ?? 0;
  const parts = specifier
    .slice(dots)
    .split(".")
    .filter((part) => part !== "");
  return { roots: dots > 0 ? relativeRoot(from, dots) : rootsAbove(from), parts };
}

function relativeRoot(path: string, dots: number): string[] {
  const root = joinWithin(folderOf(path), "../".repeat(dots - 1));
  return root === undefined ? [] : [root];
}

function rootsAbove(path: string): string[] {
  const roots: string[] = [];
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    for (const place of ["", "src", "lib"]) roots.push(joinWithin(folder, place) ?? "");
    if (folder === "") return roots;
  }
}

/** The module, the packages around it (whose `__init__` runs first), and the names that are modules of their own. */
function resolveIn(
  root: string,
  parts: readonly string[],
  names: readonly string[],
  map: ProjectMap,
): string[] {
  const found: string[] = [];
  const initialisers: string[] = [];
  const at = (path: string): string => (root === "" ? path : `${root}/${path}`);
  for (let length = 1; length < parts.length; length += 1) {
    const initialiser = at(`${parts.slice(0, length).join("/")}/__init__.py`);
    if (map.has(initialiser)) initialisers.push(initialiser);
  }
  const module = parts.join("/");
  if (module !== "") found.push(...moduleFile(at(module), map));
  else if (map.has(at("__init__.py"))) found.push(at("__init__.py"));
  for (const name of names) found.push(...moduleFile(at(module === "" ? name : `${module}/${name}`), map));
  return found.length === 0 ? [] : [...initialisers, ...found];
}

function moduleFile(base: string, map: ProjectMap): string[] {
  const found = [`${base}.py`, `${base}/__init__.py`, `${base}.pyi`].find((candidate) => map.has(candidate));
  return found === undefined ? [] : [found];
}

/** pytest loads every `conftest.py` above a test before it. */
function conftests(path: string, map: ProjectMap): string[] {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (!/^test_|_test\.py$/.test(name)) return [];
  const found: string[] = [];
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    const candidate = folder === "" ? "conftest.py" : `${folder}/conftest.py`;
    if (map.has(candidate)) found.push(candidate);
    if (folder === "") return found;
  }
}
