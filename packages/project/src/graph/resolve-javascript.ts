import type { FileRecord } from "../files/file-record.js";
import { folderOf, joinWithin, type ProjectMap } from "./project-map.js";

const EXTENSIONS = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".d.ts", ".json"];

/** TypeScript is imported by the name that it is built to. */
const SOURCES_OF: Readonly<Record<string, readonly string[]>> = {
  ".js": [".ts", ".tsx", ".jsx", ".d.ts"],
  ".jsx": [".tsx"],
  ".mjs": [".mts"],
  ".cjs": [".cts"],
};

/** Files of the project that a JavaScript or TypeScript file imports: relative ones, and packages of the same project. */
export function resolveJavaScript(record: FileRecord, map: ProjectMap): string[] {
  const targets: string[] = [];
  for (const { specifier } of record.imports) {
    const path = specifier.replace(/[?#].*$/, "");
    const target =
      /^\.{0,2}\//.test(path) || path === "." || path === ".."
        ? resolveFile(joinWithin(path.startsWith("/") ? "" : folderOf(record.path), path), map)
        : resolvePackage(path, map);
    if (target !== undefined) targets.push(target);
  }
  return targets;
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

/** `name` or `name/part` of a workspace: its entry by convention, since what a manifest exports is not built yet. */
function resolvePackage(specifier: string, map: ProjectMap): string | undefined {
  const parts = specifier.split("/");
  const length = specifier.startsWith("@") ? 2 : 1;
  const folder = map.packages.get(parts.slice(0, length).join("/"));
  if (folder === undefined) return undefined;
  const part = parts.slice(length).join("/");
  for (const place of ["src", "", "lib"]) {
    const base = joinWithin(folder, `${place}/${part}`);
    const target = resolveFile(base, map);
    if (target !== undefined) return target;
  }
  return undefined;
}
