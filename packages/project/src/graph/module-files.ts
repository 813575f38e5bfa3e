import { dialectOf, languageOf } from "../source-parser.js";
import { javaPackageOf, type ProjectMap } from "./project-map.js";
import { goPackage, goSiblings } from "./resolve-go.js";
import { javascriptModule } from "./resolve-javascript.js";
import { pythonModule } from "./resolve-python.js";

/** The files of the project that a module's specifier stands for, as the language of the importing file reads it. */
export function moduleFiles(from: string, specifier: string, map: ProjectMap): readonly string[] {
  const dialect = dialectOf(from);
  switch (dialect && languageOf(dialect)) {
    case "python":
      return [pythonModule(from, specifier, map) ?? []].flat();
    case "go":
      return goPackage(specifier, map);
    case "java":
      return map.javaFiles.get(specifier) ?? [];
    case "javascript":
    case "typescript":
      return [javascriptModule(from, specifier, map) ?? []].flat();
    default:
      return [];
  }
}

/** Other files whose names a file sees without an import. */
export function siblingFiles(
  path: string,
  map: ProjectMap,
  javaPackage: string | undefined,
): readonly string[] {
  if (path.endsWith(".go")) return goSiblings(path, map);
  if (javaPackage === undefined) return [];
  return (map.javaFiles.get(javaPackageOf(path, javaPackage)) ?? []).filter((other) => other !== path);
}
