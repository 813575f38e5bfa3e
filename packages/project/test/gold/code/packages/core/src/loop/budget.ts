import type { Clock } from "../clock.js";
import type { Budget, Spent, Usage } from "./types.js";

const DEFAULT_TRIES = 8;

/** A reservation to be settled with what was really used. */
export interface Reservation {
  settle(actual: Usage): void;
}

/** Keeps a solve within its budget: everything is reserved before the call that would spend it. */
export class BudgetMeter {
  readonly #limits: Budget;
  readonly #clock: Clock;
  readonly #startedAt: number;
  #tries = 0;
  #tokens = 0;
  #money = 0;

  constructor(budget: Budget, clock: Clock, startedAt: number) {
    this.#limits = { ...budget, tries: budget.tries ?? DEFAULT_TRIES };
    this.#clock = clock;
    this.#startedAt = startedAt;
  }

  /** What is spent or reserved so far. */
  get spent(): Spent {
    const wallMs = Math.max(0, this.#clock() - this.#startedAt);
    return { tries: this.#tries, wallMs, tokens: this.#tokens, money: this.#money };
  }

  /** What is left; parts without a limit are absent. */
  get remaining(): Budget {
    const spent = this.spent;
    const left: { -readonly [Key in keyof Budget]: number } = {};
    for (const key of ["tries", "wallMs", "tokens", "money"] as const) {
      const limit = this.#limits[key];
      if (limit !== undefined) left[key] = Math.max(0, limit - spent[key]);
    }
    return left;
  }

  /** The part that one more try, or this usage, would overspend. */
  exceededBy(next: Usage & { readonly tries?: number }): keyof Budget | undefined {
    const left = this.remaining;
    if (left.wallMs === 0) return "wallMs";
    if (left.tries !== undefined && left.tries < (next.tries ?? 0)) return "tries";
    for (const key of ["tokens", "money"] as const) {
      const remaining = left[key];
      if (remaining === undefined) continue;
      // A call that reserves nothing may still not start with nothing left.
      if (
        next[key] === undefined ? remaining <= 0 && next.tries === undefined : remaining < (next[key] ?? 0)
      ) {
        return key;
      }
    }
    return undefined;
  }

  /** Counts one try. */
  addTry(): void {
    this.#tries += 1;
  }

  /** Takes usage up front; settle it when the call is over. */
  reserve(usage: Usage): Reservation {
    const tokens = usage.tokens ?? 0;
    const money = usage.money ?? 0;
    this.#tokens += tokens;
    this.#money += money;
    return {
      settle: (actual) => {
        this.#tokens += (actual.tokens ?? 0) - tokens;
        this.#money += (actual.money ?? 0) - money;
      },
    };
  }
}
