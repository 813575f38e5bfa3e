/**
 * Plain BM25 (k1 1.2, b 0.75) over runs of letters and digits in lower case: no stemming, no stop words, no splitting. The
 * peer whose figures the memory's are held against.
 */
export class PlainBm25 {
  readonly #documents: readonly ReadonlyMap<string, number>[];
  readonly #lengths: readonly number[];
  readonly #mean: number;
  readonly #holders = new Map<string, number>();

  constructor(texts: readonly string[]) {
    const documents = texts.map(tokens);
    this.#lengths = documents.map((terms) => terms.length);
    this.#mean = this.#lengths.reduce((sum, length) => sum + length, 0) / texts.length || 1;
    this.#documents = documents.map(counted);
    for (const document of this.#documents) {
      for (const term of document.keys()) this.#holders.set(term, (this.#holders.get(term) ?? 0) + 1);
    }
  }

  /** Places of the texts, best first, equal ones by place; those without a word of the query are left out. */
  rank(query: string): readonly number[] {
    const scores = this.#documents.map((document, place) => {
      let score = 0;
      for (const [term, weight] of counted(tokens(query))) {
        const frequency = document.get(term) ?? 0;
        if (frequency === 0) continue;
        const holders = this.#holders.get(term) ?? 0;
        const idf = Math.log(1 + (this.#documents.length - holders + 0.5) / (holders + 0.5));
        const relative = (this.#lengths[place] ?? 0) / this.#mean;
        score += (weight * idf * frequency * 2.2) / (frequency + 1.2 * (0.25 + 0.75 * relative));
      }
      return score;
    });
    return scores
      .map((score, place) => ({ score, place }))
      .filter(({ score }) => score > 0)
      .sort((one, other) => other.score - one.score || one.place - other.place)
      .map(({ place }) => place);
  }
}

function tokens(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function counted(terms: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}
