/**
 * What any embedder and any vector index must hold, in any test runner.
 * @module
 */
export { embedderConformance } from "./embedder.js";
export { type VectorIndexConformanceOptions, vectorIndexConformance } from "./vector-index.js";
