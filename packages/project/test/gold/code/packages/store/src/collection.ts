import { abortedError, type Lifecycle, validate } from "@agentos/core";
import type { EntrySource } from "./engine.js";
import { collectionPrefix, prefixBounds, requireKey } from "./keys.js";
import { decodeValue, encodeValue, type WriteOperation } from "./operations.js";
import { type EntriesRange, entriesRangeSchema } from "./options.js";

/** A named set of JSON values by key, ordered by the UTF-8 bytes of the keys. Collections never see each other's keys. */
export interface Collection<Value> {
  readonly name: string;
  /** The value, or undefined when there is none. */
  get(key: string): Promise<Value | undefined>;
  /** An operation for `store.write`. The value is taken as it is now. Throws `STORE_VALUE_INVALID`, `STORE_KEY_INVALID`. */
  put(key: string, value: Value): WriteOperation;
  /** An operation for `store.write`. To delete what does not exist is no error. */
  delete(key: string): WriteOperation;
  /**
   * Walks entries as they are when the walk begins; what is written meanwhile is not seen. When the owner of a shared
   * store changes during the walk, it goes on behind its last key: nothing comes twice, and entries behind that key are
   * as they are then.
   */
  entries(range?: EntriesRange): AsyncIterable<readonly [key: string, value: Value]>;
}

/** A collection over what holds the entries. */
export class StoredCollection<Value> implements Collection<Value> {
  readonly name: string;
  readonly #prefix: string;
  readonly #source: EntrySource;
  readonly #lifecycle: Lifecycle;

  constructor(name: string, source: EntrySource, lifecycle: Lifecycle) {
    this.name = name;
    this.#prefix = collectionPrefix(name);
    this.#source = source;
    this.#lifecycle = lifecycle;
  }

  async get(key: string): Promise<Value | undefined> {
    const json = await this.#lifecycle.track(async () => this.#source.get(this.#prefix + requireKey(key)));
    return json === undefined ? undefined : (decodeValue(json, this.name, key) as Value);
  }

  put(key: string, value: Value): WriteOperation {
    return {
      type: "put",
      collection: this.name,
      key: requireKey(key),
      json: encodeValue(value, this.name, key),
    };
  }

  delete(key: string): WriteOperation {
    return { type: "delete", collection: this.name, key: requireKey(key) };
  }

  entries(range: EntriesRange = {}): AsyncIterable<readonly [key: string, value: Value]> {
    this.#lifecycle.guard();
    validate(entriesRangeSchema, range, { what: "Range of entries" });
    return { [Symbol.asyncIterator]: () => this.#walk(range) };
  }

  async *#walk(range: EntriesRange): AsyncGenerator<readonly [key: string, value: Value]> {
    this.#lifecycle.guard();
    const { prefix = "", after, limit = -1, reverse = false, signal } = range;
    if (signal?.aborted) throw abortedError(signal);
    if (prefix !== "") requireKey(prefix);
    let { lower, upper } = prefixBounds(this.#prefix + prefix);
    let openLower = false;
    if (after !== undefined) {
      const from = Buffer.from(this.#prefix + requireKey(after), "utf8");
      if (reverse) {
        if (Buffer.compare(from, upper) < 0) upper = from;
      } else if (Buffer.compare(from, lower) >= 0) {
        [lower, openLower] = [from, true];
      }
    }
    if (Buffer.compare(lower, upper) >= 0) return;
    const skip = Buffer.byteLength(this.#prefix);
    try {
      for await (const [stored, json] of this.#source.entries({
        lower,
        openLower,
        upper,
        limit,
        reverse,
        signal,
      })) {
        const key = stored.toString("utf8", skip);
        yield [key, decodeValue(json, this.name, key) as Value];
      }
    } catch (error) {
      // Whatever LevelDB says about a walk that outlived the store, the reason is this one.
      this.#lifecycle.guard();
      throw error;
    }
  }
}
