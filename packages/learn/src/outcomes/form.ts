import type { Language } from "@agentos/core";

/** What counts of one outcome. */
export interface FormEntry {
  readonly outcomeId: string;
  readonly passed: boolean;
  /** In milliseconds since 1970. */
  readonly at: number;
  /** Whose word it is; see {@link authorityOf}. */
  readonly authority: number;
  readonly agent?: string;
  readonly model?: string;
  /** Why, from visible tests alone. */
  readonly reason: string;
  /** Name of the static rule that fires on it, if any. */
  readonly rule?: string;
}

/** Which entries began to stand and which ceased to. */
export interface StandingChange {
  readonly risen: readonly FormEntry[];
  readonly fallen: readonly FormEntry[];
}

/** All that is known of one text on one task: candidates that differ in comments and white space are one form. */
export class Form {
  readonly taskId: string;
  readonly language: Language;
  readonly exact: string;
  readonly renamed: string;
  readonly #entries = new Map<string, FormEntry>();
  #standing: FormEntry[] = [];
  #passed = 0;
  /** How many entries carry more authority than a run. */
  #stated = 0;

  constructor(facts: Pick<Form, "taskId" | "language" | "exact" | "renamed">) {
    this.taskId = facts.taskId;
    this.language = facts.language;
    this.exact = facts.exact;
    this.renamed = facts.renamed;
  }

  /** Entries that count, in no order: those which no entry of more authority contradicts. */
  get standing(): readonly FormEntry[] {
    return this.#standing;
  }

  /** How many standing entries passed. */
  get passed(): number {
    return this.#passed;
  }

  add(entry: FormEntry): StandingChange {
    this.#entries.set(entry.outcomeId, entry);
    if (entry.authority > 0) this.#stated += 1;
    if (this.#stated > 0) return this.#judge();
    // Nobody's word stands over the others, so nothing else changes: popular forms stay cheap.
    this.#standing.push(entry);
    this.#passed += entry.passed ? 1 : 0;
    return { risen: [entry], fallen: [] };
  }

  remove(outcomeId: string): StandingChange {
    const entry = this.#entries.get(outcomeId);
    this.#entries.delete(outcomeId);
    if (entry && entry.authority > 0) this.#stated -= 1;
    return this.#judge();
  }

  #judge(): StandingChange {
    const entries = [...this.#entries.values()];
    const authority = entries.reduce((most, entry) => Math.max(most, entry.authority), 0);
    const judge = entries
      .filter((entry) => entry.authority === authority)
      .toSorted(byTime)
      .at(-1);
    const before = new Set(this.#standing);
    const after = new Set(
      authority === 0 ? entries : entries.filter((entry) => entry.passed === judge?.passed),
    );
    this.#standing = [...after];
    this.#passed = this.#standing.filter((entry) => entry.passed).length;
    return {
      risen: this.#standing.filter((entry) => !before.has(entry)),
      fallen: [...before].filter((entry) => !after.has(entry)),
    };
  }
}

/** Oldest first; by id at the same time, so that the order does not depend on arrival. */
export function byTime(
  left: { readonly at: number; readonly outcomeId: string },
  right: { readonly at: number; readonly outcomeId: string },
): number {
  return (
    left.at - right.at || (left.outcomeId < right.outcomeId ? -1 : left.outcomeId > right.outcomeId ? 1 : 0)
  );
}
