import { LevelReader, Malformed } from "./level-reader.js";

/** Unpacks a block of Snappy: https://github.com/google/snappy/blob/main/format_description.txt. Throws {@link Malformed}. */
export function unsnap(packed: Uint8Array): Uint8Array {
  const reader = new LevelReader(packed);
  const output = new Uint8Array(reader.varint());
  let written = 0;
  const little = (bytes: number): number => {
    let value = 0;
    for (let i = 0; i < bytes; i++) value += reader.byte() * 256 ** i;
    return value;
  };
  while (!reader.done) {
    const tag = reader.byte();
    const kind = tag & 3;
    if (kind === 0) {
      const short = tag >> 2;
      const literal = reader.take(1 + (short < 60 ? short : little(short - 59)));
      if (written + literal.length > output.length)
        throw new Malformed("a block unpacks to more than it says");
      output.set(literal, written);
      written += literal.length;
      continue;
    }
    const length = kind === 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
    const distance = kind === 1 ? (tag >> 5) * 256 + reader.byte() : little(kind === 2 ? 2 : 4);
    if (distance === 0 || distance > written || written + length > output.length) {
      throw new Malformed("a block does not unpack");
    }
    // Byte by byte: source and target may overlap, which repeats the source.
    for (let i = 0; i < length; i++, written++) output[written] = output[written - distance] ?? 0;
  }
  if (written !== output.length) throw new Malformed("a block unpacks to less than it says");
  return output;
}
