import type { Clock, Logger } from "@agentos/core";
import * as v from "valibot";

/** Options of {@link Store.open}. */
export interface StoreOptions {
  /** Folder of the store. It is made when it does not exist; nothing outside it changes. */
  readonly dir: string;
  /**
   * Whether several processes of one user may have the store open. The first one owns the folder, the others work
   * through it by a local socket, and one of them takes over when it ends. All of them must say so.
   * @default false: others get `STORE_LOCKED`
   */
  readonly shared?: boolean;
  /** @default a logger that drops everything */
  readonly logger?: Logger;
  /** Tells when the store was opened, for the message that another process gets. @default the machine's clock */
  readonly clock?: Clock;
  /** Ends the wait for the owner of a shared store (`ABORTED`). */
  readonly signal?: AbortSignal;
}

/** Options of {@link Store.call}. */
export interface CallOptions {
  /** Ends the wait (`ABORTED`), and tells the handler. */
  readonly signal?: AbortSignal;
}

/** Options of {@link Store.write}. */
export interface WriteOptions {
  /**
   * Whether the batch is on the disk (fsync) before the promise resolves. Otherwise it survives the end of the process,
   * however it ends, but not a power cut.
   * @default false
   */
  readonly durable?: boolean;
  /** Takes the write back while it waits its turn (`ABORTED`). A batch that was handed to the disk is not taken back. */
  readonly signal?: AbortSignal;
}

/** Which entries to walk, and how. */
export interface EntriesRange {
  /** Only keys that begin with this. @default all keys */
  readonly prefix?: string;
  /** Starts behind this key, in the direction of the walk; it need not exist. @default from the beginning */
  readonly after?: string;
  /** At most so many entries. @default no limit */
  readonly limit?: number;
  /** From the last key to the first. @default false */
  readonly reverse?: boolean;
  /** Ends the walk with `ABORTED`. */
  readonly signal?: AbortSignal;
}

const signal = v.optional(v.instance(AbortSignal));

/** What `Store.open` accepts. */
export const storeOptionsSchema: v.GenericSchema<StoreOptions> = v.strictObject({
  dir: v.pipe(v.string(), v.nonEmpty("must name a folder")),
  shared: v.optional(v.boolean()),
  logger: v.optional(v.custom<Logger>((value) => typeof value === "object" && value !== null)),
  clock: v.optional(v.custom<Clock>((value) => typeof value === "function")),
  signal,
});

/** What `Store.call` accepts. */
export const callOptionsSchema: v.GenericSchema<CallOptions> = v.strictObject({ signal });

/** What `Store.write` accepts. */
export const writeOptionsSchema: v.GenericSchema<WriteOptions> = v.strictObject({
  durable: v.optional(v.boolean()),
  signal,
});

/** What `Collection.entries` accepts. */
export const entriesRangeSchema: v.GenericSchema<EntriesRange> = v.strictObject({
  prefix: v.optional(v.string()),
  after: v.optional(v.string()),
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  reverse: v.optional(v.boolean()),
  signal,
});
