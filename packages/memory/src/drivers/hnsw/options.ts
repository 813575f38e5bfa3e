import type { Logger } from "@agentos/core";
import * as v from "valibot";

/** Options of `HnswIndex`. */
export interface HnswIndexOptions {
  /** With fewer vectors than this, all are compared and no thread is started. @default 0 */
  readonly from?: number;
  /** Links of a vector in the graph (M): more find more, and take more memory. @default 16 */
  readonly links?: number;
  /** Candidates looked at when a vector is linked (efConstruction). @default 200 */
  readonly buildWidth?: number;
  /** Candidates looked at in a search (ef), at least: more find more, and take longer. @default 200 */
  readonly searchWidth?: number;
  /** Told when the graph cannot be used, whereupon vectors are compared without it. @default a logger that drops everything */
  readonly logger?: Logger;
}

const width = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000));

/** What `HnswIndex` accepts. */
export const hnswIndexOptionsSchema: v.GenericSchema<HnswIndexOptions> = v.strictObject({
  from: v.optional(v.pipe(v.number(), v.minValue(0))),
  links: v.optional(v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(200))),
  buildWidth: v.optional(width),
  searchWidth: v.optional(width),
  logger: v.optional(v.custom<Logger>((value) => typeof value === "object" && value !== null)),
});
