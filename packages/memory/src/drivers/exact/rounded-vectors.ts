import { memoryError } from "../../errors.js";
import { ROUNDED_DOT } from "./rounded-dot.js";

/** So many slots are asked for at once, at most. */
const MOST_ASKED = 1024;
/** Coordinates that the loop takes at once. */
const STEP = 16;
/** Bytes behind the coordinates of a vector: what they are to be multiplied with, the error, and room for the alignment. */
const FACTS = 16;
const PAGE = 65_536;
/** More than float32 arithmetic takes from a bound. */
const SLACK = 2e-6;

/** What is used of WebAssembly, whose types come with those of browsers only. */
interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
declare const WebAssembly: {
  readonly Memory: new (limits: { readonly initial: number }) => Memory;
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: { readonly bounds: Bounds } };
};

/** What rounded-dot.wat has. */
type Bounds = (
  query: number,
  length: number,
  vectors: number,
  places: number,
  count: number,
  bounds: number,
  scale: number,
  error: number,
) => void;

/** A query that is compared with rounded vectors, until the next is asked or a vector is set. */
export interface RoundedQuery {
  /** The slots to be compared are written here, from the beginning on. */
  readonly slots: Int32Array;
  /** Of each of the slots, a number that the inner product with its vector does not exceed. */
  readonly bounds: Float32Array;
  /** Computes the bounds of so many slots. */
  readonly compute: (count: number) => void;
}

/**
 * Vectors of length 1 or 0, by slot, with coordinates rounded to bytes, in the memory of a WebAssembly module that compares
 * them sixteen coordinates at a time. How much the rounding took from each is known, and so what a product is at most: its
 * absolute error is at most the product of the lengths of what was taken and of the other vector (Cauchy and Schwarz).
 */
export class RoundedVectors {
  /** Coordinates of a vector, filled up with zeros. */
  readonly #length: number;
  /** Where in the memory the slots, the bounds and the vectors begin; the query is in front. */
  readonly #slots: number;
  readonly #bounds: number;
  readonly #vectors: number;
  readonly #memory: Memory;
  readonly #compute: Bounds;

  constructor(dimensions: number) {
    this.#length = Math.ceil(dimensions / STEP) * STEP;
    this.#slots = 2 * this.#length;
    this.#bounds = this.#slots + 4 * MOST_ASKED;
    this.#vectors = this.#bounds + 4 * MOST_ASKED;
    this.#memory = new WebAssembly.Memory({ initial: Math.ceil(this.#vectors / PAGE) });
    const module = new WebAssembly.Module(Buffer.from(ROUNDED_DOT, "base64"));
    const { exports } = new WebAssembly.Instance(module, { table: { memory: this.#memory } });
    this.#compute = exports.bounds;
  }

  /** Takes memory for the slots up to one. Throws `MEMORY_VECTOR_INVALID` where there is none: it is 4 GiB at most. */
  reserve(slots: number): void {
    const needed = this.#place(slots) - this.#memory.buffer.byteLength;
    if (needed <= 0) return;
    try {
      this.#memory.grow(Math.ceil(needed / PAGE));
    } catch (cause) {
      throw memoryError(
        "MEMORY_VECTOR_INVALID",
        `There is no memory for ${slots} vectors, rounded to bytes. Use fewer dimensions or an index of another kind.`,
        { cause },
      );
    }
  }

  /** Takes the vector of a slot for which memory is reserved. */
  set(slot: number, vector: Float32Array): void {
    const rounded = new Int8Array(this.#memory.buffer, this.#place(slot), this.#length);
    const facts = new Float32Array(this.#memory.buffer, this.#place(slot) + this.#length, 2);
    const { scale, error } = round(vector, rounded, 127);
    facts[0] = scale;
    facts[1] = error;
  }

  /** Takes a query of length 1 or 0. */
  ask(query: Float32Array): RoundedQuery {
    const { buffer } = this.#memory;
    // The products of all coordinates must have a sum of 32 bits.
    const most = Math.min(32_767, Math.floor((2 ** 31 - 1) / (127 * this.#length)));
    const { scale, error } = round(query, new Int16Array(buffer, 0, this.#length), most);
    return {
      slots: new Int32Array(buffer, this.#slots, MOST_ASKED),
      bounds: new Float32Array(buffer, this.#bounds, MOST_ASKED),
      compute: (count) => {
        this.#compute(
          0,
          this.#length,
          this.#vectors,
          this.#slots,
          count,
          this.#bounds,
          scale,
          // A rounded vector may be longer than 1, by what was taken from it.
          2 * error + SLACK,
        );
      },
    };
  }

  #place(slot: number): number {
    return this.#vectors + slot * (this.#length + FACTS);
  }
}

/**
 * Writes a vector as integers up to `most` that are to be multiplied with `scale`. `error` is the length of what that takes from
 * it, or a little more.
 */
function round(
  vector: Float32Array,
  into: Int8Array | Int16Array,
  most: number,
): { readonly scale: number; readonly error: number } {
  let largest = 0;
  for (let at = 0; at < vector.length; at++) {
    const size = Math.abs(vector[at] as number);
    if (size > largest) largest = size;
  }
  const scale = Math.fround(largest / most);
  const factor = scale === 0 ? 0 : 1 / scale;
  let squares = 0;
  for (let at = 0; at < vector.length; at++) {
    const value = vector[at] as number;
    // Half way from zero, by cutting what lies behind the point: Math.round takes longer.
    const rounded = (value * factor + (value < 0 ? -0.5 : 0.5)) | 0;
    into[at] = rounded;
    squares += (value - rounded * scale) ** 2;
  }
  return { scale, error: Math.sqrt(squares) * (1 + 1e-6) };
}
