import {
  coreError,
  isAgentOSError,
  type Memory,
  type RecalledMemory,
  throwIfAborted,
  validate,
  type WaitOptions,
} from "@agentos/core";
import type { KnowingProject, Passage } from "./answers.js";
import type { Derived } from "./derived.js";
import { diverse } from "./diversity.js";
import type { Wanted } from "./field.js";
import type { MemoryParts } from "./memory-parts.js";
import type { RecallOptions } from "./options.js";
import { versionOfKey } from "./past.js";
import type { Ranked } from "./ranking.js";
import { inUse, searchText, stateOf } from "./record.js";
import { recallOptionsSchema } from "./schemas.js";
import { type Found, search } from "./search.js";
import { termsOf } from "./text/terms.js";
import { unitsOf } from "./text/units.js";

/** How many of what is likeliest are looked at for each that is wanted, when they are to be unlike each other. */
const DIVERSE_FACTOR = 5;

/** How many projects are told, and how many memories of each. */
export interface KnowingOptions extends WaitOptions {
  readonly limit?: number;
  readonly memories?: number;
}

/** Answers questions from the indexes, with the records as they are now. */
export class Recalling {
  readonly #parts: MemoryParts;
  readonly #derived: Derived;
  /** Whether memories wait for their vectors. */
  readonly #waiting: () => boolean;

  constructor(parts: MemoryParts, derived: Derived, waiting: () => boolean) {
    this.#parts = parts;
    this.#derived = derived;
    this.#waiting = waiting;
  }

  async recall(query: string, options: RecallOptions = {}): Promise<readonly RecalledMemory[]> {
    const { limit = 10, diversity = 0 } = options;
    const wanted = lookedAt(options);
    let lookedFor: readonly Wanted<string>[] = [];
    const ranked = await this.#search(query, options, (found) => {
      lookedFor = found.lexical.wanted;
      return found.ranked;
    });
    const recalled: RecalledMemory[] = [];
    for (const one of ranked) {
      if (recalled.length === wanted) break;
      throwIfAborted(options.signal);
      const memory = await this.#seen(one, options);
      // Else it was forgotten while this was reading.
      if (memory === undefined) continue;
      const explanation = options.explain ? explain(one, lookedFor, memory) : undefined;
      recalled.push({ memory, score: one.score, ...(explanation && { explanation }) });
    }
    if (diversity === 0) return recalled;
    return diverse(recalled, { diversity, limit, textOf: ({ memory }) => searchText(memory) });
  }

  async passages(query: string, options: RecallOptions = {}): Promise<readonly Passage[]> {
    const { limit = 10 } = options;
    const units = await this.#search(query, options, ({ ranked, lexical }) => {
      const bySlot = new Map(ranked.map((one) => [one.slot, one]));
      const slots = new Map(ranked.map(({ slot, score }) => [slot, score]));
      return lexical.bestUnits(slots, limit).map((one) => ({ ...one, found: bySlot.get(one.slot) }));
    });
    const passages: Passage[] = [];
    for (const { found, unit, score } of units) {
      throwIfAborted(options.signal);
      const memory = found && (await this.#seen(found, options));
      const place = memory && unitsOf(searchText(memory))[unit];
      // A part behind the content is its tags, which are no passage.
      if (!memory || !place || place.start >= memory.content.length) continue;
      passages.push({ memory, ...place, text: memory.content.slice(place.start, place.end), score });
    }
    return passages;
  }

  async projectsKnowing(query: string, options: KnowingOptions = {}): Promise<readonly KnowingProject[]> {
    const { limit = 10, memories = 3, signal } = options;
    const found = await this.recall(query, { scopes: "all", limit: 200, signal });
    const projects = new Map<string, RecalledMemory[]>();
    for (const one of found) {
      const { level, id } = this.#parts.aliases.scope(one.memory.scope);
      if (level !== "project" || id === undefined) continue;
      const there = projects.get(id) ?? [];
      if (there.length < memories) there.push(one);
      projects.set(id, there);
    }
    return [...projects]
      .slice(0, limit)
      .map(([project, known]) => ({ project, score: known[0]?.score ?? 0, memories: known }));
  }

  /** Searches, and takes what is wanted of what was found: its slots mean nothing afterwards. */
  async #search<Taken>(
    query: string,
    options: RecallOptions,
    take: (found: Found) => readonly Taken[],
  ): Promise<readonly Taken[]> {
    const checked = validate(recallOptionsSchema, options, { what: "Recall options" });
    if (typeof query !== "string") throw coreError("INPUT_INVALID", "Recall needs a query of text.");
    const { limit = 10, minScore = 0, asOf, archived = false, signal } = checked;
    throwIfAborted(signal);
    if (limit === 0 || query.trim() === "") return [];
    const { unrelatedBelow = 0 } = this.#parts.vectors.embedder;
    const now = this.#parts.clock();
    const moments = { now, at: checked.at ?? asOf ?? now, known: asOf };
    const past = asOf !== undefined || archived ? await this.#derived.past(this.#parts.records) : undefined;
    const catalogue = past?.catalogue ?? this.#derived.catalogue;
    const context = await this.#contextOf(checked);
    const mask = catalogue.allowed(checked, moments, (key) => this.#parts.aliases.resolve(key));
    const allowed = past && archived ? past.onlyArchived(mask) : mask;
    const dense =
      past || !this.#parts.dense
        ? undefined
        : {
            index: this.#derived.index,
            embedQuery: (text: string) => this.#embedQuery(text, signal),
            unrelatedBelow,
          };
    const done = catalogue.read();
    try {
      return take(
        await search(query, {
          catalogue,
          ...(dense && { dense }),
          lexicalWeight: this.#parts.lexicalWeight,
          allowed,
          limit: lookedAt(checked),
          minScore,
          now,
          boost: checked.boost ?? {},
          context,
          signal,
        }),
      );
    } finally {
      done();
    }
  }

  /** The vector of a question; undefined where words alone must do. */
  async #embedQuery(query: string, signal: AbortSignal | undefined): Promise<Float32Array | undefined> {
    try {
      return await this.#parts.vectors.embedQuery(query, { signal });
    } catch (error) {
      // While memories wait for a failing embedder to give them vectors, words alone must do.
      if (!this.#waiting() || !isAgentOSError(error, "MEMORY_EMBEDDER_FAILED")) throw error;
      this.#parts.logger.warn({ error }, "recalled by words alone");
      return undefined;
    }
  }

  /** Words of what somebody is at. */
  async #contextOf({ context }: RecallOptions): Promise<string> {
    if (context === undefined) return "";
    const { task = "", path = "", language = "", recent = [] } = context;
    const memories = await Promise.all(recent.map((id) => this.#parts.records.get(id)));
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
      const record = await this.#parts.records.get(found.key);
      return record === undefined || stateOf(record) !== undefined ? undefined : record.memory;
    }
    const { id, version } = versionOfKey(found.key);
    return (await this.#parts.records.versions(id)).find((one) => one.version === version)?.memory;
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
