/**
 * What any embedder and any vector index must hold, in any test runner.
 * @module
 */
export { type EmbedderConformanceOptions, embedderConformance } from "./embedder.js";
export { type VectorIndexConformanceOptions, vectorIndexConformance } from "./vector-index.js";
