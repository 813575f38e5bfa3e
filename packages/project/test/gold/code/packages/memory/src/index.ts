/**
 * Memory for coding agents: lexical and vector recall with scopes, tags and time.
 * @module
 */

export type { KnowingProject, MemoryStats, Passage, RelatedMemory } from "./answers.js";
export { ExactIndex } from "./drivers/exact-index.js";
export { HashedEmbedder } from "./drivers/hashed-embedder.js";
export {
  fromLangChain,
  type LangChainEmbedderOptions,
  type LangChainEmbeddings,
} from "./drivers/lang-chain.js";
export type { OpenAIEmbedderOptions } from "./drivers/openai/options.js";
export { OpenAIEmbedder } from "./drivers/openai-embedder.js";
export { EmbeddedTexts, type EmbeddedTextsOptions } from "./embedded-texts.js";
export type { Embedder } from "./embedder.js";
export { MEMORY_ERROR_CODES, type MemoryErrorCode, memoryError } from "./errors.js";
export type { LexicalWeights } from "./lexical-index.js";
export type { CleanupItem, CleanupPolicy, CleanupSchedule } from "./lifecycle.js";
export { LINK_TYPES, type LinkOptions, type LinkType, type MemoryLink } from "./links.js";
export { MemoryStore } from "./memory-store.js";
export type { PurgeReceipt } from "./memory-writer.js";
export type {
  AuditOptions,
  CleanupOptions,
  ExportOptions,
  ListOptions,
  MemoryCorrection,
  MemoryFilter,
  MemoryInput,
  MemoryStoreOptions,
  QuarantineOptions,
  RecallBoost,
  RecallContext,
  RecallOptions,
  RelatedOptions,
} from "./options.js";
export type { SkippedFile, SkipReason } from "./portability/folder-files.js";
export type { ImportOptions, ImportReport } from "./portability/import.js";
export { type MarkdownFile, readMarkdownFolder } from "./portability/markdown-folder.js";
export {
  type MarkdownMemory,
  type MarkdownSource,
  markdownMemories,
} from "./portability/markdown-memories.js";
export type { MarkdownFolderOptions, MarkdownMemoriesOptions } from "./portability/markdown-options.js";
export type { Quarantine } from "./quarantine.js";
export { type AuditEntry, MEMORY_CHANGES, type MemoryChange, type MemoryVersion } from "./records.js";
export type { ReembeddingProgress } from "./reembedding.js";
export { termsOf } from "./text/terms.js";
export type { VectorIndex, VectorMatch, VectorSearchOptions } from "./vector-index.js";
export type { ExtractOptions, Extractor, ProposedMemory, Turn } from "./writing/extractor.js";
export { type Judgement, judge, type MergeVerdict } from "./writing/judge.js";
export { NearDuplicates, type NominateOptions, type Nomination } from "./writing/near-duplicates.js";
export {
  type Proposals,
  type ProposeOptions,
  proposeMemories,
  type RefusedProposal,
} from "./writing/propose.js";
export { RuleExtractor } from "./writing/rule-extractor.js";
export { type FoundSecret, type Redacted, redactSecrets } from "./writing/secrets/redact.js";
