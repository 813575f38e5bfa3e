import {
  Lifecycle,
  type Memory,
  type MemorySource,
  type Recall,
  type RecalledMemory,
  type Scope,
  throwIfAborted,
  validate,
  type WaitOptions,
} from "@agentos/core";
import type { KnowingProject, MemoryStats, Passage, RelatedMemory } from "./answers.js";
import { checkCall, checkPieces } from "./checked-call.js";
import type { CleanupItem, CleanupPolicy } from "./lifecycle.js";
import type { LinkOptions, MemoryLink } from "./links.js";
import { loadNames, type MemoryParts, partsOf } from "./memory-parts.js";
import { MemoryReader } from "./memory-reader.js";
import type { Names, PurgeReceipt } from "./memory-writer.js";
import type {
  AuditOptions,
  CleanupOptions,
  ExportOptions,
  ListOptions,
  MemoryCorrection,
  MemoryInput,
  MemoryStoreOptions,
  QuarantineOptions,
  RecallOptions,
  RelatedOptions,
} from "./options.js";
import { OwnerMemory, type OwnerMethod } from "./owner-memory.js";
import { type ImportOptions, type ImportReport, importLines } from "./portability/import.js";
import type { Quarantine } from "./quarantine.js";
import type { AuditEntry, MemoryVersion, WholeRecord } from "./records.js";
import { cleanupOptionsSchema, importOptionsSchema, memoryStoreOptionsSchema } from "./schemas.js";

/**
 * A memory that lasts across projects. Records are kept in a Store; the indexes are derived from them. It satisfies core's
 * `Recall`. Over a shared store the indexes live in the process that owns it, and all processes ask them there; when that
 * process ends, the next owner makes its own.
 */
export class MemoryStore implements Recall {
  readonly #parts: MemoryParts;
  readonly #reader: MemoryReader;
  readonly #lifecycle = new Lifecycle("MemoryStore");
  readonly #owner: OwnerMemory;
  readonly #closing = new AbortController();

  private constructor(parts: MemoryParts) {
    this.#parts = parts;
    this.#reader = new MemoryReader(parts, this.#lifecycle, () => this.#refresh());
    this.#owner = new OwnerMemory(parts);
    this.#lifecycle.add(this.#owner);
  }

  /**
   * Reads what the store holds. Where vectors are searched, memories without a vector of this embedder, all of them when it is
   * another than before, are embedded in the background; until then they are found by their words.
   * In a shared store, options count for the process that owns it: give the same ones everywhere.
   * Throws `OPTIONS_INVALID`, `INPUT_INVALID` where this Store has an open memory already, and what the store throws.
   */
  static async open(options: MemoryStoreOptions): Promise<MemoryStore> {
    const parts = partsOf(validate(memoryStoreOptionsSchema, options, { what: "MemoryStore options" }));
    const memory = new MemoryStore(parts);
    try {
      await memory.#owner.begin();
    } catch (error) {
      await memory.close().catch(() => {});
      throw error;
    }
    return memory;
  }

  /**
   * Stores a memory; it is on the disk when the promise resolves. Secrets are taken out first. What was said before in the
   * same scope and kind, in the same words or in others that mean no more and no less, is merged with it: tags and metadata
   * are united, the greater importance stays, and the time in which it is true is extended, unless the two times lie apart.
   * Of one's own and one from outside, one's own stands as it was said.
   * With a `subject`, the value before it is closed, and stays in the history.
   * When the signal aborts before it is given to the disk of this process, nothing is stored; where another process owns the
   * store, it may be.
   * Throws `MEMORY_CONTENT_EMPTY`, `MEMORY_CONTENT_TOO_LONG`, `MEMORY_SCOPE_INVALID`, `INPUT_INVALID`,
   * `MEMORY_EMBEDDER_FAILED`, `ABORTED`, and what `Store.write` throws.
   */
  async remember(input: MemoryInput, options: WaitOptions = {}): Promise<Memory> {
    return this.#tracked("remember", [input], options);
  }

  /**
   * Changes what a memory says; the version before it stays in the history. Fields that are not named stay; `null` takes one
   * away. Resolves to the memory as it is now, or undefined when there is none, or it was forgotten.
   * Throws what {@link MemoryStore.remember} throws.
   */
  async correct(
    id: string,
    correction: MemoryCorrection,
    options: WaitOptions = {},
  ): Promise<Memory | undefined> {
    return this.#tracked("correct", [id, correction], options);
  }

