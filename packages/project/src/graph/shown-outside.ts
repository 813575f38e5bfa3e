import type { FileRecord } from "../files/file-record.js";
import type { SourceLanguage } from "../source-parser.js";
import { moduleFiles } from "./module-files.js";
import { folderOf, ProjectMap } from "./project-map.js";
import { isHeader } from "./resolve-c.js";

/** Files in which a program begins, examples and measurements: what is there is called by nobody within the project. */
const PROGRAM = /(?:^|\/)(?:main|build)\.rs$|(?:^|\/)(?:src\/bin|examples|benches)\/.*\.rs$/;
/** Folders whose headers are written for others. */
const FOR_OTHERS = /(?:^|\/)include\//;
/** Folders of Rails, whose files are loaded by their names. */
const BY_NAME = /(?:^|\/)(?:app|config|db)\/.*\.rb$/;

/** What languages show to others outside of the project without a manifest that says so. */
export interface ShownOutside {
  /** Whether what a file shows is there for others. */
  isShown(path: string): boolean;
  /** Whether a header of C or C++ for others declares a name; what it stands for may be elsewhere. */
  declares(language: SourceLanguage, name: string): boolean;
}

/** Finds the interfaces of libraries: modules of crates that are `pub` from the root on, headers in `include`, the `lib` of a gem. */
export function shownOutside(records: readonly FileRecord[]): ShownOutside {
  const modules = publicModules(records);
  const gems = new Set(records.flatMap(({ path }) => (path.endsWith(".gemspec") ? [folderOf(path)] : [])));
  const declared = new Set<string>();
  for (const { path, symbols } of records) {
    if (isHeader(path) && FOR_OTHERS.test(path)) for (const { name } of symbols) declared.add(name);
  }
  return {
    isShown: (path) =>
      modules.has(path) ||
      PROGRAM.test(path) ||
      BY_NAME.test(path) ||
      (isHeader(path) && FOR_OTHERS.test(path)) ||
      isOfGem(path, gems),
    declares: (language, name) => (language === "c" || language === "cpp") && declared.has(name),
  };
}

function isOfGem(path: string, gems: ReadonlySet<string>): boolean {
  if (!path.endsWith(".rb")) return false;
  for (let at = path.indexOf("lib/"); at >= 0; at = path.indexOf("lib/", at + 1)) {
    if ((at === 0 || path[at - 1] === "/") && gems.has(path.slice(0, Math.max(0, at - 1)))) return true;
  }
  return false;
}

/** The files of Rust libraries that others see: the root, the modules that are `pub` in one of them, and those of which all is taken over. */
function publicModules(records: readonly FileRecord[]): ReadonlySet<string> {
  const files = new Map(
    records.filter(({ dialect }) => dialect === "rust").map((record) => [record.path, record]),
  );
  if (files.size === 0) return new Set();
  const map = new ProjectMap(records, []);
  const shown = new Set(
    [...files.keys()].filter((path) => /(?:^|\/)lib\.rs$/.test(path) || map.rustRoots.has(path)),
  );
  for (const path of shown) {
    const { symbols = [], imports = [] } = files.get(path) ?? {};
    const open = new Set(
      symbols.flatMap(({ kind, visibility, name }) =>
        kind === "module" && visibility === "public" ? [name] : [],
      ),
    );
    for (const { specifier, names } of imports) {
      const last = specifier.split(/::| /).at(-1) ?? "";
      const isDeclared = specifier.startsWith("mod ");
      for (const file of moduleFiles(path, specifier, map)) {
        // Whether a module that is used is handed on by that nobody can tell here: it may be.
        const isShown = isDeclared ? open.has(last) : names?.includes("*") || isModule(file, last);
        if (isShown) shown.add(file);
      }
    }
  }
  return shown;
}

/** Whether a file is the module of that name, and does not only hold something that is called so. */
function isModule(file: string, name: string): boolean {
  return file.endsWith(`/${name}.rs`) || file.endsWith(`/${name}/mod.rs`);
}
