import { storeError } from "./errors.js";

// How keys lie in LevelDB, which sorts them by bytes:
//   m:<name>                       records of the store itself
//   c<bytes of name>:<name><key>   entries of collections
// The length in front makes it impossible for one collection's name and key to read as another's.

/** Where the format version is kept. */
export const FORMAT_KEY = "m:format";

/** Where the sequence of the last applied batch is kept. */
export const SEQUENCE_KEY = "m:sequence";

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
