/**
 * Memory for coding agents: lexical and vector recall with scopes, tags and time.
 * @module
 */
export { ExactIndex } from "./drivers/exact-index.js";
export { HashedEmbedder } from "./drivers/hashed-embedder.js";
export type { Embedder } from "./embedder.js";
export { MEMORY_ERROR_CODES, type MemoryErrorCode, memoryError } from "./errors.js";
export type { LexicalWeights } from "./lexical-index.js";
export { type MemoryStats, MemoryStore, type Passage } from "./memory-store.js";
export type { ListOptions, MemoryFilter, MemoryInput, MemoryStoreOptions, RecallOptions } from "./options.js";
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
