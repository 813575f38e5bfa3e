/** Says that bytes are not what LevelDB writes. */
export class Malformed extends Error {
  override readonly name = "Malformed";
}

/** Reads the encodings of LevelDB one after another. Throws {@link Malformed} behind the end. */
export class LevelReader {
  readonly #bytes: Uint8Array;
  offset: number;

  constructor(bytes: Uint8Array, offset = 0) {
    this.#bytes = bytes;
    this.offset = offset;
  }

  get done(): boolean {
    return this.offset >= this.#bytes.length;
  }

  byte(): number {
    const byte = this.#bytes[this.offset++];
    if (byte === undefined) throw new Malformed("it ends too early");
    return byte;
  }

  /** A number in base 128, lowest digits first. */
  varint(): number {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (!Number.isSafeInteger(value)) throw new Malformed("a number in it is too large");
      if (byte < 0x80) return value;
      factor *= 128;
    }
  }

  /** Bytes with their length in front. */
  slice(): Uint8Array {
    return this.take(this.varint());
  }

  take(length: number): Uint8Array {
    const end = this.offset + length;
    if (end > this.#bytes.length) throw new Malformed("it ends too early");
    const part = this.#bytes.subarray(this.offset, end);
    this.offset = end;
    return part;
  }
}
