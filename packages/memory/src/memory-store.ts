import {
  coreError,
  type IdSource,
  isAgentOSError,
  Lifecycle,
  type Logger,
  MEMORY_KINDS,
  type Memory,
  type MemoryKind,
  type MemorySource,
  type Recall,
  type RecalledMemory,
  type Scope,
  silentLogger,
  systemClock,
  throwIfAborted,
  timeSortedIds,
  validate,
  type WaitOptions,
} from "@agentos/core";
import type { Snapshot } from "@agentos/store";
import { Aliases } from "./aliases.js";
import type { Derived } from "./derived.js";
import { diverse } from "./diversity.js";
import { HashedEmbedder } from "./drivers/hashed-embedder.js";
import { memoryError } from "./errors.js";
import { filterOf } from "./facets.js";
import { keepIndex } from "./kept-index.js";
import { LEXICAL_WEIGHTS, type LexicalScores, type LexicalWeights } from "./lexical-index.js";
import { type CleanupItem, type CleanupPolicy, planCleanup } from "./lifecycle.js";
import { type LinkOptions, Links, type MemoryLink } from "./links.js";
import { MemoryWriter, type PurgeReceipt } from "./memory-writer.js";
import { openDerived } from "./open-derived.js";
import {
  type AuditOptions,
  auditOptionsSchema,
  type CleanupOptions,
  cleanupOptionsSchema,
  type ExportOptions,
  exportOptionsSchema,
  importOptionsSchema,
  type ListOptions,
  linkSchema,
  listOptionsSchema,
  type MemoryCorrection,
  type MemoryInput,
  type MemoryStoreOptions,
  memoryStoreOptionsSchema,
  type QuarantineOptions,
  quarantineOptionsSchema,
  type RecallOptions,
  type RelatedOptions,
  recallOptionsSchema,
  relatedOptionsSchema,
} from "./options.js";
import { versionOfKey } from "./past.js";
import { type ExportParts, exportLines } from "./portability/export.js";
import { type ImportOptions, type ImportReport, importLines } from "./portability/import.js";
import { type Quarantine, Quarantines } from "./quarantine.js";
import type { Ranked } from "./ranking.js";
import { readCorrection, readInput } from "./read-input.js";
import { inUse, searchText, stateOf } from "./record.js";
import { type AuditEntry, type MemoryVersion, Records } from "./records.js";
import { Reembedding } from "./reembedding.js";
import { scopeKey } from "./scope.js";
import { search } from "./search.js";
import { Settled } from "./settled.js";
import { termsOf } from "./text/terms.js";
import { unitsOf } from "./text/units.js";
import { Vectors } from "./vectors.js";
import { untilAborted } from "./wait.js";

/** A part of a memory that fits a query. */
export interface Passage {
  readonly memory: Memory;
  /** Where it lies in the memory's content, in UTF-16 code units: from the first, up to the second. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** 0 to 1; comparable within one answer only. */
  readonly score: number;
}

/** A memory that others lead to. */
export interface RelatedMemory {
  readonly memory: Memory;
  /** How many links away it is, from 1. */
  readonly distance: number;
  /** The link by which it was reached. */
  readonly link: MemoryLink;
}

/** A project that knows something, with what it knows. */
export interface KnowingProject {
  /** The project's id. */
  readonly project: string;
  /** That of its best memory, 0 to 1. */
  readonly score: number;
  /** Best first. */
  readonly memories: readonly RecalledMemory[];
}

/** What a memory holds. */
export interface MemoryStats {
  /** Memories that are in use: in none of the states below; whether true now or not. */
  readonly memories: number;
  readonly forgotten: number;
  readonly archived: number;
  readonly quarantined: number;
  /** Near duplicates that were merged with another memory. */
  readonly merged: number;
  readonly byKind: Readonly<Record<MemoryKind, number>>;
  readonly byLevel: Readonly<Record<Scope["level"], number>>;
  /** Bytes of content in use, as UTF-8. */
  readonly bytes: number;
  /** Different terms in the lexical index. */
  readonly terms: number;
  readonly embedder: { readonly name: string; readonly dimensions: number };
}

