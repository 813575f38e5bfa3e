import {
  coreError,
  isAgentOSError,
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
import type { Derived } from "./derived.js";
import { diverse } from "./diversity.js";
import { memoryError } from "./errors.js";
import type { Wanted } from "./field.js";
import { keepIndex } from "./kept-index.js";
import type { LexicalScores } from "./lexical-index.js";
import { type CleanupItem, type CleanupPolicy, planCleanup } from "./lifecycle.js";
import type { Links, MemoryLink } from "./links.js";
import { loadNames, type MemoryParts } from "./memory-parts.js";
import { MemoryWriter, type PurgeReceipt } from "./memory-writer.js";
import { openDerived } from "./open-derived.js";
import {
  type CleanupOptions,
  cleanupOptionsSchema,
  linkSchema,
  type MemoryCorrection,
  type MemoryInput,
  type QuarantineOptions,
  quarantineOptionsSchema,
  type RecallOptions,
  recallOptionsSchema,
} from "./options.js";
import { versionOfKey } from "./past.js";
import type { Quarantine } from "./quarantine.js";
import type { Ranked } from "./ranking.js";
import { readCorrection, readInput } from "./read-input.js";
import { inUse, searchText, stateOf } from "./record.js";
import type { Records, WholeRecord } from "./records.js";
import { Reembedding } from "./reembedding.js";
import { scopeKey } from "./scope.js";
import { search } from "./search.js";
import { Settled } from "./settled.js";
import { termsOf } from "./text/terms.js";
import { unitsOf } from "./text/units.js";
import { Turns } from "./turns.js";
import type { Vectors } from "./vectors.js";
import { untilAborted } from "./wait.js";

/** From so many changes on, the indexes are kept when the memory is closed. */
const KEPT_FROM = 1000;

/** How many of what is likeliest are looked at for each that is wanted, when they are to be unlike each other. */
const DIVERSE_FACTOR = 5;

/**
 * The memory of the process that owns the store: all that needs the indexes. `MemoryStore` says what each method does, and
 * asks it from every process.
 */
export class LocalMemory {
  readonly #options: MemoryParts;
  readonly #records: Records;
  readonly #links: Links;
  readonly #aliases: Aliases;
  readonly #vectors: Vectors;
  readonly #derived: Derived;
  readonly #writer: MemoryWriter;
  readonly #lifecycle = new Lifecycle("MemoryStore");
  readonly #settled = new Settled();
  readonly #turns = new Turns();
  #reembedding: Reembedding | undefined;

  private constructor(parts: MemoryParts, derived: Derived) {
    this.#options = parts;
    this.#records = parts.records;
    this.#links = parts.links;
    this.#aliases = parts.aliases;
    this.#vectors = parts.vectors;
    this.#derived = derived;
    this.#writer = new MemoryWriter({ ...parts, derived, settled: this.#settled, turns: this.#turns });
  }

  /** Reads what the store holds, and begins what goes on in the background. */
  static async open(parts: MemoryParts): Promise<LocalMemory> {
    await Promise.all([loadNames(parts), parts.dense ? parts.vectors.begin() : undefined]);
    const snapshot = parts.store.snapshot("memory");
    const memory = new LocalMemory(parts, await openDerived({ ...parts, snapshot }));
    memory.#begin();
    return memory;
  }

  async remember(input: MemoryInput): Promise<Memory> {
    return this.#lifecycle.track(async () => {
      await this.#turns.take();
      const said = readInput(input, this.#options);
      return this.#writer.remember({ ...said, scope: this.#aliases.scope(said.scope) });
    });
  }

  async correct(id: string, correction: MemoryCorrection): Promise<Memory | undefined> {
    return this.#lifecycle.track(async () => {
      const read = readCorrection(correction, this.#options);
      const changed = await this.#writer.change(id, "corrected", (record) =>
        record.forgottenAt === undefined ? { memory: read(record.memory) } : undefined,
      );
      return changed?.memory;
    });
  }

  async recall(query: string, options: RecallOptions = {}): Promise<readonly RecalledMemory[]> {
    return this.#lifecycle.track(async () => {
      const { limit = 10, diversity = 0 } = options;
      const wanted = lookedAt(options);
      const { ranked, lexical } = await this.#search(query, options);
      const recalled: RecalledMemory[] = [];
      for (const one of ranked) {
        if (recalled.length === wanted) break;
        throwIfAborted(options.signal);
        const memory = await this.#seen(one, options);
        // Else it was forgotten while this was reading.
        if (memory === undefined) continue;
        const explanation = options.explain ? explain(one, lexical?.wanted ?? [], memory) : undefined;
        recalled.push({ memory, score: one.score, ...(explanation && { explanation }) });
      }
      if (diversity === 0) return recalled;
      return diverse(recalled, { diversity, limit, textOf: ({ memory }) => searchText(memory) });
    });
  }

  async passages(query: string, options: RecallOptions = {}): Promise<readonly Passage[]> {
    return this.#lifecycle.track(async () => {
      const { limit = 10 } = options;
      const { ranked, lexical } = await this.#search(query, options);
      const bySlot = new Map(ranked.map((one) => [one.slot, one]));
      const slots = new Map(ranked.map(({ slot, score }) => [slot, score]));
      const passages: Passage[] = [];
      for (const { slot, unit, score } of lexical?.bestUnits(slots, limit) ?? []) {
        throwIfAborted(options.signal);
        const one = bySlot.get(slot);
        const memory = one && (await this.#seen(one, options));
        const place = memory && unitsOf(searchText(memory))[unit];
        // A part behind the content is its tags, which are no passage.
        if (!memory || !place || place.start >= memory.content.length) continue;
        passages.push({ memory, ...place, text: memory.content.slice(place.start, place.end), score });
      }
      return passages;
    });
  }

  async projectsKnowing(
    query: string,
    options: WaitOptions & { readonly limit?: number; readonly memories?: number } = {},
  ): Promise<readonly KnowingProject[]> {
    const { limit = 10, memories = 3, signal } = options;
    const found = await this.recall(query, { scopes: "all", limit: 200, signal });
    const projects = new Map<string, RecalledMemory[]>();
    for (const one of found) {
      const { level, id } = this.#aliases.scope(one.memory.scope);
      if (level !== "project" || id === undefined) continue;
      const there = projects.get(id) ?? [];
      if (there.length < memories) there.push(one);
      projects.set(id, there);
    }
    return [...projects]
      .slice(0, limit)
      .map(([project, known]) => ({ project, score: known[0]?.score ?? 0, memories: known }));
  }

  async forget(id: string): Promise<boolean> {
    return this.#lifecycle.track(async () => {
      const forgottenAt = this.#options.clock();
      const changed = await this.#writer.change(id, "forgotten", (record) =>
        record.forgottenAt === undefined ? { forgottenAt } : undefined,
      );
      return changed !== undefined;
    });
  }

  async archive(id: string): Promise<boolean> {
    return this.#lifecycle.track(async () => {
      const archivedAt = this.#options.clock();
      const changed = await this.#writer.change(id, "archived", (record) =>
        record.archivedAt === undefined && record.forgottenAt === undefined ? { archivedAt } : undefined,
      );
      return changed !== undefined;
    });
  }

  async restore(id: string, options: { readonly version?: number } = {}): Promise<Memory | undefined> {
    return this.#lifecycle.track(async () => {
      const versions = options.version === undefined ? [] : await this.#records.versions(id);
      const then = versions.find(({ version }) => version === options.version);
      if (options.version !== undefined && then === undefined) return undefined;
      const changed = await this.#writer.change(id, "restored", (record) => ({
        memory: then?.memory ?? record.memory,
        forgottenAt: undefined,
        archivedAt: undefined,
        mergedInto: undefined,
      }));
      return changed?.memory;
    });
  }

  async purge(id: string, options: WaitOptions = {}): Promise<PurgeReceipt | undefined> {
    return this.#lifecycle.track(async () => {
      throwIfAborted(options.signal);
      const receipt = await this.#writer.purge(id);
      // Also where there is none: it may have been purged before, and the compaction cut short.
      await this.#options.store.compact({ signal: options.signal });
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
      const quarantine = { id: this.#options.ids(), at: this.#options.clock(), ...checked };
      return { quarantine, memories: await this.#writer.quarantine(quarantine) };
    });
  }

  async release(quarantineId: string): Promise<number> {
    return this.#lifecycle.track(() => this.#writer.release(quarantineId));
  }

  async link(link: MemoryLink): Promise<boolean> {
    return this.#lifecycle.track(async () => {
      const checked = validate(linkSchema, link, { what: "Link", code: "INPUT_INVALID" });
      for (const id of [checked.from, checked.to])
        if ((await this.#records.get(id)) === undefined) throw notFound(id);
      if (await this.#links.has(checked)) return false;
      await this.#options.store.write(this.#links.put(checked), { durable: true });
      return true;
    });
  }

  async unlink(link: MemoryLink): Promise<boolean> {
    return this.#lifecycle.track(async () => {
      const checked = validate(linkSchema, link, { what: "Link", code: "INPUT_INVALID" });
      if (!(await this.#links.has(checked))) return false;
      await this.#options.store.write(this.#links.delete(checked), { durable: true });
      return true;
    });
  }

  async cleanup(policy: CleanupPolicy, options: CleanupOptions = {}): Promise<readonly CleanupItem[]> {
    return this.#lifecycle.track(async () => {
      const {
        dryRun = false,
        signal,
        onProgress,
        ...rest
      } = validate(cleanupOptionsSchema, { ...policy, ...options }, { what: "Cleanup options" });
      const plan = planCleanup(this.#derived.catalogue.entries(), rest, this.#options.clock());
      if (dryRun) return plan;
      let done = 0;
      for (const { id } of plan) {
        throwIfAborted(signal);
        await this.archive(id);
        done += 1;
        onProgress?.({ done, total: plan.length });
      }
      return plan;
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
      if (this.#aliases.resolve(to) === from)
        throw coreError(
          "INPUT_INVALID",
          `${to} is an alias of ${from} already: the two would stand for each other.`,
        );
      if (this.#aliases.resolve(from) === this.#aliases.resolve(to)) return;
      await this.#options.store.write([this.#aliases.put(from, to)], { durable: true });
      this.#aliases.set(from, to);
    });
  }

  /** Stores memories of an import, with all their versions. */
  async restoreAll(wholes: readonly WholeRecord[]): Promise<void> {
    return this.#lifecycle.track(() => this.#writer.restoreAll(wholes));
  }

  /** Reads aliases and quarantines anew: another process wrote some. */
  async reload(): Promise<void> {
    await loadNames(this.#options);
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
      ...this.#derived.counts,
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
    const { logger, onReembedding: onProgress, dense } = this.#options;
    const { index, lacking } = this.#derived;
    this.#lifecycle.add(async () => index.close?.());
    this.#lifecycle.add(() => this.#keep());
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
    const { store, dense, logger } = this.#options;
    const { changes, unfit, catalogue } = this.#derived;
    // A small memory is read as fast, and one that holds mostly what is gone is better made anew.
    if (unfit || changes < KEPT_FROM || catalogue.emptied > catalogue.size) return;
    const sequence = this.#settled.upTo(store.sequence);
    const embedder = dense ? this.#vectors.identity : undefined;
    try {
      this.#derived.changes = 0;
      await keepIndex(store.snapshot("memory"), this.#derived, { sequence, embedder });
    } catch (error) {
      logger.warn({ error }, "the memory's indexes could not be kept: the next opening makes them anew");
    }
  }

  async #search(
    query: string,
    options: RecallOptions,
  ): Promise<{ readonly ranked: readonly Ranked[]; readonly lexical?: LexicalScores }> {
    const checked = validate(recallOptionsSchema, options, { what: "Recall options" });
    if (typeof query !== "string") throw coreError("INPUT_INVALID", "Recall needs a query of text.");
    const { limit = 10, minScore = 0, asOf, archived = false, signal } = checked;
    throwIfAborted(signal);
    if (limit === 0 || query.trim() === "") return { ranked: [] };
    const { unrelatedBelow = 0 } = this.#vectors.embedder;
    const now = this.#options.clock();
    const moments = { now, at: checked.at ?? asOf ?? now, known: asOf };
    const past = asOf !== undefined || archived ? await this.#derived.past(this.#records) : undefined;
    const catalogue = past?.catalogue ?? this.#derived.catalogue;
    const mask = catalogue.allowed(checked, moments, (key) => this.#aliases.resolve(key));
    const allowed = past && archived ? past.onlyArchived(mask) : mask;
    const dense =
      past || !this.#options.dense
        ? undefined
        : {
            index: this.#derived.index,
            embedQuery: (text: string) => this.#embedQuery(text, signal),
            unrelatedBelow,
          };
    return search(query, {
      catalogue,
      ...(dense && { dense }),
      lexicalWeight: this.#options.lexicalWeight,
      allowed,
      limit: lookedAt(checked),
      minScore,
      now,
      boost: checked.boost ?? {},
      context: await this.#contextOf(checked),
      signal,
    });
  }

  /** The vector of a question; undefined where words alone must do. */
  async #embedQuery(query: string, signal: AbortSignal | undefined): Promise<Float32Array | undefined> {
    try {
      return await this.#vectors.embedQuery(query, { signal });
    } catch (error) {
      // While memories wait for a failing embedder to give them vectors, words alone must do.
      if (!this.#reembedding?.unfinished || !isAgentOSError(error, "MEMORY_EMBEDDER_FAILED")) throw error;
      this.#options.logger.warn({ error }, "recalled by words alone");
      return undefined;
    }
  }

  /** Words of what somebody is at. */
  async #contextOf({ context }: RecallOptions): Promise<string> {
    if (context === undefined) return "";
    const { task = "", path = "", language = "", recent = [] } = context;
    const memories = await Promise.all(recent.map((id) => this.#records.get(id)));
    return [
      task,
      path,
      language,
      ...memories.map((record) => (record && inUse(record) ? record.memory.content : "")),
    ]
      .join(" ")
      .trim();
  }

  /** The version that was found, as long as it may be seen. */
  async #seen(found: Ranked, options: RecallOptions): Promise<Memory | undefined> {
    if (options.asOf === undefined && !options.archived) {
      const record = await this.#records.get(found.key);
      return record === undefined || stateOf(record) !== undefined ? undefined : record.memory;
    }
    const { id, version } = versionOfKey(found.key);
    return (await this.#records.versions(id)).find((one) => one.version === version)?.memory;
  }
}

/** How many of the best are looked at. */
function lookedAt({ limit = 10, diversity = 0 }: RecallOptions): number {
  return diversity > 0 ? limit * DIVERSE_FACTOR : limit;
}

function explain(
  found: Ranked,
  wanted: readonly Wanted<string>[],
  memory: Memory,
): RecalledMemory["explanation"] {
  const { lexical, dense, boost, context, time } = found;
  const has = new Set(termsOf(searchText(memory)));
  const terms = wanted.flatMap(({ term }) => (has.has(term) ? [term] : []));
  const others = wanted.flatMap((one) => (has.has(one.term) ? [] : [...(one.others?.keys() ?? [])]));
  const alike = [...new Set(others)].filter((term) => has.has(term) && !terms.includes(term));
  return { lexical, dense, boost, context, time, terms, alike };
}

function notFound(id: string): Error {
  return memoryError(
    "MEMORY_NOT_FOUND",
    `There is no memory ${id}. Give the id of one that recall or list gave.`,
    {
      details: { id },
    },
  );
}
