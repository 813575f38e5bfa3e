import {
  coreError,
  Lifecycle,
  MEMORY_KINDS,
  type Memory,
  type MemoryKind,
  type MemorySource,
  type RecalledMemory,
  type Scope,
  throwIfAborted,
  validate,
  type WaitOptions,
} from "@agentos/core";
import type { Aliases } from "./aliases.js";
import type { KnowingProject, MemoryStats, Passage } from "./answers.js";
import { Cleaning } from "./cleaning.js";
import type { Derived } from "./derived.js";
import { keepIndex } from "./kept-index.js";
import { KeyedMutex } from "./keyed-mutex.js";
import { type CleanupItem, type CleanupPolicy, planCleanup } from "./lifecycle.js";
import type { MemoryLink } from "./links.js";
import { loadNames, type MemoryParts } from "./memory-parts.js";
import { MemoryWriter, type Names, type PurgeReceipt } from "./memory-writer.js";
import { openDerived } from "./open-derived.js";
import type { MemoryCorrection, MemoryInput, QuarantineOptions, RecallOptions } from "./options.js";
import type { Quarantine } from "./quarantine.js";
import { readCorrection, readInput, sourceWithoutSecrets } from "./read-input.js";
import { type KnowingOptions, Recalling } from "./recalling.js";
import { inUse, type MemoryRecord } from "./record.js";
import type { Records, WholeRecord } from "./records.js";
import { Reembedding } from "./reembedding.js";
import { linkSchema, quarantineOptionsSchema } from "./schemas.js";
import { scopeKey } from "./scope.js";
import { Settled } from "./settled.js";
import { Tidying } from "./tidying.js";
import { Turns } from "./turns.js";
import type { Vectors } from "./vectors.js";
import { untilAborted } from "./wait.js";

/** From so many changes on, the indexes are kept when the memory is closed. */
const KEPT_FROM = 1000;
/** How often it cleans up by itself, where nothing else is said. */
const TEN_MINUTES_MS = 600_000;

/**
 * The memory of the process that owns the store: all that needs the indexes. `MemoryStore` says what each method does, and
 * asks it from every process.
 */
export class LocalMemory {
  readonly #parts: MemoryParts;
  readonly #records: Records;
  readonly #aliases: Aliases;
  readonly #vectors: Vectors;
  readonly #derived: Derived;
  readonly #writer: MemoryWriter;
  readonly #recalling: Recalling;
  readonly #lifecycle = new Lifecycle("MemoryStore");
  readonly #settled = new Settled();
  readonly #turns = new Turns();
  readonly #naming = new KeyedMutex();
  readonly #tidying: Tidying;
  #reembedding: Reembedding | undefined;