/** From so many changes on, the indexes are kept when the memory is closed. */
const KEPT_FROM = 1000;

/** How many of what is likeliest are looked at for each that is wanted, when they are to be unlike each other. */
const DIVERSE_FACTOR = 5;

/**
 * A memory that lasts across projects. Records are kept in a Store; the indexes are derived from them. It satisfies core's
 * `Recall`.
 */
export class MemoryStore implements Recall {
  readonly #options: MemoryParts;
  readonly #records: Records;
  readonly #links: Links;
  readonly #quarantines: Quarantines;
  readonly #aliases: Aliases;
  readonly #vectors: Vectors;
  readonly #derived: Derived;
  readonly #writer: MemoryWriter;
  readonly #lifecycle = new Lifecycle("MemoryStore");
  readonly #settled = new Settled();
  #reembedding: Reembedding | undefined;

  private constructor(parts: MemoryParts, derived: Derived) {
    this.#options = parts;
    this.#records = parts.records;
    this.#links = parts.links;
    this.#quarantines = parts.quarantines;
    this.#aliases = parts.aliases;
    this.#vectors = parts.vectors;
    this.#derived = derived;
    this.#writer = new MemoryWriter({ ...parts, derived, settled: this.#settled });
  }

  /**
   * Reads what the store holds. Where vectors are searched, memories without a vector of this embedder, all of them when it is
   * another than before, are embedded in the background; until then they are found by their words.
   * Throws `OPTIONS_INVALID`, and what the store throws.
   */
  static async open(options: MemoryStoreOptions): Promise<MemoryStore> {
    const parts = partsOf(validate(memoryStoreOptionsSchema, options, { what: "MemoryStore options" }));
    const { quarantines, aliases, vectors, dense } = parts;
    await Promise.all([quarantines.load(), aliases.load(), dense ? vectors.begin() : undefined]);
    const memory = new MemoryStore(parts, await openDerived(parts));
    memory.#begin();
    return memory;
  }

