import { endianness } from "node:os";

const SWAPPED = endianness() === "BE";

/** Little-endian float32 in base64: a third of the size of decimal numbers, and exact. */
export function encodeVector(vector: Float32Array): string {
  const bytes = Buffer.from(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));
  return (SWAPPED ? bytes.swap32() : bytes).toString("base64");
}

/** The vector of {@link encodeVector}; empty when the text is none. */
export function decodeVector(text: string): Float32Array {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length % 4 !== 0) return new Float32Array();
  if (SWAPPED) bytes.swap32();
  // Short buffers lie in a pool, at any place: what is aligned is a copy.
  return new Float32Array(new Uint8Array(bytes).buffer);
}
