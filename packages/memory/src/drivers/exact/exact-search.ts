import { throwIfAborted } from "@agentos/core";
import { BestMatches } from "../../best-matches.js";
import type { VectorMatch, VectorSearchOptions } from "../../vector-index.js";
import { unitVector } from "./unit-vector.js";
import type { VectorTable } from "./vector-table.js";

/** The nearest allowed vectors of a table. Throws `MEMORY_VECTOR_INVALID`, `ABORTED`. */
export function exactSearch(
  table: VectorTable,
  query: Float32Array,
  { allowed, limit, signal }: VectorSearchOptions,
): readonly VectorMatch[] {
  throwIfAborted(signal);
  const unit = unitVector(query, table.dimensions);
  if (limit <= 0) return [];
  const best = new BestMatches(limit);
  table.search(unit, allowed, best);
  return best.sorted();
}
