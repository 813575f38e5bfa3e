import type { WriteOperation } from "../operations.js";
import { FRAME_BYTES, tooLarge } from "./frames.js";

/** Room for what stands around the operations. */
const AROUND_BYTES = 2 ** 16;
const AROUND_OPERATION_BYTES = 64;

/**
 * Throws `STORE_MESSAGE_TOO_LARGE` unless the batch fits into a message at its worst: JSON inside JSON doubles, a control
 * character in a key becomes six bytes. It is asked of owners too, so that what a store takes depends on no role.
 */
export function requireSendable(operations: readonly WriteOperation[]): void {
  let bytes = AROUND_BYTES;
  for (const operation of operations) {
    bytes += 6 * (Buffer.byteLength(operation.collection) + Buffer.byteLength(operation.key));
    if (operation.type === "put") bytes += 2 * Buffer.byteLength(operation.json);
    bytes += AROUND_OPERATION_BYTES;
  }
  if (bytes > FRAME_BYTES) throw tooLarge(bytes);
}
