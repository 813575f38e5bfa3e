import type { BestMatches } from "../../best-matches.js";
import { BLOCK_BITS, BLOCK_SLOTS, Block } from "./block.js";
import { dot } from "./dot.js";
import { readParts, writeParts } from "./parts.js";
import { RoundedVectors } from "./rounded-vectors.js";
import { checkSlot, unitVector } from "./unit-vector.js";

/** Unit vectors by slot, in blocks, and rounded beside them. */
export class VectorTable {
  readonly dimensions: number;
  readonly #rounded: RoundedVectors;
  readonly #blocks: Block[] = [];
  /** Blocks whose memory somebody else was given or gave: they are copied before they change. */
  readonly #shared = new Set<Block>();
  #size = 0;

  constructor(dimensions: number) {
    this.dimensions = dimensions;
    this.#rounded = new RoundedVectors(dimensions);
  }

  /** A table over the parts that {@link VectorTable.toParts} gave. Throws `MEMORY_VECTOR_INVALID`. */
  static fromParts(parts: ReadonlyMap<string, Uint8Array>): VectorTable {
    const { dimensions, size, blocks } = readParts(parts);
    const table = new VectorTable(dimensions);
    table.#blocks.push(...blocks);
    for (const block of blocks) table.#shared.add(block);
    table.#size = size;
    table.#rounded.reserve(blocks.length << BLOCK_BITS);
    for (const slot of table.slots()) table.#rounded.set(slot, table.#at(slot));
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
    const blocks = (slot >>> BLOCK_BITS) + 1;
    this.#rounded.reserve(blocks << BLOCK_BITS);
    while (this.#blocks.length < blocks) this.#blocks.push(new Block(this.dimensions));
    const block = this.#own(slot >>> BLOCK_BITS);
    const place = slot % BLOCK_SLOTS;
    if (!block.held[place]) this.#size += 1;
    block.held[place] = 1;
    block.vectors.set(unit, place * this.dimensions);
    this.#rounded.set(slot, unit);
  }

  /** Whether there was a vector to delete. */
  delete(slot: number): boolean {
    if (!this.has(slot)) return false;
    const block = this.#own(slot >>> BLOCK_BITS);
    const place = slot % BLOCK_SLOTS;
    block.held[place] = 0;
    // Nothing of what is gone is kept.
    block.vectors.fill(0, place * this.dimensions, (place + 1) * this.dimensions);
    this.#size -= 1;
    return true;
  }

  has(slot: number): boolean {
    return this.#blocks[slot >>> BLOCK_BITS]?.held[slot % BLOCK_SLOTS] === 1;
  }

  /** The vector of a slot, of length 1 or 0. It lies in the table: not to be kept nor written to. */
  get(slot: number): Float32Array | undefined {
    return this.has(slot) ? this.#at(slot) : undefined;
  }

  /** Slots that hold a vector and are allowed, in order. */
  slots(allowed?: Uint8Array): Int32Array {
    const slots = new Int32Array(this.#size);
    let count = 0;
    this.#blocks.forEach((block, number) => {
      count += wanted(block, number << BLOCK_BITS, allowed, slots.subarray(count));
    });
    return slots.subarray(0, count);
  }

  /** Offers the cosines of a query of length 1 and all these slots, which must hold vectors. */
  compare(query: Float32Array, slots: readonly number[], best: BestMatches): void {
    const exact = Float64Array.from(query);
    for (const slot of slots) {
      const { vectors } = this.#blocks[slot >>> BLOCK_BITS] as Block;
      best.add(slot, dot(exact, vectors, (slot % BLOCK_SLOTS) * this.dimensions));
    }
  }

  /** Offers the nearest allowed vectors to a query of length 1: all whose cosine could be among the best. */
  search(query: Float32Array, allowed: Uint8Array | undefined, best: BestMatches): void {
    const exact = Float64Array.from(query);
    const asked = this.#rounded.ask(query);
    const { slots, bounds } = asked;
    for (let number = 0; number < this.#blocks.length; number++) {
      const block = this.#blocks[number] as Block;
      const first = number << BLOCK_BITS;
      const count = wanted(block, first, allowed, slots);
      asked.compute(count);
      let worst = best.worst;
      for (let at = 0; at < count; at++) {
        if ((bounds[at] as number) < worst) continue;
        const slot = slots[at] as number;
        best.add(slot, dot(exact, block.vectors, (slot - first) * this.dimensions));
        worst = best.worst;
      }
    }
  }

  /** All parts. They lie under the table and are not copied: what changes later is copied first. */
  toParts(): ReadonlyMap<string, Uint8Array> {
    for (const block of this.#blocks) this.#shared.add(block);
    return writeParts({ dimensions: this.dimensions, size: this.#size, blocks: this.#blocks });
  }

  /** A block that this table alone has. */
  #own(number: number): Block {
    const block = this.#blocks[number] as Block;
    if (!this.#shared.delete(block)) return block;
    const own = new Block(this.dimensions, new Uint8Array(block.bytes));
    this.#blocks[number] = own;
    return own;
  }

  #at(slot: number): Float32Array {
    const start = (slot % BLOCK_SLOTS) * this.dimensions;
    return (this.#blocks[slot >>> BLOCK_BITS] as Block).vectors.subarray(start, start + this.dimensions);
  }
}

/** Writes the slots of a block that hold a vector and are allowed. How many they are. */
function wanted(block: Block, first: number, allowed: Uint8Array | undefined, into: Int32Array): number {
  const { held } = block;
  const end = allowed === undefined ? BLOCK_SLOTS : Math.min(BLOCK_SLOTS, allowed.length - first);
  let count = 0;
  for (let place = 0; place < end; place++)
    if (held[place] && (allowed === undefined || allowed[first + place])) into[count++] = first + place;
  return count;
}
