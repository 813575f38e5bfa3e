import { silentLogger } from "@agentos/core";
import type { VectorIndex } from "../vector-index.js";
import { ExactIndex } from "./exact-index.js";
import { hnswAvailability } from "./hnsw/library.js";
import type { HnswIndexOptions } from "./hnsw/options.js";
import { HnswIndex } from "./hnsw-index.js";

/** From so many vectors on, a graph answers sooner than the exact index. */
const FROM = 20_000;

/**
 * For the option `vectorIndex`: compares vectors while they are few, and builds a graph beside them from `from` on (default
 * 20,000), where hnswlib-node is there; elsewhere it compares them always. Throws `OPTIONS_INVALID`.
 */
export function autoIndex(options: HnswIndexOptions = {}): (dimensions: number) => VectorIndex {
  return (dimensions) => {
    const found = hnswAvailability();
    if (found.available) return new HnswIndex(dimensions, { from: FROM, ...options });
    const { reason, remedy } = found;
    (options.logger ?? silentLogger).info({ reason, remedy }, "vectors are compared without a graph");
    return new ExactIndex(dimensions);
  };
}
