import { BANDS, MinHash, ROWS, SIGNATURE_LENGTH } from "./min-hash.js";
import { shinglesOf } from "./shingles.js";

/** A slot whose text is like another. */
export interface Nomination {
  readonly slot: number;
  /** 0 to 1: the estimated share of words and 3-grams that both have, of those that either has. */
  readonly likeness: number;
}

/** Options of {@link NearDuplicates.nominate}. */
export interface NominateOptions {
  /** At most so many. @default 8 */
  readonly limit?: number;
  /** Only what is at least so like, 0 to 1. @default 0.25 */
  readonly atLeast?: number;
  /** A non-zero byte at each slot that may be nominated; slots beyond its end may not. @default every slot */
  readonly allowed?: Uint8Array;
}

/**
 * So many texts of one bucket are looked at, newest first, that a template said a hundred thousand times costs little. Only
 * allowed ones count: what lies in other scopes changes nothing.
 */
const MOST_IN_BUCKET = 1_000;
const NONE = -1;
const MAGIC = 0x4147_4e44;
const VERSION = 1;
const HEADER = 4;

/**
 * Nominates texts that say the same in nearly the same words, among hundred thousands, by MinHash signatures in banded
 * buckets (J. Leskovec, A. Rajaraman and J. Ullman, "Mining of Massive Datasets", chapter 3.4). It holds up to 1 KB a text.
 * What it nominates is like in words only: {@link judge} says whether it means the same.
 */
export class NearDuplicates {
  readonly #hash: MinHash;
  readonly #seed: number;
  /** Rows are filled in the order of adding; a deleted one stays, without a slot, until most are deleted. */
  #slots: Int32Array = new Int32Array(0);
  #signatures: Uint16Array = new Uint16Array(0);
  /** Chains of `row * BANDS + band`: the newest of each bucket, and the one before each. */
  #heads: Int32Array = new Int32Array(0);
  #before: Int32Array = new Int32Array(0);
  #rows = 0;
  readonly #rowOf = new Map<number, number>();

  /** @param seed decides the hashes. @default 1 */
  constructor(seed = 1) {
    this.#seed = seed >>> 0;
    this.#hash = new MinHash(seed);
    this.#makeRoom(64);
  }

  /** How many slots it holds. */
  get size(): number {
    return this.#rowOf.size;
  }

  /** Adds the text of a slot (a whole number from 0 below 2^31), or replaces it. */
  add(slot: number, text: string): void {
    this.#put(slot, this.#hash.sign(shinglesOf(text)));
  }

  /** Takes a slot out. Says whether it was there. */
  delete(slot: number): boolean {
    const row = this.#rowOf.get(slot);
    if (row === undefined) return false;
    this.#rowOf.delete(slot);
    this.#slots[row] = NONE;
    return true;
  }

