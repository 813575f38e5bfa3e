import * as v from "valibot";
import type { StoreChange } from "../changes.js";
import type { StoreProgress } from "../copy.js";
import type { WriteOperation } from "../operations.js";

/** Version of what processes say to one another. Processes that speak different ones do not share a store. */
export const PROTOCOL: number = 1;

/** The text of an entry, by its stored key. */
export interface GetRequest {
  readonly t: "get";
  readonly n: number;
  readonly key: string;
}

/** The next part of a walk. Bounds are bytes, one a character; all that it takes to begin the walk anew stands here. */
export interface PageRequest {
  readonly t: "page";
  readonly n: number;
  readonly walk: number;
  readonly lower: string;
  readonly openLower: boolean;
  readonly upper: string;
  readonly limit: number;
  readonly reverse: boolean;
}

/** A batch. */
export interface WriteRequest {
  readonly t: "write";
  readonly n: number;
  /** The same when it is asked again, so that it is applied once. */
  readonly request: string;
  readonly operations: readonly WriteOperation[];
  readonly durable: boolean;
  /** The caller has cancelled: only say what became of it. */
  readonly aborted?: boolean;
}

/** A call of a service. */
export interface CallRequest {
  readonly t: "call";
  readonly n: number;
  readonly service: string;
  readonly request?: unknown;
}

/** What was touched behind a sequence. */
export interface ChangedRequest {
  readonly t: "changed";
  readonly n: number;
  readonly after: number;
  readonly collections: readonly string[];
}

/** A backup into a folder that the client has found empty. */
export interface BackupRequest {
  readonly t: "backup";
  readonly n: number;
  readonly dir: string;
  /** An earlier owner may have begun it: what lies in the folder is of that. */
  readonly again?: boolean;
  /** The caller has cancelled: only clear away what was begun. */
  readonly aborted?: boolean;
}

/** A compaction. */
export interface CompactRequest {
  readonly t: "compact";
  readonly n: number;
  readonly aborted?: boolean;
}

/** What a client asks. Each has a number of its own, by which it is answered. */
export type Request =
  | GetRequest
  | PageRequest
  | WriteRequest
  | CallRequest
  | ChangedRequest
  | BackupRequest
  | CompactRequest;

type Unnumbered<Numbered> = Numbered extends unknown ? Omit<Numbered, "n"> : never;

/** A request that has no number yet. */
export type RequestBody = Unnumbered<Request>;

/** A part of a walk. */
export interface Page {
  readonly entries: readonly (readonly [key: string, value: string])[];
  readonly done: boolean;
}

/** What a client says. */
export type ClientMessage =
  | Request
  | { readonly t: "cancel"; readonly n: number }
  | { readonly t: "drop"; readonly walk: number }
  | { readonly t: "ping" };

/** An error on its way to another process. */
export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What an owner says. */
export type OwnerMessage =
  | { readonly t: "answer"; readonly n: number; readonly value?: unknown }
  | { readonly t: "error"; readonly n: number; readonly error: WireError }
  | { readonly t: "progress"; readonly n: number; readonly progress: StoreProgress }
  | { readonly t: "changes"; readonly changes: readonly StoreChange[] }
  | { readonly t: "welcome"; readonly sequence: number }
  | { readonly t: "pong" };

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const operation = v.variant("type", [
  v.strictObject({ type: v.literal("put"), collection: v.string(), key: v.string(), json: v.string() }),
  v.strictObject({ type: v.literal("delete"), collection: v.string(), key: v.string() }),
]);

/** What a client says. */
export const clientMessageSchema: v.GenericSchema<ClientMessage> = v.variant("t", [
  v.strictObject({ t: v.literal("get"), n: count, key: v.string() }),
  v.strictObject({
    t: v.literal("page"),
    n: count,
    walk: count,
    lower: v.string(),
    openLower: v.boolean(),
    upper: v.string(),
    limit: v.pipe(v.number(), v.safeInteger()),
    reverse: v.boolean(),
  }),
  v.strictObject({
    t: v.literal("write"),
    n: count,
    request: v.pipe(v.string(), v.nonEmpty()),
    operations: v.array(operation),
    durable: v.boolean(),
    aborted: v.optional(v.boolean()),
  }),
  v.strictObject({
    t: v.literal("call"),
    n: count,
    service: v.string(),
    request: v.optional(v.unknown()),
  }),
  v.strictObject({ t: v.literal("changed"), n: count, after: count, collections: v.array(v.string()) }),
  v.strictObject({
    t: v.literal("backup"),
    n: count,
    dir: v.pipe(v.string(), v.nonEmpty()),
    again: v.optional(v.boolean()),
    aborted: v.optional(v.boolean()),
  }),
  v.strictObject({ t: v.literal("compact"), n: count, aborted: v.optional(v.boolean()) }),
  v.strictObject({ t: v.literal("cancel"), n: count }),
  v.strictObject({ t: v.literal("drop"), walk: count }),
  v.strictObject({ t: v.literal("ping") }),
]);

const changed = v.array(v.strictObject({ collection: v.string(), key: v.string() }));

/** What an owner says. */
export const ownerMessageSchema: v.GenericSchema<OwnerMessage> = v.variant("t", [
  v.strictObject({ t: v.literal("answer"), n: count, value: v.optional(v.unknown()) }),
  v.strictObject({
    t: v.literal("error"),
    n: count,
    error: v.strictObject({
      code: v.string(),
      message: v.string(),
      details: v.optional(v.record(v.string(), v.unknown())),
    }),
  }),
  v.strictObject({
    t: v.literal("progress"),
    n: count,
    progress: v.strictObject({ entries: count, bytes: count }),
  }),
  v.strictObject({
    t: v.literal("changes"),
    changes: v.array(v.strictObject({ sequence: count, changed: v.union([v.literal("unknown"), changed]) })),
  }),
  v.strictObject({ t: v.literal("welcome"), sequence: count }),
  v.strictObject({ t: v.literal("pong") }),
]);
