import type { Logger } from "@agentos/core";
import type { Snapshot, Store } from "@agentos/store";
import { Derived, type DerivedOptions } from "./derived.js";
import { ExactIndex } from "./drivers/exact-index.js";
import { type KeptIndex, keptIndex } from "./kept-index.js";
import { inUse } from "./record.js";
import type { Records } from "./records.js";
import type { VectorIndex } from "./vector-index.js";
import type { Vectors } from "./vectors.js";

/** What the indexes are made of. */
export interface OpenDerivedParts extends DerivedOptions {
  readonly store: Store;
  readonly snapshot: Snapshot;
  readonly records: Records;
  readonly vectors: Vectors;
  /** Absent: the default. */
  readonly vectorIndex: ((dimensions: number) => VectorIndex) | undefined;
  readonly logger: Logger;
}

/**
 * The indexes, from what was kept of them and what changed since, or from all records. What is kept is never trusted over the
 * store: whatever the log of changes does not reach is made anew.
 */
export async function openDerived(parts: OpenDerivedParts): Promise<Derived> {
  const { store, snapshot, vectors, dense, logger } = parts;
  const embedder = dense ? vectors.identity : undefined;
  const kept = await keptIndex(snapshot, parts, embedder);
  const changes = kept && (await store.changes(kept.sequence, ["memory.records", "memory.vectors"]));
  if (kept === undefined || changes === undefined) {
    logger.debug({ kept: kept !== undefined }, "the memory's indexes are made from all records");
    return fromRecords(parts);
  }
  const derived = await fromKept(parts, kept);
  for (const id of new Set(changes.map(({ key }) => key))) await replay(parts, derived, id);
  derived.changes = changes.length;
  return derived;
}

async function fromRecords(parts: OpenDerivedParts): Promise<Derived> {
  const derived = new Derived(parts, newIndex(parts));
  for await (const record of parts.records.entries()) derived.place(record);
  if (parts.dense) for await (const [id, vector] of parts.vectors.entries()) derived.setVector(id, vector);
  return derived;
}

async function fromKept(parts: OpenDerivedParts, kept: KeptIndex): Promise<Derived> {
  const { dense, vectorIndex, vectors } = parts;
  if (!dense) return new Derived(parts, newIndex(parts), { ...kept, lacking: [] });
  if (kept.vectors !== undefined && vectorIndex === undefined)
    return new Derived(parts, kept.vectors.index, { ...kept, lacking: kept.vectors.lacking });
  const lacking = [...kept.catalogue.entries()].map(({ key }) => key);
  const derived = new Derived(parts, newIndex(parts), { ...kept, lacking });
  for await (const [id, vector] of vectors.entries()) derived.setVector(id, vector);
  return derived;
}

/** Puts one memory where it belongs now. */
async function replay(
  { records, vectors, dense }: OpenDerivedParts,
  derived: Derived,
  id: string,
): Promise<void> {
  const record = await records.get(id);
  if (record === undefined) derived.purge(id);
  else derived.place(record, dense && inUse(record) ? await vectors.get(id) : undefined);
}

function newIndex({ vectorIndex, vectors }: OpenDerivedParts): VectorIndex {
  const { dimensions } = vectors.embedder;
  return vectorIndex?.(dimensions) ?? new ExactIndex(dimensions);
}
