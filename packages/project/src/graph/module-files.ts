import { dialectOf, languageOf } from "../source-parser.js";
import { javaPackageOf, type ProjectMap } from "./project-map.js";
import { bashModule } from "./resolve-bash.js";
import { cModule, cSources } from "./resolve-c.js";
import { csharpModule } from "./resolve-csharp.js";
import { goOwnPackage, goPackage } from "./resolve-go.js";
import { javascriptModule } from "./resolve-javascript.js";
import { phpModule } from "./resolve-php.js";
import { pythonModule } from "./resolve-python.js";
import { rubyModule } from "./resolve-ruby.js";
import { rustModule } from "./resolve-rust.js";

/**
 * The files of the project that a module's specifier stands for, as the language of the importing file reads it.
 * @param name of a namespace (C#, PHP), a class or module (Ruby): only the files that define this name in it
 */
export function moduleFiles(
  from: string,
  specifier: string,
  map: ProjectMap,
  name?: string,
): readonly string[] {
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
    case "rust":
      return rustModule(from, specifier, map);
    case "c":
    case "cpp":
      return cModule(from, specifier, map, name);
    case "csharp":
      return csharpModule(from, specifier, map, name);
    case "ruby":
      return rubyModule(from, specifier, map, name);
    case "php":
      return phpModule(from, specifier, map, name);
    case "bash":
      return bashModule(from, specifier, map);
    default:
      return [];
  }
}

const NO_FILES: readonly string[] = [];

/** Other files whose names a file sees without an import. */
export function siblingFiles(
  path: string,
  map: ProjectMap,
  javaPackage: string | undefined,
): readonly string[] {
  return packageFiles(path, map, javaPackage).filter((other) => other !== path);
}

/**
 * The files whose names a file sees without an import; it may be among them. For all files of one package the
 * same array (Go, Java).
 */
export function packageFiles(
  path: string,
  map: ProjectMap,
  javaPackage: string | undefined,
): readonly string[] {
  if (path.endsWith(".go")) return goOwnPackage(path, map);
  const dialect = dialectOf(path);
  if (dialect === "c" || dialect === "cpp") return cSources(path, map);
  if (javaPackage === undefined) return NO_FILES;
  return map.javaFiles.get(javaPackageOf(path, javaPackage)) ?? NO_FILES;
}
