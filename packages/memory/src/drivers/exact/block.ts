/** The bits of a slot that tell its place in its block; the others tell which block. */
export const BLOCK_BITS = 10;
/** Slots of a block. */
export const BLOCK_SLOTS: number = 1 << BLOCK_BITS;

/** How long the vectors and sketches of an index are. */
export interface BlockShape {
  readonly dimensions: number;
  /** 32-bit words of a sketch. */
  readonly words: number;
}

/**
 * The vectors, sketches and marks of {@link BLOCK_SLOTS} slots in one piece of memory, so that an index grows without
 * copying and is saved as it lies there: float32 values, then the words of the sketches, then a byte for each slot.
 */
export class Block {
  readonly bytes: Uint8Array;
  readonly vectors: Float32Array;
  readonly sketches: Int32Array;
  /** 1 at each slot that holds a vector. */
  readonly held: Uint8Array;

  /** @param bytes laid under the block without copying; of `Block.bytesOf(shape)`, and aligned to 4 */
  constructor(shape: BlockShape, bytes: Uint8Array = new Uint8Array(Block.bytesOf(shape))) {
    const { buffer, byteOffset } = bytes;
    const sketchesAt = 4 * BLOCK_SLOTS * shape.dimensions;
    const heldAt = sketchesAt + 4 * BLOCK_SLOTS * shape.words;
    this.bytes = bytes;
    this.vectors = new Float32Array(buffer, byteOffset, BLOCK_SLOTS * shape.dimensions);
    this.sketches = new Int32Array(buffer, byteOffset + sketchesAt, BLOCK_SLOTS * shape.words);
    this.held = new Uint8Array(buffer, byteOffset + heldAt, BLOCK_SLOTS);
  }

  static bytesOf({ dimensions, words }: BlockShape): number {
    return BLOCK_SLOTS * (4 * dimensions + 4 * words + 1);
  }
}
