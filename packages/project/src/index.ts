/**
 * The index of a project: parsing, symbols, search, affected tests.
 * @module
 */

export type { ParserPoolOptions } from "./drivers/pool/pool-options.js";
export { PROJECT_ERROR_CODES, type ProjectErrorCode, projectError } from "./errors.js";
export type { SkipReason } from "./files/file-record.js";
export type { DeadExportProgress } from "./graph/dead-exports.js";
export type { ImportCycle } from "./graph/import-cycles.js";
export type { SymbolLink } from "./graph/symbol-graph.js";
export { GitHistory, type GitHistoryOptions } from "./history/git-history.js";
export type { RepoMapOptions } from "./map/map-options.js";
export type { RelatedFile, RelationReason } from "./map/related.js";
export type { RepoMap, RepoMapFile } from "./map/repo-map.js";
export type { FunctionMetrics, HalsteadMetrics } from "./metrics/function-metrics.js";
export type {
  DefinitionQuery,
  IndexOptions,
  IndexProgress,
  LimitQuery,
  Position,
  ProjectIndexOptions,
  ReferenceQuery,
  SearchQuery,
  SymbolQuery,
  TextQuery,
  TreeSitterParserOptions,
} from "./options.js";
export { ParserPool } from "./parser-pool.js";
export type { Place } from "./places.js";
export {
  type DeadExportOptions,
  type Impact,
  type LinkOptions,
  ProjectGraph,
} from "./project-graph.js";
export { ProjectIndex } from "./project-index.js";
export type { Confidence, Definition, Reference } from "./resolution/locations.js";
export type {
  DefinitionKind,
  NameDefinition,
  NameExport,
  NameFacts,
  NameReference,
  NameScope,
  NameSpace,
  ReferenceRole,
  Term,
} from "./resolution/name-facts.js";
export type { IndexReport, IndexStats } from "./results.js";
export type { FoundBy, SearchHit } from "./search/hybrid-search.js";
export type { IndexedSymbol } from "./search/symbol-entry.js";
export type { FileMatches, TextMatch } from "./search/text-search.js";
export type {
  Dialect,
  ImportFact,
  OutlinedSymbol,
  ParseOptions,
  ParsePriority,
  SourceLanguage,
  SourceOutline,
  SourceParser,
  Visibility,
} from "./source-parser.js";
export { TreeSitterParser } from "./tree-sitter-parser.js";
export type { FileWatcher, OpenFileWatcher, WatchListener } from "./watch/file-watcher.js";
export type { IndexWatch, WatchOptions, WatchReport } from "./watch/watch-options.js";
