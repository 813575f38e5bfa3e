/**
 * A vector as the signs of its random projections, one bit each. Two unit vectors at an angle differ in each bit with the
 * probability angle / pi (M. Charikar, "Similarity Estimation Techniques from Rounding Algorithms", 2002), so that a count
 * of different bits estimates the cosine. The projections are a rotation by random signs and the fast Walsh-Hadamard
 * transform, twice, over a power of two above the number of dimensions: as good for this as random ones (N. Ailon and
 * B. Chazelle, "The Fast Johnson-Lindenstrauss Transform", 2009), and cheap.
 */
export class SignSketch {
  readonly dimensions: number;
  /** Bits of a sketch: a power of two greater than the dimensions, at least 64. */
  readonly bits: number;
  /** 32-bit words of a sketch. */
  readonly words: number;
  readonly #flips: readonly Float32Array[];
  readonly #work: Float32Array;

  constructor(dimensions: number) {
    this.dimensions = dimensions;
    this.bits = Math.max(64, 2 ** (Math.floor(Math.log2(dimensions)) + 1));
    this.words = this.bits / 32;
    this.#flips = [randomSigns(this.bits, 1), randomSigns(this.bits, 2)];
    this.#work = new Float32Array(this.bits);
  }

  /** Writes the sketch of a vector into words from a place on. The same vector has the same sketch on every machine. */
  write(vector: Float32Array, into: Int32Array, at: number): void {
    const work = this.#work;
    work.fill(0);
    work.set(vector);
    for (const flips of this.#flips) {
      for (let i = 0; i < work.length; i++) work[i] = (work[i] as number) * (flips[i] as number);
      transform(work);
    }
    for (let word = 0; word < this.words; word++) {
      let packed = 0;
      for (let bit = 0; bit < 32; bit++) {
        packed |= ((work[word * 32 + bit] as number) > 0 ? 1 : 0) << bit;
      }
      into[at + word] = packed;
    }
  }

  /**
   * So many different bits a vector of that cosine, or a higher one, has at most, but for 0.6 % of the cases: two and a half
   * standard deviations of the binomial distribution above its mean.
   */
  mostDifferent(cosine: number): number {
    const share = Math.acos(Math.min(1, Math.max(-1, cosine))) / Math.PI;
    return this.bits * share + 2.5 * Math.sqrt(this.bits * share * (1 - share));
  }
}

/** Number of bits in which two sketches differ. */
export function differentBits(a: Int32Array, b: Int32Array, at: number, words: number): number {
  let count = 0;
  for (let word = 0; word < words; word++) {
    // Counts in pairs, fours and bytes, whose sum the product has in its highest byte.
    let bits = (a[word] as number) ^ (b[at + word] as number);
    bits -= (bits >>> 1) & 0x55555555;
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
    count += Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}

/** The Walsh-Hadamard transform in place, not scaled: only signs are looked at. Two steps at once, for fewer loads. */
function transform(values: Float32Array): void {
  const length = values.length;
  let half = 1;
  for (; half * 4 <= length; half *= 4) {
    for (let start = 0; start < length; start += 4 * half) {
      const end = start + half;
      for (let i = start; i < end; i++) {
        const j = i + half;
        const k = j + half;
        const l = k + half;
        const sum = (values[i] as number) + (values[j] as number);
        const difference = (values[i] as number) - (values[j] as number);
        const otherSum = (values[k] as number) + (values[l] as number);
        const otherDifference = (values[k] as number) - (values[l] as number);
        values[i] = sum + otherSum;
        values[j] = difference + otherDifference;
        values[k] = sum - otherSum;
        values[l] = difference - otherDifference;
      }
    }
  }
  if (half === length) return;
  for (let i = 0; i < half; i++) {
    const one = values[i] as number;
    const other = values[i + half] as number;
    values[i] = one + other;
    values[i + half] = one - other;
  }
}

/** Signs by xorshift32 (G. Marsaglia, "Xorshift RNGs", 2003). */
function randomSigns(count: number, seed: number): Float32Array {
  let state = Math.imul(seed, 0x9e3779b9) | 1;
  return Float32Array.from({ length: count }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state < 0 ? -1 : 1;
  });
}
