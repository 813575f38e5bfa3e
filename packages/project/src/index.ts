/**
 * The index of a project: parsing, symbols, search, affected tests.
 * @module
 */
export { PROJECT_ERROR_CODES, type ProjectErrorCode, projectError } from "./errors.js";
export type { SkipReason } from "./files/file-record.js";
export type {
  IndexOptions,
  IndexProgress,
  LimitQuery,
  Position,
  ProjectIndexOptions,
  SymbolQuery,
  TextQuery,
  TreeSitterParserOptions,
} from "./options.js";
export { ProjectIndex } from "./project-index.js";
export type { Definition, Reference } from "./resolution/locations.js";
export type {
  DefinitionKind,
  NameDefinition,
  NameExport,
  NameFacts,
  NameReference,
  NameScope,
  ReferenceRole,
  Term,
} from "./resolution/name-facts.js";
export type { IndexReport, IndexStats } from "./results.js";
export type { IndexedSymbol } from "./search/symbol-entry.js";
export type { TextMatch } from "./search/text-search.js";
export type { Dialect, ImportFact, OutlinedSymbol, SourceOutline, SourceParser } from "./source-parser.js";
export { TreeSitterParser } from "./tree-sitter-parser.js";
