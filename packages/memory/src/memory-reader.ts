import { type Lifecycle, type Memory, throwIfAborted, validate } from "@agentos/core";
import type { Aliases } from "./aliases.js";
import type { RelatedMemory } from "./answers.js";
import { checkCall } from "./checked-call.js";
import { filterOf } from "./facets.js";
import type { LinkOptions, Links, MemoryLink } from "./links.js";
import type { MemoryParts } from "./memory-parts.js";
import type { AuditOptions, ExportOptions, ListOptions, RelatedOptions } from "./options.js";
import { exportLines } from "./portability/export.js";
import type { Quarantine, Quarantines } from "./quarantine.js";
import type { AuditEntry, MemoryVersion, Records } from "./records.js";
import {
  auditOptionsSchema,
  exportOptionsSchema,
  listOptionsSchema,
  relatedOptionsSchema,
} from "./schemas.js";

/** What of a memory can be read from the store alone, in every process. */
export class MemoryReader {
  readonly #parts: MemoryParts;
  readonly #records: Records;
  readonly #links: Links;
  readonly #quarantines: Quarantines;
  readonly #aliases: Aliases;
  readonly #lifecycle: Lifecycle;
  readonly #refresh: () => Promise<unknown>;

  /** @param refresh brings aliases and quarantines to what they are now, wherever they were written */
  constructor(parts: MemoryParts, lifecycle: Lifecycle, refresh: () => Promise<unknown>) {
    this.#refresh = refresh;
    this.#parts = parts;
    this.#records = parts.records;
    this.#links = parts.links;
    this.#quarantines = parts.quarantines;
    this.#aliases = parts.aliases;
    this.#lifecycle = lifecycle;
  }

  async get(id: string, options: { readonly forgotten?: boolean } = {}): Promise<Memory | undefined> {
    this.#lifecycle.guard();
    checkCall("get", [id], options);
    const record = await this.#records.get(id);
    return record?.forgottenAt === undefined || options.forgotten ? record?.memory : undefined;
  }

  list(options: ListOptions = {}): AsyncIterable<Memory> {
    this.#lifecycle.guard();
    validate(listOptionsSchema, options, { what: "List options" });
    // What is wrong with the scopes is said at once.
    filterOf(options, (key) => key);
    return { [Symbol.asyncIterator]: () => this.#walk(options) };
  }

  async history(id: string): Promise<readonly MemoryVersion[]> {
    return this.#lifecycle.track(async () => {
      checkCall("history", [id], undefined);
      return this.#records.versions(id);
    });
  }

  audit(options: AuditOptions = {}): AsyncIterable<AuditEntry> {
    this.#lifecycle.guard();
    validate(auditOptionsSchema, options, { what: "Audit options" });
    const { from = 0, to = Infinity, signal } = options;
    return this.#records.audit({ from, to, signal });
  }

  async links(id: string, options: LinkOptions = {}): Promise<readonly MemoryLink[]> {
    return this.#lifecycle.track(async () => {
      checkCall("links", [id], options);
      return this.#links.of(id, options);
    });
  }

  async related(id: string, options: RelatedOptions = {}): Promise<readonly RelatedMemory[]> {
    return this.#lifecycle.track(async () => {
      checkCall("related", [id], options);
      const {
        depth = 1,
        direction,
        types,
        scopes,
        limit = 100,
        signal,
      } = validate(relatedOptionsSchema, options, { what: "Related options" });
      await this.#refresh();
      const matches = filterOf({ scopes }, (key) => this.#aliases.resolve(key));
      if (limit === 0) return [];
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

  export(options: ExportOptions = {}): AsyncIterable<string> {
    this.#lifecycle.guard();
    const { signal, onProgress } = validate(exportOptionsSchema, options, { what: "Export options" });
    return { [Symbol.asyncIterator]: () => this.#lines(signal, onProgress) };
  }

  async quarantines(): Promise<readonly Quarantine[]> {
    this.#lifecycle.guard();
    await this.#refresh();
    return this.#quarantines.active;
  }

  async *#lines(
    signal: AbortSignal | undefined,
    onProgress: ExportOptions["onProgress"],
  ): AsyncGenerator<string> {
    await this.#refresh();
    let done = 0;
    yield* exportLines(this.#parts, {
      signal,
      onMemory: () => {
        done += 1;
        if (done % 1000 === 0) onProgress?.({ done });
      },
    });
    onProgress?.({ done });
  }

  async *#walk(options: ListOptions): AsyncGenerator<Memory> {
    const { after, limit = Infinity, forgotten = false, archived = true, signal } = options;
    let left = limit;
    if (left === 0) return;
    await this.#refresh();
    const matches = filterOf(options, (key) => this.#aliases.resolve(key));
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
