/**
 * A vector index for many vectors, by hnswlib in a thread of its own. Needs the optional peer `hnswlib-node`, which is loaded
 * when an index is made.
 *
 * @module
 */
export { autoIndex } from "../drivers/auto-index.js";
export { type HnswAvailability, hnswAvailability } from "../drivers/hnsw/library.js";
export type { HnswIndexOptions } from "../drivers/hnsw/options.js";
export { HnswIndex } from "../drivers/hnsw-index.js";
