import { ALL_DIALECTS, type Dialect } from "../source-parser.js";
import type { FileRecord, SkipReason } from "./file-record.js";

const REASONS: ReadonlySet<unknown> = new Set<SkipReason>(["large", "binary", "unreadable", "unparsed"]);
const DIALECTS: ReadonlySet<unknown> = new Set<Dialect>(ALL_DIALECTS);

/** Whether what a store holds is a record of that path. By hand: tens of thousands are looked at when a project opens. */
export function isRecord(value: unknown, path: string): value is FileRecord {
  if (!isObject(value)) return false;
  const { dialect, skipped, symbols, imports, uses, namespaces, moduleRules, rustLibrary } = value;
  return (
    value["path"] === path &&
    ["size", "mtimeMs", "ctimeMs", "readAt"].every((key) => typeof value[key] === "number") &&
    ["hash", "goModule", "packageName", "packageMain", "javaPackage"].every((key) =>
      isTextOrAbsent(value[key]),
    ) &&
    (dialect === undefined || DIALECTS.has(dialect)) &&
    (skipped === undefined || REASONS.has(skipped)) &&
    Array.isArray(symbols) &&
    symbols.every(isSymbol) &&
    Array.isArray(imports) &&
    imports.every(isImport) &&
    isObject(uses) &&
    Object.values(uses).every((count) => typeof count === "number") &&
    (namespaces === undefined || isTexts(namespaces)) &&
    (moduleRules === undefined || isRules(moduleRules)) &&
    (rustLibrary === undefined ||
      (isObject(rustLibrary) && isText(rustLibrary["name"]) && isText(rustLibrary["path"])))
  );
}

function isSymbol(value: unknown): boolean {
  return (
    isObject(value) &&
    ["name", "kind", "signature"].every((key) => isText(value[key])) &&
    ["parent", "doc", "visibility"].every((key) => isTextOrAbsent(value[key])) &&
    ["line", "endLine"].every((key) => Number.isInteger(value[key]))
  );
}

function isImport(value: unknown): boolean {
  return (
    isObject(value) && isText(value["specifier"]) && (value["names"] === undefined || isTexts(value["names"]))
  );
}

function isRules(value: unknown): boolean {
  if (!isObject(value) || !isTextOrAbsent(value["baseUrl"])) return false;
  const { paths, rootDirs, extends: extended } = value;
  return (
    (paths === undefined || (isObject(paths) && Object.values(paths).every(isTexts))) &&
    (rootDirs === undefined || isTexts(rootDirs)) &&
    (extended === undefined || isTexts(extended))
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || isText(value);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}
