/** The most that a frequency is counted to: one byte of a packed entry. BM25 is flat long before. */
const MOST = 255;
/** Entries of the first run of a term, and of the longest: each is twice as long as the one before. */
const SHORTEST = 2;
const LONGEST = 4096;
/** Places of a page of runs. */
const PAGE = 1 << 18;
/** What precedes the entries of a run: where the next one begins. */
const HEAD = 1;
/** Numbers kept of each term. */
const FIRST = 0;
const LAST = 1;
const USED = 2;
const LENGTH = 3;
const FACTS = 4;

/** In place of a unit's new number: it is left out. */
export const GONE = 0xffffffff;
/** What a term costs that is looked at, in entries. */
const TERM_COST = 4;

/** Looks at entries of `unit * 256 + frequency`, from one place of the array up to another, units ascending. */
export type EntryVisitor = (entries: Uint32Array, from: number, to: number) => void;

/**
 * Which units hold a term, and how often: lists by term, and the lengths of units in terms. Units are added in ascending
 * order. A list is a chain of runs in pages of numbers, so that millions of lists cost no objects, grow without being
 * copied, and can be written to a file and laid under again as they are.
 */
export class Postings<Term extends string | number> {
  readonly #terms = new Map<Term, number>();
  readonly #pages: Uint32Array[] = [];
  /** Whether a page was given away or lies over somebody's bytes: it is copied before it is written to. */
  readonly #lent: boolean[] = [];
  #facts: Uint32Array = new Uint32Array(64 * FACTS);
  /** Of each unit, in terms. */
  #lengths: Uint32Array = new Uint32Array(64);
  /** Where the next run begins: page times {@link PAGE} and place. */
  #free = 0;

  /** Adds the next unit, which is numbered `unit`. */
  add(unit: number, terms: readonly Term[]): void {
    this.#lengths = withRoom(this.#lengths, unit);
    this.#lengths[unit] = terms.length;
    for (const [term, frequency] of countOf(terms))
      this.#push(this.#place(term), unit * 256 + Math.min(MOST, frequency));
  }

  /**
   * The same without some units, the others numbered anew, in order; terms that nobody has any more are gone. It is done in
   * steps of so many entries, and gives what it made at the end. Units that are added meanwhile, beyond the end of
   * `numbers`, are left out.
   * @param numbers the new number of each unit; {@link GONE} where it is left out
   */
  *without(numbers: Uint32Array, entriesAtOnce: number): Generator<void, Postings<Term>> {
    const made = new Postings<Term>();
    let done = 0;
    for (const term of this.#terms.keys()) {
      let place = -1;
      this.visit(term, (entries, from, to) => {
        done += to - from;
        for (let at = from; at < to; at++) {
          const entry = entries[at] as number;
          const unit = entry >>> 8;
          const number = unit < numbers.length ? (numbers[unit] as number) : GONE;
          if (number === GONE) continue;
          if (place < 0) place = made.#place(term);
          made.#push(place, number * 256 + (entry & MOST));
        }
      });
      done += TERM_COST;
      if (done < entriesAtOnce) continue;
      done = 0;
      yield;
    }
    for (let unit = 0; unit < numbers.length; unit++) {
      if ((unit + 1) % entriesAtOnce === 0) yield;
      const number = numbers[unit] as number;
      if (number === GONE) continue;
      made.#lengths = withRoom(made.#lengths, number);
      made.#lengths[number] = this.#lengths[unit] as number;
    }
    return made;
  }

  /** How many different terms there are. */
  get size(): number {
    return this.#terms.size;
  }

  /** All terms, in the order in which they came. */
  terms(): IterableIterator<Term> {
    return this.#terms.keys();
  }

  /** Length of each unit, in terms. */
  get lengths(): Uint32Array {
    return this.#lengths;
  }

  /** How many units have a term. */
  holders(term: Term): number {
    const place = this.#terms.get(term);
    return place === undefined ? 0 : (this.#facts[place * FACTS + LENGTH] as number);
  }

  /** Shows the entries of a term, run by run. */
  visit(term: Term, look: EntryVisitor): void {
    const place = this.#terms.get(term);
    if (place === undefined) return;
    const facts = this.#facts;
    const at = place * FACTS;
    let left = facts[at + LENGTH] as number;
    let run = facts[at + FIRST] as number;
    for (let capacity = SHORTEST; left > 0; capacity = Math.min(LONGEST, capacity * 2)) {
      const page = this.#pages[Math.floor(run / PAGE)] as Uint32Array;
      const from = (run % PAGE) + HEAD;
      const count = Math.min(left, capacity);
      look(page, from, from + count);
      left -= count;
      run = page[from - HEAD] as number;
    }
  }

  #place(term: Term): number {
    const known = this.#terms.get(term);
    if (known !== undefined) return known;
    const place = this.#terms.size;
    this.#terms.set(term, place);
    this.#facts = withRoom(this.#facts, place * FACTS + FACTS);
    const run = this.#run(SHORTEST);
    this.#facts[place * FACTS + FIRST] = run;
    this.#facts[place * FACTS + LAST] = run;
    return place;
  }

