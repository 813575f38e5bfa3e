import { termsOf } from "./text/terms.js";

const K1 = 1.2;
const B = 0.75;

/** A slot that fits, with its score. */
export interface Match {
  readonly slot: number;
  readonly score: number;
}

/**
 * BM25 over slots 0, 1, 2… (S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond",
 * 2009), with the never negative idf `ln(1 + (N - n + 0.5) / (n + 0.5))`. All statistics are taken over the allowed
 * slots alone, so that what lies in other scopes changes neither order nor scores.
 */
export class LexicalIndex {
  /** Slot and frequency by turns, slots ascending. */
  readonly #postings = new Map<string, number[]>();
  readonly #lengths: number[] = [];

  /** Adds the text of the next slot. Slots are never changed or removed; they stop being allowed. */
  add(text: string): number {
    const slot = this.#lengths.length;
    const terms = termsOf(text);
    this.#lengths.push(terms.length);
    for (const [term, frequency] of countOf(terms)) {
      const posting = this.#postings.get(term);
      if (posting === undefined) this.#postings.set(term, [slot, frequency]);
      else posting.push(slot, frequency);
    }
    return slot;
  }

  /** How many different terms there are. */
  get terms(): number {
    return this.#postings.size;
  }

  /** Slots that hold a term of the query, best first, at most `limit`. `allowed` has a non-zero byte for each slot that may be seen. */
  search(query: string, allowed: Uint8Array, limit: number): readonly Match[] {
    const { count, meanLength } = this.#statistics(allowed);
    const scores = new Map<number, number>();
    for (const [term, weight] of countOf(termsOf(query))) {
      const posting = this.#postings.get(term);
      if (posting === undefined) continue;
      let matching = 0;
      for (let i = 0; i < posting.length; i += 2) if (allowed[posting[i] ?? 0]) matching += 1;
      const idf = Math.log(1 + (count - matching + 0.5) / (matching + 0.5));
      for (let i = 0; i < posting.length; i += 2) {
        const slot = posting[i] ?? 0;
        if (!allowed[slot]) continue;
        const frequency = posting[i + 1] ?? 0;
        const length = (this.#lengths[slot] ?? 0) / meanLength;
        const score = (idf * frequency * (K1 + 1)) / (frequency + K1 * (1 - B + B * length));
        scores.set(slot, (scores.get(slot) ?? 0) + weight * score);
      }
    }
    return [...scores]
      .map(([slot, score]) => ({ slot, score }))
      .sort((a, b) => b.score - a.score || a.slot - b.slot)
      .slice(0, limit);
  }

  #statistics(allowed: Uint8Array): { count: number; meanLength: number } {
    let count = 0;
    let total = 0;
    for (let slot = 0; slot < this.#lengths.length; slot++) {
      if (!allowed[slot]) continue;
      count += 1;
      total += this.#lengths[slot] ?? 0;
    }
    return { count, meanLength: total > 0 ? total / count : 1 };
  }
}

function countOf(terms: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}
