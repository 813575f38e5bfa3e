import type { BestMatches } from "./best-matches.js";
import { BLOCK_BITS, BLOCK_SLOTS, Block, type BlockShape } from "./block.js";
import { dot } from "./dot.js";
import { readParts, writeParts } from "./parts.js";
import { differentBits, SignSketch } from "./sign-sketch.js";
import { checkSlot, unitVector } from "./unit-vector.js";

/** So large a share is compared before it is decided how many more are. */
const FIRST = 0.02;
/** To compare more than this share of the slots out of their order takes longer than to compare all in order. */
const MANY = 0.6;

/** Unit vectors by slot with the sketches of their signs, in blocks. */
export class VectorTable {
  readonly dimensions: number;
  readonly #sketch: SignSketch;
  readonly #blocks: Block[] = [];
  /** Blocks whose memory somebody else was given or gave: they are copied before they change. */
  readonly #shared = new Set<Block>();
  #size = 0;

  constructor(dimensions: number) {
    this.dimensions = dimensions;
    this.#sketch = new SignSketch(dimensions);
  }

  /** A table over the parts that {@link VectorTable.toParts} gave. Throws `MEMORY_VECTOR_INVALID`. */
  static fromParts(parts: ReadonlyMap<string, Uint8Array>): VectorTable {
    const { dimensions, size, blocks } = readParts(parts);
    const table = new VectorTable(dimensions);
    table.#blocks.push(...blocks);
    for (const block of blocks) table.#shared.add(block);
    table.#size = size;
    return table;
  }

  /** How many slots hold a vector. */
  get size(): number {
    return this.#size;
  }

