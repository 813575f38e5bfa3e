import type { FileRecord } from "../files/file-record.js";
import { mappedByRules } from "./module-rules.js";
import { folderOf, joinWithin, type ProjectMap } from "./project-map.js";

const EXTENSIONS = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".d.ts", ".json"];

/** TypeScript is imported by the name that it is built to. */
const SOURCES_OF: Readonly<Record<string, readonly string[]>> = {
  ".js": [".ts", ".tsx", ".jsx", ".d.ts"],
  ".jsx": [".tsx"],
  ".mjs": [".mts"],
  ".cjs": [".cts"],
};

/** No system has longer paths; what is longer is data, such as the text of a module (`data:`). */
const LONGEST_SPECIFIER = 4_096;

/** Files of the project that a JavaScript or TypeScript file imports. */
export function resolveJavaScript(record: FileRecord, map: ProjectMap): string[] {
  return record.imports.flatMap(({ specifier }) => javascriptModule(record.path, specifier, map) ?? []);
}

/**
 * The file of the project that a module's specifier stands for: by path, by what the nearest `tsconfig.json` says, or a package of the
 * same project.
 */
export function javascriptModule(from: string, specifier: string, map: ProjectMap): string | undefined {
  if (specifier.length > LONGEST_SPECIFIER) return undefined;
  // A query or fragment of a bundler; a `#` in front is a name.
  const end = specifier.slice(1).search(/[?#]/);
  const path = end < 0 ? specifier : specifier.slice(0, end + 1);
  const isRelative = /^\.{1,2}(?:\/|$)/.test(path);
  const own =
    isRelative || path.startsWith("/")
      ? resolveFile(joinWithin(path.startsWith("/") ? "" : folderOf(from), path), map)
      : undefined;
  if (own !== undefined) return own;
  for (const base of mappedByRules(from, path, isRelative, map)) {
    const target = resolveFile(base, map);
    if (target !== undefined) return target;
  }
  return isRelative ? undefined : resolvePackage(path, map);
}

function resolveFile(base: string | undefined, map: ProjectMap): string | undefined {
  if (base === undefined) return undefined;
  if (map.has(base)) return base;
  const dot = base.lastIndexOf(".");
  const extension = dot > base.lastIndexOf("/") ? base.slice(dot) : "";
  const stem = base.slice(0, base.length - extension.length);
  const candidates = [
    ...(SOURCES_OF[extension] ?? []).map((source) => stem + source),
    ...EXTENSIONS.map((added) => base + added),
    ...EXTENSIONS.map((added) => `${base === "" ? "" : `${base}/`}index${added}`),
  ];
  return candidates.find((candidate) => map.has(candidate));
}

/** `name` or `name/part` of a workspace: its entry as it is named, else by convention, since what is exported may not be built. */
function resolvePackage(specifier: string, map: ProjectMap): string | undefined {
  const parts = specifier.split("/");
  const length = specifier.startsWith("@") ? 2 : 1;
  const folder = map.packages.get(parts.slice(0, length).join("/"));
  if (folder === undefined) return undefined;
  const part = parts.slice(length).join("/");
  const main = part === "" ? map.packageMains.get(folder) : undefined;
  if (main !== undefined) {
    const entry = resolveFile(joinWithin(folder, main), map);
    if (entry !== undefined) return entry;
  }
  for (const place of ["src", "", "lib"]) {
    const target = resolveFile(joinWithin(folder, `${place}/${part}`), map);
    if (target !== undefined) return target;
  }
  return undefined;
}
