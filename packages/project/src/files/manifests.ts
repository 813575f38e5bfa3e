import { parse } from "jsonc-parser";
import type { FileRecord, ModuleRules } from "./file-record.js";

type ManifestFacts = Pick<
  FileRecord,
  "goModule" | "rustLibrary" | "packageName" | "packageMain" | "moduleRules"
>;

/** What resolving imports needs to know of a manifest; nothing for other files. Of one with a mistake, what stands before that. */
export function manifestFacts(path: string, text: string): ManifestFacts {
  const name = path.split("/").at(-1) ?? "";
  if (name === "go.mod") {
    const goModule = /^[ \t]*module[ \t]+"?([^\s"]+)/m.exec(text)?.[1];
    return goModule === undefined ? {} : { goModule };
  }
  if (name === "Cargo.toml") return cargoFacts(text);
  if (name === "package.json") return packageFacts(objectIn(text));
  if (/^(?:ts|js)config(?:\.[\w-]+)?\.json$/.test(name)) {
    return { moduleRules: rulesIn(objectIn(text)) };
  }
  return {};
}

/** Of the tables `[package]` and `[lib]`; a crate is named as its package is, but with `_`. */
function cargoFacts(text: string): ManifestFacts {
  const stated = new Map<string, string>();
  let table = "";
  for (const line of text.split("\n")) {
    table = /^\s*\[+([^[\]]*)\]/.exec(line)?.[1]?.trim() ?? table;
    const [, key, value] = /^\s*(name|path)\s*=\s*["']([^"']+)["']/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) stated.set(`${table}.${key}`, value);
  }
  const name = stated.get("lib.name") ?? stated.get("package.name")?.replaceAll("-", "_");
  return name === undefined ? {} : { rustLibrary: { name, path: stated.get("lib.path") ?? "src/lib.rs" } };
}

/** The package that a Java file declares. */
export function javaPackage(text: string): string {
  return /^[ \t]*package[ \t]+([\w.]+)[ \t]*;/m.exec(text)?.[1] ?? "";
}

type Json = Readonly<Record<string, unknown>>;

/** JSON with comments and commas at the end, as TypeScript reads its own. */
function objectIn(text: string): Json {
  try {
    return asObject(parse(text, [], { allowTrailingComma: true }));
  } catch {
    // Nested so deeply that reading it overflows.
    return {};
  }
}

function asObject(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function packageFacts({ name, main, module, exports }: Json): ManifestFacts {
  const entry = [asEntry(exports), main, module].find((value) => typeof value === "string");
  return {
    ...(typeof name === "string" ? { packageName: name } : {}),
    ...(typeof entry === "string" ? { packageMain: entry } : {}),
  };
}

/** The file that the conditions of `exports` lead to for the package itself. */
function asEntry(exports: unknown, depth = 0): string | undefined {
  if (typeof exports === "string") return exports;
  if (depth > 8) return undefined;
  const conditions = asObject(exports);
  const own = "." in conditions ? conditions["."] : conditions;
  if (typeof own === "string") return own;
  for (const condition of ["source", "import", "node", "default", "require"]) {
    const found = asObject(own)[condition];
    if (found !== undefined) return asEntry(found, depth + 1);
  }
  return undefined;
}

function rulesIn(config: Json): ModuleRules {
  const { baseUrl, paths, rootDirs } = asObject(config["compilerOptions"]);
  const extended = texts([config["extends"]].flat());
  const mapped = Object.entries(asObject(paths)).map(
    ([pattern, targets]) => [pattern, texts(targets)] as const,
  );
  const rules: ModuleRules = {
    ...(typeof baseUrl === "string" ? { baseUrl } : {}),
    ...(mapped.length > 0 ? { paths: Object.fromEntries(mapped) } : {}),
    ...(texts(rootDirs).length > 0 ? { rootDirs: texts(rootDirs) } : {}),
    ...(extended.length > 0 ? { extends: extended } : {}),
  };
  return rules;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
}
