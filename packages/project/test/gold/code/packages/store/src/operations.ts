import { storeError } from "./errors.js";

/** One change of a batch, made by `collection.put` or `collection.delete`. Plain data: it may be kept and sent. */
export type WriteOperation =
  | {
      readonly type: "put";
      readonly collection: string;
      readonly key: string;
      /** The value as JSON text, as it was when the operation was made. */
      readonly json: string;
    }
  | { readonly type: "delete"; readonly collection: string; readonly key: string };

/** A value as JSON text. Throws `STORE_VALUE_INVALID` when it has none. */
export function encodeValue(value: unknown, collection: string, key: string): string {
  let json: string | undefined;
  let cause: unknown;
  try {
    json = JSON.stringify(value);
  } catch (error) {
    cause = error;
  }
  if (json === undefined) {
    throw storeError(
      "STORE_VALUE_INVALID",
      `The value for "${key}" in "${collection}" cannot be stored: it must be JSON (no undefined, function, BigInt or cycle).`,
      { cause, details: { collection, key } },
    );
  }
  return json;
}

/** The value of JSON text that was read back. Throws `STORE_CORRUPT` when it is damaged. */
export function decodeValue(json: string, collection: string, key: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw storeError(
      "STORE_CORRUPT",
      `The stored value of "${key}" in "${collection}" is damaged. Restore the store's folder from a backup.`,
      { cause, details: { collection, key } },
    );
  }
}
