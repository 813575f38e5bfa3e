/**
 * What any embedder, extractor and vector index must hold, in any test runner.
 * @module
 */
export { embedderConformance } from "./embedder.js";
export { extractorConformance } from "./extractor.js";
export { type VectorIndexConformanceOptions, vectorIndexConformance } from "./vector-index.js";
