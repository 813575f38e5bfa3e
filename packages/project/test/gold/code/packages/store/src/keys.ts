import { isUtf8 } from "node:buffer";
import { storeError } from "./errors.js";

// How keys lie in LevelDB, which sorts them by bytes:
//   m:<name>                       records of the store itself
//   m:request:<sequence>           the id under which a client asked for that batch
//   c<bytes of name>:<name><key>   entries of collections
//   l:<sequence>                   the change log: what the batch up to that sequence touched
// The length in front makes it impossible for one collection's name and key to read as another's.

/** Where the format version is kept. */
export const FORMAT_KEY = "m:format";

/** Where the sequence of the last applied batch is kept. */
export const SEQUENCE_KEY = "m:sequence";

/** Where the store's own id is kept; snapshots name it, so that one of another store is not taken. */
export const ID_KEY = "m:id";

/** What every key of the change log begins with. */
export const LOG_PREFIX = "l:";

/** What every key of the log of requests begins with. */
export const REQUEST_PREFIX = "m:request:";

const SEQUENCE_DIGITS = 16;

/** Where the change log keeps the entry that ends with this sequence. */
export function logKey(sequence: number): string {
  return LOG_PREFIX + String(sequence).padStart(SEQUENCE_DIGITS, "0");
}

/** Where the id is kept under which the batch with this sequence was asked for. */
export function requestKey(sequence: number): string {
  return REQUEST_PREFIX + String(sequence).padStart(SEQUENCE_DIGITS, "0");
}

/** A collection and a key in it, out of a stored key; undefined when it belongs to no collection. */
export function parseCollectionKey(
  stored: Buffer,
): { readonly collection: string; readonly key: string } | undefined {
  const colon = stored.indexOf(0x3a);
  if (stored[0] !== 0x63 || colon < 2) return undefined;
  const digits = stored.toString("latin1", 1, colon);
  const end = colon + 1 + Number(digits);
  if (!/^[1-9]\d*$/.test(digits) || end >= stored.length) return undefined;
  const [collection, key] = [stored.subarray(colon + 1, end), stored.subarray(end)];
  if (!isUtf8(collection) || !isUtf8(key)) return undefined;
  return { collection: collection.toString("utf8"), key: key.toString("utf8") };
}

/** What every stored key of a collection begins with. */
export function collectionPrefix(name: string): string {
  requireText(name, "collection's name");
  return `c${Buffer.byteLength(name)}:${name}`;
}

/** Throws `STORE_KEY_INVALID` unless the text is a key that can be stored and read back as it is. */
export function requireKey(key: string): string {
  return requireText(key, "key");
}

/** Bounds of all stored keys that begin with `prefix`: from the first one, up to but without the second. */
export function prefixBounds(prefix: string): { readonly lower: Buffer; readonly upper: Buffer } {
  const lower = Buffer.from(prefix, "utf8");
  // No byte of UTF-8 is 0xff, so this is above every key with the prefix.
  return { lower, upper: Buffer.concat([lower, Buffer.of(0xff)]) };
}

function requireText(text: unknown, what: string): string {
  if (typeof text !== "string" || text === "") {
    throw storeError("STORE_KEY_INVALID", `A ${what} must be a non-empty string.`);
  }
  // A lone surrogate has no UTF-8 form: two different keys would become one.
  if (/\p{Surrogate}/u.test(text)) {
    throw storeError(
      "STORE_KEY_INVALID",
      `A ${what} must be well-formed Unicode. Encode binary keys first.`,
      {
        details: { text },
      },
    );
  }
  return text;
}

/** Bounds of all stored keys that belong to collections. */
export const COLLECTIONS: { readonly lower: Buffer; readonly upper: Buffer } = prefixBounds("c");
