/**
 * Memory for coding agents: lexical and vector recall with scopes, tags and time.
 * @module
 */
export { ExactIndex, type ExactIndexOptions } from "./drivers/exact-index.js";
export { HashedEmbedder } from "./drivers/hashed-embedder.js";
export {
  fromLangChain,
  type LangChainEmbedderOptions,
  type LangChainEmbeddings,
} from "./drivers/lang-chain.js";
export type { OpenAIEmbedderOptions } from "./drivers/openai/options.js";
export { OpenAIEmbedder } from "./drivers/openai-embedder.js";
export type { Embedder } from "./embedder.js";
export { MEMORY_ERROR_CODES, type MemoryErrorCode, memoryError } from "./errors.js";
export type { LexicalWeights } from "./lexical-index.js";
export { type MemoryStats, MemoryStore, type Passage } from "./memory-store.js";
export type { ListOptions, MemoryFilter, MemoryInput, MemoryStoreOptions, RecallOptions } from "./options.js";
export type { ReembeddingProgress } from "./reembedding.js";
export { termsOf } from "./text/terms.js";
export type { VectorIndex, VectorMatch, VectorSearchOptions } from "./vector-index.js";
