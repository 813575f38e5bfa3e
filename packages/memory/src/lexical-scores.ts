import { BestMatches } from "./best-matches.js";
import type { Wanted } from "./field.js";

/** A slot that fits, with its score. */
export interface Match {
  readonly slot: number;
  readonly score: number;
}

/** A part of a slot's text that fits, with its score. */
export interface UnitMatch extends Match {
  /** Which part of the text, counted from 0. */
  readonly unit: number;
}

/** What a part gets of the score of its text. */
const OF_TEXT = 0.3;

/** Which units are whose. */
export interface Places {
  /** The first unit of each slot, and the one behind its last. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** The slot of each unit. */
  readonly slots: Uint32Array;
}

/** What a query found, by slot and by unit. */
export class LexicalScores {
  readonly #scores: Float32Array;
  readonly #units: Float32Array;
  readonly #places: Places;
  /** The terms that were looked for, with what stood in for them. */
  readonly wanted: readonly Wanted<string>[];

  constructor(scores: Float32Array, units: Float32Array, places: Places, wanted: readonly Wanted<string>[]) {
    this.wanted = wanted;
    this.#scores = scores;
    this.#units = units;
    this.#places = places;
  }

  /** The best slots, best first, equal ones in the order in which they were added. */
  best(limit: number): readonly Match[] {
    const best = new BestMatches(limit);
    const scores = this.#scores;
    let worst = 0;
    for (let slot = 0; slot < scores.length; slot++) {
      const score = scores[slot] as number;
      if (score < worst || score === 0) continue;
      // Units are numbered in the order of adding.
      best.add(this.#places.starts[slot] as number, score);
      worst = Math.max(0, best.worst);
    }
    return best
      .sorted()
      .map(({ slot: unit, score }) => ({ slot: this.#places.slots[unit] as number, score }));
  }

  /** The score of one slot. */
  of(slot: number): number {
    return this.#scores[slot] ?? 0;
  }

  /** The best parts of some slots. A part is scored by itself, and by its text, whose score is given. */
  bestUnits(slots: ReadonlyMap<number, number>, limit: number): readonly UnitMatch[] {
    const found: UnitMatch[] = [];
    for (const [slot, score] of slots) {
      const from = this.#places.starts[slot] ?? 0;
      for (let at = from; at < (this.#places.ends[slot] ?? 0); at++) {
        const own = this.#units[at] ?? 0;
        if (own > 0) found.push({ slot, unit: at - from, score: (own + OF_TEXT * score) / (1 + OF_TEXT) });
      }
    }
    return found.sort((a, b) => b.score - a.score || a.slot - b.slot || a.unit - b.unit).slice(0, limit);
  }
}
