import type { Memory } from "@agentos/core";
import type { Derived } from "../derived.js";
import type { MemoryLink } from "../links.js";
import { inUse, known, type MemoryRecord, validityTouches } from "../record.js";
import { newVersion, type RecordChange, type Records } from "../records.js";
import type { Turns } from "../turns.js";
import { judge } from "./judge.js";

/** How what is said stands to what is there. */
export interface Judged {
  /** What says the same. */
  readonly merge?: MemoryRecord;
  /** What says something else about it. */
  readonly link?: Pick<MemoryLink, "type" | "to">;
}

/** Decides how what is said stands to the memories that are there: the same, the next value, a contradiction, or new. */
export class Standing {
  readonly #parts: {
    readonly records: Records;
    readonly derived: Derived;
    readonly turns: Turns;
    readonly clock: () => number;
  };

  constructor(parts: {
    readonly records: Records;
    readonly derived: Derived;
    readonly turns: Turns;
    readonly clock: () => number;
  }) {
    this.#parts = parts;
  }

  /** The memory of these that says the same, in use and at the same time. */
  async sameAs(said: Memory, ids: readonly string[]): Promise<MemoryRecord | undefined> {
    for (const id of ids) {
      const record = await this.#parts.records.get(id);
      if (record !== undefined && inUse(record) && validityTouches(record.memory, said)) return record;
    }
    return undefined;
  }

  /** Ids of memories that may say the same in other words. */
  nominated(said: Memory): readonly string[] {
    const { derived, clock } = this.#parts;
    const { near, catalogue } = derived;
    if (near === undefined) return [];
    const now = clock();
    const filter = { scopes: [said.scope], kinds: [said.kind] };
    const allowed = catalogue.allowed(filter, { now, at: said.validFrom }, (key) => key);
    return near.nominate(said.content, { allowed }).flatMap(({ slot }) => catalogue.entry(slot)?.key ?? []);
  }

  /** The memory that says the same, or how the nearest of the others stands to what is said. */
  async judged(said: Memory, ids: readonly string[]): Promise<Judged> {
    let link: Pick<MemoryLink, "type" | "to"> | undefined;
    for (const id of ids) {
      const record = await this.#parts.records.get(id);
      if (record === undefined || !inUse(record)) continue;
      const old = record.memory;
      // What comes from outside changes nothing that is our own, and values of two subjects are not one.
      if (old.subject !== said.subject || (old.trust === "own" && said.trust === "outside")) continue;
      await this.#parts.turns.take();
      const { verdict } = judge(old.content, said.content);
      // The words of the other would be believed as those of this one.
      if (verdict === "merge" && old.trust === said.trust && validityTouches(old, said))
        return { merge: record };
      if (verdict === "supersedes" || verdict === "contradicts") link ??= { type: verdict, to: id };
    }
    return { link };
  }

  /** What a new value of a subject does to the other values: the one before it ends where it begins. */
  async closing(
    memory: Memory,
    about: readonly string[],
  ): Promise<{ readonly changes: readonly RecordChange[]; readonly value: Memory }> {
    const { clock } = this.#parts;
    const changes: RecordChange[] = [];
    let { validTo } = memory;
    for (const id of about) {
      const before = id === memory.id ? undefined : await this.#parts.records.get(id);
      if (before === undefined || !inUse(before)) continue;
      const other = before.memory;
      // What comes from outside ends nothing that is our own.
      if (other.trust === "own" && memory.trust === "outside") continue;
      if (other.validFrom > memory.validFrom) {
        // A value that was true before one that is known already.
        validTo = Math.min(validTo ?? Infinity, other.validFrom);
      } else if ((other.validTo ?? Infinity) > memory.validFrom) {
        const closed = { memory: { ...other, validTo: memory.validFrom } };
        changes.push(newVersion(before, closed, "closed", clock()));
      }
    }
    return { changes, value: known({ ...memory, validTo }) };
  }
}
