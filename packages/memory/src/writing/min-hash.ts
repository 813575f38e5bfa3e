/** Values that are equal together make two texts meet. */
export const ROWS = 3;
/** So many chances to meet. With 3 rows each, texts of likeness 0.5 meet in 99.6 % of all cases, 0.3 in 68 %, 0.1 in 4 %. */
export const BANDS = 42;
/** Values of a signature. */
export const SIGNATURE_LENGTH: number = BANDS * ROWS;

/**
 * MinHash (A. Broder, "On the resemblance and containment of documents", 1997): the share of places at which two
 * signatures are equal estimates the Jaccard likeness of two sets, with a standard error of at most 0.045 at this length.
 * The permutations are `a * x + b` modulo 2^32 with odd `a`. Values are kept in 16 bits: unequal ones fall together
 * once in 65,536 times (b-bit MinHash: P. Li and C. König, 2010).
 */
export class MinHash {
  readonly #factors: Int32Array = new Int32Array(SIGNATURE_LENGTH);
  readonly #terms: Int32Array = new Int32Array(SIGNATURE_LENGTH);
  readonly #least: Uint32Array = new Uint32Array(SIGNATURE_LENGTH);

  /** @param seed whole number that decides the permutations; signatures of different seeds cannot be compared */
  constructor(seed: number) {
    let state = seed >>> 0;
    const next = (): number => {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return mixed ^ (mixed >>> 14);
    };
    for (let place = 0; place < SIGNATURE_LENGTH; place++) {
      this.#factors[place] = next() | 1;
      this.#terms[place] = next();
    }
  }

  /** The signature of a set of 32-bit hashes that has at least one. */
  sign(hashes: ReadonlySet<number>): Uint16Array {
    const [factors, terms, least] = [this.#factors, this.#terms, this.#least];
    least.fill(0xffffffff);
    for (const hash of hashes) {
      for (let place = 0; place < SIGNATURE_LENGTH; place++) {
        const value = (Math.imul(hash, factors[place] as number) + (terms[place] as number)) >>> 0;
        if (value < (least[place] as number)) least[place] = value;
      }
    }
    // The high bits of the least value are nearly always zero; its low ones tell values apart once they are mixed.
    return Uint16Array.from(least, (value) => Math.imul(value ^ (value >>> 15), 0x2c1b3c6d) >>> 16);
  }
}