  /**
   * Memories that fit a query of words, best first. Filters come before ranking; what is forgotten, archived, in quarantine,
   * expired, not yet true or no longer true is never found. Memories that share neither words nor likeness with the query
   * are left out. While memories are embedded anew, a failing embedder leaves it to the words.
   * Throws `OPTIONS_INVALID`, `INPUT_INVALID`, `MEMORY_SCOPE_INVALID`, `MEMORY_EMBEDDER_FAILED`, `ABORTED`.
   */
  async recall(query: string, options: RecallOptions = {}): Promise<readonly RecalledMemory[]> {
    return this.#tracked("recall", [query], options);
  }

  /**
   * The parts of memories that fit, best first: lines, or sentences of long lines. For a brief that has little room, and for
   * long memories, such as what was said in a session. Finds and throws what {@link MemoryStore.recall} does.
   */
  async passages(query: string, options: RecallOptions = {}): Promise<readonly Passage[]> {
    return this.#tracked("passages", [query], options);
  }

  /**
   * Which projects know something about a query, best first, with their best memories: a question across projects, to be
   * asked on purpose. Throws what {@link MemoryStore.recall} throws.
   */
  async projectsKnowing(
    query: string,
    options: WaitOptions & { readonly limit?: number; readonly memories?: number } = {},
  ): Promise<readonly KnowingProject[]> {
    return this.#tracked("projectsKnowing", [query], options);
  }

  /** The memory of that id, or undefined when there is none or it was forgotten. */
  async get(id: string, options: { readonly forgotten?: boolean } = {}): Promise<Memory | undefined> {
    return this.#reader.get(id, options);
  }

  /** Walks memories by id (the default ids sort by the time of recording); also those not true now, or in quarantine. */
  list(options: ListOptions = {}): AsyncIterable<Memory> {
    return this.#reader.list(options);
  }

  /** Every version of a memory, oldest first: what it said, what was done to it, and when. Empty when there is none. */
  async history(id: string): Promise<readonly MemoryVersion[]> {
    return this.#reader.history(id);
  }

  /** What was written to the memory, oldest first. */
  audit(options: AuditOptions = {}): AsyncIterable<AuditEntry> {
    return this.#reader.audit(options);
  }

  /**
   * Hides a memory from everything but `get` and `list` with `forgotten: true`, and `history`. The record stays. Resolves to
   * whether there was one to forget.
   */
  async forget(id: string): Promise<boolean> {
    return this.#tracked("forget", [id]);
  }

  /** Puts a memory out of use: it is found with `archived: true` alone. Resolves to whether there was one to archive. */
  async archive(id: string): Promise<boolean> {
    return this.#tracked("archive", [id]);
  }

  /**
   * Undoes `forget`, `archive` and the merging of a near duplicate, which is a memory of its own again; with a version, gives
   * the memory back what it said then. Resolves to the memory, or undefined when there is none, or no such version.
   * Throws `MEMORY_EMBEDDER_FAILED`, `ABORTED`.
   */
  async restore(
    id: string,
    options: WaitOptions & { readonly version?: number } = {},
  ): Promise<Memory | undefined> {
    return this.#tracked("restore", [id], options);
  }

  /**
   * Removes a memory and every trace of it: versions, audit, vector, links; and then the bytes that the store still keeps of
   * them. Resolves to a receipt that says so, and no more; undefined when there was none. It takes as long as copying the store;
   * when the signal aborts, the memory is gone, and its bytes are when it is purged again. Throws `ABORTED`.
   */
  async purge(id: string, options: WaitOptions = {}): Promise<PurgeReceipt | undefined> {
    return this.#tracked("purge", [id], options);
  }

  /**
   * Holds back everything that came from a source, now and later: a repository that was poisoned, a tool that lied. Resolves
   * to the quarantine, and to how many memories it took out of recall.
   */
  async quarantine(
    source: MemorySource,
    options: QuarantineOptions = {},
  ): Promise<{ readonly quarantine: Quarantine; readonly memories: number }> {
    return this.#tracked("quarantine", [source], options);
  }

  /** Ends a quarantine. Resolves to how many memories came back. */
  async release(quarantineId: string): Promise<number> {
    return this.#tracked("release", [quarantineId]);
  }

