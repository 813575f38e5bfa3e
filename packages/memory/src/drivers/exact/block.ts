/** The bits of a slot that tell its place in its block; the others tell which block. */
export const BLOCK_BITS = 10;
/** Slots of a block. */
export const BLOCK_SLOTS: number = 1 << BLOCK_BITS;

/**
 * The vectors and marks of {@link BLOCK_SLOTS} slots in one piece of memory, so that an index grows without copying and is
 * saved as it lies there: float32 values, then a byte for each slot.
 */
export class Block {
  readonly bytes: Uint8Array;
  readonly vectors: Float32Array;
  /** 1 at each slot that holds a vector. */
  readonly held: Uint8Array;

  /** @param bytes laid under the block without copying; of `Block.bytesOf(dimensions)`, and aligned to 4 */
  constructor(dimensions: number, bytes: Uint8Array = new Uint8Array(Block.bytesOf(dimensions))) {
    const { buffer, byteOffset } = bytes;
    this.bytes = bytes;
    this.vectors = new Float32Array(buffer, byteOffset, BLOCK_SLOTS * dimensions);
    this.held = new Uint8Array(buffer, byteOffset + 4 * BLOCK_SLOTS * dimensions, BLOCK_SLOTS);
  }

  static bytesOf(dimensions: number): number {
    return BLOCK_SLOTS * (4 * dimensions + 1);
  }
}
