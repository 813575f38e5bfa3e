import { type IdSource, type Logger, silentLogger, systemClock, timeSortedIds } from "@agentos/core";
import { Aliases } from "./aliases.js";
import { HashedEmbedder } from "./drivers/hashed-embedder.js";
import { LEXICAL_WEIGHTS, type LexicalWeights } from "./lexical-index.js";
import { Links } from "./links.js";
import type { MemoryStoreOptions } from "./options.js";
import { Quarantines } from "./quarantine.js";
import { Records } from "./records.js";
import { Vectors } from "./vectors.js";

/** What a memory works with, made from its options. */
export interface MemoryParts extends MemoryStoreOptions {
  readonly clock: () => number;
  readonly ids: IdSource;
  readonly logger: Logger;
  readonly lexicalWeight: number;
  /** Whether vectors are searched. */
  readonly dense: boolean;
  readonly near: boolean;
  readonly weights: LexicalWeights;
  readonly records: Records;
  readonly links: Links;
  readonly quarantines: Quarantines;
  readonly aliases: Aliases;
  readonly vectors: Vectors;
  readonly vectorIndex: MemoryStoreOptions["vectorIndex"];
}

/** Reads aliases and quarantines as they lie in the store. */
export async function loadNames({ quarantines, aliases }: MemoryParts): Promise<void> {
  await Promise.all([quarantines.load(), aliases.load()]);
}

/** The parts of a memory, none of them read yet. */
export function partsOf(options: MemoryStoreOptions): MemoryParts {
  const { store, clock = systemClock, embedder = new HashedEmbedder(), vectorIndex } = options;
  const lexicalWeight = options.lexicalWeight ?? (embedder.lexical ? 1 : 0.5);
  return {
    ...options,
    clock,
    ids: options.ids ?? timeSortedIds(clock),
    logger: options.logger ?? silentLogger,
    lexicalWeight,
    dense: lexicalWeight < 1,
    near: options.nearDuplicates !== "keep",
    weights: { ...LEXICAL_WEIGHTS, ...options.lexical },
    records: new Records(store),
    links: new Links(store),
    quarantines: new Quarantines(store),
    aliases: new Aliases(store),
    vectors: new Vectors(store, embedder),
    vectorIndex,
  };
}