  private constructor(parts: MemoryParts, derived: Derived) {
    this.#parts = parts;
    this.#records = parts.records;
    this.#aliases = parts.aliases;
    this.#vectors = parts.vectors;
    this.#derived = derived;
    this.#tidying = new Tidying(derived, parts.logger);
    this.#writer = new MemoryWriter({
      ...parts,
      derived,
      settled: this.#settled,
      turns: this.#turns,
      changed: () => this.#tidying.look(),
    });
    this.#recalling = new Recalling(parts, derived, () => this.#reembedding?.unfinished ?? false);
  }

  /** Reads what the store holds, and begins what goes on in the background. */
  static async open(parts: MemoryParts): Promise<LocalMemory> {
    await Promise.all([loadNames(parts), parts.dense ? parts.vectors.begin() : undefined]);
    const snapshot = parts.store.snapshot("memory");
    const memory = new LocalMemory(parts, await openDerived({ ...parts, snapshot }));
    memory.#begin();
    return memory;
  }

  async remember(input: MemoryInput, { signal }: WaitOptions = {}): Promise<Memory> {
    return this.#lifecycle.track(async () => {
      throwIfAborted(signal);
      await this.#turns.take();
      const said = readInput(input, this.#parts);
      return this.#writer.remember({ ...said, scope: this.#aliases.scope(said.scope) }, signal);
    });
  }

  async correct(
    id: string,
    correction: MemoryCorrection,
    { signal }: WaitOptions = {},
  ): Promise<Memory | undefined> {
    return this.#lifecycle.track(async () => {
      const read = readCorrection(correction, this.#parts);
      const next = (record: MemoryRecord): Partial<MemoryRecord> | undefined =>
        record.forgottenAt === undefined ? { memory: read(record.memory) } : undefined;
      return (await this.#writer.change(id, "corrected", next, signal))?.memory;
    });
  }

  async recall(query: string, options: RecallOptions = {}): Promise<readonly RecalledMemory[]> {
    return this.#lifecycle.track(() => this.#recalling.recall(query, options));
  }

  async passages(query: string, options: RecallOptions = {}): Promise<readonly Passage[]> {
    return this.#lifecycle.track(() => this.#recalling.passages(query, options));
  }

  async projectsKnowing(query: string, options: KnowingOptions = {}): Promise<readonly KnowingProject[]> {
    return this.#lifecycle.track(() => this.#recalling.projectsKnowing(query, options));
  }

  async forget(id: string): Promise<boolean> {
    return this.#lifecycle.track(async () => {
      const forgottenAt = this.#parts.clock();
      const changed = await this.#writer.change(id, "forgotten", (record) =>
        record.forgottenAt === undefined ? { forgottenAt } : undefined,
      );
      return changed !== undefined;
    });
  }

  async archive(id: string): Promise<boolean> {
    return this.#lifecycle.track(async () => {
      const archivedAt = this.#parts.clock();
      const changed = await this.#writer.change(id, "archived", (record) =>
        record.archivedAt === undefined && record.forgottenAt === undefined ? { archivedAt } : undefined,
      );
      return changed !== undefined;
    });
  }

  async restore(
    id: string,
    { version, signal }: WaitOptions & { readonly version?: number } = {},
  ): Promise<Memory | undefined> {
    return this.#lifecycle.track(async () => {
      const versions = version === undefined ? [] : await this.#records.versions(id);
      const then = versions.find((one) => one.version === version);
      if (version !== undefined && then === undefined) return undefined;
      const next = (record: MemoryRecord): Partial<MemoryRecord> => ({
        memory: then?.memory ?? record.memory,
        forgottenAt: undefined,
        archivedAt: undefined,
        mergedInto: undefined,
      });
      return (await this.#writer.change(id, "restored", next, signal))?.memory;
    });
  }

  async purge(id: string, options: WaitOptions = {}): Promise<PurgeReceipt | undefined> {
    return this.#lifecycle.track(async () => {
      throwIfAborted(options.signal);
      const receipt = await this.#writer.purge(id);
      // Also where there is none: it may have been purged before, and the compaction cut short.
      await this.#parts.store.compact({ signal: options.signal });
      return receipt;
    });
  }

  async quarantine(
    source: MemorySource,
    options: QuarantineOptions = {},
  ): Promise<{ readonly quarantine: Quarantine; readonly memories: number }> {
    return this.#lifecycle.track(async () => {
      const checked = validate(
        quarantineOptionsSchema,
        { ...options, source },
        { what: "Quarantine options" },
      );
      if (Object.keys(checked.source).length === 0)
        throw coreError(
          "INPUT_INVALID",
          "A quarantine needs a source: an empty one would hold back everything.",
        );
      // As it is stored with the memories that it is to hold.
      const named = this.#parts.secrets === "keep" ? checked.source : sourceWithoutSecrets(checked.source);
      const quarantine = { id: this.#parts.ids(), at: this.#parts.clock(), ...checked, source: named };
      return { quarantine, memories: await this.#writer.quarantine(quarantine) };
    });
  }

  async release(quarantineId: string): Promise<number> {
    return this.#lifecycle.track(() => this.#writer.release(quarantineId));
  }

  async link(link: MemoryLink): Promise<boolean> {
    return this.#lifecycle.track(async () => this.#writer.link(validLink(link)));
  }

  async unlink(link: MemoryLink): Promise<boolean> {
    return this.#lifecycle.track(async () => this.#writer.unlink(validLink(link)));
  }

  /** What a policy would archive now. */
  async planCleanup(policy: CleanupPolicy, { signal }: WaitOptions = {}): Promise<readonly CleanupItem[]> {
    return this.#lifecycle.track(async () => {
      const entries = this.#derived.catalogue.entries();
      return planCleanup(entries, policy, this.#parts.clock(), { signal });
    });
  }

  /** Archives what a cleanup chose, unless it was changed meanwhile so that it does not expire any more. */
  async putAside({ id, reason }: CleanupItem): Promise<void> {
    return this.#lifecycle.track(async () => {
      const archivedAt = this.#parts.clock();
      await this.#writer.change(id, "archived", (record) =>
        inUse(record) && (reason !== "expired" || (record.memory.expiresAt ?? Infinity) <= archivedAt)
          ? { archivedAt }
          : undefined,
      );
    });
  }

  async alias(old: Scope, now: Scope): Promise<void> {
    return this.#lifecycle.track(async () => {
      const [from, to] = [scopeKey(old), scopeKey(now)];
      if (old.level !== now.level || old.id === undefined)
        throw coreError(
          "INPUT_INVALID",
          "An alias leads from a project to a project, or from an agent to an agent.",
        );
      // One after another: two at the same moment could close a circle that neither sees.
      await this.#naming.run("aliases", async () => {
        if (this.#aliases.resolve(to) === from)
          throw coreError(
            "INPUT_INVALID",
            `${to} is an alias of ${from} already: the two would stand for each other.`,
          );
        if (this.#aliases.resolve(from) === this.#aliases.resolve(to)) return;
        await this.#parts.store.write([this.#aliases.put(from, to)], { durable: true });
        this.#aliases.set(from, to);
      });
    });
  }

  /** Stores memories of an import, with all their versions. */
  async restoreAll(wholes: readonly WholeRecord[]): Promise<void> {
    return this.#lifecycle.track(() => this.#writer.restoreAll(wholes));
  }

  /** Sets up aliases and quarantines of an import. */
  async restoreNames(names: Names): Promise<void> {
    return this.#lifecycle.track(() => this.#naming.run("aliases", () => this.#writer.restoreNames(names)));
  }

  async reembedded(options: WaitOptions = {}): Promise<void> {
    this.#lifecycle.guard();
    await untilAborted(async () => this.#reembedding?.finished, options.signal);
    this.#lifecycle.guard();
  }

  async stats(): Promise<MemoryStats> {
    this.#lifecycle.guard();
    const byKind = Object.fromEntries(MEMORY_KINDS.map((kind) => [kind, 0])) as Record<MemoryKind, number>;
    const byLevel = { user: 0, project: 0, agent: 0, shared: 0 };
    let bytes = 0;
    for (const { facet, size } of this.#derived.catalogue.entries()) {
      byKind[facet.kind] += 1;
      byLevel[facet.scope.level] += 1;
      bytes += size;
    }
    const { name, dimensions } = this.#vectors.embedder;
    const { size, terms } = this.#derived.catalogue;
    return {
      memories: size,
      ...(await this.#records.outOfUse()),
      byKind,
      byLevel,
      bytes,
      terms,
      embedder: { name, dimensions },
    };
  }

  /** Waits for what is under way, and ends embedding anew, which goes on at the next opening. The store stays open. Idempotent. */
  close(): Promise<void> {
    return this.#lifecycle.close();
  }

  #begin(): void {
    const { logger, onReembedding: onProgress, dense } = this.#parts;
    const { index, lacking } = this.#derived;
    this.#lifecycle.add(async () => index.close?.());
    this.#lifecycle.add(() => this.#keep());
    this.#lifecycle.add(this.#tidying);
    const { cleanup, clock } = this.#parts;
    if (cleanup !== undefined) {
      const { everyMs = TEN_MINUTES_MS, ...policy } = cleanup;
      const { catalogue } = this.#derived;
      const archive = (item: CleanupItem): Promise<void> => this.putAside(item);
      this.#lifecycle.add(new Cleaning({ policy, everyMs, catalogue, clock, archive, logger }));
    }
    if (!dense) return;
    this.#reembedding = new Reembedding({
      ids: [...lacking],
      vectors: this.#vectors,
      read: async (id) => {
        const record = await this.#records.get(id);
        return record && inUse(record) ? record.memory : undefined;
      },
      keep: (memory, vector) => this.#writer.keepVector(memory, vector),
      onProgress,
      logger,
    });
    this.#lifecycle.add(this.#reembedding);
  }

  /** Keeps the indexes, so that the next opening need not make them, where that is worth it. */
  async #keep(): Promise<void> {
    const { store, dense, logger } = this.#parts;
    const { changes, unfit, catalogue } = this.#derived;
    // A small memory is read as fast.
    if (unfit || changes < KEPT_FROM || catalogue.size < KEPT_FROM) return;
    // Nothing else runs any more.
    if (this.#derived.holdsPurged) for (const _step of this.#derived.compact());
    const sequence = this.#settled.upTo(store.sequence);
    const embedder = dense ? this.#vectors.identity : undefined;
    try {
      this.#derived.changes = 0;
      await keepIndex(store.snapshot("memory"), this.#derived, { sequence, embedder });
    } catch (error) {
      logger.warn({ error }, "the memory's indexes could not be kept: the next opening makes them anew");
    }
  }
}

function validLink(link: MemoryLink): MemoryLink {
  return validate(linkSchema, link, { what: "Link", code: "INPUT_INVALID" });
}
