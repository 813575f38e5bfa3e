import type { FileRecord } from "../files/file-record.js";
import type { IndexedSymbol } from "../search/symbol-entry.js";
import { languageOf, type OutlinedSymbol, type SourceLanguage, type Visibility } from "../source-parser.js";
import { isHeader } from "./resolve-c.js";
import type { SymbolPlaces } from "./symbol-places.js";

/** Names that a runtime or a tool calls, or that say nothing of who uses them. */
const CALLED_FROM_OUTSIDE = /^(?:main|init|default|setup|teardown|conftest|__\w+__)$/;
/** Modules and methods are used by way of what is in them and around them. */
const KINDS: ReadonlySet<IndexedSymbol["kind"]> = new Set([
  "function",
  "class",
  "interface",
  "type",
  "enum",
  "variable",
]);

/** What one language says of what its files show to others. */
interface Exports {
  /** Which symbols other files of the project see. */
  readonly visible: ReadonlySet<Visibility>;
  /** Whether a symbol in `parent` is shown as one that is in nothing. */
  isNamespace(parent: string, around: Around): boolean;
  /** Whether a symbol is there for somebody whom the project does not name, or is not shown after all. */
  isOther(symbol: OutlinedSymbol, record: FileRecord): boolean;
}

/** Where a symbol stands. */
interface Around {
  readonly line: number;
  readonly places: SymbolPlaces;
  /** The namespaces that its file declares. */
  readonly declared: ReadonlySet<string>;
}

const PUBLIC: ReadonlySet<Visibility> = new Set(["public"]);
const ASSEMBLY: ReadonlySet<Visibility> = new Set(["public", "internal"]);

const NO_NAMESPACES: Exports = { visible: PUBLIC, isNamespace: () => false, isOther: () => false };
const C: Exports = { visible: PUBLIC, isNamespace: isDeclared, isOther: isOtherInC };

/** Languages that say who sees a symbol. Bash does not: whatever a script defines, whoever sources it sees. */
const EXPORTS: Readonly<Partial<Record<SourceLanguage, Exports>>> = {
  javascript: NO_NAMESPACES,
  typescript: NO_NAMESPACES,
  python: NO_NAMESPACES,
  go: NO_NAMESPACES,
  java: NO_NAMESPACES,
  rust: { visible: ASSEMBLY, isNamespace: isInModule, isOther: isOtherInRust },
  c: C,
  cpp: C,
  csharp: { visible: ASSEMBLY, isNamespace: isDeclared, isOther: isOtherInCSharp },
  // Of a class or constant outside of all modules Ruby says nothing, and neither does its record.
  ruby: { visible: PUBLIC, isNamespace: isInModule, isOther: () => false },
  // Functions are called by their names in strings, as hooks and callbacks; controllers are found by their names.
  php: {
    visible: PUBLIC,
    isNamespace: isDeclared,
    isOther: ({ kind, name }) => kind === "function" || /Controller$/.test(name),
  },
};

/** Whether a language says which symbols its files show to others. */
export function hasExports(language: SourceLanguage): boolean {
  return EXPORTS[language] !== undefined;
}

/** The symbols at the top of a file, or of its namespaces, that it shows to others. */
export function exportedSymbols(record: FileRecord, places: SymbolPlaces): readonly OutlinedSymbol[] {
  const exports = record.dialect && EXPORTS[languageOf(record.dialect)];
  if (exports === undefined) return [];
  const declared = new Set(record.namespaces ?? []);
  return record.symbols.filter((symbol) => {
    const { kind, name, parent, visibility, line } = symbol;
    if (visibility === undefined || !exports.visible.has(visibility)) return false;
    if (!KINDS.has(kind) || CALLED_FROM_OUTSIDE.test(name)) return false;
    if (parent !== undefined && !exports.isNamespace(parent, { line, places, declared })) return false;
    return !exports.isOther(symbol, record);
  });
}

/** A namespace that the file declares, by its whole name. */
function isDeclared(parent: string, { declared }: Around): boolean {
  return declared.has(parent);
}

/** A module of the file. Classes may hold what others see, too, but are themselves what is used. */
function isInModule(parent: string, { line, places }: Around): boolean {
  return places.named(parent, line)?.kind === "module" && !/^tests?$/.test(parent);
}

/** Functions that other languages call, and what is no item with `pub` in front, such as a macro. */
function isOtherInRust({ signature }: OutlinedSymbol): boolean {
  return !/^pub\b/.test(signature) || /\bextern\b/.test(signature);
}

/**
 * Types that are made in several parts, some of which may be generated (`partial`), those of one file, and those that a framework finds by
 * their names.
 */
function isOtherInCSharp({ name, signature }: OutlinedSymbol): boolean {
  return /\b(?:partial|file)\b/.test(signature) || /^(?:Program|Startup)$|Controller$/.test(name);
}

/** Shown to a linker by name, to a test or fuzzing tool, to another language, or reserved for the system. */
const BY_LINKER = /^(?:w?WinMain|wmain|DllMain|LLVMFuzzer\w*|PyInit_\w*|Java_\w*|_\w*)$/;
/** A mark that says so: `__attribute__((constructor))`, `__declspec(dllexport)`, `extern "C"`, `MY_API`. */
const MARKED = /\b(?:__attribute__|__declspec|extern|\w*(?:_EXPORT|_API))\b/;

/**
 * In a source only functions and variables are shown to others: its types are its own. In a header all are, but for what it only declares.
 * What a template is specialised for is used by way of the template, operators are used by their signs, and macros by names that other
 * macros put together.
 */
function isOtherInC({ kind, name, signature }: OutlinedSymbol, { path }: FileRecord): boolean {
  if (BY_LINKER.test(name) || MARKED.test(signature) || !/^\w+$/.test(name)) return true;
  if (/^#|\btemplate\s*<\s*>/.test(signature) || signature.includes(`${name}<`)) return true;
  if (isHeader(path)) return kind === "function" && !/\{|\b(?:inline|template|constexpr)\b/.test(signature);
  if (kind === "function") return signature.endsWith(";");
  return kind !== "variable" || /\bconst(?:expr)?\b/.test(signature);
}