  /**
   * Stores a memory; it is on the disk when the promise resolves. Secrets are taken out first. What was said before in the
   * same scope and kind, in the same words or in others that mean no more and no less, is merged with it: tags and metadata
   * are united, the greater importance stays, and the time in which it is true is extended, unless the two times lie apart.
   * With a `subject`, the value before it is closed, and stays in the history.
   * Throws `MEMORY_CONTENT_EMPTY`, `MEMORY_CONTENT_TOO_LONG`, `MEMORY_SCOPE_INVALID`, `INPUT_INVALID`,
   * `MEMORY_EMBEDDER_FAILED`, and what `Store.write` throws.
   */
  async remember(input: MemoryInput): Promise<Memory> {
    return this.#lifecycle.track(async () => {
      const said = readInput(input, this.#options);
      return this.#writer.remember({ ...said, scope: this.#aliases.scope(said.scope) });
    });
  }

  /**
   * Changes what a memory says; the version before it stays in the history. Fields that are not named stay; `null` takes one
   * away. Resolves to the memory as it is now, or undefined when there is none, or it was forgotten.
   * Throws what {@link MemoryStore.remember} throws.
   */
  async correct(id: string, correction: MemoryCorrection): Promise<Memory | undefined> {
    return this.#lifecycle.track(async () => {
      const read = readCorrection(correction, this.#options);
      const changed = await this.#writer.change(id, "corrected", (record) =>
        record.forgottenAt === undefined ? { memory: read(record.memory) } : undefined,
      );
      return changed?.memory;
    });
  }

  /**
   * Memories that fit a query of words, best first. Filters come before ranking; what is forgotten, archived, in quarantine,
   * expired, not yet true or no longer true is never found. Memories that share neither words nor likeness with the query
   * are left out. While memories are embedded anew, a failing embedder leaves it to the words.
   * Throws `OPTIONS_INVALID`, `INPUT_INVALID`, `MEMORY_SCOPE_INVALID`, `MEMORY_EMBEDDER_FAILED`, `ABORTED`.
   */
  async recall(query: string, options: RecallOptions = {}): Promise<readonly RecalledMemory[]> {
    return this.#lifecycle.track(async () => {
      const { limit = 10, diversity = 0 } = options;
      const wanted = diversity > 0 ? limit * DIVERSE_FACTOR : limit;
      const { ranked } = await this.#search(query, options);
      const recalled: RecalledMemory[] = [];
      for (const one of ranked) {
        if (recalled.length === wanted) break;
        throwIfAborted(options.signal);
        const memory = await this.#seen(one, options);
        // Else it was forgotten while this was reading.
        if (memory === undefined) continue;
        const explanation = options.explain ? explain(one, query, memory) : undefined;
        recalled.push({ memory, score: one.score, ...(explanation && { explanation }) });
      }
      if (diversity === 0) return recalled;
      return diverse(recalled, { diversity, limit, textOf: ({ memory }) => searchText(memory) });
    });
  }

  /**
   * The parts of memories that fit, best first: lines, or sentences of long lines. For a brief that has little room, and for
   * long memories, such as what was said in a session. Finds and throws what {@link MemoryStore.recall} does.
   */
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

  /**
   * Which projects know something about a query, best first, with their best memories: a question across projects, to be
   * asked on purpose. Throws what {@link MemoryStore.recall} throws.
   */
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

  /** The memory of that id, or undefined when there is none or it was forgotten. */
  async get(id: string, options: { readonly forgotten?: boolean } = {}): Promise<Memory | undefined> {
    this.#lifecycle.guard();
    const record = await this.#records.get(id);
    return record?.forgottenAt === undefined || options.forgotten ? record?.memory : undefined;
  }

  /** Walks memories by id (the default ids sort by the time of recording); also those not true now, or in quarantine. */
  list(options: ListOptions = {}): AsyncIterable<Memory> {
    this.#lifecycle.guard();
    validate(listOptionsSchema, options, { what: "List options" });
    const matches = filterOf(options, (key) => this.#aliases.resolve(key));
    return { [Symbol.asyncIterator]: () => this.#walk(options, matches) };
  }

  /** Every version of a memory, oldest first: what it said, what was done to it, and when. Empty when there is none. */
  async history(id: string): Promise<readonly MemoryVersion[]> {
    return this.#lifecycle.track(() => this.#records.versions(id));
  }

  /** What was written to the memory, oldest first. */
  audit(options: AuditOptions = {}): AsyncIterable<AuditEntry> {
    this.#lifecycle.guard();
    validate(auditOptionsSchema, options, { what: "Audit options" });
    const { from = 0, to = Infinity, signal } = options;
    return this.#records.audit({ from, to, signal });
  }

  /**
   * Hides a memory from everything but `get` and `list` with `forgotten: true`, and `history`. The record stays. Resolves to
   * whether there was one to forget.
   */
  async forget(id: string): Promise<boolean> {
    return this.#lifecycle.track(async () => {
      const forgottenAt = this.#options.clock();
      const changed = await this.#writer.change(id, "forgotten", (record) =>
        record.forgottenAt === undefined ? { forgottenAt } : undefined,
      );
      return changed !== undefined;
    });
  }

  /** Puts a memory out of use: it is found with `archived: true` alone. Resolves to whether there was one to archive. */
  async archive(id: string): Promise<boolean> {
    return this.#lifecycle.track(async () => {
      const archivedAt = this.#options.clock();
      const changed = await this.#writer.change(id, "archived", (record) =>
        record.archivedAt === undefined && record.forgottenAt === undefined ? { archivedAt } : undefined,
      );
      return changed !== undefined;
    });
  }

  /**
   * Undoes `forget`, `archive` and the merging of a near duplicate, which is a memory of its own again; with a version, gives the memory back what it said then. Resolves to the memory, or
   * undefined when there is none, or no such version.
   */
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

  /**
   * Removes a memory and every trace of it: versions, audit, vector, links; and then the bytes that the store still keeps of
   * them. Resolves to a receipt that says so, and no more; undefined when there was none. It takes as long as copying the store;
   * when the signal aborts, the memory is gone, and its bytes are when it is purged again. Throws `ABORTED`.
   */
  async purge(id: string, options: WaitOptions = {}): Promise<PurgeReceipt | undefined> {
    return this.#lifecycle.track(async () => {
      throwIfAborted(options.signal);
      const receipt = await this.#writer.purge(id);
      // Also where there is none: it may have been purged before, and the compaction cut short.
      await this.#options.store.compact({ signal: options.signal });
      return receipt;
    });
  }

  /**
   * Holds back everything that came from a source, now and later: a repository that was poisoned, a tool that lied. Resolves
   * to the quarantine, and to how many memories it took out of recall.
   */
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

  /** Ends a quarantine. Resolves to how many memories came back. */
  async release(quarantineId: string): Promise<number> {
    return this.#lifecycle.track(() => this.#writer.release(quarantineId));
  }

  /** The quarantines that hold. */
  quarantines(): readonly Quarantine[] {
    this.#lifecycle.guard();
    return this.#quarantines.active;
  }

  /**
   * Says how one memory stands to another. Resolves to whether the link is new. Throws `MEMORY_NOT_FOUND` where either is not
   * there, and `INPUT_INVALID`.
   */
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

  /** Takes a link away. Resolves to whether there was one. */
  async unlink(link: MemoryLink): Promise<boolean> {
    return this.#lifecycle.track(async () => {
      const checked = validate(linkSchema, link, { what: "Link", code: "INPUT_INVALID" });
      if (!(await this.#links.has(checked))) return false;
      await this.#options.store.write(this.#links.delete(checked), { durable: true });
      return true;
    });
  }

  /** The links of a memory, those that lead away from it first. */
  async links(id: string, options: LinkOptions = {}): Promise<readonly MemoryLink[]> {
    return this.#lifecycle.track(() => this.#links.of(id, options));
  }

  /**
   * The memories that links lead to, the nearest first, each once; forgotten ones and those in quarantine are left out, and
   * nothing behind them is reached. Only scopes that the filter names are entered, as in {@link MemoryStore.recall}.
   */
  async related(id: string, options: RelatedOptions = {}): Promise<readonly RelatedMemory[]> {
    return this.#lifecycle.track(async () => {
      const {
        depth = 1,
        direction,
        types,
        scopes,
        limit = 100,
        signal,
      } = validate(relatedOptionsSchema, options, { what: "Related options" });
      const matches = filterOf({ scopes }, (key) => this.#aliases.resolve(key));
      const seen = new Set([id]);
      const found: RelatedMemory[] = [];
      let edge: readonly string[] = [id];
      for (let distance = 1; distance <= depth && edge.length > 0; distance++) {
        const next: string[] = [];
        for (const at of edge) {
          for (const link of await this.#links.of(at, { direction, types })) {
            throwIfAborted(signal);
            const other = link.from === at ? link.to : link.from;
            if (seen.has(other)) continue;
            seen.add(other);
            const record = await this.#records.get(other);
            if (!record || record.forgottenAt !== undefined || record.quarantine !== undefined) continue;
            if (!matches(record.memory)) continue;
            found.push({ memory: record.memory, distance, link });
            if (found.length === limit) return found;
            next.push(other);
          }
        }
        edge = next;
      }
      return found;
    });
  }

  /**
   * Puts what has expired, and the weakest of what does not fit a policy, into the archive, one after another. Resolves to
   * what was archived, or with `dryRun` would be; `restore` undoes it. When the signal aborts, what is archived stays so.
   * Throws `ABORTED`.
   */
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

  /**
   * Says that a project or agent has another id now, so that what was remembered under the old one is found under the new one,
   * and under both. Throws `MEMORY_SCOPE_INVALID`, and `INPUT_INVALID` where that would lead in a circle.
   */
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

  /**
   * Everything that was remembered as lines of JSON: memories with all their versions, links, quarantines, aliases and the
   * audit. Exporting what was imported gives the same bytes.
   */
  export(options: ExportOptions = {}): AsyncIterable<string> {
    this.#lifecycle.guard();
    const { signal, onProgress } = validate(exportOptionsSchema, options, { what: "Export options" });
    const total = this.#derived.catalogue.size + this.#derived.outOfUse.size;
    let done = 0;
    const onMemory = (): void => {
      done += 1;
      if (done % 1000 === 0 || done === total) onProgress?.({ done, total });
    };
    return exportLines(this.#parts, { signal, onMemory });
  }

  /**
   * Reads what `export` wrote, whole or in pieces, such as a file's stream. Memories that are here already are left alone. It
   * is durable when the promise resolves. Throws `MEMORY_IMPORT_INVALID` with the line, `ABORTED`, and what the store throws;
   * what lies before stays imported, and the import may be repeated.
   */
  async import(
    lines: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
    options: ImportOptions = {},
  ): Promise<ImportReport> {
    return this.#lifecycle.track(async () => {
      const checked = validate(importOptionsSchema, options, { what: "Import options" });
      const parts = { ...this.#parts, store: this.#options.store, writer: this.#writer };
      return importLines(lines, parts, checked);
    });
  }

  get #parts(): ExportParts {
    return {
      records: this.#records,
      links: this.#links,
      quarantines: this.#quarantines,
      aliases: this.#aliases,
    };
  }

  /**
   * Resolves when every memory that was there at the opening has a vector of the embedder. A failing embedder is asked again,
   * so that this may take long. Throws `ABORTED`, and `CLOSED` when the memory is closed first.
   */
  async reembedded(options: WaitOptions = {}): Promise<void> {
    this.#lifecycle.guard();
    await untilAborted(this.#reembedding?.finished ?? Promise.resolve(), options.signal);
    this.#lifecycle.guard();
  }

  /** Counts. */
  stats(): MemoryStats {
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

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
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
    const { store, snapshot, dense, logger } = this.#options;
    const { changes, unfit, catalogue } = this.#derived;
    // A small memory is read as fast, and one that holds mostly what is gone is better made anew.
    if (unfit || changes < KEPT_FROM || catalogue.emptied > catalogue.size) return;
    const sequence = this.#settled.upTo(store.sequence);
    const embedder = dense ? this.#vectors.identity : undefined;
    try {
      this.#derived.changes = 0;
      await keepIndex(snapshot, this.#derived, { sequence, embedder });
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
    const { limit = 10, minScore = 0, diversity = 0, asOf, archived = false, signal } = checked;
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
      limit: diversity > 0 ? limit * DIVERSE_FACTOR : limit,
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
    const memories = await Promise.all(recent.map((id) => this.get(id)));
    return [task, path, language, ...memories.map((memory) => memory?.content ?? "")].join(" ").trim();
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

  async *#walk(options: ListOptions, matches: ReturnType<typeof filterOf>): AsyncGenerator<Memory> {
    const { after, limit = Infinity, forgotten = false, archived = true, signal } = options;
    let left = limit;
    if (left === 0) return;
    for await (const record of this.#records.entries({ after, signal })) {
      this.#lifecycle.guard();
      if ((record.forgottenAt !== undefined || record.mergedInto !== undefined) && !forgotten) continue;
      if (record.archivedAt !== undefined && !archived) continue;
      if (!matches(record.memory)) continue;
      yield record.memory;
      left -= 1;
      if (left === 0) return;
    }
  }
}

/** What a memory works with, made from its options. */
interface MemoryParts extends MemoryStoreOptions {
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
  readonly snapshot: Snapshot;
  readonly vectorIndex: MemoryStoreOptions["vectorIndex"];
}

function partsOf(options: MemoryStoreOptions): MemoryParts {
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
    snapshot: store.snapshot("memory"),
    vectorIndex,
  };
}

function explain(found: Ranked, query: string, memory: Memory): RecalledMemory["explanation"] {
  const { lexical, dense, boost, context } = found;
  const has = new Set(termsOf(searchText(memory)));
  const terms = [...new Set(termsOf(query))].filter((term) => has.has(term));
  return { lexical, dense, boost, context, terms };
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
