import { throwIfAborted } from "@agentos/core";
import type { VectorMatch, VectorSearchOptions } from "../../vector-index.js";
import { BestMatches } from "./best-matches.js";
import { unitVector } from "./unit-vector.js";
import type { VectorTable } from "./vector-table.js";

/** Up to this share of the vectors being allowed, each allowed one is compared. */
const FEW: number = 1 / 8;

/**
 * The nearest allowed vectors of a table. Up to `prefilterFrom` allowed ones, and up to an eighth of all, each is compared.
 * Throws `MEMORY_VECTOR_INVALID`, `ABORTED`.
 */
export function exactSearch(
  table: VectorTable,
  query: Float32Array,
  options: VectorSearchOptions & { readonly prefilterFrom: number },
): readonly VectorMatch[] {
  throwIfAborted(options.signal);
  const unit = unitVector(query, table.dimensions);
  if (options.limit <= 0) return [];
  const slots = table.slots(options.allowed);
  const few = slots.length < options.prefilterFrom || slots.length <= table.size * FEW;
  const best = new BestMatches(options.limit);
  if (!few && table.sift(unit, slots, best)) return best.sorted();
  const all = new BestMatches(options.limit);
  table.compare(unit, slots, all);
  return all.sorted();
}