  /** The quarantines that hold. */
  async quarantines(): Promise<readonly Quarantine[]> {
    return this.#reader.quarantines();
  }

  /**
   * Says how one memory stands to another. Resolves to whether the link is new. Throws `MEMORY_NOT_FOUND` where either is not
   * there, and `INPUT_INVALID`.
   */
  async link(link: MemoryLink): Promise<boolean> {
    return this.#tracked("link", [link]);
  }

  /** Takes a link away. Resolves to whether there was one. */
  async unlink(link: MemoryLink): Promise<boolean> {
    return this.#tracked("unlink", [link]);
  }

  /** The links of a memory, those that lead away from it first. */
  async links(id: string, options: LinkOptions = {}): Promise<readonly MemoryLink[]> {
    return this.#reader.links(id, options);
  }

  /**
   * The memories that links lead to, the nearest first, each once; forgotten ones and those in quarantine are left out, and
   * nothing behind them is reached. Only scopes that the filter names are entered, as in {@link MemoryStore.recall}.
   */
  async related(id: string, options: RelatedOptions = {}): Promise<readonly RelatedMemory[]> {
    return this.#reader.related(id, options);
  }

  /**
   * Puts what has expired, and the weakest of what does not fit a policy, into the archive, one after another. Resolves to
   * what was archived, or with `dryRun` would be; `restore` undoes it. When the signal aborts, what is archived stays so.
   * Throws `ABORTED`.
   */
  async cleanup(policy: CleanupPolicy, options: CleanupOptions = {}): Promise<readonly CleanupItem[]> {
    return this.#lifecycle.track(async () => {
      checkCall("cleanup", [policy], options);
      const {
        dryRun = false,
        signal,
        onProgress,
        ...rest
      } = validate(cleanupOptionsSchema, { ...policy, ...options }, { what: "Cleanup options" });
      const plan = await this.#owner.ask<readonly CleanupItem[]>("planCleanup", [rest], { signal });
      if (dryRun) return plan;
      let done = 0;
      for (const item of plan) {
        throwIfAborted(signal);
        await this.#owner.ask("putAside", [item]);
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
    return this.#tracked("alias", [old, now]);
  }

  /**
   * Everything that was remembered as lines of JSON: memories with all their versions, links, quarantines, aliases and the
   * audit. Exporting what was imported gives the same bytes.
   */
  export(options: ExportOptions = {}): AsyncIterable<string> {
    return this.#reader.export(options);
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
      checkPieces(lines);
      const checked = validate(importOptionsSchema, options, { what: "Import options" });
      await this.#refresh();
      const restoreAll = (wholes: readonly WholeRecord[]): Promise<void> =>
        this.#owner.ask("restoreAll", [wholes]);
      const restoreNames = (names: Names): Promise<void> => this.#owner.ask("restoreNames", [names]);
      return importLines(lines, { ...this.#parts, restoreAll, restoreNames }, checked);
    });
  }

  /**
   * Resolves when every memory that was there at the opening has a vector of the embedder. A failing embedder is asked again,
   * so that this may take long. Throws `ABORTED`, and `CLOSED` when the memory is closed first.
   */
  async reembedded(options: WaitOptions = {}): Promise<void> {
    // Closing does not wait for it: it ends it, here and in the process that is asked.
    this.#lifecycle.guard();
    const closing = this.#closing.signal;
    const signal = options.signal ? AbortSignal.any([options.signal, closing]) : closing;
    try {
      await this.#owner.ask("reembedded", [], { ...options, signal });
    } finally {
      this.#lifecycle.guard();
    }
  }

  /** Counts. */
  async stats(): Promise<MemoryStats> {
    return this.#tracked("stats", []);
  }

  /** Waits for what is under way, and ends embedding anew, which goes on at the next opening. The store stays open. Idempotent. */
  close(): Promise<void> {
    const closed = this.#lifecycle.close();
    this.#closing.abort();
    return closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Aliases and quarantines as they are now: the owner keeps them so, other processes read them anew. */
  async #refresh(): Promise<void> {
    if (this.#parts.store.role === "owner") await this.#owner.local();
    else await loadNames(this.#parts);
  }

  #tracked<Answer>(method: OwnerMethod, values: readonly unknown[], options?: object): Promise<Answer> {
    return this.#lifecycle.track(() => this.#owner.ask<Answer>(method, values, options));
  }
}
