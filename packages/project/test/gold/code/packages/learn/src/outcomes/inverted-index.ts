/** Documents as sets of 32-bit elements, with the overlap of a query with each. Ids are 0, 1, 2… as they were added. */
export class InvertedIndex {
  readonly #postings = new Map<number, number[]>();
  readonly #sizes: number[] = [];

  /** How many documents there are. */
  get size(): number {
    return this.#sizes.length;
  }

  /** Adds a document; returns its id. Elements must not repeat. */
  add(elements: Uint32Array): number {
    const id = this.#sizes.length;
    this.#sizes.push(elements.length);
    for (const element of elements) {
      const posting = this.#postings.get(element);
      if (posting) posting.push(id);
      else this.#postings.set(element, [id]);
    }
    return id;
  }

  /**
   * The Jaccard similarity of a set with every document: shared elements over all elements, 0 to 1.
   * Source: Jaccard 1912; counted element by element over the postings.
   */
  similarities(elements: Uint32Array): Float64Array {
    const shared = new Float64Array(this.#sizes.length);
    for (const element of elements) {
      const posting = this.#postings.get(element);
      if (posting) for (const id of posting) shared[id] = (shared[id] ?? 0) + 1;
    }
    for (let id = 0; id < shared.length; id += 1) {
      const overlap = shared[id] ?? 0;
      if (overlap > 0) shared[id] = overlap / (elements.length + (this.#sizes[id] ?? 0) - overlap);
    }
    return shared;
  }
}
