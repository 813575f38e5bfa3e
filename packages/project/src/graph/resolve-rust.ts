import { folderOf, joinWithin, type ProjectMap } from "./project-map.js";

/** Names of files that are no modules of another file. */
const ROOT_NAMES = new Set(["lib.rs", "main.rs", "build.rs"]);
/** Folders of a package in which every file is a crate of its own. */
const ROOT_FOLDERS = new Set(["tests", "examples", "benches", "src/bin"]);

/**
 * The file of the project that a path of modules stands for: the module itself, or that of the last part that has a file of its own, since
 * the parts behind may be items.
 * @param specifier `crate::a`, `self`, `super::super::a`, `a::b` of a crate of the project or of a module below; `mod a` and `mod "a.rs"`
 * for the very file that a declaration of a module reads
 */
export function rustModule(from: string, specifier: string, map: ProjectMap): readonly string[] {
  if (specifier.startsWith("mod ")) return declaredModule(from, specifier.slice(4), map);
  const [first = "", ...rest] = specifier.split("::").filter((part) => part !== "");
  switch (first) {
    case "crate":
      return below(crateRoots(from, map), rest, map);
    case "self":
      return below([from], rest, map);
    case "super": {
      let files = parents(from, map);
      while (rest[0] === "super") {
        rest.shift();
        files = files.flatMap((file) => parents(file, map));
      }
      return below(files, rest, map);
    }
    default: {
      const own = childModule(from, first, map);
      const start = own ?? map.rustCrates.get(first);
      return start === undefined ? [] : below([start], rest, map);
    }
  }
}

/** As far down as there are files, from each of some. */
function below(files: readonly string[], parts: readonly string[], map: ProjectMap): readonly string[] {
  const found = files.map((file) => {
    let at = file;
    let depth = 0;
    for (const part of parts) {
      const next = childModule(at, part, map);
      if (next === undefined) break;
      at = next;
      depth += 1;
    }
    return { at, depth };
  });
  // A library and a program beside it share their modules: whoever has what is asked for is meant.
  const deepest = Math.max(0, ...found.map(({ depth }) => depth));
  return [...new Set(found.filter(({ depth }) => depth === deepest).map(({ at }) => at))];
}

/** What `mod a;` reads, within modules of the file (`a::b`), or by its path. */
function declaredModule(from: string, name: string, map: ProjectMap): readonly string[] {
  if (name.startsWith('"')) {
    const path = joinWithin(folderOf(from), name.slice(1, -1));
    return path !== undefined && map.has(path) ? [path] : [];
  }
  const found = fileOf(`${childFolder(from, map)}${name.replaceAll("::", "/")}`, map);
  return found === undefined ? [] : [found];
}

function childModule(file: string, name: string, map: ProjectMap): string | undefined {
  const found = fileOf(`${childFolder(file, map)}${name.replace(/^r#/, "")}`, map);
  return found === file ? undefined : found;
}

function fileOf(base: string, map: ProjectMap): string | undefined {
  return [`${base}.rs`, `${base}/mod.rs`].find((path) => map.has(path));
}

/** The folder of the modules below a file, with a slash behind it unless it is the root. */
function childFolder(file: string, map: ProjectMap): string {
  const folder = folderOf(file);
  const inFolder = folder === "" ? "" : `${folder}/`;
  if (file.endsWith("/mod.rs") || file === "mod.rs" || isRoot(file, map)) return inFolder;
  return `${file.slice(0, -".rs".length)}/`;
}

/** Whether a crate begins with a file. */
function isRoot(file: string, map: ProjectMap): boolean {
  const folder = folderOf(file);
  if (ROOT_NAMES.has(file.slice(file.lastIndexOf("/") + 1)) || map.rustRoots.has(file)) return true;
  return [...ROOT_FOLDERS].some((name) => {
    if (folder !== name && !folder.endsWith(`/${name}`)) return false;
    const outer = folder.slice(0, folder.length - name.length);
    return map.has(`${outer}Cargo.toml`);
  });
}

/** The files that may begin the crate of a file. */
function crateRoots(from: string, map: ProjectMap): readonly string[] {
  if (isRoot(from, map)) return [from];
  for (let folder = folderOf(from); ; folder = folderOf(folder)) {
    const roots = rootsIn(folder, map);
    if (roots.length > 0) return roots;
    if (folder === "" || map.has(`${folder}/Cargo.toml`)) return [];
  }
}

function rootsIn(folder: string, map: ProjectMap): readonly string[] {
  const inFolder = folder === "" ? "" : `${folder}/`;
  const named = [...map.rustRoots].filter((path) => folderOf(path) === folder);
  const usual = ["lib.rs", "main.rs"].map((name) => inFolder + name).filter((path) => map.has(path));
  return [...new Set([...named, ...usual])];
}

/** The module around that of a file. */
function parents(file: string, map: ProjectMap): readonly string[] {
  if (isRoot(file, map)) return [];
  const own = folderOf(file);
  const folder =
    file.endsWith("mod.rs") && file === (own === "" ? "mod.rs" : `${own}/mod.rs`) ? folderOf(own) : own;
  const candidates = folder === "" ? ["mod.rs"] : [`${folder}/mod.rs`, `${folder}.rs`];
  const found = candidates.find((path) => path !== file && map.has(path));
  return found === undefined ? rootsIn(folder, map) : [found];
}
