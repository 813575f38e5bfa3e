import { availableParallelism } from "node:os";
import type { Admission } from "@agentos/core";
import * as v from "valibot";
import { parserOptionEntries, type TreeSitterParserOptions } from "../../options.js";

/** Options of `ParserPool.open`. Bounds of a parse are those of a TreeSitterParser. */
export interface ParserPoolOptions extends TreeSitterParserOptions {
  /** Most threads. @default one less than the processor runs at once; at least 1, at most 8 */
  readonly workers?: number;
  /** Milliseconds beyond what its bounds allow after which a parse counts as hung and its thread is ended. @default 5_000 */
  readonly graceMs?: number;
  /**
   * Milliseconds of work, while more waits, that are done in the calling thread before threads are started: starting them would take
   * longer than a few short texts do. Long and slow texts are left to threads. When these cannot be started, all others are done there.
   * 0: nothing is. @default 0
   */
  readonly inThreadMs?: number;
  /** Who has to let each thread in while it works, for example `HostPlaces` of the store. @default nobody */
  readonly admission?: Admission;
  /** Milliseconds without a question after which threads are ended. @default 30_000 */
  readonly idleMs?: number;
  /** Texts after which a thread is replaced, so that its memory starts anew. @default 5_000 */
  readonly textsPerWorker?: number;
}

const positive = v.pipe(v.number(), v.integer(), v.minValue(1));
const milliseconds = v.pipe(v.number(), v.minValue(0));

/** What `ParserPool.open` accepts. */
export const poolOptionsSchema: v.GenericSchema<ParserPoolOptions> = v.strictObject({
  ...parserOptionEntries,
  workers: v.optional(v.pipe(positive, v.maxValue(64))),
  graceMs: v.optional(milliseconds),
  inThreadMs: v.optional(milliseconds),
  admission: v.optional(
    v.custom<Admission>(
      (value) => typeof (value as Partial<Admission> | null)?.enter === "function",
      "must have a method enter",
    ),
  ),
  idleMs: v.optional(milliseconds),
  textsPerWorker: v.optional(positive),
});

/** Threads that leave one to the caller. */
export function defaultWorkers(): number {
  return Math.min(8, Math.max(1, availableParallelism() - 1));
}