  /** The slots whose texts are most like this one, most like first; equal ones by when they were added, newest first. */
  nominate(text: string, options: NominateOptions = {}): readonly Nomination[] {
    const { limit = 8, atLeast = 0.25, allowed } = options;
    const signature = this.#hash.sign(shinglesOf(text));
    const nominations: (Nomination & { readonly row: number })[] = [];
    for (const row of this.#met(signature, allowed)) {
      const likeness = this.#likeness(row, signature);
      if (likeness >= atLeast) nominations.push({ slot: this.#slots[row] as number, likeness, row });
    }
    return nominations
      .sort((one, other) => other.likeness - one.likeness || other.row - one.row)
      .slice(0, limit)
      .map(({ slot, likeness }) => ({ slot, likeness }));
  }

  /** All of it as bytes, of which {@link NearDuplicates.from} makes it again without reading a text. */
  serialise(): Uint8Array {
    const rows = [...this.#rowOf.values()].sort((one, other) => one - other);
    const numbers = new Uint32Array(HEADER + rows.length);
    numbers.set([MAGIC, VERSION, this.#seed, rows.length]);
    const bytes = new Uint8Array(numbers.byteLength + rows.length * SIGNATURE_LENGTH * 2);
    const signatures = new Uint16Array(bytes.buffer, numbers.byteLength);
    for (const [index, row] of rows.entries()) {
      numbers[HEADER + index] = this.#slots[row] as number;
      signatures.set(this.#signature(row), index * SIGNATURE_LENGTH);
    }
    bytes.set(new Uint8Array(numbers.buffer));
    return bytes;
  }

  /**
   * Reads what {@link NearDuplicates.serialise} wrote. Undefined when the bytes are cut off, of another version or of a machine
   * with another order of bytes: then add the texts anew. Bits that turned are the business of whoever kept the bytes.
   */
  static from(bytes: Uint8Array): NearDuplicates | undefined {
    if (bytes.length < HEADER * 4) return undefined;
    const whole = bytes.slice();
    const [magic, version, seed = 0, count = 0] = new Uint32Array(whole.buffer, 0, HEADER);
    const start = 4 * (HEADER + count);
    if (magic !== MAGIC || version !== VERSION || whole.length !== start + 2 * count * SIGNATURE_LENGTH) {
      return undefined;
    }
    const near = new NearDuplicates(seed);
    near.#makeRoom(count);
    const slots = new Uint32Array(whole.buffer, 4 * HEADER, count);
    const signatures = new Uint16Array(whole.buffer, start);
    for (const [index, slot] of slots.entries()) {
      near.#put(slot, signatures.subarray(index * SIGNATURE_LENGTH, (index + 1) * SIGNATURE_LENGTH));
    }
    return near;
  }

  #put(slot: number, signature: Uint16Array): void {
    this.delete(slot);
    if (this.#rows === this.#slots.length) this.#makeRoom(2 * this.size);
    const row = this.#rows++;
    this.#slots[row] = slot;
    this.#signatures.set(signature, row * SIGNATURE_LENGTH);
    this.#rowOf.set(slot, row);
    this.#link(row);
  }

  #signature(row: number): Uint16Array {
    return this.#signatures.subarray(row * SIGNATURE_LENGTH, (row + 1) * SIGNATURE_LENGTH);
  }

  /** Moves what is held into arrays for at least so many rows, and leaves deleted rows behind. */
  #makeRoom(rows: number): void {
    const capacity = Math.max(64, rows);
    const [slots, signatures, used] = [this.#slots, this.#signatures, this.#rows];
    this.#slots = new Int32Array(capacity);
    this.#signatures = new Uint16Array(capacity * SIGNATURE_LENGTH);
    this.#before = new Int32Array(capacity * BANDS);
    this.#heads = new Int32Array(2 ** Math.ceil(Math.log2(capacity * BANDS))).fill(NONE);
    this.#rows = 0;
    for (let row = 0; row < used; row++) {
      const slot = slots[row] as number;
      if (slot === NONE) continue;
      this.#slots[this.#rows] = slot;
      const start = row * SIGNATURE_LENGTH;
      this.#signatures.set(
        signatures.subarray(start, start + SIGNATURE_LENGTH),
        this.#rows * SIGNATURE_LENGTH,
      );
      this.#rowOf.set(slot, this.#rows);
      this.#link(this.#rows++);
    }
  }

  #link(row: number): void {
    const signature = this.#signature(row);
    for (let band = 0; band < BANDS; band++) {
      const bucket = this.#bucket(signature, band);
      const entry = row * BANDS + band;
      this.#before[entry] = this.#heads[bucket] as number;
      this.#heads[bucket] = entry;
    }
  }

  #bucket(signature: Uint16Array, band: number): number {
    let hash = Math.imul(band + 1, 0x9e3779b1);
    for (let row = 0; row < ROWS; row++) {
      hash = Math.imul(hash ^ (signature[band * ROWS + row] as number), 0x85ebca6b);
      hash ^= hash >>> 15;
    }
    return hash & (this.#heads.length - 1);
  }

  /** The rows of allowed slots that share a bucket with a signature. */
  #met(signature: Uint16Array, allowed: Uint8Array | undefined): ReadonlySet<number> {
    const rows = new Set<number>();
    for (let band = 0; band < BANDS; band++) {
      let entry = this.#heads[this.#bucket(signature, band)] as number;
      for (let seen = 0; entry !== NONE && seen < MOST_IN_BUCKET; entry = this.#before[entry] as number) {
        const row = Math.floor(entry / BANDS);
        const slot = this.#slots[row] as number;
        if (slot === NONE || (allowed && !allowed[slot])) continue;
        rows.add(row);
        seen += 1;
      }
    }
    return rows;
  }

  #likeness(row: number, signature: Uint16Array): number {
    const start = row * SIGNATURE_LENGTH;
    let equal = 0;
    for (let place = 0; place < SIGNATURE_LENGTH; place++) {
      if (this.#signatures[start + place] === signature[place]) equal += 1;
    }
    return equal / SIGNATURE_LENGTH;
  }
}
