/** The most that a frequency is counted to: one byte of a packed entry. BM25 is flat long before. */
const MOST = 255;
/** Lists shorter than this stay plain arrays: most terms are rare, and a typed array has a cost of its own. */
const SHORT = 16;

/** Which units hold a term, and how often: entries of `unit * 256 + frequency`, units ascending. */
class PostingList {
  #entries: number[] | Uint32Array = [];
  length = 0;

  push(unit: number, frequency: number): void {
    if (this.length === SHORT && Array.isArray(this.#entries))
      this.#entries = Uint32Array.from(this.#entries);
    if (!Array.isArray(this.#entries)) this.#entries = withRoom(this.#entries, this.length, 1.5);
    this.#entries[this.length++] = unit * 256 + Math.min(MOST, frequency);
  }

  /** The entries; only the first `length` are. */
  get entries(): ArrayLike<number> {
    return this.#entries;
  }
}

/** Posting lists by term, and the lengths of units in terms. Units are added in ascending order. */
export class Postings<Term extends string | number> {
  readonly #lists = new Map<Term, PostingList>();
  #lengths: Uint32Array = new Uint32Array(64);

  /** Adds the next unit, which is numbered `unit`. */
  add(unit: number, terms: readonly Term[]): void {
    this.#lengths = withRoom(this.#lengths, unit);
    this.#lengths[unit] = terms.length;
    for (const [term, frequency] of countOf(terms)) {
      let list = this.#lists.get(term);
      if (list === undefined) {
        list = new PostingList();
        this.#lists.set(term, list);
      }
      list.push(unit, frequency);
    }
  }

  /** How many different terms there are. */
  get size(): number {
    return this.#lists.size;
  }

  get(term: Term): PostingList | undefined {
    return this.#lists.get(term);
  }

  /** Length of each unit, in terms. */
  get lengths(): Uint32Array {
    return this.#lengths;
  }
}

/** The array, or a larger one with the same numbers where it has no place of that number. */
export function withRoom(array: Uint32Array, place: number, factor = 2): Uint32Array {
  if (place < array.length) return array;
  const larger = new Uint32Array(Math.ceil(array.length * factor));
  larger.set(array);
  return larger;
}

/** How often each occurs. */
export function countOf<Item>(items: readonly Item[]): Map<Item, number> {
  const counts = new Map<Item, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}
