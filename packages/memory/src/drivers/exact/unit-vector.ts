import { memoryError } from "../../errors.js";

/** A checked vector scaled to length 1; all zeros stay zeros. Throws `MEMORY_VECTOR_INVALID`. */
export function unitVector(vector: Float32Array, dimensions: number): Float32Array {
  if (vector.length !== dimensions) {
    throw memoryError(
      "MEMORY_VECTOR_INVALID",
      `A vector has ${vector.length} dimensions where ${dimensions} are needed. Use one embedder for one index.`,
    );
  }
  // Scaled first, so that the squares neither overflow nor vanish. NaN is no largest, so it is summed as well.
  let largest = 0;
  let sum = 0;
  for (let i = 0; i < dimensions; i++) {
    const value = Math.abs(vector[i] as number);
    if (value > largest) largest = value;
    sum += value;
  }
  if (!Number.isFinite(sum)) {
    throw memoryError(
      "MEMORY_VECTOR_INVALID",
      "A vector holds a number that is not finite. Check the embedder.",
    );
  }
  const unit = new Float32Array(dimensions);
  if (largest === 0) return unit;
  let squares = 0;
  for (let i = 0; i < dimensions; i++) squares += ((vector[i] as number) / largest) ** 2;
  const norm = Math.sqrt(squares);
  for (let i = 0; i < dimensions; i++) unit[i] = (vector[i] as number) / largest / norm;
  return unit;
}

/** Memory is taken for all slots up to the highest, so these are kept to what could be wanted. */
const MOST_SLOTS = 2 ** 28;

/** Throws `MEMORY_VECTOR_INVALID` unless it is an integer from 0 on. */
export function checkSlot(slot: number): void {
  if (Number.isInteger(slot) && slot >= 0 && slot < MOST_SLOTS) return;
  throw memoryError(
    "MEMORY_VECTOR_INVALID",
    `A slot is an integer from 0 to ${MOST_SLOTS - 1}, not ${slot}.`,
  );
}