  /** Throws `MEMORY_VECTOR_INVALID`. */
  set(slot: number, vector: Float32Array): void {
    checkSlot(slot);
    const unit = unitVector(vector, this.dimensions);
    while (this.#blocks.length << BLOCK_BITS <= slot) this.#blocks.push(new Block(this.#shape));
    const block = this.#own(slot >>> BLOCK_BITS);
    const place = slot % BLOCK_SLOTS;
    if (!block.held[place]) this.#size += 1;
    block.held[place] = 1;
    block.vectors.set(unit, place * this.dimensions);
    this.#sketch.write(unit, block.sketches, place * this.#sketch.words);
  }

  /** Whether there was a vector to delete. */
  delete(slot: number): boolean {
    if (!this.has(slot)) return false;
    const block = this.#own(slot >>> BLOCK_BITS);
    const place = slot % BLOCK_SLOTS;
    block.held[place] = 0;
    // Nothing of what is gone is kept.
    block.vectors.fill(0, place * this.dimensions, (place + 1) * this.dimensions);
    block.sketches.fill(0, place * this.#sketch.words, (place + 1) * this.#sketch.words);
    this.#size -= 1;
    return true;
  }

  has(slot: number): boolean {
    return this.#blocks[slot >>> BLOCK_BITS]?.held[slot % BLOCK_SLOTS] === 1;
  }

  /** The vector of a slot, of length 1 or 0. It lies in the table: not to be kept nor written to. */
  get(slot: number): Float32Array | undefined {
    if (!this.has(slot)) return undefined;
    const start = (slot % BLOCK_SLOTS) * this.dimensions;
    return this.#blocks[slot >>> BLOCK_BITS]?.vectors.subarray(start, start + this.dimensions);
  }

  /** Slots that hold a vector and are allowed, in order. */
  slots(allowed?: Uint8Array): Int32Array {
    const slots = new Int32Array(this.#size);
    let count = 0;
    for (let number = 0; number < this.#blocks.length; number++) {
      const { held } = this.#blocks[number] as Block;
      const first = number << BLOCK_BITS;
      const end = allowed === undefined ? BLOCK_SLOTS : Math.min(BLOCK_SLOTS, allowed.length - first);
      for (let place = 0; place < end; place++) {
        if (held[place] && (allowed === undefined || allowed[first + place])) slots[count++] = first + place;
      }
    }
    return slots.subarray(0, count);
  }

  /** Offers the cosines of a query of length 1 and all these slots, which must hold vectors. */
  compare(query: Float32Array, slots: Int32Array, best: BestMatches): void {
    this.#compare(Float64Array.from(query), slots, 0, slots.length, best);
  }

  /**
   * Offers the cosines of those slots whose signs are most like the query's, and goes outwards until what is left is
   * unlikely to be near enough. False where those would be many: signs tell too little of these vectors, and `best` is not
   * to be used.
   */
  sift(query: Float32Array, slots: Int32Array, best: BestMatches): boolean {
    const { sorted, ends } = this.#byLikeness(query, slots);
    const exact = Float64Array.from(query);
    let start = 0;
    let different = 0;
    // The most alike first, enough of them for a bound that is worth something.
    const first = slots.length * FIRST;
    for (; (!best.full || start < first) && different < ends.length; different++) {
      const end = ends[different] as number;
      this.#compare(exact, sorted, start, end, best);
      start = end;
    }
    const farthest = Math.floor(this.#sketch.mostDifferent(best.worst));
    if ((ends[Math.min(farthest, ends.length - 1)] as number) > slots.length * MANY) return false;
    for (; different < ends.length; different++) {
      const end = ends[different] as number;
      if (end === start) continue;
      if (different > this.#sketch.mostDifferent(best.worst)) break;
      this.#compare(exact, sorted, start, end, best);
      start = end;
    }
    return true;
  }

  /** All parts. They lie under the table and are not copied: what changes later is copied first. */
  toParts(): ReadonlyMap<string, Uint8Array> {
    for (const block of this.#blocks) this.#shared.add(block);
    return writeParts({ dimensions: this.dimensions, size: this.#size, blocks: this.#blocks });
  }

  #compare(query: Float64Array, slots: Int32Array, from: number, to: number, best: BestMatches): void {
    const { dimensions } = this;
    const blocks = this.#blocks;
    let worst = best.worst;
    for (let at = from; at < to; at++) {
      const slot = slots[at] as number;
      const { vectors } = blocks[slot >>> BLOCK_BITS] as Block;
      const score = dot(query, vectors, (slot % BLOCK_SLOTS) * dimensions);
      if (score < worst) continue;
      best.add(slot, score);
      worst = best.worst;
    }
  }

  /** The slots, sorted by counting the bits in which they differ from the query, and where each count ends. */
  #byLikeness(
    query: Float32Array,
    slots: Int32Array,
  ): { readonly sorted: Int32Array; readonly ends: Int32Array } {
    const { bits, words } = this.#sketch;
    const blocks = this.#blocks;
    const sketch = new Int32Array(words);
    this.#sketch.write(query, sketch, 0);
    const different = new Uint16Array(slots.length);
    const ends = new Int32Array(bits + 1);
    for (let at = 0; at < slots.length; at++) {
      const slot = slots[at] as number;
      const { sketches } = blocks[slot >>> BLOCK_BITS] as Block;
      const count = differentBits(sketch, sketches, (slot % BLOCK_SLOTS) * words, words);
      different[at] = count;
      ends[count] = (ends[count] as number) + 1;
    }
    for (let count = 1; count <= bits; count++) {
      ends[count] = (ends[count] as number) + (ends[count - 1] as number);
    }
    const next = ends.slice();
    const sorted = new Int32Array(slots.length);
    for (let at = slots.length - 1; at >= 0; at--) {
      const count = different[at] as number;
      const place = (next[count] as number) - 1;
      next[count] = place;
      sorted[place] = slots[at] as number;
    }
    return { sorted, ends };
  }

  /** A block that this table alone has. */
  #own(number: number): Block {
    const block = this.#blocks[number] as Block;
    if (!this.#shared.delete(block)) return block;
    const own = new Block(this.#shape, new Uint8Array(block.bytes));
    this.#blocks[number] = own;
    return own;
  }

  get #shape(): BlockShape {
    return { dimensions: this.dimensions, words: this.#sketch.words };
  }
}
