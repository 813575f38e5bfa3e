import { type Clock, isAgentOSError, type Logger } from "@agentos/core";
import { ChangedKeys, type Collection, type Store } from "@agentos/store";
import { Experience } from "./experience.js";
import { byTime } from "./outcomes/form.js";
import { OUTCOME_COLLECTION, type OutcomeRecord, recordProblem } from "./outcomes/record.js";
import type { Tuning } from "./outcomes/tuning.js";

/** What {@link KeptExperience} works with. */
export interface KeptExperienceParts {
  readonly store: Store;
  readonly tuning: Tuning;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * The experience that lies in a store as outcomes. Several processes may write them: before each question, those that were
 * written since the last one are read again.
 */
export class KeptExperience {
  readonly #parts: KeptExperienceParts;
  readonly #records: Collection<unknown>;
  readonly #changed: ChangedKeys;
  readonly #unreadable = new Set<string>();
  #experience: Experience;
  #readers = 0;

  constructor(parts: KeptExperienceParts) {
    this.#parts = parts;
    this.#records = parts.store.collection(OUTCOME_COLLECTION);
    this.#changed = new ChangedKeys(parts.store, OUTCOME_COLLECTION);
    this.#experience = new Experience(parts.tuning);
  }

  /** Stored records that cannot be read, and are passed over. */
  get unreadable(): number {
    return this.#unreadable.size;
  }

  /** With every outcome that this process has heard of, and at the present time. To be used before anything is awaited. */
  async current(): Promise<Experience> {
    this.#readers += 1;
    try {
      await this.#changed.read(async (changed) => {
        if (changed === "all") await this.#readAll();
        else for (const id of changed) await this.#readOne(id);
      });
    } finally {
      this.#readers -= 1;
    }
    this.#experience.advance(this.#parts.clock());
    return this.#experience;
  }

  /** Takes in what this process wrote with that sequence, unless it is being read again, or something came behind it. */
  wrote(sequence: number, outcomeId: string, record: OutcomeRecord | undefined): void {
    if (this.#readers > 0 || !this.#changed.claim(outcomeId, sequence)) return;
    this.#put(outcomeId, record);
  }

  close(): void {
    this.#changed.close();
  }

  async #readAll(): Promise<void> {
    const records: OutcomeRecord[] = [];
    this.#unreadable.clear();
    let after: string | undefined;
    for (let done = false; !done; ) {
      try {
        for await (const [key, value] of this.#records.entries(after === undefined ? {} : { after })) {
          after = key;
          const record = this.#readable(key, value);
          if (record !== undefined) records.push(record);
        }
        done = true;
      } catch (error) {
        // One damaged value ends the walk; the walk goes on behind it.
        after = damagedKey(error);
        this.#passOver(after, "it is not JSON");
      }
    }
    const experience = new Experience(this.#parts.tuning);
    experience.advance(this.#experience.now);
    for (const record of records.sort(inTime)) experience.add(record);
    this.#experience = experience;
  }

  async #readOne(id: string): Promise<void> {
    this.#unreadable.delete(id);
    let record: OutcomeRecord | undefined;
    try {
      const value = await this.#records.get(id);
      record = value === undefined ? undefined : this.#readable(id, value);
    } catch (error) {
      damagedKey(error);
      this.#passOver(id, "it is not JSON");
    }
    this.#put(id, record);
  }

  #put(id: string, record: OutcomeRecord | undefined): void {
    this.#experience.remove(id);
    if (record !== undefined) this.#experience.add(record);
  }

  #readable(key: string, value: unknown): OutcomeRecord | undefined {
    const problem = recordProblem(key, value);
    if (problem === undefined) return value as OutcomeRecord;
    this.#passOver(key, problem);
    return undefined;
  }

  #passOver(outcomeId: string, problem: string): void {
    this.#unreadable.add(outcomeId);
    this.#parts.logger.warn({ outcomeId, problem }, "A stored outcome cannot be read and is passed over.");
  }
}

/** The key whose value is damaged. Throws the error when it is about something else. */
function damagedKey(error: unknown): string {
  const key = isAgentOSError(error, "STORE_CORRUPT") ? error.details["key"] : undefined;
  if (typeof key !== "string") throw error;
  return key;
}

function inTime({ outcome: left }: OutcomeRecord, { outcome: right }: OutcomeRecord): number {
  return byTime({ at: left.at, outcomeId: left.id }, { at: right.at, outcomeId: right.id });
}