  #push(term: number, entry: number): void {
    const facts = this.#facts;
    const at = term * FACTS;
    const length = facts[at + LENGTH] as number;
    let run = facts[at + LAST] as number;
    let used = facts[at + USED] as number;
    const capacity = capacityOf(length - used);
    if (used === capacity) {
      const next = this.#run(Math.min(LONGEST, capacity * 2));
      this.#page(run)[run % PAGE] = next;
      run = next;
      used = 0;
      facts[at + LAST] = run;
    }
    this.#page(run)[(run % PAGE) + HEAD + used] = entry;
    facts[at + USED] = used + 1;
    facts[at + LENGTH] = length + 1;
  }

  /** The page of a run, to be written to. */
  #page(run: number): Uint32Array {
    const at = Math.floor(run / PAGE);
    if (this.#lent[at]) {
      this.#pages[at] = (this.#pages[at] as Uint32Array).slice();
      this.#lent[at] = false;
    }
    return this.#pages[at] as Uint32Array;
  }

  /**
   * What it holds, to be kept: the pages, the facts of the terms, the lengths of so many units, and the terms. What is given
   * stays as it is, whatever is added meanwhile.
   */
  toParts(units: number): ReadonlyMap<string, Uint8Array> {
    this.#lent.fill(true, 0, this.#pages.length);
    const terms = [...this.#terms.keys()];
    const list =
      typeof terms[0] === "number"
        ? bytesOf(Int32Array.from(terms as number[]))
        : Buffer.from(terms.join("\n"));
    return new Map([
      ["free", bytesOf(Float64Array.of(this.#free, terms.length))],
      ["terms", list],
      ["facts", bytesOf(this.#facts.slice(0, terms.length * FACTS))],
      ["lengths", bytesOf(this.#lengths.slice(0, units))],
      ...this.#pages.map((page, at) => [`page${at}`, bytesOf(page)] as const),
    ]);
  }

  /**
   * What `toParts` gave; arrays are laid over the bytes, which must begin at a multiple of 8. A term holds no line break.
   * Throws when something is missing.
   */
  static fromParts<Term extends string | number>(
    parts: ReadonlyMap<string, Uint8Array>,
    kind: "text" | "number",
  ): Postings<Term> {
    const made = new Postings<Term>();
    const [free = 0, count = 0] = new Float64Array(laid(parts, "free").slice().buffer);
    const list = laid(parts, "terms");
    const terms =
      kind === "number"
        ? new Int32Array(list.buffer, list.byteOffset, list.length / 4)
        : list.length === 0
          ? []
          : Buffer.from(list.buffer, list.byteOffset, list.length).toString("utf8").split("\n");
    if (terms.length !== count) throw new Error("the list of terms is cut short");
    for (let at = 0; at < count; at++) made.#terms.set(terms[at] as Term, at);
    made.#facts = numbersOf(laid(parts, "facts")).slice();
    made.#lengths = numbersOf(laid(parts, "lengths")).slice();
    made.#free = free;
    for (let at = 0; at * PAGE < free; at++) {
      made.#pages.push(numbersOf(laid(parts, `page${at}`)));
      made.#lent.push(true);
    }
    if (made.#facts.length < count * FACTS || made.#pages.some((page) => page.length !== PAGE))
      throw new Error("the lists of terms are cut short");
    return made;
  }

  /** Room for a run of so many entries, within one page. */
  #run(capacity: number): number {
    const needed = capacity + HEAD;
    if ((this.#free % PAGE) + needed > PAGE) this.#free = (Math.floor(this.#free / PAGE) + 1) * PAGE;
    const run = this.#free;
    this.#free += needed;
    while (this.#pages.length * PAGE < this.#free) {
      this.#pages.push(new Uint32Array(PAGE));
      this.#lent.push(false);
    }
    return run;
  }
}

function laid(parts: ReadonlyMap<string, Uint8Array>, name: string): Uint8Array {
  const bytes = parts.get(name);
  if (bytes === undefined) throw new Error(`a part is missing: ${name}`);
  return bytes;
}

/** The bytes of an array, without a copy. */
export function bytesOf(array: Uint32Array | Int32Array | Float64Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** Bytes as numbers, without a copy. */
export function numbersOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

/** How long the run is that begins behind so many entries of its list. */
function capacityOf(before: number): number {
  let capacity = SHORTEST;
  for (let sum = SHORTEST; sum <= before && capacity < LONGEST; sum += capacity) capacity *= 2;
  return capacity;
}

/** The array, or a larger one with the same numbers where it has no place of that number. */
export function withRoom(array: Uint32Array, place: number, factor = 2): Uint32Array {
  if (place < array.length) return array;
  const larger = new Uint32Array(Math.max(place + 1, Math.ceil(array.length * factor)));
  larger.set(array);
  return larger;
}

/** How often each occurs. */
function countOf<Item>(items: readonly Item[]): Map<Item, number> {
  const counts = new Map<Item, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}
