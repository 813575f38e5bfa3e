import type { Snapshot } from "@agentos/store";
import { Catalogue } from "./catalogue.js";
import type { Derived, DerivedOptions } from "./derived.js";
import { ExactIndex } from "./drivers/exact-index.js";
import { LexicalIndex } from "./lexical-index.js";
import { below, prefixed } from "./parts.js";
import { NearDuplicates } from "./writing/near-duplicates.js";

/**
 * What the parts are made by: how texts are cut into units, words and 4-grams, and how the parts lie. To be raised when any of
 * that changes: what was kept before is then made anew.
 */
const FORMAT = 2;

/** What is said of the parts. */
interface Head {
  readonly format: number;
  /** The embedder and the generation of its vectors; absent where no vectors were kept. */
  readonly vectors?: { readonly embedder: string; readonly lacking: readonly string[] };
}

/** What was kept of the indexes, and at which sequence of the store. */
export interface KeptIndex {
  readonly sequence: number;
  readonly catalogue: Catalogue;
  readonly near?: NearDuplicates;
  /** The vectors, and the memories that had none; undefined where none were kept, or of another embedder. */
  readonly vectors?: { readonly index: ExactIndex; readonly lacking: readonly string[] };
}

/** Keeps the indexes beside the truth. `embedder`: whose vectors they are; absent, none are kept. */
export async function keepIndex(
  snapshot: Snapshot,
  derived: Derived,
  options: { readonly sequence: number; readonly embedder: string | undefined },
): Promise<void> {
  const { sequence, embedder } = options;
  const { catalogue, index } = derived;
  const vectors = embedder !== undefined && index instanceof ExactIndex ? index.toParts() : undefined;
  const head: Head = {
    format: FORMAT,
    ...(vectors && embedder !== undefined && { vectors: { embedder, lacking: [...derived.lacking] } }),
  };
  const parts = new Map([
    ["head", Buffer.from(JSON.stringify(head))],
    ...prefixed("lexical", catalogue.lexical.toParts()),
    ...prefixed("catalogue", catalogue.toParts()),
    ...(vectors ? prefixed("vectors", vectors) : []),
    ...(derived.near ? [["near", derived.near.serialise()] as const] : []),
  ]);
  await snapshot.write(sequence, parts);
}

/** What was kept, or undefined where nothing is of use. Throws what reading throws. */
export async function keptIndex(
  snapshot: Snapshot,
  options: DerivedOptions,
  embedder: string | undefined,
): Promise<KeptIndex | undefined> {
  const { weights } = options;
  const content = await snapshot.read();
  if (content === undefined) return undefined;
  const { sequence, parts } = content;
  try {
    const head = JSON.parse(Buffer.from(parts.get("head") ?? []).toString("utf8")) as Head;
    if (head.format !== FORMAT) return undefined;
    const lexical = LexicalIndex.fromParts(below("lexical", parts), weights);
    const catalogue = Catalogue.fromParts(below("catalogue", parts), lexical);
    const near = options.near ? NearDuplicates.from(parts.get("near") ?? new Uint8Array()) : undefined;
    if (options.near && near === undefined) return undefined;
    const kept = { sequence, catalogue, ...(near && { near }) };
    if (head.vectors === undefined || head.vectors.embedder !== embedder) return kept;
    const index = ExactIndex.fromParts(below("vectors", parts));
    return { ...kept, vectors: { index, lacking: head.vectors.lacking } };
  } catch {
    // Of another version, or of no use: it is made anew.
    return undefined;
  }
}
